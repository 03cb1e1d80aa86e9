"""Runs the checks over catalogs: in order, streaming, on two processes where that pays."""

from __future__ import annotations

import gc
import os
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import checks as registry
from pipeline.catalog_stretches import Loaded, Stretch, read
from pipeline.checking.check import Gatherer, Problem
from pipeline.checking.examine import Examined, Plan, context_of, examined, gatherers, problem_of
from pipeline.checks import CHECKS, by_id, severity_of
from pipeline.errors import CatalogError
from pipeline.model import Finding, Severity, Translation

if TYPE_CHECKING:
    from concurrent.futures import Future

_FIRST = 3000
"""Entries that are examined before there are other processes."""

_AHEAD = 3
"""Chunks that each other process has got to do, at most."""

_FORKS = sys.platform == "linux"
"""Whether other processes are forked from this one; else they have other hashes of texts."""

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
    size = sum(path.stat().st_size for path in catalogs if path.is_file())
    cores = jobs or (os.cpu_count() or 1)
    tally = tally if tally is not None else Tally()
    items = _chunks(catalogs, plan, tally)
    gathered = _Gathered(tally)
    alone = cores < 2 or (size < _PAYS and not jobs)
    with _collector_at_rest():
        for done in _one_by_one(items) if alone else _side_by_side(items, cores, tally):
            if isinstance(done, Finding):
                yield done
            else:
                yield from gathered.merged(*done)


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some entries of a catalog, and how they are checked."""

    path: Path
    plan: Plan
    part: Stretch | Loaded


_Item = _Chunk | Finding
_Done = tuple[_Chunk, Examined] | Finding


def _chunks(
    catalogs: Sequence[Path], plan: Callable[[Path, str | None], Plan], tally: Tally
) -> Iterator[_Item]:
    """Read the catalogs; each gives its entries in chunks, or why it cannot be read."""
    for path in catalogs:
        try:
            language, parts = read(path)
        except CatalogError as error:
            own = plan(path, None)
            if not path.is_file() or "malformed" not in own.checks:
                raise
            yield _malformed(path, own, error)
            continue
        own = plan(path, language)
        context_of(own)  # a broken glossary is named before work begins
        tally.catalogs += 1
        for part in parts:
            yield _Chunk(path, own, part)


def _examine(chunk: _Chunk, tell: bool = True) -> Examined:
    return examined(chunk.plan, chunk.part.translations(), tell=tell)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Let the garbage collector rest: it would go over all entries and all that is remembered
    of texts again and again, of which nothing is garbage.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _one_by_one(items: Iterable[_Item]) -> Iterator[_Done]:
    for item in items:
        yield item if isinstance(item, Finding) else (item, _examine(item))


def _side_by_side(items: Iterator[_Item], cores: int, tally: Tally) -> Iterator[_Done]:
    """Examine chunks here and in other processes, one for each further core.

    The first entries are examined here: what they make the checks load, and remember, the
    others will need as well, and processes that are forked find it in their memory. Then this
    one reads, passes findings on, and examines a chunk itself where the others have enough.
    """
    for done in _one_by_one(items):
        yield done
        if tally.entries >= _FIRST:
            break
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    waiting: deque[_Done | tuple[_Chunk, Future[Examined]]] = deque()
    method = get_context("fork" if _FORKS else "spawn")
    # A forked process has its collector at rest already, one that is spawned has not.
    with ProcessPoolExecutor(cores - 1, mp_context=method, initializer=gc.disable) as pool:
        for item in items:
            busy = sum(not _is_done(one) for one in waiting)
            if isinstance(item, Finding):
                waiting.append(item)
            elif busy < _AHEAD * (cores - 1):
                waiting.append((item, pool.submit(_examine, item, _FORKS)))
            else:
                waiting.append((item, _examine(item)))
            while waiting and _is_done(waiting[0]):
                yield _awaited(waiting.popleft())
        yield from map(_awaited, waiting)


def _is_done(item: _Done | tuple[_Chunk, Future[Examined]]) -> bool:
    return isinstance(item, Finding) or isinstance(item[1], Examined) or item[1].done()


def _awaited(item: _Done | tuple[_Chunk, Future[Examined]]) -> _Done:
    if isinstance(item, Finding):
        return item
    chunk, found = item
    return chunk, found if isinstance(found, Examined) else found.result()


class _Gathered:
    """The gatherers of each language, fed in the order of the catalogs."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._gatherers: dict[str, dict[str, Gatherer]] = {}

    def merged(self, chunk: _Chunk, done: Examined) -> Iterator[Finding]:
        """The findings of a chunk in the order of its entries, the gatherers' among them."""
        path, plan, known = chunk.path, chunk.plan, done.entries
        self._tally.entries += done.number
        found = list(done.found)
        if plan.language not in self._gatherers:
            self._gatherers[plan.language] = gatherers(plan)
        for name, gatherer in self._gatherers[plan.language].items():
            told = done.told.get(name)
            if told is None:
                told = gatherer.told(chunk.part.translations())
            looked = gatherer.look(str(path), told)
            found += [(number, name, problem_of(problem)) for number, problem in looked]
        if any(number not in known for number, _, _ in found):
            known = dict(enumerate(chunk.part.translations()))
        for number, name, problem in sorted(found, key=itemgetter(0)):
            if f"ignore-{name}" not in known[number].flags:
                yield _finding(name, problem, path, plan, known[number])


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
