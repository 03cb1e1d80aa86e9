"""Runs the checks over catalogs: in order, streaming, on two processes where that pays."""

from __future__ import annotations

import os
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from pipeline import catalog
from pipeline.checking.check import Check, Context, Gatherer, Problem
from pipeline.checks import CHECKS, severity_of
from pipeline.errors import CatalogError
from pipeline.model import Finding, Severity, Translation

_CHUNK = 400
_AHEAD = 4
_PAYS = 1_500_000
"""Bytes of catalogs from which a second process saves more than its start costs."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How the catalogs of one language are checked.

    `glossaries` are its files, the first one wins; `severities` the project's settings;
    `checks` the ids to run.
    """

    language: str
    glossaries: tuple[Path, ...] = ()
    severities: tuple[tuple[str, str], ...] = ()
    checks: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """What was looked at, for the last line of a report."""

    catalogs: int = 0
    entries: int = 0
    found: dict[Severity, int] = field(default_factory=dict)


def chosen(
    only: Iterable[str], skip: Iterable[str], severities: Mapping[str, str], reviewed: bool
) -> tuple[str, ...]:
    """Choose the checks to run: those asked for, else all but the optional ones.

    `reviewed` asks for the check `unreviewed`; a setting other than "off" asks for an
    optional check as well.
    """
    only, skip = set(only), set(skip)
    ids = []
    for check in CHECKS:
        asked = check.id in only or (reviewed and check.id == "unreviewed")
        setting = severities.get(check.id, "off" if check.optional else "on")
        usual = setting != "off" and not only
        if (asked or usual) and check.id not in skip:
            ids.append(check.id)
    return tuple(ids)


def run_checks(
    catalogs: Sequence[Path],
    plan: Callable[[Path, str | None], Plan],
    *,
    jobs: int = 0,
    tally: Tally | None = None,
) -> Iterator[Finding]:
    """Check catalogs in their order, entry by entry; findings come sorted by place.

    `plan` gives the plan of a catalog, from its path and the language of its header (None
    where the catalog is damaged). A damaged catalog is a finding of
    `malformed`. `jobs` limits the processes (0: as many as there are cores, where the
    catalogs are large enough). Raises GlossaryError, and CatalogError for a catalog that
    cannot be opened at all.
    """
    tally = tally if tally is not None else Tally()
    items = _chunks(catalogs, plan, tally)
    size = sum(path.stat().st_size for path in catalogs if path.is_file())
    cores = jobs or (os.cpu_count() or 1)
    if cores < 2 or (size < _PAYS and not jobs):
        gathered = _Gathered()
        for item in items:
            if isinstance(item, Finding):
                yield item
            else:
                yield from gathered.merged(item, examine_chunk(*item))
        return
    # Forking keeps what the glossary's matcher has built; elsewhere each process builds its own.
    method = "fork" if sys.platform == "linux" else "spawn"
    with ProcessPoolExecutor(cores, mp_context=get_context(method)) as pool:
        yield from _side_by_side(pool, cores, items)


Chunk = tuple[Path, Plan, tuple[Translation, ...]]


def _chunks(
    catalogs: Sequence[Path], plan: Callable[[Path, str | None], Plan], tally: Tally
) -> Iterator[Chunk | Finding]:
    """Read the catalogs; each gives its entries in chunks, or why it cannot be read."""
    for path in catalogs:
        try:
            loaded = catalog.load(path)
        except CatalogError as error:
            own = plan(path, None)
            if not path.is_file() or "malformed" not in own.checks:
                raise
            yield _malformed(path, own, error)
            continue
        own = plan(path, loaded.language)
        _context(own)  # a broken glossary is named before work begins
        entries = iter(loaded.translations)
        tally.catalogs += 1
        while chunk := tuple(islice(entries, _CHUNK)):
            tally.entries += len(chunk)
            yield path, own, chunk


def _side_by_side(
    pool: ProcessPoolExecutor, cores: int, items: Iterator[Chunk | Finding]
) -> Iterator[Finding]:
    """Let processes examine chunks, while this one reads catalogs and compares entries."""
    gathered = _Gathered()
    waiting: deque[tuple[Chunk, Future[list[tuple[int, Finding]]]] | Finding] = deque()
    more = True
    while more or waiting:
        while more and len(waiting) < _AHEAD * cores:
            item = next(items, None)
            if item is None:
                more = False
            elif isinstance(item, Finding):
                waiting.append(item)
            else:
                waiting.append((item, pool.submit(examine_chunk, *item)))
        if waiting:
            first = waiting.popleft()
            if isinstance(first, Finding):
                yield first
            else:
                yield from gathered.merged(first[0], first[1].result())


class _Gathered:
    """The gatherers of each language, fed in the order of the catalogs."""

    def __init__(self) -> None:
        self._gatherers: dict[str, list[tuple[Check, Gatherer]]] = {}

    def merged(self, chunk: Chunk, found: list[tuple[int, Finding]]) -> Iterator[Finding]:
        """The findings of a chunk in the order of its entries, the gatherers' among them."""
        path, plan, entries = chunk
        gatherers = self._gatherers.get(plan.language)
        if gatherers is None:
            gatherers = self._gatherers[plan.language] = [
                (check, check.together(Context(plan.language)))
                for check in CHECKS
                if check.together and check.id in plan.checks
            ]
        findings = deque(found)
        for number, translation in enumerate(entries):
            while findings and findings[0][0] == number:
                yield findings.popleft()[1]
            for check, gatherer in gatherers:
                if translation.target:
                    problems = gatherer.look(f"{path}:{translation.line}", translation)
                    yield from _findings(check, problems, path, plan, translation)


def examine_chunk(
    path: Path, plan: Plan, entries: Sequence[Translation]
) -> list[tuple[int, Finding]]:
    """Examine entries of one catalog, each by itself; findings with the entry's number."""
    context = _context(plan)
    checks = [check for check in CHECKS if check.id in plan.checks]
    finders = [(check, check.find) for check in checks if check.find]
    lookers = [(check, check.entry) for check in checks if check.entry]
    found: list[tuple[int, Finding]] = []
    for number, translation in enumerate(entries):
        source, target = translation.source, translation.target
        problems: list[tuple[Check, Problem | str]] = []
        if target:
            problems += [(c, p) for c, find in finders for p in find(source, target, context)]
        problems += [(c, p) for c, look in lookers for p in look(translation, context)]
        for check, problem in problems:
            found += [(number, f) for f in _findings(check, [problem], path, plan, translation)]
    return found


def _findings(
    check: Check,
    problems: Iterable[Problem | str],
    path: Path,
    plan: Plan,
    translation: Translation,
) -> Iterator[Finding]:
    """Word problems as findings, unless the entry silences the check."""
    for found in problems:
        if f"ignore-{check.id}" in translation.flags:
            return
        problem = found if isinstance(found, Problem) else Problem(found)
        yield Finding(
            check.id,
            severity_of(check, problem, dict(plan.severities)),
            problem.message,
            path,
            translation.line,
            plan.language,
            translation.source,
            translation.target,
        )


@lru_cache(maxsize=64)
def _context(plan: Plan) -> Context:
    """What the checks of a language know; the matcher is built once in every process."""
    if not plan.glossaries or (
        "terminology" not in plan.checks and "stale-origin" not in plan.checks
    ):
        return Context(plan.language)
    from pipeline import glossary
    from pipeline.terms import TermMatcher

    loaded = [glossary.load(path, plan.language) for path in plan.glossaries]
    terms = tuple(term for one in loaded for term in one.terms)
    whole = glossary.Glossary(
        plan.glossaries[0], "de", plan.language, terms, glossary.digest(terms)
    )
    return Context(plan.language, matcher=TermMatcher(whole))


_LINE = re.compile(r":(\d+): ")


def _malformed(path: Path, plan: Plan, error: CatalogError) -> Finding:
    rest = error.message.removeprefix(str(path))
    match = _LINE.match(rest)
    line = int(match[1]) if match else 0
    message = rest[match.end() :] if match else rest.lstrip(": ")
    if error.hint:
        message = f"{message}. {error.hint}"
    severity = Severity(dict(plan.severities).get("malformed", "error"))
    return Finding("malformed", severity, message, path, line, plan.language)
