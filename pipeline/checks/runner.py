"""Run the checks over catalogs, in several processes if that is faster.

Catalogs are read in chunks. Each chunk is checked by itself, possibly in another process,
and summarized for the checks that compare all catalogs of a language and project. This process
merges the results in the order of the catalogs.
"""

from __future__ import annotations

import os
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from pipeline.catalog import (
    CatalogChunk,
    CatalogHeader,
    ChunkContents,
    Chunks,
    ParsedChunk,
    has_unique_keys,
    iter_chunks,
    parse_whole,
)
from pipeline.checks.base import Aggregator, Context, EntryRules, Problem, as_problem
from pipeline.checks.entry_rules import entry_rules
from pipeline.checks.prefilter import Prefilter
from pipeline.checks.registry import (
    MALFORMED,
    by_id,
    canonical_severities,
    get_checks,
    severity_of,
)
from pipeline.core import (
    CatalogError,
    Finding,
    Severity,
    State,
    Translation,
    paused_collection,
)
from pipeline.core.parallel import map_in_order
from pipeline.core.system import usable_cores
from pipeline.files import file_signature

_MIN_PARALLEL_BYTES = 1_500_000
"""Size of the catalogs from which a second process saves more time than it costs."""

_WARM_UP_ENTRIES = 3000
"""Entries to check before worker processes are started."""

_REMEMBERED_PAIRS = 500
"""Pairs of texts whose problems are remembered: articles share many sentences."""


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """How the catalogs of one language and project are checked.

    `glossaries` are files, in order of precedence; `severities` the project's settings as
    pairs (check, severity); `checks` the ids to run. `project` is the folder of the project, if
    there is one: catalogs of different projects are not compared. With `approved_only`, other
    entries are left out. A catalog whose `language` is "" is not checked, which is a finding.
    """

    language: str
    glossaries: tuple[Path, ...] = ()
    severities: tuple[tuple[str, str], ...] = ()
    checks: tuple[str, ...] = ()
    project: Path | None = None
    approved_only: bool = False


Planner = Callable[[Path, CatalogHeader | None], CheckPlan]
"""Returns the plan of a catalog, given its header (None: it is damaged)."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was not checked, or a file that was not used; `language` if it has one."""

    message: str
    language: str = ""


@dataclass(slots=True)
class Tally:
    """Counts and notices for the summary of a report.

    `found`, `accepted` (findings that a baseline accepts) and `notices` are up to the caller.
    """

    catalogs: int = 0
    entries: int = 0
    found: dict[Severity, int] = field(default_factory=dict)
    accepted: int = 0
    notices: list[Notice] = field(default_factory=list)


EntryProblem = tuple[int, str, Problem]
"""The index of an entry in its chunk, the id of a check, and a problem."""


def check_catalogs(
    catalogs: Sequence[Path],
    plan: Planner,
    *,
    jobs: int = 0,
    tally: Tally | None = None,
) -> Iterator[Finding]:
    """Check catalogs in their order; findings come in the order of entries, then of checks.

    A catalog that cannot be checked is a finding of `malformed`, an error whatever the plan
    says. `jobs` is the number of processes (0: one per core if the catalogs are large). `tally`
    is complete when all findings are read. Raises GlossaryError, and CatalogError for a catalog
    that does not exist.
    """
    size = sum(path.stat().st_size for path in catalogs if path.is_file())
    cores = jobs or usable_cores()
    if size < _MIN_PARALLEL_BYTES and not jobs:
        cores = 1
    with paused_collection():
        checked = _check_chunks(_chunks(catalogs, plan), cores)
        yield from _Merger(tally or Tally()).findings(_intact(checked, plan))


def check_entries(
    path: Path, entries: Sequence[Translation], header: CatalogHeader, plan: CheckPlan
) -> list[Finding]:
    """Check entries that are in memory, as `check_catalogs` checks those of the file `path`.

    The plural forms of an entry are next to each other. Entries of other catalogs are not
    compared. Raises GlossaryError.
    """
    versions = _versions(plan)
    part = ParsedChunk(tuple(entries))
    chunk = _Chunk(path, plan, versions, header, part, is_first=True, is_last=True)
    checked = _CheckedChunk(chunk, _check_chunk(chunk))
    return list(_Merger(Tally()).findings([checked]))


def has_terms(plan: CheckPlan) -> bool:
    """Return whether the glossaries of a plan have terms; raises GlossaryError."""
    return _checker(plan, _versions(plan)).has_terms


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A part of a catalog and its plan; it may be the first and the last of its catalog.

    `versions` are the signatures of the glossaries, so that an edited glossary is loaded
    again.
    """

    path: Path
    plan: CheckPlan
    versions: tuple[str, ...]
    header: CatalogHeader
    part: CatalogChunk | ParsedChunk
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class _ChunkResult:
    """The result of a chunk of `size` entries, as sent between processes.

    `entries` are those with problems, by index; `summaries` come from the aggregators, by
    check id; `keys` as in `ChunkContents`.
    """

    size: int
    problems: list[EntryProblem]
    entries: dict[int, Translation]
    summaries: dict[str, Any]
    keys: array[int]


@dataclass(frozen=True, slots=True)
class _CheckedChunk:
    """A chunk and its result, None if entries in it are damaged."""

    chunk: _Chunk
    result: _ChunkResult | None

    def entries(self) -> tuple[Translation, ...]:
        """Read the entries again. Raises CatalogError if the file changed."""
        contents = self.chunk.part.contents()
        assert contents is not None, "intact a moment ago, and the digest of the bytes is the same"
        return _selected(self.chunk.plan, contents)


def _selected(plan: CheckPlan, contents: ChunkContents) -> tuple[Translation, ...]:
    """Return the entries to check."""
    entries = contents.translations
    if plan.approved_only:
        return tuple(entry for entry in entries if entry.state is State.APPROVED)
    return entries


def _chunks(
    catalogs: Sequence[Path],
    plan: Planner,
    reader: Callable[[Path], tuple[CatalogHeader, Chunks]] = iter_chunks,
) -> Iterator[_Chunk | Finding]:
    """Yield the chunks of catalogs, or a finding for a catalog that cannot be checked."""
    for path in catalogs:
        try:
            header, parts = reader(path)
        except CatalogError as error:
            if not os.path.lexists(path):
                raise
            yield _malformed(path, plan(path, None).language, error)
            continue
        own = plan(path, header)
        if not own.language:
            yield _malformed(path, "", _no_language(path))
            continue
        versions = _versions(own)
        _checker(own, versions)  # reports a damaged glossary before any work
        last = len(parts) - 1
        for number, part in enumerate(parts):
            yield _Chunk(path, own, versions, header, part, number == 0, number == last)


def _versions(plan: CheckPlan) -> tuple[str, ...]:
    return tuple(map(file_signature, filter(Path.is_file, plan.glossaries)))


def _no_language(path: Path) -> CatalogError:
    return CatalogError(
        f"{path}: the header names no language",
        "Add the field Language to it, or name the language with --lang.",
    )


_LINE = re.compile(r":(\d+): ")


def _malformed(path: Path, language: str, error: CatalogError) -> Finding:
    rest = error.message.removeprefix(str(path))
    match = _LINE.match(rest)
    line = int(match[1]) if match else 0
    message = rest[match.end() :] if match else rest.lstrip(": ")
    if error.hint:
        message = f"{message}. {error.hint}"
    return Finding(MALFORMED, Severity.ERROR, message, path, line, language)


def _check_chunks(
    chunks: Iterator[_Chunk | Finding], cores: int
) -> Iterator[_CheckedChunk | Finding]:
    entries = 0

    def is_warm(result: _ChunkResult | None) -> bool:
        nonlocal entries
        entries += result.size if result else 0
        return entries >= _WARM_UP_ENTRIES

    for item, result in map_in_order(_check_chunk, chunks, cores, is_warm):
        yield item if isinstance(item, Finding) else _CheckedChunk(item, result)


def _check_chunk(item: _Chunk | Finding) -> _ChunkResult | None:
    contents = None if isinstance(item, Finding) else item.part.contents()
    if isinstance(item, Finding) or contents is None:
        return None
    return _checker(item.plan, item.versions).check(item, contents)


def _intact(
    checked: Iterable[_CheckedChunk | Finding], plan: Planner
) -> Iterator[_CheckedChunk | Finding]:
    """Hold back the chunks of a catalog until all of it is known to be intact.

    A catalog with damage is read again as a whole, to report what is wrong and where.
    """
    held: list[_CheckedChunk] = []
    for item in checked:
        if isinstance(item, Finding):
            yield item
            continue
        held.append(item)
        if item.chunk.is_last:
            results = [each.result for each in held if each.result]
            if len(results) == len(held) and has_unique_keys(r.keys for r in results):
                yield from held
            else:
                yield from _check_chunks(_chunks([item.chunk.path], plan, parse_whole), cores=1)
            held = []


class _Merger:
    """Merges the results of chunks; feeds the aggregators of each language in order."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._aggregators: dict[CheckPlan, dict[str, Aggregator]] = {}
        self._reported: set[tuple[Path, str, Severity | None]] = set()

    def findings(self, checked: Iterable[_CheckedChunk | Finding]) -> Iterator[Finding]:
        """Yield the findings of chunks, those of the aggregators among them."""
        for item in checked:
            if isinstance(item, Finding):
                yield item
            elif item.result:
                self._tally.catalogs += item.chunk.is_last
                self._tally.entries += item.result.size
                yield from self._of_chunk(item, item.result)

    def _of_chunk(self, checked: _CheckedChunk, result: _ChunkResult) -> Iterator[Finding]:
        chunk = checked.chunk
        path, plan, entries = chunk.path, chunk.plan, result.entries
        if chunk.is_first:
            yield from _checker(plan, chunk.versions).header_findings(path, chunk.header)
        problems = list(result.problems)
        if plan not in self._aggregators:
            self._aggregators[plan] = _aggregators(plan)
        for check_id, aggregator in self._aggregators[plan].items():
            merged = aggregator.merge(str(path), result.summaries[check_id])
            problems += [(index, check_id, as_problem(problem)) for index, problem in merged]
        if any(index not in entries for index, _, _ in problems):
            entries = dict(enumerate(checked.entries()))
        for index, check_id, problem in sorted(problems, key=itemgetter(0)):
            if by_id()[check_id].is_ignored(entries[index].flags):
                continue
            if problem.once_per_catalog:
                if (path, check_id, problem.severity) in self._reported:
                    continue
                self._reported.add((path, check_id, problem.severity))
            yield _finding(check_id, problem, path, plan, entries[index])


def _finding(
    check_id: str, problem: Problem, path: Path, plan: CheckPlan, translation: Translation
) -> Finding:
    check = by_id()[check_id]
    return Finding(
        check_id,
        severity_of(check, problem, _severities(plan)),
        problem.message,
        path,
        translation.line,
        plan.language,
        translation.source,
        translation.target,
        translation.confidence,
        translation.context,
        None if check.check_forms else translation.plural_form,
    )


@lru_cache(maxsize=64)
def _severities(plan: CheckPlan) -> dict[str, str]:
    return canonical_severities(dict(plan.severities))


def _aggregators(plan: CheckPlan) -> dict[str, Aggregator]:
    checks = get_checks(plan.checks)
    return {c.id: c.aggregator(Context(plan.language)) for c in checks if c.aggregator}


class _Checker:
    """Checks chunks according to a plan; remembers problems of texts."""

    def __init__(self, plan: CheckPlan) -> None:
        checks = get_checks(plan.checks)
        self._plan = plan
        self._context = _context(plan)
        self._prefilter = Prefilter(checks, self._context)
        self._entry_checks = [(c.id, c.check_entry) for c in checks if c.check_entry]
        self._form_checks = [(c.id, c.check_forms) for c in checks if c.check_forms]
        self._header_checks = [(c, c.check_header) for c in checks if c.check_header]
        self._aggregators = _aggregators(plan)
        self._remembered: dict[
            tuple[str, str, EntryRules | None], list[tuple[str, Problem | str]]
        ] = {}

    @property
    def has_terms(self) -> bool:
        """Whether the glossaries have terms."""
        matcher = self._context.matcher
        return matcher is not None and bool(matcher.glossary.terms)

    def check(self, chunk: _Chunk, contents: ChunkContents) -> _ChunkResult:
        """Check entries of a chunk and summarize them for the aggregators."""
        entries = _selected(self._plan, contents)
        problems = self._problems(entries, chunk.header)
        if self._form_checks:
            problems += self._form_problems(entries, chunk.header)
        summaries = {name: one.summarize(entries) for name, one in self._aggregators.items()}
        with_problems = {index: entries[index] for index, _, _ in problems}
        return _ChunkResult(len(entries), problems, with_problems, summaries, contents.keys)

    def header_findings(self, path: Path, header: CatalogHeader) -> Iterator[Finding]:
        """Yield the findings of the header."""
        for check, check_header in self._header_checks:
            if check.is_ignored(header.flags):
                continue
            for problem in map(as_problem, check_header(header, self._context)):
                severity = severity_of(check, problem, _severities(self._plan))
                language = self._plan.language
                yield Finding(check.id, severity, problem.message, path, header.line, language)

    def _form_problems(
        self, entries: Sequence[Translation], header: CatalogHeader
    ) -> list[EntryProblem]:
        problems: list[EntryProblem] = []
        for start in [at for at, entry in enumerate(entries) if entry.plural_form == 0]:
            end = start + 1
            while end < len(entries) and entries[end].plural_form:
                end += 1
            forms = entries[start:end]
            for check_id, check_forms in self._form_checks:
                if not by_id()[check_id].is_ignored(forms[0].flags):
                    found = check_forms(forms, header, self._context)
                    problems += [(start, check_id, as_problem(problem)) for problem in found]
        return problems

    def _problems(
        self, entries: Sequence[Translation], header: CatalogHeader
    ) -> list[EntryProblem]:
        context, has_articles = self._context, self._plan.project is not None
        if len(self._remembered) > _REMEMBERED_PAIRS:
            self._remembered.clear()
        problems: list[EntryProblem] = []
        for index, translation in enumerate(entries):
            found = []
            for check_id, check_entry in self._entry_checks:
                for problem in check_entry(translation, context):
                    found.append((check_id, problem))
            if translation.target:
                rules = None  # of nearly all entries
                if translation.flags or translation.plural_source or translation.references:
                    rules = entry_rules(translation, header, has_articles=has_articles)
                of_texts = self._of_texts(translation.source, translation.target, rules)
                if of_texts and rules is not None and rules.plural_source is not None:
                    of_texts = self._of_plural(translation, of_texts, rules)
                found = of_texts + found if found else of_texts
            if found:
                problems += [
                    (index, check_id, as_problem(problem))
                    for check_id, problem in found
                    if not by_id()[check_id].is_ignored(translation.flags)
                ]
        return problems

    def _of_texts(
        self, source: str, target: str, rules: EntryRules | None
    ) -> list[tuple[str, Problem | str]]:
        """Return the problems of two texts by check id."""
        pair = (source, target, rules)
        found = self._remembered.get(pair)
        if found is None:
            found = self._remembered[pair] = []
            context = self._context if rules is None else replace(self._context, entry=rules)
            selected = self._prefilter.select(source, target, rules is not None)
            for check_id, check_texts in selected:
                found += [(check_id, problem) for problem in check_texts(source, target, context)]
        return found

    def _of_plural(
        self, form: Translation, found: list[tuple[str, Problem | str]], rules: EntryRules
    ) -> list[tuple[str, Problem | str]]:
        """Return the problems of a plural form that it has with both German forms.

        The number may be in the plural alone. The only form of a language, and one that is for
        many numbers, must agree with the plural.
        """
        is_singular = form.plural_form == 0
        if not is_singular and rules.strict:
            return found
        other = rules.plural_source if is_singular else None
        if other is None or other == form.source:
            return found
        known = {check_id for check_id, _ in self._of_texts(other, form.target, rules)}
        return [(check_id, problem) for check_id, problem in found if check_id in known]


@lru_cache(maxsize=16)
def _checker(plan: CheckPlan, versions: tuple[str, ...]) -> _Checker:
    """Return the checker of a plan, once per process and version of its glossaries."""
    return _Checker(plan)


def _context(plan: CheckPlan) -> Context:
    if not plan.glossaries or not any(check.needs_glossary for check in get_checks(plan.checks)):
        return Context(plan.language)
    from pipeline.glossary import TermMatcher, file

    glossaries = [file.load_glossary(path, plan.language) for path in plan.glossaries]
    terms = tuple(term for glossary in glossaries for term in glossary.terms)
    merged = file.Glossary(
        plan.glossaries[0], "de", plan.language, terms, file.glossary_digest(terms)
    )
    return Context(plan.language, matcher=TermMatcher(merged))
