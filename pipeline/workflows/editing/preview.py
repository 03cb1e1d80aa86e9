"""Preview of a built article: every segment is marked with its entry and state.

The article is rendered as `build` does it, with two marks around each segment. The marks are
punctuation that no article uses, so that they do not change what Markdown or HTML means. The
rendered text is then converted to HTML in which the marks become elements.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.articles import render_article
from pipeline.core import BlockKind, PipelineError, Segment, State
from pipeline.workflows.build import ArticleBuild, BuildOptions, BuildPolicy, build
from pipeline.workflows.editing.entries import EditorEntry
from pipeline.workflows.editing.session import EditingSession
from pipeline.workflows.events import Events

__all__ = ["ArticlePreview", "PreviewSegment", "build_article", "built_file", "preview"]

_OPEN, _SEPARATOR, _CLOSE = "⸨⸢", "⸣", "⸤⸩"
_MARK = re.compile(f"{_OPEN}([0-9]+){_SEPARATOR}|{_CLOSE}")
_MARKDOWN = (".md", ".markdown", ".mdx")
_HTML = (".html", ".htm", ".xhtml")
# Characters that lxml refuses in an element.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ACTIVE = ("script", "iframe", "frame", "object", "embed", "applet", "base", "meta", "link")


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
    article, shown = session.segmented(path).article, session.article(name, language)
    segments = session.segmented(path).segments
    by_source = {entry.source: entry for entry in shown.entries.values()}
    entries = [by_source.get(segment.text) for segment in segments]
    texts = {
        segment: entry.targets[0]
        for segment, entry in zip(segments, entries, strict=True)
        if entry and all(entry.targets)
    }
    rejected = render_article(article, list(texts.items()), language).rejected
    for segment, _ in rejected:
        texts.pop(segment)
    marked = [
        (segment, f"{_OPEN}{number}{_SEPARATOR}{texts.get(segment, segment.text)}{_CLOSE}")
        for number, segment in enumerate(segments)
    ]
    rendered = render_article(article, marked, language).text
    body = _body(path, rendered, segments)
    return ArticlePreview(
        body,
        tuple(
            _segment(segment, entry, texts)
            for segment, entry in zip(segments, entries, strict=True)
        ),
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


def _segment(
    segment: Segment, entry: EditorEntry | None, texts: Mapping[Segment, str]
) -> PreviewSegment:
    if entry is None or segment not in texts:
        return PreviewSegment(entry.id if entry else "", State.MISSING)
    return PreviewSegment(entry.id, entry.state)


def _body(path: Path, text: str, segments: tuple[Segment, ...]) -> str:
    suffix = path.suffix.lower()
    if suffix in _MARKDOWN:
        return _mark_elements(_markdown(text))
    if suffix in _HTML:
        return _mark_elements(text)
    return _plain(text, segments)


def _markdown(text: str) -> str:
    from markdown_it import MarkdownIt

    # Without HTML, the source of tags is shown as text; links are limited to safe schemes.
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return str(parser.render(text))


def _plain(text: str, segments: tuple[Segment, ...]) -> str:
    """Return a paragraph for each line; titles and headings stand out."""
    lines = []
    for line in text.splitlines():
        if not line.strip():
            continue
        first = _MARK.search(line)
        kind = segments[int(first[1])].kind if first and first[1] else BlockKind.PARAGRAPH
        tag = {BlockKind.TITLE: "h1", BlockKind.HEADING: "h2"}.get(kind, "p")
        lines.append(f'<{tag} class="{kind.value.replace(" ", "-")}">{_spans(line)}</{tag}>')
    return "\n".join(lines)


def _spans(line: str) -> str:
    def element(match: re.Match[str]) -> str:
        return f'<span data-segment="{match[1]}">' if match[1] else "</span>"

    return _MARK.sub(element, html.escape(line))


def _mark_elements(text: str) -> str:
    """Return the body of HTML in which each text between two marks is in an element.

    Marks in attributes (the text of an image) are removed. A segment with inline markup gets
    an element for each of its texts.
    """
    from lxml import html as lxml_html

    text = _NO_XML.sub("\ufffd", text)
    if not _MARK.sub("", text).strip():
        return ""
    root = lxml_html.document_fromstring(text)
    for element in list(root.iter(*_ACTIVE)):
        element.drop_tree()
    for element in root.iter():
        for name, value in element.attrib.items():
            element.attrib[name] = _MARK.sub("", value)
    _wrap(root)
    body = root.find("body")
    parts = [
        lxml_html.tostring(one, encoding="unicode") for one in (body if body is not None else root)
    ]
    return html.escape((body.text or "") if body is not None else "") + "".join(parts)


def _wrap(root: Any) -> None:
    current = ""
    for element, name in list(_texts(root)):
        pieces, current = _split(getattr(element, name) or "", current)
        if all(not number for number, _ in pieces):
            setattr(element, name, "".join(piece for _, piece in pieces))
            continue
        parent = element if name == "text" else element.getparent()
        at = 0 if name == "text" else parent.index(element) + 1
        setattr(element, name, "")
        previous: Any = None
        for number, piece in pieces:
            if not piece:
                continue
            if number:
                previous = root.makeelement("span", {"data-segment": number})
                previous.text = piece
                parent.insert(at, previous)
                # lxml moves the tail of the element before with it; it was cleared above.
                at += 1
            elif previous is None:
                setattr(element, name, piece)
            else:
                previous.tail = piece


def _texts(root: Any) -> Iterator[tuple[Any, str]]:
    """Yield the places of text below an element in the order of the document."""
    if not isinstance(root.tag, str):  # a comment has no text to show
        root.text = ""
    else:
        yield root, "text"
        for child in root:
            yield from _texts(child)
            yield child, "tail"


def _split(text: str, current: str) -> tuple[list[tuple[str, str]], str]:
    """Cut a text at its marks into (number of the segment, text); return the open segment."""
    pieces, at = [], 0
    for match in _MARK.finditer(text):
        pieces.append((current, text[at : match.start()]))
        current, at = match[1] or "", match.end()
    pieces.append((current, text[at:]))
    return pieces, current
