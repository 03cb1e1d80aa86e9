"""Drafting: memory, copy or engine; then evaluate, retry and keep the best candidate.

`LanguageDrafter` fills catalog entries of one language; `TextTranslator` translates texts
that belong to no catalog. Both use the same drafting loop (`draft`) and evaluator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pipeline.drafting.confidence import UNSURE, draft_confidence
    from pipeline.drafting.drafter import EntryRequest, EntryResult, LanguageDrafter
    from pipeline.drafting.estimators import (
        EstimationRequest,
        GuardedEstimator,
        QualityEstimator,
        open_estimator,
    )
    from pipeline.drafting.evaluation import make_evaluator
    from pipeline.drafting.markup_projection import MarkedText, find_markup, project
    from pipeline.drafting.refinement import draft, nothing_to_translate
    from pipeline.drafting.second_opinion import SecondEngine
    from pipeline.drafting.text_translator import TextRequest, TextTranslator
    from pipeline.drafting.types import DraftRequest, DraftResult, Evaluator, Issue, model_name

__all__ = [
    "UNSURE",
    "DraftRequest",
    "DraftResult",
    "EntryRequest",
    "EntryResult",
    "EstimationRequest",
    "Evaluator",
    "GuardedEstimator",
    "Issue",
    "LanguageDrafter",
    "MarkedText",
    "QualityEstimator",
    "SecondEngine",
    "TextRequest",
    "TextTranslator",
    "draft",
    "draft_confidence",
    "find_markup",
    "make_evaluator",
    "model_name",
    "nothing_to_translate",
    "open_estimator",
    "project",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(
        __name__,
        {
            "confidence": ("UNSURE", "draft_confidence"),
            "drafter": (
                "EntryRequest",
                "EntryResult",
                "LanguageDrafter",
            ),
            "estimators": (
                "EstimationRequest",
                "GuardedEstimator",
                "QualityEstimator",
                "open_estimator",
            ),
            "evaluation": ("make_evaluator",),
            "markup_projection": ("MarkedText", "find_markup", "project"),
            "refinement": (
                "draft",
                "nothing_to_translate",
            ),
            "second_opinion": ("SecondEngine",),
            "text_translator": (
                "TextRequest",
                "TextTranslator",
            ),
            "types": (
                "DraftRequest",
                "DraftResult",
                "Evaluator",
                "Issue",
                "model_name",
            ),
        },
    )
