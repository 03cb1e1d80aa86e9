"""Translate sample sentences with an installed model, to see whether it works at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing

from pipeline import models
from pipeline.core import EngineError, ModelError
from pipeline.engines import TranslationRequest, resolve_engine
from pipeline.engines.firefox import try_model as try_firefox_model
from pipeline.models.firefox import FirefoxModel

__all__ = ["Sample", "model_language", "try_engine", "try_firefox"]

Sample = tuple[str, str]
"""A sentence and its translation."""

SENTENCES: Mapping[str, tuple[str, ...]] = {
    "de": (
        "Der Bericht ist wichtig.",
        "Die Ministerin reiste am 12. März 2024 nach Wien.",
        "Das Parlament hat das Gesetz nicht abgelehnt.",
    ),
    "en": (
        "The report is important.",
        "The minister travelled to Vienna on March 12, 2024.",
        "Parliament did not reject the law.",
    ),
}
"""Sample sentences: a short one, one with figures and names, one with a negation."""


def try_firefox(model: FirefoxModel) -> tuple[Sample, ...]:
    """Translate the samples with a Firefox model; raises ModelError or EngineError."""
    sentences = _sentences(model.source)
    return tuple(zip(sentences, try_firefox_model(model, sentences), strict=True))


def try_engine(engine: str, model: str, source: str, language: str) -> tuple[Sample, ...]:
    """Translate the samples with an engine; raises ModelError or EngineError."""
    sentences = _sentences(source)
    with closing(resolve_engine(engine, model, language, force=True).open()) as opened:
        results = list(opened.translate([TranslationRequest(s) for s in sentences], language))
    for sentence, result in zip(sentences, results, strict=True):
        if result.rejection_reason:
            raise EngineError(
                f"{engine} does not translate {sentence!r}: {result.rejection_reason}",
                "Install the model again.",
            )
    return tuple((s, r.text) for s, r in zip(sentences, results, strict=True))


def model_language(model: models.Model) -> str:
    """Return the language for which a model is fittest; English if it is not rated."""
    rated = sorted(model.languages, key=lambda code: model.languages[code] != models.DRAFTS)
    return rated[0] if rated else "en"


def _sentences(source: str) -> Sequence[str]:
    if source not in SENTENCES:
        raise ModelError(
            f"there are no sample sentences in {source!r}", f"Known: {', '.join(SENTENCES)}."
        )
    return SENTENCES[source]
