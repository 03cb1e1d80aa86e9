"""Second opinions: drafts of another engine, compared with those of the first.

The engine translates the same requests, in the same drafting loop with the same checks. Of two
drafts, the one with fewer issues is kept; the other one is its alternative. The less they agree,
the lower is the confidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.core import SecondOpinion
from pipeline.drafting.refinement import draft, ranking_key
from pipeline.drafting.types import Comparison, DraftRequest, DraftResult, Evaluator, model_name
from pipeline.engines import CacheScope, Engine, accepts_style, takes_tags
from pipeline.lang.chrf import agreement

__all__ = ["SecondEngine"]


@dataclass(frozen=True, slots=True)
class SecondEngine:
    """An opened engine for second opinions, and its cached responses."""

    engine: Engine
    cache: CacheScope | None = None

    def compare(
        self,
        language: str,
        results: Sequence[tuple[DraftRequest, DraftResult]],
        evaluate: Evaluator,
    ) -> Iterator[tuple[DraftRequest, DraftResult]]:
        """Yield the drafts with second opinions; raises EngineError.

        A request for which the second engine has no draft keeps that of the first, without an
        opinion.
        """
        has_style, has_tags = accepts_style(self.engine), takes_tags(self.engine)
        sent = {
            one: replace(
                one, style=one.style if has_style else "", tagged=one.tagged if has_tags else ""
            )
            for one, _ in results
        }
        requests = list(dict.fromkeys(sent.values()))
        others = dict(draft(self.engine, language, requests, evaluate, self.cache))
        for request, result in results:
            other = others.get(sent[request])
            yield request, _compare(result, other) if other else result


def _compare(first: DraftResult, second: DraftResult) -> DraftResult:
    """Return the better draft, with the other one as a second opinion if it is usable."""
    best, other = sorted((first, second), key=ranking_key)
    best = replace(best, from_cache=first.from_cache)
    if other.failed:
        return replace(best, comparison=Comparison(None, second.from_cache))
    agreed = agreement(best.text, other.text)
    percent = 100 if best.text == other.text else min(99, round(100 * agreed))
    info = other.engine_info
    opinion = SecondOpinion(info.engine, model_name(info), other.text, percent)
    return replace(best, opinion=opinion, comparison=Comparison(agreed, second.from_cache))
