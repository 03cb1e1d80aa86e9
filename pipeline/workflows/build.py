"""From an article and its catalog to the translated article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from pipeline.articles import render_article
from pipeline.catalog import catalog
from pipeline.catalog.mo import compile_mo
from pipeline.core.errors import ArticleError
from pipeline.core.types import Segment, State, Translation
from pipeline.files import atomic
from pipeline.project import Project
from pipeline.workflows.extract import SegmentedArticle


class Demand(Enum):
    """What may go into a built article."""

    APPROVED = "approved"
    ALLOW_MISSING = "allow-missing"
    DRAFT = "draft"


_GOOD = {
    Demand.APPROVED: {State.APPROVED},
    Demand.ALLOW_MISSING: {State.APPROVED},
    Demand.DRAFT: {State.APPROVED, State.TOUCHED, State.DRAFT},
}


@dataclass(frozen=True, slots=True)
class Gap:
    """A segment that has nothing fit to be built; `line` is the article's."""

    segment: Segment
    state: State


@dataclass(frozen=True, slots=True)
class Built:
    """What came of an article: the file, or None where it was refused for its gaps."""

    path: Path | None
    gaps: tuple[Gap, ...]


def build(project: Project, extracted: SegmentedArticle, language: str, demand: Demand) -> Built:
    """Build an article's translation from its catalog, and the `.mo` file beside that.

    Every character outside the segments is kept. With gaps nothing is written, unless
    `demand` allows them: they then stay German. Raises CatalogError, and ArticleError
    where the translation has characters that the article's encoding lacks.
    """
    article = extracted.article
    read = catalog.load(project.catalog(article.path, language))
    entries = {entry.source: entry for entry in read.translations}
    good, gaps = _sort(extracted.segments, entries, _GOOD[demand])
    if gaps and demand is Demand.APPROVED:
        return Built(None, tuple(gaps))
    text = render_article(article, {(s.start, s.end): t for s, t in good})
    target = project.built_article(article.path, language)
    try:
        data = text.encode(article.encoding)
    except UnicodeEncodeError as error:
        raise ArticleError(
            f"{target}: {error.object[error.start]!r} does not exist in {article.encoding}",
            "Keep the German article in UTF-8.",
        ) from error
    target.parent.mkdir(parents=True, exist_ok=True)
    atomic.write_atomic(target, data)
    atomic.write_atomic(read.path.with_suffix(".mo"), compile_mo(read))
    return Built(target, tuple(gaps))


def _sort(
    segments: Iterable[Segment], entries: dict[str, Translation], good: set[State]
) -> tuple[list[tuple[Segment, str]], list[Gap]]:
    """Tell the segments that can be built, with their translations, from the gaps."""
    built, gaps = [], []
    for segment in segments:
        entry = entries.get(segment.text)
        if entry and entry.state in good:
            built.append((segment, entry.target))
        else:
            gaps.append(Gap(segment, entry.state if entry else State.MISSING))
    return built, gaps
