"""Runs the checks over catalogs: in order, streaming, on two processes where that pays."""

from __future__ import annotations

import gc
import os
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from pipeline import catalog
from pipeline import checks as registry
from pipeline.checking.check import Context, Gatherer, Problem
from pipeline.checking.examine import Found, Plan, context_of, examine_chunk, problem_of
from pipeline.checks import CHECKS, by_id, severity_of
from pipeline.errors import CatalogError
from pipeline.model import Finding, Severity, Translation

_CHUNK = 1000
_BATCH = 200
"""Chunks that are held in memory at a time."""

_PAYS = 1_500_000
"""Bytes of catalogs from which a second process saves more than its start costs."""


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
    # A plug-in's check runs where it is asked for by name, on the command line or by a setting.
    named = (name for name in (*only, *severities) if name not in {c.id for c in CHECKS})
    for check in (*CHECKS, *registry.chosen(named)):
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
    gathered = _Gathered()
    if cores < 2 or (size < _PAYS and not jobs):
        for item in items:
            if isinstance(item, Finding):
                yield item
            else:
                yield from gathered.merged(item, examine_chunk(*item[1:]))
        return
    while batch := list(islice(items, _BATCH)):
        yield from _side_by_side(batch, cores, gathered)


Chunk = tuple[Path, Plan, tuple[Translation, ...]]


def _chunks(
    catalogs: Sequence[Path], plan: Callable[[Path, str | None], Plan], tally: Tally
) -> Iterator[Chunk | Finding]:
    """Read the catalogs; each gives its entries in chunks, or why it cannot be read."""
    for path in catalogs:
        try:
            loaded = _load(path)
        except CatalogError as error:
            own = plan(path, None)
            if not path.is_file() or "malformed" not in own.checks:
                raise
            yield _malformed(path, own, error)
            continue
        own = plan(path, loaded.language)
        context_of(own)  # a broken glossary is named before work begins
        entries = iter(loaded.translations)
        del loaded  # the entries as they stand in the file are as large again
        tally.catalogs += 1
        while chunk := tuple(islice(entries, _CHUNK)):
            tally.entries += len(chunk)
            yield path, own, chunk


def _load(path: Path) -> catalog.Catalog:
    """Read a catalog with the garbage collector at rest: it would go over all entries again
    and again, of which none is garbage.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        return catalog.load(path)
    finally:
        if was_on:
            gc.enable()


_shared: list[Chunk] = []
"""What forked processes find in their memory, so that it need not be sent to them."""


def _side_by_side(
    batch: Sequence[Chunk | Finding], cores: int, gathered: _Gathered
) -> Iterator[Finding]:
    """Let processes examine chunks, while this one compares entries and passes findings on."""
    chunks = [item for item in batch if not isinstance(item, Finding)]
    forked = sys.platform == "linux"
    method = get_context("fork" if forked else "spawn")
    for plan in {plan for _, plan, _ in chunks}:
        for check in registry.chosen(plan.checks):
            if check.prepare:
                check.prepare(context_of(plan))  # once, for all processes
    _shared[:] = chunks
    gc.freeze()  # else the collector's marks would copy the memory that is shared
    try:
        with ProcessPoolExecutor(cores, mp_context=method) as pool:
            results = (
                pool.map(_examine_shared, range(len(chunks)))
                if forked
                else pool.map(_examine, chunks)
            )
            for item in batch:
                if isinstance(item, Finding):
                    yield item
                else:
                    yield from gathered.merged(item, next(results))
    finally:
        gc.unfreeze()
        _shared.clear()


def _examine_shared(number: int) -> list[Found]:
    return examine_chunk(*_shared[number][1:])


def _examine(chunk: Chunk) -> list[Found]:
    return examine_chunk(*chunk[1:])


class _Gathered:
    """The gatherers of each language, fed in the order of the catalogs."""

    def __init__(self) -> None:
        self._gatherers: dict[str, list[tuple[str, Gatherer]]] = {}

    def merged(self, chunk: Chunk, found: list[Found]) -> Iterator[Finding]:
        """The findings of a chunk in the order of its entries, the gatherers' among them."""
        path, plan, entries = chunk
        gatherers = self._gatherers.get(plan.language)
        if gatherers is None:
            gatherers = self._gatherers[plan.language] = [
                (check.id, check.together(Context(plan.language)))
                for check in registry.chosen(plan.checks)
                if check.together
            ]
        rest, place = deque(found), str(path)
        for number, translation in enumerate(entries):
            while rest and rest[0][0] == number:
                _, name, problem = rest.popleft()
                yield _finding(name, problem, path, plan, translation)
            if not translation.target:
                continue
            for name, gatherer in gatherers:
                for told in gatherer.look(place, translation):
                    if f"ignore-{name}" not in translation.flags:
                        yield _finding(name, problem_of(told), path, plan, translation)


def _finding(
    name: str, problem: Problem, path: Path, plan: Plan, translation: Translation
) -> Finding:
    return Finding(
        name,
        severity_of(by_id()[name], problem, dict(plan.severities)),
        problem.message,
        path,
        translation.line,
        plan.language,
        translation.source,
        translation.target,
        translation.confidence,
    )


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
