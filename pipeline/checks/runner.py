"""Runs the checks over catalogs, on several processes where that pays, and tells what they find."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

from pipeline.checks.base import Aggregator, Problem
from pipeline.checks.examine import CheckPlan, ChunkResult, aggregators, problem_of
from pipeline.checks.parallel import Done, Planner, examined_catalogs
from pipeline.checks.registry import (
    by_id,
    canonical_severities,
    severity_of,
)
from pipeline.core.types import Finding, Severity, Translation

_PAYS = 1_500_000
"""Bytes of catalogs from which a second process saves more than its start costs."""


@dataclass(slots=True)
class Tally:
    """What was looked at, for the last line of a report."""

    catalogs: int = 0
    entries: int = 0
    found: dict[Severity, int] = field(default_factory=dict)


def check_catalogs(
    catalogs: Sequence[Path],
    plan: Planner,
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
    if size < _PAYS and not jobs:
        cores = 1
    with _collector_at_rest():
        yield from _Gathered(tally).merged(examined_catalogs(catalogs, plan, cores))


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


class _Gathered:
    """The gatherers of each language, fed in the order of the catalogs."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._gatherers: dict[str, dict[str, Aggregator]] = {}

    def merged(self, done: Iterable[Done | Finding]) -> Iterator[Finding]:
        """The findings of chunks, the gatherers' among them."""
        for one in done:
            if isinstance(one, Finding):
                yield one
            elif one.examined:
                self._tally.catalogs += one.chunk.last
                self._tally.entries += one.examined.number
                yield from self._of_chunk(one, one.examined)

    def _of_chunk(self, done: Done, examined: ChunkResult) -> Iterator[Finding]:
        """The findings of a chunk, in the order of its entries."""
        path, plan, known = done.chunk.path, done.chunk.plan, examined.entries
        found = list(examined.found)
        if plan.language not in self._gatherers:
            self._gatherers[plan.language] = aggregators(plan)
        for name, gatherer in self._gatherers[plan.language].items():
            told = examined.summaries.get(name)
            if told is None:
                told = gatherer.summarize(done.contents().translations)
            looked = gatherer.merge(str(path), told)
            found += [(number, name, problem_of(problem)) for number, problem in looked]
        if any(number not in known for number, _, _ in found):
            known = dict(enumerate(done.contents().translations))
        for number, name, problem in sorted(found, key=itemgetter(0)):
            if not by_id()[name].is_ignored(known[number].flags):
                yield _finding(name, problem, path, plan, known[number])


def _finding(
    name: str, problem: Problem, path: Path, plan: CheckPlan, translation: Translation
) -> Finding:
    return Finding(
        name,
        severity_of(by_id()[name], problem, canonical_severities(dict(plan.severities))),
        problem.message,
        path,
        translation.line,
        plan.language,
        translation.source,
        translation.target,
        translation.confidence,
    )
