"""Report the translation state of articles, and the drafts with the lowest confidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest
from pathlib import Path

from pipeline.catalog import catalog
from pipeline.core import ArticleError, CatalogError, State
from pipeline.drafting import UNSURE
from pipeline.project import Project
from pipeline.workflows.events import Events
from pipeline.workflows.extract import Extractor, select_articles

__all__ = ["ArticleStatus", "StatusOptions", "UnsureDraft", "least_sure", "status"]


@dataclass(frozen=True, slots=True)
class StatusOptions:
    """Options of `status` and `least_sure`: some articles and languages, or all.

    `number` is how many drafts `least_sure` returns.
    """

    paths: tuple[Path, ...] = ()
    languages: tuple[str, ...] = ()
    number: int = 20


@dataclass(frozen=True, slots=True)
class ArticleStatus:
    """The state of an article in a language, in distinct segments.

    `unsure` counts drafts of less than `UNSURE` per cent confidence; `confidence` is the
    mean of all drafts that have one. `note` says that the catalog is damaged, or outdated.
    """

    article: str
    language: str
    segments: int
    approved: int = 0
    touched: int = 0
    draft: int = 0
    missing: int = 0
    unsure: int = 0
    confidence: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnsureDraft:
    """A draft that nobody has edited, its line in the catalog, and its confidence in per cent.

    `confidence` is None for a draft without one.
    """

    path: Path
    line: int
    language: str
    confidence: int | None
    source: str
    target: str


def status(project: Project, options: StatusOptions, events: Events) -> tuple[ArticleStatus, ...]:
    """Compare articles with their catalogs.

    Raises SettingsError for an unknown language, ArticleError for an unknown article or
    without any.
    """
    languages = project.select_languages(options.languages)
    rows: list[ArticleStatus] = []
    extractor = Extractor(project)
    for article in select_articles(project, options.paths, events):
        name = project.article_name(article)
        try:
            texts = {segment.text for segment in extractor.read(article).segments}
        except ArticleError as error:
            rows += [ArticleStatus(name, language, 0, note=error.message) for language in languages]
            continue
        for language in languages:
            rows.append(_status(name, language, texts, project.catalog(article, language)))
    return tuple(rows)


def least_sure(project: Project, options: StatusOptions, events: Events) -> tuple[UnsureDraft, ...]:
    """Return the drafts with the lowest confidence first, those without one last.

    Drafts of equal confidence keep the order of languages, articles and entries. Raises
    CatalogError for a damaged catalog, SettingsError for an unknown language.
    """
    articles: Sequence[Path] = project.select_articles(options.paths)
    drafts = (
        UnsureDraft(path, one.line, language, one.confidence, one.source, one.target)
        for language in project.select_languages(options.languages)
        for path in (project.catalog(article, language) for article in articles)
        if path.exists()
        for one in catalog.load(path).translations
        if one.state is State.DRAFT
    )
    found = nsmallest(
        options.number, drafts, key=lambda d: 101 if d.confidence is None else d.confidence
    )
    return tuple(found)


def _status(name: str, language: str, texts: set[str], path: Path) -> ArticleStatus:
    if not path.exists():
        return ArticleStatus(name, language, len(texts), missing=len(texts))
    try:
        entries = catalog.load(path).translations
    except CatalogError as error:
        return ArticleStatus(name, language, len(texts), note=error.message)
    states = {entry.source: entry.state for entry in entries}
    counts = Counter(states.get(text, State.MISSING) for text in texts)
    sure = [one.confidence for one in entries if one.confidence is not None and one.source in texts]
    return ArticleStatus(
        name,
        language,
        len(texts),
        counts[State.APPROVED],
        counts[State.TOUCHED],
        counts[State.DRAFT],
        counts[State.MISSING],
        sum(confidence < UNSURE for confidence in sure),
        round(sum(sure) / len(sure)) if sure else None,
        "" if states.keys() == texts else "the article changed: translate extract",
    )
