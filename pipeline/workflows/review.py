"""Review: select entries by catalog, state, engine, text and findings; approve or reset them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.catalog import catalog, edits, is_header, parse_provenance
from pipeline.catalog import state as catalog_state
from pipeline.catalog.po import Entry
from pipeline.core import CatalogError, Severity, State, UnknownOriginError, suggest
from pipeline.core.file_names import real_path
from pipeline.engines import ResponseCache, draft_origins
from pipeline.project import Project
from pipeline.workflows.check import CheckOptions, check
from pipeline.workflows.events import Events

__all__ = [
    "CONFLICTS",
    "ERRORS",
    "FINDINGS",
    "OUTDATED",
    "UNSURE",
    "EntryFilter",
    "ReviewOptions",
    "ReviewResult",
    "Selection",
    "approve",
    "reset",
    "select",
]

ERRORS = "with errors"
FINDINGS = "with other findings"
UNSURE = "with lower confidence"
CONFLICTS = "with two texts from a merge"
OUTDATED = "translated from an earlier German text"

_Findings = Mapping[tuple[str, str], Severity]


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Conditions on an entry, all of which it must meet.

    `engine` is the engine of its provenance; `match` occurs in its German or its
    translation, ignoring case. `min_confidence`, in per cent, applies to drafts that nobody
    has edited. `findings` selects entries with findings, or without. Without `errors`,
    entries with an error or an open conflict are skipped; without `outdated`, those whose
    German changed after it was translated.
    """

    states: frozenset[State]
    engine: str = ""
    match: str = ""
    min_confidence: int | None = None
    findings: bool | None = None
    errors: bool = True
    outdated: bool = True


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """Options of `select`: catalogs or articles, languages, and the filter."""

    filter: EntryFilter
    paths: tuple[Path, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """The entries of a catalog that meet a filter, and how many do not, by reason."""

    path: Path
    entries: tuple[Entry, ...]
    skipped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """How many entries were changed, and how many others had changed since the selection."""

    done: int = 0
    changed_meanwhile: int = 0


def select(project: Project, options: ReviewOptions, events: Events) -> tuple[Selection, ...]:
    """Select the entries that meet the filter; checks run only if the filter needs findings.

    Raises CatalogError, ArticleError, SettingsError, UnknownOriginError for an unknown engine
    that no entry comes from and, for the checks, GlossaryError.
    """
    languages = project.select_languages(options.languages)
    selections = tuple(
        selection
        for language in languages
        for selection in _select(project, options, language, events)
    )
    engine = options.filter.engine
    if engine and not any(one.entries or one.skipped for one in selections):
        # An engine that is not installed any more may still have drafted entries.
        origins = draft_origins()
        if engine not in origins:
            hint = suggest(engine, origins, "Origins of drafts")
            raise UnknownOriginError(f"there is no engine {engine!r}", hint)
    return selections


def approve(selections: Sequence[Selection], events: Events) -> ReviewResult:
    """Approve the selected entries; one that changed since is left alone.

    Raises CatalogError for a catalog that cannot be written; those before it are done.
    """
    return _result(selections, [edits.approve(one.path, one.entries) for one in selections])


def reset(selections: Sequence[Selection], events: Events) -> ReviewResult:
    """Make the selected entries missing, and drop the cached responses of their texts.

    Otherwise the next run would find the unwanted drafts in the cache. An entry that changed
    since is left alone. Raises CatalogError for a catalog that cannot be written.
    """
    done = []
    for one in selections:
        responses = ResponseCache(events.notice)
        responses.invalidate(entry.source for entry in one.entries)
        responses.close()
        done.append(edits.reset(one.path, one.entries))
    return _result(selections, done)


def catalogs(project: Project, paths: Sequence[Path], language: str) -> tuple[Path, ...]:
    """Return the catalogs of a language: all, or those of articles, or the catalogs named.

    Raises CatalogError for a catalog of another project, ArticleError for an unknown
    article.
    """
    if not paths:
        articles = project.articles()
        return tuple(p for a in articles if (p := project.catalog(a, language)).exists())
    folder = real_path(project.catalog_folder(language))
    known = [real_path(project.catalog_folder(code)) for code in project.languages]
    found = []
    for path in paths:
        if path.suffix != ".po":
            found += [project.catalog(one, language) for one in project.select_articles([path])]
        elif not any(real_path(path).is_relative_to(one) for one in known):
            raise CatalogError(
                f"{path}: not a catalog of this project", "Name one of its catalogs, or an article."
            )
        elif real_path(path).is_relative_to(folder):
            found.append(real_path(path))
    return tuple(dict.fromkeys(found))


def select_entries(
    path: Path, criteria: EntryFilter, findings: _Findings | None = None
) -> Selection:
    """Parse a catalog and select the entries that meet a filter; raises CatalogError.

    `findings` has the most severe finding of each pair of source and target.
    """
    live = [e for e in catalog.load(path).entries if not e.obsolete and not is_header(e)]
    chosen, skipped = [], Counter[str]()
    for entry in live:
        if not _is_addressed(entry, criteria):
            continue
        state = catalog_state.entry_state(entry)
        reason = state.value if state not in criteria.states else _reason(entry, criteria, findings)
        if reason:
            skipped[reason] += 1
        else:
            chosen.append(entry)
    return Selection(path, tuple(chosen), skipped)


def _select(
    project: Project, options: ReviewOptions, language: str, events: Events
) -> Iterator[Selection]:
    criteria = options.filter
    without_findings = replace(criteria, findings=None, errors=True)
    files = catalogs(project, options.paths, language)
    for path in files:
        project.require_inside(path)
    selections = [select_entries(path, without_findings) for path in files]
    files = tuple(one.path for one in selections if one.entries)
    if not files or (criteria.errors and criteria.findings is None):
        yield from selections
        return
    severities: dict[Path, dict[tuple[str, str], Severity]] = {path: {} for path in files}
    for finding in check(project, CheckOptions(files, language=language), events).findings:
        assert finding.path is not None
        pairs = severities[finding.path]
        pair = finding.source, finding.target
        if pairs.get(pair) is not Severity.ERROR:
            pairs[pair] = finding.severity
    for one in selections:
        yield select_entries(one.path, criteria, severities[one.path]) if one.entries else one


def _result(selections: Sequence[Selection], done: Sequence[int]) -> ReviewResult:
    total = sum(len(one.entries) for one in selections)
    return ReviewResult(sum(done), total - sum(done))


def _is_addressed(entry: Entry, criteria: EntryFilter) -> bool:
    """Whether an entry has the engine and the text of a filter; others are not even counted."""
    if criteria.engine:
        provenance = parse_provenance(entry)
        if provenance is None or provenance.engine != criteria.engine:
            return False
    text = criteria.match.casefold()
    return not text or any(text in t.casefold() for t in (entry.source, *entry.targets))


def _reason(entry: Entry, criteria: EntryFilter, findings: _Findings | None) -> str:
    """Return why an entry in a selected state is skipped, an empty string if it is not."""
    if criteria.min_confidence is not None and catalog_state.entry_state(entry) is State.DRAFT:
        provenance = parse_provenance(entry)
        confidence = provenance.confidence if provenance else None
        if confidence is None or confidence < criteria.min_confidence:
            return UNSURE
    if not criteria.outdated and catalog_state.is_outdated(entry):
        return OUTDATED
    if not criteria.errors and catalog_state.is_in_conflict(entry):
        return CONFLICTS
    if findings is None:
        return ""
    sources = [entry.source] + [entry.plural or ""] * (len(entry.targets) - 1)
    pairs = zip(sources, entry.targets, strict=True)
    severities = {severity for pair in pairs if (severity := findings.get(pair))}
    if not criteria.errors and Severity.ERROR in severities:
        return ERRORS
    return FINDINGS if criteria.findings not in (None, bool(severities)) else ""
