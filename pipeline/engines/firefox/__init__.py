"""The engine for models of Firefox Translations."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from pipeline.core import EngineError
from pipeline.models.firefox import FirefoxModel

__all__ = ["try_model"]


def try_model(model: FirefoxModel, sentences: Sequence[str]) -> list[str]:
    """Translate sentences with one model, without a pivot.

    Raises ModelError if the model is damaged, EngineError if it cannot be loaded or a sentence
    has no translation.
    """
    from pipeline.engines.firefox.model import SentenceTranslator
    from pipeline.engines.firefox.pool import WorkerPool

    with closing(WorkerPool(1)) as pool:
        results = SentenceTranslator(model, pool).translate(sentences)
    for sentence, result in zip(sentences, results, strict=True):
        if result.problem:
            raise EngineError(
                f"model {model.id} does not translate {sentence!r}: {result.problem.message}",
                f"Install it again: translate models install {model.id}",
            )
    return [result.text for result in results]
