"""Watch a project: extract, draft, check and build what changes.

Catalogs that an editor has open are handled as by every other command: a save is never lost.
Files that this program wrote itself are recognized by their content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.articles import is_supported
from pipeline.core import Finding, PipelineError, Severity
from pipeline.project import SETTINGS_FILE, Project, load_project
from pipeline.workflows.build import ArticleBuild, BuildOptions, BuildPolicy, build
from pipeline.workflows.check import CheckOptions, check
from pipeline.workflows.draft import DraftOptions, DraftReport, draft
from pipeline.workflows.events import Events, SilentEvents
from pipeline.workflows.extract import extract

__all__ = ["WatchOptions", "WatchStep", "watch", "watched_folders"]

Changes = Iterable[set[Path]]
"""Sets of files that changed at about the same time, as they change."""


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """Options of `watch`; without `drafting`, articles are only extracted.

    `policy` is that of the articles that are built; None builds none.
    """

    draft: DraftOptions = field(default_factory=DraftOptions)
    drafting: bool = True
    policy: BuildPolicy | None = BuildPolicy.DRAFT


@dataclass(frozen=True, slots=True)
class WatchStep:
    """What followed from some changes; `error` ended it, and watching continues."""

    articles: tuple[Path, ...] = ()
    report: DraftReport | None = None
    findings: tuple[Finding, ...] = ()
    built: tuple[ArticleBuild, ...] = ()
    error: PipelineError | None = None


def watched_folders(project: Project) -> tuple[Path, ...]:
    """Return the existing folders and files whose changes matter."""
    names = (project.source_dir, project.glossary_dir, project.output_dir, SETTINGS_FILE)
    paths = (project.root / name for name in (*names, "pyproject.toml"))
    return tuple(path for path in paths if path.exists())


def watch(
    project: Project, options: WatchOptions, changes: Changes, events: Events
) -> Iterator[WatchStep]:
    """Do everything once, then what follows from each set of changes, until there are no more.

    An article or glossary that changed is extracted and drafted again, a catalog that changed
    is checked, and its article built. Changed settings are loaded. Errors are results: the
    next change may solve them.
    """
    languages = options.draft.extract.languages
    seen: dict[Path, bytes] = {}
    yield _step(project, options, None, events)
    _remember(project, seen)
    for paths in changes:
        changed = {path for path in paths if _digest(path) != seen.get(path, b"?")}
        if any(path.name in (SETTINGS_FILE, "pyproject.toml") for path in changed):
            try:
                project = replace(load_project(project.root), trust=project.trust)
            except PipelineError as error:
                yield WatchStep(error=error)
                continue
            step = _step(project, options, None, events)
        else:
            articles, catalogs = _affected(project, changed, languages)
            if articles is not None and not articles and not catalogs:
                continue
            step = _step(project, options, articles, events, catalogs)
        _remember(project, seen)
        yield step


def _affected(
    project: Project, changed: Iterable[Path], languages: Iterable[str]
) -> tuple[tuple[Path, ...] | None, tuple[Path, ...]]:
    """Return the changed articles (None: all), and the articles whose catalogs changed."""
    glossaries = project.root / project.glossary_dir
    articles, catalogs = set(), set()
    by_catalog: dict[Path, Path] = {}
    for path in changed:
        if path.is_relative_to(glossaries) and path.suffix.lower() == ".csv":
            return None, ()
        hidden = path.name.startswith(".")
        if project.is_article_path(path):
            if not hidden and is_supported(path.suffix.lower()) and path.is_file():
                articles.add(path)
        elif path.suffix == ".po" and not hidden:
            by_catalog = by_catalog or {
                project.catalog(article, code): article
                for article in project.article_folder().articles
                for code in project.select_languages(tuple(languages))
            }
            if path in by_catalog:
                catalogs.add(by_catalog[path])
    return tuple(sorted(articles)), tuple(sorted(catalogs - articles))


def _step(
    project: Project,
    options: WatchOptions,
    articles: tuple[Path, ...] | None,
    events: Events,
    reviewed: tuple[Path, ...] = (),
) -> WatchStep:
    """Treat articles (None: all), and check and build those that were `reviewed`."""
    report: DraftReport | None = None
    try:
        everything = project.articles() if articles is None else articles
        chosen = replace(options.draft.extract, paths=everything)
        if everything and options.drafting:
            report = draft(project, replace(options.draft, extract=chosen), events)
        elif everything:
            extract(project, chosen, events)
        both = (*everything, *reviewed)
        codes = project.select_languages(chosen.languages)
        catalogs = tuple(
            path for code in codes for a in both if (path := project.catalog(a, code)).exists()
        )
        findings: tuple[Finding, ...] = ()
        if catalogs:
            checking = CheckOptions(catalogs, lowest=Severity.WARNING, allow_empty=True)
            findings = tuple(check(project, checking, SilentEvents()).findings)
        built: tuple[ArticleBuild, ...] = ()
        if options.policy is not None and both:
            building = BuildOptions(both, chosen.languages, options.policy)
            built = build(project, building, SilentEvents()).articles
    except PipelineError as error:
        return WatchStep(articles or (), report, error=error)
    return WatchStep(both, report, findings, built)


def _remember(project: Project, seen: dict[Path, bytes]) -> None:
    """Remember the content of all catalogs: their next change is that of somebody else."""
    for code in project.languages:
        for path in project.catalogs(code):
            seen[path] = _digest(path)


def _digest(path: Path) -> bytes:
    """Return a digest of a file; nothing if it cannot be read."""
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return b""
