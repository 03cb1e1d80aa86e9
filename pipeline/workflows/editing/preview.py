"""Preview of a built article, with every segment marked by its state; building and download."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.articles import render_article
from pipeline.core import PipelineError, State
from pipeline.workflows.build import ArticleBuild, BuildOptions, BuildPolicy, build
from pipeline.workflows.editing.marked_html import mark, marked_body
from pipeline.workflows.editing.page_files import PageFiles
from pipeline.workflows.editing.session import EditingSession
from pipeline.workflows.events import Events

__all__ = ["ArticlePreview", "PreviewSegment", "build_article", "built_file", "preview"]


@dataclass(frozen=True, slots=True)
class PreviewSegment:
    """A segment of the preview; `entry` is an id, "" if the catalog does not have it."""

    entry: str
    state: State


@dataclass(frozen=True, slots=True)
class ArticlePreview:
    """The body of a page, in which segment N is in elements `<span data-segment="N">`.

    The HTML of an article is not cleaned: show it where nothing in it can act. `rejected`
    are segments that stay German, each with the reason.
    """

    body: str
    segments: tuple[PreviewSegment, ...]
    rejected: tuple[tuple[str, str], ...]


def preview(session: EditingSession, name: str, language: str) -> ArticlePreview:
    """Render an article with all its translations, drafts included, and mark the segments.

    Raises ArticleError and CatalogError.
    """
    path, _ = session.find(name, language)
    segmented = session.segmented(path)
    entries = session.article(name, language).entries.values()
    by_source = {entry.source: entry for entry in entries}
    texts = {
        segment: entry.targets[0]
        for segment in segmented.segments
        if (entry := by_source.get(segment.text)) and all(entry.targets)
    }
    rejected = render_article(segmented.article, list(texts.items()), language).rejected
    for segment, _ in rejected:
        texts.pop(segment)
    shown = [texts.get(segment, segment.text) for segment in segmented.segments]
    marked = [
        (segment, mark(number, text))
        for number, (segment, text) in enumerate(zip(segmented.segments, shown, strict=True))
    ]
    rendered = render_article(segmented.article, marked, language).text
    segments = []
    for segment in segmented.segments:
        entry = by_source.get(segment.text)
        state = entry.state if entry and segment in texts else State.MISSING
        segments.append(PreviewSegment(entry.id if entry else "", state))
    files = PageFiles(session.project.root / session.project.source_dir, path.parent)
    return ArticlePreview(
        marked_body(path.suffix.lower(), rendered, segmented.segments, shown, files),
        tuple(segments),
        tuple((segment.text, reason) for segment, reason in rejected),
    )


def build_article(
    session: EditingSession,
    name: str,
    language: str,
    policy: BuildPolicy,
    events: Events,
    *,
    allow_outdated: bool = False,
) -> ArticleBuild:
    """Build an article in a language, as `translate build` does."""
    path, _ = session.find(name, language)
    options = BuildOptions((path,), (language,), policy, allow_outdated)
    return build(session.project, options, events).articles[0]


def built_file(session: EditingSession, name: str, language: str) -> tuple[str, bytes]:
    """Return the name and the bytes of a built article; raises PipelineError if there is none."""
    path, _ = session.find(name, language)
    built = session.project.built_article(path, language)
    session.project.require_inside(built)
    if not built.is_file():
        raise PipelineError(f"{name} is not built in {language}", "Build it first.")
    return built.name, built.read_bytes()
