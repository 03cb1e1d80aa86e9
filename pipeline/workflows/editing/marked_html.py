"""HTML of a rendered article in which each segment is marked.

A segment is rendered with two marks around it. The marks are punctuation that no article
uses, so that they change nothing about what Markdown or HTML mean. In the resulting HTML, the
texts between two marks become elements `<span data-segment="NUMBER">`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.core import BlockKind, Segment
from pipeline.workflows.editing.page_files import PageFiles

_OPEN, _SEPARATOR, _CLOSE = "⸨⸢", "⸣", "⸤⸩"
_MARK = re.compile(f"{_OPEN}([0-9]+){_SEPARATOR}|{_CLOSE}")
_NUMBER = re.compile('data-segment="([0-9]+)"')
_MARKDOWN = (".md", ".markdown", ".mdx")
_HTML = (".html", ".htm", ".xhtml")
_FRONT_MATTER = re.compile(
    r"\ufeff?(?:---|\+\+\+)\r?\n(.*?)^(?:---|\+\+\+)[ \t]*$", re.DOTALL | re.MULTILINE
)
# Characters that lxml refuses in an element.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ACTIVE = ("script", "iframe", "frame", "object", "embed", "applet", "base", "meta", "link")
_TAGS = {BlockKind.TITLE: "h1", BlockKind.HEADING: "h2"}


def mark(number: int, text: str) -> str:
    """Return a text with the marks of segment `number`."""
    return f"{_OPEN}{number}{_SEPARATOR}{text}{_CLOSE}"


def marked_body(
    suffix: str, text: str, segments: Sequence[Segment], shown: Sequence[str], files: PageFiles
) -> str:
    """Return the body of a page for a rendered article with marks.

    `shown` are the texts of the segments. Those that have no place in the page (titles of
    windows, descriptions for search engines) are listed before it. Scripts, frames and
    references to other files are removed, but nothing else: the page must be shown in a
    sandbox. Its images and style sheets are those that `files` finds.
    """
    if suffix in _MARKDOWN:
        body = _mark_elements(_markdown(text), files)
    elif suffix in _HTML:
        body = _mark_elements(text, files)
    else:
        body = _plain(text, segments)
    placed = {int(number) for number in _NUMBER.findall(body)}
    hidden = [number for number in range(len(segments)) if number not in placed]
    items = [
        f"<li>{html.escape(segments[number].label or segments[number].kind.value)}: "
        f'<span data-segment="{number}">{html.escape(shown[number])}</span></li>'
        for number in hidden
    ]
    listed = f'<ul class="metadata">{"".join(items)}</ul>' if items else ""
    return listed + body


def _markdown(text: str) -> str:
    from markdown_it import MarkdownIt

    matter = _FRONT_MATTER.match(text)
    front = f'<pre class="metadata">{html.escape(matter[1])}</pre>' if matter else ""
    # Without HTML, the source of tags is shown as text; links are limited to safe schemes.
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return front + str(parser.render(text[matter.end() :] if matter else text))


def _plain(text: str, segments: Sequence[Segment]) -> str:
    """Return a paragraph for each line; titles and headings stand out."""
    lines = []
    for line in filter(str.strip, text.splitlines()):
        first = _MARK.search(line)
        kind = segments[int(first[1])].kind if first and first[1] else BlockKind.PARAGRAPH
        tag, name = _TAGS.get(kind, "p"), kind.value.replace(" ", "-")
        lines.append(f'<{tag} class="{name}">{_spans(line)}</{tag}>')
    return "".join(lines)


def _spans(line: str) -> str:
    def element(match: re.Match[str]) -> str:
        return f'<span data-segment="{match[1]}">' if match[1] else "</span>"

    return _MARK.sub(element, html.escape(line))


def _mark_elements(text: str, files: PageFiles) -> str:
    """Return the body of HTML in which each text between two marks is in an element.

    A segment with inline markup gets an element for each of its texts.
    """
    from lxml import html as lxml_html

    text = _NO_XML.sub("\ufffd", text)
    if not _MARK.sub("", text).strip():
        return ""
    root = lxml_html.document_fromstring(text)
    files.embed_images(root)
    styles = [f'<link rel="stylesheet" href="{url}">' for url in files.style_sheets(root)]
    for element in list(root.iter(*_ACTIVE)):
        element.drop_tree()
    _show_alternative_texts(root)
    _wrap_texts(root)
    body = root.find("body")
    shown = root if body is None else body
    parts = [lxml_html.tostring(one, encoding="unicode") for one in shown]
    return "".join((*styles, html.escape(shown.text or ""), *parts))


def _show_alternative_texts(root: Any) -> None:
    """Remove the marks in attributes; put the text of an image behind it, where it can be seen."""
    for element in list(root.iter()):
        alternative = element.attrib.get("alt", "") if isinstance(element.tag, str) else ""
        for name, value in element.attrib.items():
            element.attrib[name] = _MARK.sub("", value)
        if _MARK.search(alternative):
            caption = root.makeelement("span", {"class": "image-text"})
            caption.text, caption.tail, element.tail = alternative, element.tail, None
            element.addnext(caption)


def _wrap_texts(root: Any) -> None:
    """Put each text between two marks in an element of its own."""
    current = ""
    for element, name in list(_texts(root)):
        pieces, current = _split(getattr(element, name) or "", current)
        if not any(number for number, _ in pieces):
            setattr(element, name, "".join(piece for _, piece in pieces))
            continue
        parent = element if name == "text" else element.getparent()
        at = 0 if name == "text" else parent.index(element) + 1
        setattr(element, name, "")
        last: Any = None
        for number, piece in pieces:
            if number and piece:
                last = root.makeelement("span", {"data-segment": number})
                last.text = piece
                parent.insert(at, last)
                at += 1
            elif last is None:
                setattr(element, name, piece)
            else:
                last.tail = piece


def _texts(root: Any) -> Iterator[tuple[Any, str]]:
    """Yield the places of text in an element in the order of the document."""
    if isinstance(root.tag, str):
        yield root, "text"
        for child in root:
            yield from _texts(child)
            yield child, "tail"
    else:
        root.text = ""  # a comment


def _split(text: str, current: str) -> tuple[list[tuple[str, str]], str]:
    """Cut a text at its marks into (number of the segment, text); return the open segment."""
    pieces, at = [], 0
    for match in _MARK.finditer(text):
        pieces.append((current, text[at : match.start()]))
        current, at = match[1] or "", match.end()
    return [*pieces, (current, text[at:])], current
