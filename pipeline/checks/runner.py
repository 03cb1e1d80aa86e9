"""Run the checks over catalogs, in several processes if that is faster.

Catalogs are read in chunks. Each chunk is checked by itself, possibly in another process,
and summarized for the checks that compare all catalogs of a language. This process merges
the results in the order of the catalogs.
"""

from __future__ import annotations

import gc
import os
import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from pipeline.catalog import (
    CatalogChunk,
    ChunkContents,
    Chunks,
    ParsedChunk,
    has_unique_keys,
    iter_chunks,
    parse_whole,
)
from pipeline.checks.base import Aggregator, Context, Problem, as_problem
from pipeline.checks.parallel import map_in_order
from pipeline.checks.prefilter import Prefilter
from pipeline.checks.registry import (
    MALFORMED,
    by_id,
    canonical_severities,
    get_checks,
    severity_of,
)
from pipeline.core import CatalogError, Finding, Severity, Translation
from pipeline.files import file_signature

_MIN_PARALLEL_BYTES = 1_500_000
"""Size of the catalogs from which a second process saves more time than it costs."""

_WARM_UP_ENTRIES = 3000
"""Entries to check before worker processes are started."""

_REMEMBERED_PAIRS = 500
"""Pairs of texts whose problems are remembered: articles share many sentences."""


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """How the catalogs of one language are checked.

    `glossaries` are files, in order of precedence; `severities` the project's settings as
    pairs (check, severity); `checks` the ids to run.
    """

    language: str
    glossaries: tuple[Path, ...] = ()
    severities: tuple[tuple[str, str], ...] = ()
    checks: tuple[str, ...] = ()


Planner = Callable[[Path, str | None], CheckPlan]
"""Returns the plan of a catalog, given the language of its header (None: it is damaged)."""


@dataclass(slots=True)
class Tally:
    """Counts for the summary of a report. `found` is up to the caller."""

    catalogs: int = 0
    entries: int = 0
    found: dict[Severity, int] = field(default_factory=dict)


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

    A damaged catalog is a finding of `malformed`. `jobs` is the number of processes (0: one
    per core if the catalogs are large). `tally` is complete when all findings are read.
    Raises GlossaryError, and CatalogError for a catalog that cannot be opened, or is damaged
    while `malformed` is switched off.
    """
    size = sum(path.stat().st_size for path in catalogs if path.is_file())
    cores = jobs or (os.cpu_count() or 1)
    if size < _MIN_PARALLEL_BYTES and not jobs:
        cores = 1
    with _garbage_collector_paused():
        checked = _check_chunks(_chunks(catalogs, plan), cores)
        yield from _Merger(tally or Tally()).findings(_intact(checked, plan))


@contextmanager
def _garbage_collector_paused() -> Iterator[None]:
    """Pause the collector: it would visit all entries and memos, none of which is garbage."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A part of a catalog and its plan; `is_last` of its catalog.

    `versions` are the signatures of the glossaries, so that an edited glossary is loaded
    again.
    """

    path: Path
    plan: CheckPlan
    versions: tuple[str, ...]
    part: CatalogChunk | ParsedChunk
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
        return contents.translations


def _chunks(
    catalogs: Sequence[Path],
    plan: Planner,
    reader: Callable[[Path], tuple[str, Chunks]] = iter_chunks,
) -> Iterator[_Chunk | Finding]:
    """Yield the chunks of catalogs, or a finding for a catalog that cannot be read."""
    for path in catalogs:
        try:
            language, parts = reader(path)
        except CatalogError as error:
            own = plan(path, None)
            if not path.is_file() or MALFORMED not in own.checks:
                raise
            yield _malformed(path, own, error)
            continue
        own = plan(path, language)
        versions = tuple(map(file_signature, filter(Path.is_file, own.glossaries)))
        _checker(own, versions)  # reports a damaged glossary before any work
        for number, part in enumerate(parts, 1):
            yield _Chunk(path, own, versions, part, is_last=number == len(parts))


_LINE = re.compile(r":(\d+): ")


def _malformed(path: Path, plan: CheckPlan, error: CatalogError) -> Finding:
    rest = error.message.removeprefix(str(path))
    match = _LINE.match(rest)
    line = int(match[1]) if match else 0
    message = rest[match.end() :] if match else rest.lstrip(": ")
    if error.hint:
        message = f"{message}. {error.hint}"
    severity = severity_of(by_id()[MALFORMED], Problem(message), _severities(plan))
    return Finding(MALFORMED, severity, message, path, line, plan.language)


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
    return _checker(item.plan, item.versions).check(contents)


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
        self._aggregators: dict[str, dict[str, Aggregator]] = {}

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
        path, plan, entries = checked.chunk.path, checked.chunk.plan, result.entries
        problems = list(result.problems)
        if plan.language not in self._aggregators:
            self._aggregators[plan.language] = _aggregators(plan)
        for check_id, aggregator in self._aggregators[plan.language].items():
            merged = aggregator.merge(str(path), result.summaries[check_id])
            problems += [(index, check_id, as_problem(problem)) for index, problem in merged]
        if any(index not in entries for index, _, _ in problems):
            entries = dict(enumerate(checked.entries()))
        for index, check_id, problem in sorted(problems, key=itemgetter(0)):
            if not by_id()[check_id].is_ignored(entries[index].flags):
                yield _finding(check_id, problem, path, plan, entries[index])


def _finding(
    check_id: str, problem: Problem, path: Path, plan: CheckPlan, translation: Translation
) -> Finding:
    return Finding(
        check_id,
        severity_of(by_id()[check_id], problem, _severities(plan)),
        problem.message,
        path,
        translation.line,
        plan.language,
        translation.source,
        translation.target,
        translation.confidence,
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
        self._context = _context(plan)
        self._prefilter = Prefilter(checks, self._context)
        self._entry_checks = [(c.id, c.check_entry) for c in checks if c.check_entry]
        self._aggregators = _aggregators(plan)
        self._remembered: dict[tuple[str, str], list[tuple[str, Problem | str]]] = {}

    def check(self, contents: ChunkContents) -> _ChunkResult:
        """Check the entries of a chunk and summarize them for the aggregators."""
        entries = contents.translations
        problems = self._problems(entries)
        summaries = {name: one.summarize(entries) for name, one in self._aggregators.items()}
        with_problems = {index: entries[index] for index, _, _ in problems}
        return _ChunkResult(len(entries), problems, with_problems, summaries, contents.keys)

    def _problems(self, entries: Sequence[Translation]) -> list[EntryProblem]:
        context, select, remembered = self._context, self._prefilter.select, self._remembered
        if len(remembered) > _REMEMBERED_PAIRS:
            remembered.clear()
        problems: list[EntryProblem] = []
        for index, translation in enumerate(entries):
            source, target = pair = translation.source, translation.target
            found = []
            for check_id, check_entry in self._entry_checks:
                for problem in check_entry(translation, context):
                    found.append((check_id, problem))
            if target:
                of_texts = remembered.get(pair)
                if of_texts is None:
                    of_texts = remembered[pair] = []
                    for check_id, check_texts in select(source, target):
                        of_texts += [(check_id, p) for p in check_texts(source, target, context)]
                found = of_texts + found if found else of_texts
            if found:
                problems += [
                    (index, check_id, as_problem(problem))
                    for check_id, problem in found
                    if not by_id()[check_id].is_ignored(translation.flags)
                ]
        return problems


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
