"""Missing terms: a second engine drafts only the texts whose drafts lack a glossary term.

The second engine has its own means for terms: a prompt, constrained decoding, a glossary on a
server. Its draft replaces that of the first engine if it respects more terms, and the checks find
nothing else in it that the first draft does not have, such as a lost number, name or negation.
A text is drafted by one engine as a whole, and its provenance names that engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.checks import TERMINOLOGY
from pipeline.core import PipelineError, TrustError
from pipeline.drafting.second_opinion import SecondEngine, make_opinion
from pipeline.drafting.types import Comparison, DraftRequest, DraftResult, Evaluator
from pipeline.engines.usage import CostLimitError
from pipeline.lang.chrf import agreement

__all__ = ["TermEngine"]


class TermEngine:
    """A second engine for missing terms, opened when the first draft lacks one.

    - `open_engine` returns None if there is no second engine.
    - `on_failure` receives the error that ends its use. The drafts of the first engine remain.
    """

    def __init__(
        self,
        open_engine: Callable[[], SecondEngine | None],
        on_failure: Callable[[PipelineError], None],
    ) -> None:
        self._open, self._on_failure = open_engine, on_failure
        self._engine: SecondEngine | None = None
        self._is_open = False

    def complete(
        self,
        language: str,
        results: Iterable[tuple[DraftRequest, DraftResult]],
        evaluate: Evaluator,
    ) -> Iterator[tuple[DraftRequest, DraftResult]]:
        """Yield drafts, complete ones at once, then those that the second engine was asked for.

        Raises TrustError if the engine may not receive the texts; no other error of it.
        """
        lacking = []
        for request, result in results:
            # A text without a usable draft lacks all its terms.
            if _missing(result) or (result.failed and request.terms):
                lacking.append((request, result))
            else:
                yield request, result
        others = self._drafts(language, [request for request, _ in lacking], evaluate)
        for request, result in lacking:
            other = others.get(request)
            yield request, _better(result, other) if other else result

    def _drafts(
        self, language: str, requests: Sequence[DraftRequest], evaluate: Evaluator
    ) -> dict[DraftRequest, DraftResult]:
        """Return the drafts of the second engine, as far as it has some."""
        found: dict[DraftRequest, DraftResult] = {}
        try:
            engine = self._opened() if requests else None
            for request, result in engine.draft(language, requests, evaluate) if engine else ():
                found[request] = result
        except TrustError:
            raise
        except CostLimitError:
            pass  # The run reports that it ends at its limit.
        except PipelineError as error:
            self._engine = None
            self._on_failure(error)
        return found

    def _opened(self) -> SecondEngine | None:
        if not self._is_open:
            self._is_open = True  # An engine that fails to open is not opened again.
            self._engine = self._open()
        return self._engine


def _missing(result: DraftResult) -> int:
    """Return how many glossary terms a draft violates."""
    return sum(issue.check == TERMINOLOGY for issue in result.issues)


def _better(first: DraftResult, second: DraftResult) -> DraftResult:
    """Return the draft of the second engine if it competes and has more terms, else the first.

    The draft that it replaces is its alternative.
    """
    comparison = Comparison(None, second.from_cache)
    second = replace(second, from_cache=first.from_cache, comparison=comparison)
    if first.failed and not second.failed:
        return second
    has_more_terms = not second.failed and _missing(second) < _missing(first)
    # Markup in the right place is not given up for a guess by word alignment.
    loses_tags = bool(first.result.tagged) and not second.result.tagged
    if not has_more_terms or loses_tags or _other_issues(second) - _other_issues(first):
        return replace(first, comparison=comparison)
    opinion = make_opinion(first, agreement(second.text, first.text), second.text)
    return replace(second, opinion=opinion)


def _other_issues(result: DraftResult) -> Counter[str]:
    """Count the issues besides terms by their checks."""
    issues = (*result.issues, *result.ranking_issues)
    return Counter(issue.check for issue in issues if issue.check != TERMINOLOGY)
