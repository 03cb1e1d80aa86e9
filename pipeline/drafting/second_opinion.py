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

__all__ = ["SecondEngine", "make_opinion"]


@dataclass(frozen=True, slots=True)
class SecondEngine:
    """An opened engine besides that of the drafts, and its cached responses."""

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
        others = dict(self.draft(language, [request for request, _ in results], evaluate))
        for request, result in results:
            other = others.get(request)
            yield request, _compare(result, other) if other else result

    def draft(
        self, language: str, requests: Sequence[DraftRequest], evaluate: Evaluator
    ) -> Iterator[tuple[DraftRequest, DraftResult]]:
        """Yield the requests with the drafts of this engine, as they come; raises EngineError.

        Requests reach the engine without style and tags that it does not take.
        """
        has_style, has_tags = accepts_style(self.engine), takes_tags(self.engine)
        sent: dict[DraftRequest, list[DraftRequest]] = {}
        for one in requests:
            style, tagged = one.style if has_style else "", one.tagged if has_tags else ""
            sent.setdefault(replace(one, style=style, tagged=tagged), []).append(one)
        for request, result in draft(self.engine, language, list(sent), evaluate, self.cache):
            for one in sent[request]:
                yield one, result


def _compare(first: DraftResult, second: DraftResult) -> DraftResult:
    """Return the better draft, with the other one as a second opinion if it is usable."""
    best, other = sorted((first, second), key=ranking_key)
    best = replace(best, from_cache=first.from_cache)
    if other.failed:
        return replace(best, comparison=Comparison(None, second.from_cache))
    agreed = agreement(best.text, other.text)
    opinion = make_opinion(other, agreed, best.text)
    return replace(best, opinion=opinion, comparison=Comparison(agreed, second.from_cache))


def make_opinion(other: DraftResult, agreed: float, text: str) -> SecondOpinion:
    """Return a draft as an alternative to `text`, with which it agrees from 0 to 1."""
    percent = 100 if text == other.text else min(99, round(100 * agreed))
    info = other.engine_info
    return SecondOpinion(info.engine, model_name(info), other.text, percent)
