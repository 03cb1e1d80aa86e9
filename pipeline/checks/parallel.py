"""Catalogs in chunks, examined one by one, or side by side on all cores."""

from __future__ import annotations

import gc
import re
import sys
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.catalog.chunked_reader import (
    CatalogChunk,
    ChunkContents,
    ParsedChunk,
    Parts,
    has_unique_keys,
    iter_chunks,
    parse_whole,
)
from pipeline.checks.base import Problem
from pipeline.checks.examine import CheckPlan, ChunkResult, context_of, examined
from pipeline.checks.registry import MALFORMED, by_id, canonical_severities, severity_of
from pipeline.core.errors import CatalogError
from pipeline.core.types import Finding

if TYPE_CHECKING:
    from concurrent.futures import Future

_FIRST = 3000
"""Entries that are examined before there are other processes."""

_AHEAD = 3
"""Chunks that each other process has got to do, at most."""

_FORKS = sys.platform == "linux"
"""Whether other processes are forked from this one; else they have other hashes of texts."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some entries of a catalog, and how they are checked; `last` if no others follow."""

    path: Path
    plan: CheckPlan
    part: CatalogChunk | ParsedChunk
    last: bool


_Item = Chunk | Finding
Planner = Callable[[Path, str | None], CheckPlan]


@dataclass(frozen=True, slots=True)
class Done:
    """A chunk and what came of it: None where its entries are damaged."""

    chunk: Chunk
    examined: ChunkResult | None

    def keys(self) -> array[int]:
        """Hashes of its entries, made in this process or in one that was forked from it."""
        if self.examined and self.examined.keys is not None:
            return self.examined.keys
        return self.contents().keys

    def contents(self) -> ChunkContents:
        """Read its entries again, which were sound. Raises CatalogError if they changed."""
        contents = self.chunk.part.contents()
        if contents is None:
            raise AssertionError("the bytes of a stretch have a digest")
        return contents


def examined_catalogs(
    catalogs: Sequence[Path], plan: Planner, cores: int
) -> Iterator[Done | Finding]:
    """Examine catalogs in their order, in `cores` processes; a damaged one is a finding.

    `plan` gives the plan of a catalog, from its path and the language of its header, which is
    None where the catalog is damaged. Raises GlossaryError, and CatalogError for a catalog that
    cannot be opened at all.
    """
    items = _chunks(catalogs, plan)
    return _sound(_one_by_one(items) if cores < 2 else _side_by_side(items, cores), plan)


def _chunks(
    catalogs: Sequence[Path],
    plan: Planner,
    reader: Callable[[Path], tuple[str, Parts]] = iter_chunks,
) -> Iterator[_Item]:
    """Read the catalogs; each gives its entries in chunks, or why it cannot be read."""
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
        context_of(own)  # a broken glossary is named before work begins
        for number, part in enumerate(parts, 1):
            yield Chunk(path, own, part, number == len(parts))


def _sound(done: Iterable[Done | Finding], plan: Planner) -> Iterator[Done | Finding]:
    """Hold back what came of a catalog until all of it is known to be sound.

    One with a damage anywhere is read again, as a whole, which tells what is wrong with it.
    """
    held: list[Done] = []
    for one in done:
        if isinstance(one, Finding):
            yield one
            continue
        held.append(one)
        if one.chunk.last:
            if all(each.examined for each in held) and has_unique_keys(map(Done.keys, held)):
                yield from held
            else:
                yield from _one_by_one(_chunks([one.chunk.path], plan, parse_whole))
            held = []


def _examine(chunk: Chunk, tell: bool = True) -> ChunkResult | None:
    contents = chunk.part.contents()
    return None if contents is None else examined(chunk.plan, contents, tell=tell)


def _one_by_one(items: Iterable[_Item]) -> Iterator[Done | Finding]:
    for item in items:
        yield item if isinstance(item, Finding) else Done(item, _examine(item))


def _side_by_side(items: Iterator[_Item], cores: int) -> Iterator[Done | Finding]:
    """Examine chunks here and in other processes, one for each further core.

    The first entries are examined here: what they make the checks load, and remember, the
    others will need as well, and processes that are forked find it in their memory. Then this
    one reads, passes findings on, and examines a chunk itself where the others have enough.
    """
    number = 0
    for done in _one_by_one(items):
        yield done
        if not isinstance(done, Finding) and done.examined:
            number += done.examined.number
        if number >= _FIRST:
            break
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    waiting: deque[Done | Finding | _Sent] = deque()
    method = get_context("fork" if _FORKS else "spawn")
    # A forked process has its collector at rest already, one that is spawned has not.
    with ProcessPoolExecutor(cores - 1, mp_context=method, initializer=gc.disable) as pool:
        for item in items:
            busy = sum(isinstance(one, _Sent) and one.busy() for one in waiting)
            if isinstance(item, Finding):
                waiting.append(item)
            elif busy < _AHEAD * (cores - 1):
                waiting.append(_Sent(item, pool.submit(_examine, item, _FORKS)))
            else:
                waiting.append(Done(item, _examine(item)))
            while waiting and not (isinstance(first := waiting[0], _Sent) and first.busy()):
                yield _awaited(waiting.popleft())
        yield from map(_awaited, waiting)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A chunk that another process examines."""

    chunk: Chunk
    found: Future[ChunkResult | None]

    def busy(self) -> bool:
        return not self.found.done()


def _awaited(item: Done | Finding | _Sent) -> Done | Finding:
    return Done(item.chunk, item.found.result()) if isinstance(item, _Sent) else item


_LINE = re.compile(r":(\d+): ")


def _malformed(path: Path, plan: CheckPlan, error: CatalogError) -> Finding:
    rest = error.message.removeprefix(str(path))
    match = _LINE.match(rest)
    line = int(match[1]) if match else 0
    message = rest[match.end() :] if match else rest.lstrip(": ")
    if error.hint:
        message = f"{message}. {error.hint}"
    check = by_id()[MALFORMED]
    severity = severity_of(check, Problem(message), canonical_severities(dict(plan.severities)))
    return Finding(check.id, severity, message, path, line, plan.language)
