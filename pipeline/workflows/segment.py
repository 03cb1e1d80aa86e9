"""Segment: cut one file or a text into segments, with or without a project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.articles import FormatOptions, decode_article, read_article, segment_article
from pipeline.articles.formats import plain_text
from pipeline.core import Article, BlockKind, Segment
from pipeline.project import Project
from pipeline.workflows.events import Events
from pipeline.workflows.extract import SegmentedArticle

__all__ = ["MODES", "SegmentOptions", "list_marker", "segment"]

MODES = ("sentence", "paragraph")


@dataclass(frozen=True, slots=True)
class SegmentOptions:
    """Options of `segment`.

    `data` is the content of the file, if it is not to be read from `path`. An empty `mode`
    or `encoding` is the project's, or "sentence" and UTF-8 without a project.
    """

    path: Path
    data: bytes | None = None
    mode: str = ""
    encoding: str = ""


def segment(project: Project | None, options: SegmentOptions, events: Events) -> SegmentedArticle:
    """Read and segment an article; raises ArticleError."""
    mode = options.mode or (project.segmentation if project else MODES[0])
    encoding = options.encoding or (project.encoding if project else "utf-8")
    form = project.format_options if project else FormatOptions()
    if options.data is None:
        article = read_article(options.path, encoding, form)
    else:
        article = decode_article(options.path, options.data, encoding, form)
    return SegmentedArticle(article, tuple(segment_article(article, mode)))


def list_marker(article: Article, one: Segment) -> str:
    """Return the list marker before a segment, with its blank; "" if there is none."""
    if one.kind is BlockKind.LIST_ITEM and one.number == 1:
        return plain_text.list_marker(article.text, one.start)
    return ""
