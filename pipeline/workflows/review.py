"""Which catalog entries a user names: by catalog, state, engine, text and findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.catalog import catalog
from pipeline.catalog import state as catalog_state
from pipeline.catalog.header import is_header
from pipeline.catalog.po.parser import Entry
from pipeline.catalog.provenance import parse_provenance
from pipeline.core.errors import CatalogError
from pipeline.core.types import Severity, State
from pipeline.project import Project

Findings = Mapping[tuple[str, str], Severity]
"""The gravest finding of a pair of source and target."""


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """What is asked of an entry, all of it.

    `engine` is the engine of its origin, `match` stands in its German or its translation,
    in any case of letters. `least` is the lowest confidence of a draft, in per cent; it asks
    nothing of what a human has touched. `findings` asks for entries with findings, or
    without. Without `errors`, an entry with an error or an open conflict is left out;
    without `outdated`, one whose German changed after it was translated.
    """

    states: frozenset[State]
    engine: str = ""
    match: str = ""
    least: int | None = None
    findings: bool | None = None
    errors: bool = True
    outdated: bool = True


@dataclass(frozen=True, slots=True)
class Selection:
    """The entries of a catalog that a filter names, and how many it leaves out, by reason."""

    path: Path
    entries: tuple[Entry, ...]
    skipped: Mapping[str, int] = field(default_factory=dict)


ERRORS = "with errors"
FINDINGS = "by their findings"
UNSURE = "not sure enough"
CONFLICTS = "with two texts from a merge"
OUTDATED = "whose German changed after they were translated"


def catalogs(project: Project, paths: Sequence[Path], language: str) -> tuple[Path, ...]:
    """The catalogs of a language: those that exist, or of articles, or the catalogs named.

    Raises CatalogError for a catalog that is not of this project, ArticleError for an
    article that is not.
    """
    if not paths:
        return tuple(p for a in project.articles() if (p := project.catalog(a, language)).exists())
    folder = project.catalog_folder(language).resolve()
    known = [project.catalog_folder(code).resolve() for code in project.languages]
    found = []
    for path in paths:
        if path.suffix != ".po":
            found.append(project.catalog(path, language))
        elif not any(path.resolve().is_relative_to(one) for one in known):
            raise CatalogError(f"{path}: not a catalog of this project", "Name one, or an article.")
        elif path.resolve().is_relative_to(folder):
            found.append(path.resolve())
    return tuple(dict.fromkeys(found))


def select_entries(path: Path, asked: EntryFilter, findings: Findings | None = None) -> Selection:
    """Read a catalog and name the entries that a filter asks for; raises CatalogError."""
    live = [e for e in catalog.load(path).entries if not e.obsolete and not is_header(e)]
    chosen, left = [], Counter[str]()
    for entry in filter(lambda e: _is_meant(e, asked), live):
        state = catalog_state.entry_state(entry)
        reason = state.value if state not in asked.states else _objection(entry, asked, findings)
        if reason:
            left[reason] += 1
        else:
            chosen.append(entry)
    return Selection(path, tuple(chosen), left)


def _is_meant(entry: Entry, asked: EntryFilter) -> bool:
    if asked.engine:
        origin = parse_provenance(entry)
        if origin is None or origin.engine != asked.engine:
            return False
    wanted = asked.match.casefold()
    return not wanted or any(wanted in t.casefold() for t in (entry.source, *entry.targets))


def _objection(entry: Entry, asked: EntryFilter, findings: Findings | None) -> str:
    """Why an entry in one of the states is left out; empty where it is not."""
    if asked.least is not None and catalog_state.entry_state(entry) is State.DRAFT:
        origin = parse_provenance(entry)
        if origin is None or origin.confidence is None or origin.confidence < asked.least:
            return UNSURE
    if not asked.outdated and catalog_state.is_outdated(entry):
        return OUTDATED
    if not asked.errors and catalog_state.is_in_conflict(entry):
        return CONFLICTS
    if findings is None:
        return ""
    sources = [entry.source] + [entry.plural or ""] * (len(entry.targets) - 1)
    pairs = zip(sources, entry.targets, strict=True)
    grave = {severity for pair in pairs if (severity := findings.get(pair))}
    if not asked.errors and Severity.ERROR in grave:
        return ERRORS
    return FINDINGS if asked.findings not in (None, bool(grave)) else ""
