"""What a check is: a frozen value with its texts and the functions that find problems."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.core.language_codes import base_language
from pipeline.core.types import Severity, Translation

if TYPE_CHECKING:
    from pipeline.glossary.matcher import TermMatcher


@dataclass(frozen=True, slots=True)
class Context:
    """What a check may know beyond the two texts.

    `language` is the translation's code as in the project (`en`, `pt_BR`); `matcher`
    knows the glossary of the pair, where there is one. `base` is made: the language alone.
    """

    language: str
    source_language: str = "de"
    matcher: TermMatcher | None = None
    base: str = field(init=False)

    def __post_init__(self) -> None:
        """Keep the language without its country or script, `pt` for `pt_BR`, as `base`."""
        base = base_language(self.language)
        object.__setattr__(self, "base", base)


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check found, in one sentence.

    `severity` is for a problem that matters less than its check does as a rule.
    """

    message: str
    severity: Severity | None = None


Problems = Iterable[str | Problem]
"""What a check yields; a mere message is a problem of the check's severity."""


def as_problem(problem: Problem | str) -> Problem:
    """Return a problem, made of a mere message if need be."""
    return problem if isinstance(problem, Problem) else Problem(problem)


class DraftPolicy(StrEnum):
    """What a finding in a machine draft means.

    - `CRITICAL`: an error or a warning makes the draft useless to a reviewer. It is requested
      again, and the entry stays empty if no candidate is better.
    - `RETRY`: an error or a warning is sent back to the engine, and remains in a comment of
      the draft if no candidate is better.
    - `RANKING`: the finding only helps to choose among candidates. For checks that are often
      wrong about drafts.
    - `IGNORE`: the check does not evaluate drafts; a reviewer fixes its findings faster.
    """

    CRITICAL = "critical"
    RETRY = "retry"
    RANKING = "ranking"
    IGNORE = "ignore"


CONFIDENCE_FACTOR = 0.8
"""What a finding leaves of a draft's confidence, unless its check declares another factor."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check: what it is called, what it says of itself, and how it finds problems.

    `id` is the name of its file, with hyphens. `aliases` are earlier ids, accepted in settings,
    options, flags and baselines. `summary`, `why` and `fix` are whole
    sentences for `--explain` and the page of checks; `wrong` and `right` are examples:
    (language, source, translation). Of the functions, one is given:
    `find` looks at the two texts, `entry` at one entry of a catalog, and `together` makes
    a new gatherer that is fed with the entries of all catalogs of a language in turn.
    A check without any is done by whoever reads the catalog. An `optional` one runs only
    when it is asked for.
    `draft_policy` applies to `check_texts`; a finding multiplies the confidence of a draft by
    `confidence_factor`. A check that `needs_glossary` finds nothing without one.
    """

    id: str
    severity: Severity
    summary: str
    why: str
    fix: str
    check_texts: Callable[[str, str, Context], Problems] | None = None
    check_entry: Callable[[Translation, Context], Problems] | None = None
    aggregator: Callable[[Context], Aggregator] | None = None
    aliases: tuple[str, ...] = ()
    optional: bool = False
    draft_policy: DraftPolicy = DraftPolicy.RETRY
    confidence_factor: float = CONFIDENCE_FACTOR
    needs_glossary: bool = False
    wrong: tuple[tuple[str, str, str], ...] = ()
    right: tuple[tuple[str, str, str], ...] = ()

    def is_ignored(self, flags: Collection[str]) -> bool:
        """Return whether the flags of an entry silence the check, by its id or an alias."""
        return bool(flags) and any(f"ignore-{name}" in flags for name in (self.id, *self.aliases))

    def examined(self, translation: Translation, context: Context) -> Iterator[Problem]:
        """Look at one entry of a catalog, and at its texts if it has both."""
        if translation.target:
            yield from self.problems(translation.source, translation.target, context)
        if self.check_entry is not None:
            for problem in self.check_entry(translation, context):
                yield as_problem(problem)

    def problems(self, source: str, target: str, context: Context) -> Iterator[Problem]:
        """Look at the two texts; nothing for a check that looks at something else."""
        if self.check_texts is not None:
            for problem in self.check_texts(source, target, context):
                yield as_problem(problem)


class Aggregator(Protocol):
    """Compares the entries of all catalogs of one language."""

    def summarize(self, entries: Sequence[Translation]) -> Any:
        """Return a summary of entries of one catalog for `merge`.

        It may be computed in another process, and is pickled: it depends on the entries alone,
        and contains no hashes of strings.
        """

    def merge(self, path: str, summary: Any) -> Iterable[tuple[int, str | Problem]]:
        """Compare a summary of entries of the catalog `path` with all those before.

        Returns problems with the index of the entry among those that were summarized.
        """
