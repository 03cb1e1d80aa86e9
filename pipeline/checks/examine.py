"""Examines the entries of a catalog, each by itself, by the plan of its language."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pipeline.catalog.chunked_reader import ChunkContents
from pipeline.checks.base import Aggregator, Context, Problem
from pipeline.checks.prefilter import Prefilter
from pipeline.checks.registry import by_id, get_checks
from pipeline.core.types import Translation

_KNOWN = 500


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """How the catalogs of one language are checked.

    `glossaries` are its files, the first one wins; `severities` the project's settings;
    `checks` the ids to run.
    """

    language: str
    glossaries: tuple[Path, ...] = ()
    severities: tuple[tuple[str, str], ...] = ()
    checks: tuple[str, ...] = ()


Found = tuple[int, str, Problem]
"""What was found in a chunk: the number of the entry in it, the check's id, the problem."""

_known: dict[CheckPlan, dict[tuple[str, str], list[tuple[str, Problem | str]]]] = {}
"""What was found in pairs of texts: the same sentence often stands in many articles."""


def check_entries(plan: CheckPlan, entries: Sequence[Translation]) -> list[Found]:
    """Examine entries of one catalog, each by itself."""
    context = context_of(plan)
    checks = get_checks(plan.checks)
    finders = _glance(plan).select
    lookers = [(check.id, check.check_entry) for check in checks if check.check_entry]
    found: list[Found] = []
    known = _known.setdefault(plan, {})
    if len(known) > _KNOWN:
        known.clear()
    for number, translation in enumerate(entries):
        source, target = pair = translation.source, translation.target
        told = []
        for name, look in lookers:
            for problem in look(translation, context):
                told.append((name, problem))
        if target:
            seen = known.get(pair)
            if seen is None:
                seen = known[pair] = []
                for name, find in finders(source, target):
                    seen += [(name, problem) for problem in find(source, target, context)]
            told = seen + told if told else seen
        if told:
            found += [
                (number, name, problem_of(problem))
                for name, problem in told
                if not by_id()[name].is_ignored(translation.flags)
            ]
    return found


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """What came of a chunk of `number` entries.

    `entries` are those with findings, by their numbers; `told` is what the gatherers want to
    know, by the ids of their checks; `keys` are those of `Contents`. Where nothing was to be told
    (`keys` is None then), whoever wants it asks the entries themselves.
    """

    number: int
    found: list[Found]
    entries: dict[int, Translation]
    summaries: dict[str, Any]
    keys: array[int] | None


def examined(plan: CheckPlan, contents: ChunkContents, *, tell: bool) -> ChunkResult:
    """Examine entries of one catalog; with `tell`, take down what the gatherers want to know."""
    entries = contents.translations
    found = check_entries(plan, entries)
    told = {name: one.summarize(entries) for name, one in _tellers(plan).items()} if tell else {}
    known = {number: entries[number] for number, _, _ in found}
    return ChunkResult(len(entries), found, known, told, contents.keys if tell else None)


def aggregators(plan: CheckPlan) -> dict[str, Aggregator]:
    """Make new gatherers for the checks of a plan that have one, by their ids."""
    checks = get_checks(plan.checks)
    return {c.id: c.aggregator(Context(plan.language)) for c in checks if c.aggregator}


_tellers = lru_cache(maxsize=64)(aggregators)


def problem_of(told: Problem | str) -> Problem:
    """What a check told, which may be a mere message."""
    return told if isinstance(told, Problem) else Problem(told)


@lru_cache(maxsize=64)
def context_of(plan: CheckPlan) -> Context:
    """What the checks of a language know; the matcher is built once in every process."""
    if not plan.glossaries or not any(check.needs_glossary for check in get_checks(plan.checks)):
        return Context(plan.language)
    from pipeline.glossary import file
    from pipeline.glossary.matcher import TermMatcher

    loaded = [file.load_glossary(path, plan.language) for path in plan.glossaries]
    terms = tuple(term for one in loaded for term in one.terms)
    whole = file.Glossary(
        plan.glossaries[0], "de", plan.language, terms, file.glossary_digest(terms)
    )
    return Context(plan.language, matcher=TermMatcher(whole))


@lru_cache(maxsize=8)
def _glance(plan: CheckPlan) -> Prefilter:
    """Which checks of a plan are worth running; what it remembers is kept in every process."""
    return Prefilter(get_checks(plan.checks), context_of(plan))
