"""The value that describes a check: its texts, its policy, and the function that finds problems."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.core import Severity, Translation, base_language

if TYPE_CHECKING:
    from pipeline.articles import MarkupFormat
    from pipeline.catalog import CatalogHeader
    from pipeline.glossary import TermMatcher

__all__ = ["CONFIDENCE_FACTOR"]


@dataclass(frozen=True, slots=True)
class EntryRules:
    """How the texts of an entry are compared, if not as plain text.

    `formats` are the flags of its format strings (`c-format`); `markup` is the format of its
    article, if it has inline markup. `plural_source` is the German plural of an entry with plural
    forms. Without `strict`, the form may leave out arguments: it is for few numbers.
    """

    formats: tuple[str, ...] = ()
    markup: MarkupFormat | None = None
    plural_source: str | None = None
    strict: bool = True


@dataclass(frozen=True, slots=True)
class Context:
    """What a check knows beyond the two texts.

    `language` is the code of the translation's language as in the project (`en`, `pt_BR`),
    `base` the same without country, script and variant. `matcher` finds the terms of the
    glossary, if there is one. `entry` are the rules of an entry that is not plain text.
    """

    language: str
    source_language: str = "de"
    matcher: TermMatcher | None = None
    entry: EntryRules | None = None
    base: str = field(init=False)

    def __post_init__(self) -> None:
        """Derive `base`: `pt` for `pt_BR`."""
        base = base_language(self.language)
        object.__setattr__(self, "base", base)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in one sentence, with a severity if it is lower than that of its check.

    A problem `once_per_catalog` is reported at the first entry that has it, for each severity.
    """

    message: str
    severity: Severity | None = None
    once_per_catalog: bool = False


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
    """A check: its id, its texts, and at most one function that finds problems.

    `id` of a built-in check is the name of its module, with hyphens. `aliases` are
    earlier ids, accepted in settings, options, flags and baselines. `summary`, `why` and
    `fix` are whole sentences for `--explain` and `docs/checks.md`; `wrong` and `right` are
    examples: (language, source, translation).

    `check_texts` sees the two texts, `check_entry` an entry of a catalog (each plural form by
    itself), `check_forms` all forms of an entry with plural forms, `check_header` the header,
    and `aggregator` returns a new object that sees the entries of all catalogs of a language
    and project. A check without any of them is the business of the reader of catalogs. An
    `optional` check runs only if an option or a setting activates it.

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
    check_forms: Callable[[Sequence[Translation], CatalogHeader, Context], Problems] | None = None
    check_header: Callable[[CatalogHeader, Context], Problems] | None = None
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
        """Yield the problems of an entry, and of its texts if it is translated."""
        if translation.target:
            yield from self.problems(translation.source, translation.target, context)
        if self.check_entry is not None:
            for problem in self.check_entry(translation, context):
                yield as_problem(problem)

    def problems(self, source: str, target: str, context: Context) -> Iterator[Problem]:
        """Yield the problems of two texts; none if the check does not compare texts."""
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
