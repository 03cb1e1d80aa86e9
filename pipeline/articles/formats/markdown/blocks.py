"""Blocks of a Markdown article, with their places and the markup inside them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from pipeline.articles.formats import html
from pipeline.articles.formats.base import BREAK, FormatOptions
from pipeline.articles.formats.markdown import front_matter
from pipeline.articles.formats.markdown.inline import (
    ATTRIBUTES,
    CODE,
    COMMENT,
    HTML,
    IMAGE,
    LINK,
    NOTE,
    SPACE,
    SWITCH,
    Item,
    is_plain,
    scan,
)
from pipeline.articles.formats.markdown.parser import parse_blocks
from pipeline.articles.formats.markdown.rules import parse_destination, template_parameters
from pipeline.articles.formats.markdown.source import Content, ContentPiece, Source, wrap_width
from pipeline.core import Block, BlockKind, Fragment, Layout, Markup, MarkupRole, trim_span

LINE, CELL, TITLE, SCALAR, LABEL = "line", "cell", "title", "scalar", "label"
PARAMETER = "parameter"
"""Contexts of layouts: a single line, a table cell, the title of a link, front matter, the text
of an image that is the label of its target, and a parameter of a template tag.

Front matter adds its style: `scalar:plain`. Others are paragraphs."""

_TASK = re.compile(r"\[[ xX]\][ \t]+")
_ALERT = re.compile(r"\[!\w+\][-+]?[ \t]*(?:\n|$)?")
_ADDRESS = re.compile(r"\w+://\S+")
_PARAMETER_KINDS = {"alt": BlockKind.IMAGE_TEXT, "caption": BlockKind.CAPTION}
_PARAGRAPH, _HEADING = Layout(), Layout(context=LINE)
_CELL = Layout(context=CELL)
# Kinds of markup whose text may change: by their content, or by their spelling.
_VARIABLE = frozenset((LINK, IMAGE, NOTE, BREAK, "strong", "emphasis", "strikethrough"))
_LEADING = (ATTRIBUTES, COMMENT, SPACE)


@dataclass(frozen=True, slots=True)
class Passage:
    """A content of the article with its role; `prefix` is a task box or the type of an alert."""

    content: Content
    kind: BlockKind
    label: str = ""
    layout: Layout = _PARAGRAPH
    prefix: str = ""
    is_text: bool = True


@dataclass(slots=True)
class _Walk:
    """State of a walk through the block tokens."""

    opened: list[str] = field(default_factory=list)
    row: int = 0
    column: int = 0
    cell_at: int = 0
    is_off: bool = False
    has_title: bool = False


class Document:
    """A parsed Markdown text.

    Raises FormatError for blocks that are nested too deep.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.front_matter, self.front_start, self.front_end, start = front_matter.find(text)
        self.source = Source(text, start or (1 if text.startswith("\ufeff") else 0))
        self.tokens, self.references = parse_blocks(self.source.body)

    def passages(self) -> Iterator[tuple[Token, Passage | None]]:
        """Yield the block tokens, each inline one with its content; in order.

        A content that is not found in its lines, such as the name of an admonition as its
        title, has no passage. Text between `translate:off` and `translate:on` is no text.
        """
        walk = _Walk()
        for token in self.tokens:
            if token.type == "inline":
                passage = self._passage(token, walk)
                if passage is not None and walk.is_off:
                    passage = replace(passage, is_text=False)
                yield token, passage
                if "translate:" in token.content:
                    _switch(token.content, walk)
                continue
            _follow(token, walk, self.source)
            is_html = token.type == "html_block" and "blockquote" not in walk.opened
            if walk.is_off or not (is_html or token.type == "template"):
                yield token, None
            else:
                yield token, self._html_passage(token) if is_html else self._first_line(token)

    def blocks(self, options: FormatOptions) -> Iterator[Block]:
        """Yield the blocks with translatable text."""
        yield from self._front_matter(options.front_matter)
        for token, passage in self.passages():
            if token.type == "html_block":
                yield from self._html_blocks(passage) if passage else ()
            elif token.type == "template":
                yield from self._parameters(passage.content) if passage else ()
            elif passage is not None and passage.is_text:
                yield from self._blocks(passage)
            elif token.type == "definition":
                yield from self._definition_title(token)

    def targets(self) -> Iterator[tuple[int, int]]:
        """Yield the spans of all link targets of Markdown as they are written."""
        for token, passage in self.passages():
            if token.type == "inline" and passage is not None:
                for item in scan(passage.content.text, self.references):
                    start, end = item.target
                    if start < end:
                        yield passage.content.source(start, end)
            elif token.type == "definition" and (found := self._definition(token)):
                yield found[0]

    def html_spans(self) -> Iterator[tuple[int, int]]:
        """Yield the spans of the HTML blocks with translatable text."""
        for token, passage in self.passages():
            if token.type == "html_block" and passage is not None:
                yield passage.content.source(0, len(passage.content.text))

    def _html_passage(self, token: Token) -> Passage:
        """Return the lines of an HTML block; their indentation is white space of HTML."""
        first, last = token.map or [0, 1]
        end = self.source.ends[last - 1]
        start = self.text.find("<", self.source.starts[first], end)  # after the marker of a list
        return Passage(Content.verbatim(self.text, start, end), BlockKind.PARAGRAPH)

    def _html_blocks(self, passage: Passage) -> Iterator[Block]:
        """Yield the blocks in a block of HTML, with tags as Markdown shows them."""
        text = passage.content.text
        offset = passage.content.source(0, 0)[0]
        for block in html.parse(text):
            context = block.layout.context if block.layout else ""
            fragments = [_of_markdown(one, offset) for one in block.fragments]
            if context not in ("", '"', "'") or None in fragments:
                continue
            start, end = block.start + offset, block.end + offset
            yield block._replace(
                start=start,
                end=end,
                line=self._line(start),
                fragments=tuple(one for one in fragments if one)
                or (Fragment(text[block.start : block.end], start, end),),
                layout=Layout(context=f"{HTML}:{context}"),
            )

    def _first_line(self, token: Token) -> Passage:
        first = (token.map or [0])[0]
        span = self.source.starts[first], self.source.ends[first]
        return Passage(Content.verbatim(self.text, *span), BlockKind.METADATA)

    def _parameters(self, content: Content) -> Iterator[Block]:
        """Yield the texts in the parameters of a template tag."""
        for name, *span in template_parameters(content.text):
            start, end = trim_span(self.text, *content.source(*span))
            text = self.text[start:end]
            if any(map(str.isalpha, text)):
                fragments = (Fragment(text, start, end),)
                layout = Layout(context=PARAMETER, whole=True)
                kind, line = _PARAMETER_KINDS.get(name, BlockKind.METADATA), self._line(start)
                yield Block(kind, start, end, line, fragments, f"parameter {name}", layout)

    def _front_matter(self, keys: Collection[str]) -> Iterator[Block]:
        if not self.front_matter:
            return
        span = self.front_start, self.front_end
        line_ends = [match.start() for match in re.finditer("\n", self.text[: self.front_end])]
        for scalar in front_matter.scalars(self.text, self.front_matter, *span):
            if scalar.key not in keys or not scalar.is_text:
                continue
            line = bisect_right(line_ends, scalar.start) + 1
            label = f"front matter {scalar.key}"
            style = f"{SCALAR}:{scalar.style}"
            layout = Layout(context=style, whole=True)
            fragments: tuple[Fragment, ...]
            if scalar.style == front_matter.BLOCK:
                lines = [self.text[slice(*span)] for span in scalar.lines]
                content = _lines_content(self.text, scalar.lines)
                layout = _wrapped(content, lines, self.text, Layout(context=style))
                fragments = _fragments(content, _text_items(content.text))
            else:
                fragments = (Fragment(scalar.value, scalar.start, scalar.end),)
            yield Block(
                BlockKind.METADATA, scalar.start, scalar.end, line, fragments, label, layout
            )

    def _passage(self, token: Token, walk: _Walk) -> Passage | None:
        first = (token.map or [0])[0]
        content = token.content
        if not content:
            if walk.opened and walk.opened[-1] in ("td", "th"):
                walk.column += 1
                walk.cell_at = self._next_cell(first, walk.cell_at)
            return None
        if walk.opened and walk.opened[-1] in ("td", "th"):
            walk.column += 1
            found = self.source.cell(first, content, walk.cell_at)
            if found is None or content.count("{{") > content.count("}}"):
                return None  # a template tag with a pipe in it
            walk.cell_at = self._next_cell(first, found.pieces[-1].source_end)
            label = f"table row {walk.row}, column {walk.column}"
            return Passage(found, BlockKind.TABLE_CELL, label, _CELL)
        if token.meta.get("title"):
            title = self.source.content(first, [content])
            if title is None:
                return None
            return Passage(title, BlockKind.HEADING, "title of a box", _HEADING)
        lines = content.split("\n")
        found = self.source.content(first, lines)
        if found is None:
            return None
        return self._role(found, first, len(lines), walk)

    def _next_cell(self, line: int, at: int) -> int:
        """Return the offset after the cell that ends at `at` or later."""
        end = self.source.ends[line]
        pipe = self.text.find("|", at, end)
        return end if pipe < 0 else pipe + 1

    def _role(self, content: Content, first: int, count: int, walk: _Walk) -> Passage:
        """Return a passage with the kind and layout that its surroundings define."""
        parent = walk.opened[-1] if walk.opened else ""
        kind, label, prefix = BlockKind.PARAGRAPH, "", ""
        layout = _PARAGRAPH
        if re.fullmatch(r"h[1-6]", parent):
            kind, label = BlockKind.HEADING, f"heading {parent[1]}"
            if parent == "h1" and not walk.has_title:
                kind, walk.has_title = BlockKind.TITLE, True
            at = content.source(0, 0)[0]
            if self.text[self.source.starts[first] : at].rstrip(" \t").endswith("#"):
                layout = _HEADING
        elif parent == "dt":
            label, layout = "term of a definition list", _HEADING
        elif "li" in walk.opened:
            kind = BlockKind.LIST_ITEM
            match = _TASK.match(content.text) if walk.opened[-2:] == ["li", "p"] else None
            if match:
                prefix = match[0]
        if walk.opened[-2:] == ["blockquote", "p"] and (match := _ALERT.match(content.text)):
            prefix = match[0]
        if prefix:
            content = content.cut(len(prefix))
            first += prefix.endswith("\n")
            count -= prefix.endswith("\n")
        if count > 1 and layout is _PARAGRAPH:
            lines = [self.source.line(number) for number in range(first, first + count)]
            layout = _wrapped(content, lines, self.text, layout)
        return Passage(content, kind, label, layout, prefix.strip())

    def _blocks(self, passage: Passage) -> Iterator[Block]:
        """Yield the block of a passage, and those inside its markup."""
        content = passage.content
        if is_plain(content.text) and len(content.pieces) == 1 and content.pieces[0].is_verbatim:
            start, end = trim_span(self.text, *content.source(0, len(content.text)))
            if any(map(str.isalpha, content.text)):
                line = self._line(start)
                yield Block(
                    passage.kind, start, end, line, (), passage.label, _layout(passage.layout)
                )
            return
        items = scan(content.text, self.references)
        while items and items[0].kind in _LEADING:
            items = items[1:]
        while items and items[-1].kind in _LEADING:
            items = items[:-1]
        if _has_words(items):
            fragments = _trimmed(_fragments(content, items))
            is_label = content.text[items[-1].start : items[-1].end] in ("]", "][]")
            if is_label or _has_linked_address(items):
                # The text of such a link is its label, or has an address that would be a link
                # of its own elsewhere: it must not become a segment alone.
                fragments += (Fragment("", fragments[-1].end, fragments[-1].end),)
            start, end = fragments[0].start, fragments[-1].end
            line = self._line(start)
            yield Block(
                passage.kind, start, end, line, fragments, passage.label, _layout(passage.layout)
            )
        for item in items:
            yield from self._inner(content, item, passage)

    def _inner(self, content: Content, item: Item, passage: Passage) -> Iterator[Block]:
        """Yield the blocks inside a markup token: image text, titles, notes."""
        if item.kind == IMAGE:
            inner = content.cut(item.start + 2, item.start + 2 + len(item.name))
            if item.text == f"![{item.name}]":
                passage = replace(passage, layout=Layout(context=LABEL, whole=True))
            yield from self._text_inside(inner, BlockKind.IMAGE_TEXT, passage)
        elif item.kind == NOTE:
            inner = content.cut(item.start + 2, item.end - 1)
            yield from self._text_inside(inner, BlockKind.PARAGRAPH, passage)
        start, end = item.title
        if start < end:
            yield from self._title(content.cut(start, end))

    def _text_inside(self, inner: Content, kind: BlockKind, passage: Passage) -> Iterator[Block]:
        layout = passage.layout._replace(context=passage.layout.context or LINE)
        label = "footnote" if kind is BlockKind.PARAGRAPH else ""
        items = scan(inner.text, self.references)
        if _has_words(items):
            fragments = _trimmed(_fragments(inner, items))
            at = fragments[0].start
            yield Block(kind, at, fragments[-1].end, self._line(at), fragments, label, layout)

    def _title(self, content: Content) -> Iterator[Block]:
        """Yield the title of a link, with its quotes in the span of the fragment."""
        start, end = content.source(0, len(content.text))
        value = re.sub(r"[ \t]*\n[ \t]*", " ", unescapeAll(content.text[1:-1]))
        if any(map(str.isalpha, value)):
            fragments = (Fragment(value, start, end),)
            layout = Layout(context=TITLE, whole=True)
            yield Block(
                BlockKind.LINK_TITLE, start, end, self._line(start), fragments, layout=layout
            )

    def _definition_title(self, token: Token) -> Iterator[Block]:
        found = self._definition(token)
        if found is not None and found[1] is not None:
            yield from self._title(found[1])

    def _definition(self, token: Token) -> tuple[tuple[int, int], Content | None] | None:
        """Return the span of the target of a link definition, and its title."""
        first, last = token.map or [0, 0]
        at = self.source.starts[first]
        start = self.text.find("]:", at + len(token.meta["label"]), self.source.ends[last - 1])
        if start < 0:
            return None
        start += 2
        rest = self.text[start : self.source.ends[last - 1]]
        target = re.match(r"[\s>]*", rest)
        offset = target.end() if target else 0
        found = parse_destination(rest, offset, len(rest))
        if not found.ok:
            return None
        low, high = start + offset, start + found.pos
        if rest[offset : offset + 1] == "<":
            low, high = low + 1, high - 1
        title = rest[found.pos :].strip()
        content = None
        if token.meta["title"] and len(title) > 1 and "\n" not in title:
            begin = self.text.index(title, start + found.pos)
            content = Content.verbatim(self.text, begin, begin + len(title))
        return (low, high), content

    def _line(self, at: int) -> int:
        """Return the line of an offset, counted from 1."""
        return self._lines_before + bisect_right(self.source.starts, at)

    @cached_property
    def _lines_before(self) -> int:
        """The number of lines before the body."""
        first = self.source.starts[0]
        return self.text.count("\n", 0, first) if first > 1 else 0


def _of_markdown(fragment: Fragment, offset: int) -> Fragment | None:
    """Return a fragment of HTML at its place in the article, None if Markdown has none like it."""
    start, end = fragment.start + offset, fragment.end + offset
    markup = fragment.markup
    if markup is None:
        return Fragment(fragment.text, start, end)
    if markup.kind in (BREAK, CODE):
        return Fragment(fragment.text, start, end, markup._replace(legend=""))
    text = markup.legend or fragment.text
    if not re.match(r"</?[A-Za-z][A-Za-z0-9-]*[\s/>]", text) or markup.kind == "notranslate":
        return None
    return Fragment(text, start, end, markup._replace(kind=HTML, legend=text))


def _follow(token: Token, walk: _Walk, source: Source) -> None:
    """Follow a block token that is not inline."""
    if token.nesting > 0:
        if token.type == "table_open":
            walk.row = 0
        elif token.type == "tr_open":
            walk.row += 1
            walk.column = 0
            walk.cell_at = source.starts[(token.map or [0])[0]]
        walk.opened.append(token.tag or token.type)
    elif token.nesting < 0 and walk.opened:
        walk.opened.pop()
    elif token.type == "html_block" and "translate:" in token.content:
        _switch(token.content, walk)


def _switch(text: str, walk: _Walk) -> None:
    for match in SWITCH.finditer(text):
        walk.is_off = match[1] == "off"


def _layout(layout: Layout) -> Layout | None:
    return None if layout is _PARAGRAPH else layout


def _wrapped(content: Content, lines: Sequence[str], text: str, layout: Layout) -> Layout:
    """Return a layout with the line break and the width of a content with several lines."""
    breaks = [piece for piece in content.pieces if content.text[piece.start : piece.end] == "\n"]
    if not breaks:
        return layout
    line_break = text[breaks[0].source_start : breaks[0].source_end].lstrip(" \t\\")
    return layout._replace(line_break=line_break, width=wrap_width(lines))


def _lines_content(text: str, spans: Sequence[tuple[int, int]]) -> Content:
    """Return the content of lines, joined by line breaks."""
    pieces: list[ContentPiece] = []
    at = 0
    for start, end in spans:
        if pieces:
            pieces.append(ContentPiece(at, at + 1, pieces[-1].source_end, start))
            at += 1
        pieces.append(ContentPiece(at, at + end - start, start, end))
        at += end - start
    return Content("\n".join(text[start:end] for start, end in spans), pieces)


def _text_items(text: str) -> list[Item]:
    """Return the items of a text without markup, in which line breaks are spaces."""
    items, at = [], 0
    for match in re.finditer("\n", text):
        if at < match.start():
            items.append(Item(at, match.start(), "", text[at : match.start()]))
        items.append(Item(match.start(), match.end(), SPACE, " "))
        at = match.end()
    return [*items, Item(at, len(text), "", text[at:])]


def _has_words(items: Sequence[Item]) -> bool:
    """Return whether items have text that is more than addresses."""
    texts = (_ADDRESS.sub("", item.text) for item in items if item.is_text)
    return any(any(map(str.isalpha, text)) for text in texts)


def _has_linked_address(items: Sequence[Item]) -> bool:
    """Return whether the text of a link may contain an address."""
    is_link = any(item.kind == LINK for item in items)
    return is_link and any("://" in item.text for item in items if item.is_text)


def _fragments(content: Content, items: Sequence[Item]) -> tuple[Fragment, ...]:
    """Return the fragments of items; markup has its source as text, and a legend."""
    found: list[Fragment] = []
    for index, item in enumerate(items):
        if item.is_text:
            if item.kind != SPACE and item.text == content.text[item.start : item.end]:
                for start, end in content.verbatim_parts(item.start, item.end):
                    span = content.source(start, end)
                    found.append(Fragment(content.text[start:end], *span))
            else:
                found.append(Fragment(item.text, *content.source(item.start, item.end)))
            continue
        element = item.element if item.element >= 0 else len(items) + index
        markup = Markup(item.kind, item.role, element, _legend(content, item))
        found.append(Fragment(item.text, *content.source(item.start, item.end), markup))
    return tuple(found)


def _trimmed(fragments: tuple[Fragment, ...]) -> tuple[Fragment, ...]:
    """Return fragments without white space at both ends, if it is that of the article."""
    found = list(fragments)
    for index in (0, -1):
        one = found[index]
        if one.markup is None and len(one.text) == one.end - one.start:
            start, end = trim_span(one.text, 0, len(one.text))
            low, high = (start, len(one.text)) if index == 0 else (0, end)
            found[index] = Fragment(one.text[low:high], one.start + low, one.start + high)
            if low >= high:
                del found[index]
                return _trimmed(tuple(found))
    return tuple(found)


def _legend(content: Content, item: Item) -> str:
    """Describe a markup token that catalogs may show shortened."""
    if item.kind in (LINK, IMAGE):
        target = content.text[slice(*item.target)] if item.target[1] else item.href
        if item.kind == LINK and item.role is MarkupRole.OPEN:
            return ""
        return target
    return item.text if item.kind in (HTML, COMMENT, NOTE) else ""


def structure(document: Document) -> tuple[object, ...]:
    """Return what a translation must not change, see `MarkupFormat.structure`."""
    found: list[object] = []
    if document.front_matter:
        span = document.front_start, document.front_end
        found.append(front_matter.skeleton(document.text, document.front_matter, *span))
    for token, passage in document.passages():
        if token.type == "inline":
            content = passage.content.text if passage else token.content
            prefix = passage.prefix if passage else ""
            found.append((prefix, *_inline_structure(content, document.references)))
        else:
            found.append(_block_structure(token))
    return tuple(found)


def _block_structure(token: Token) -> tuple[object, ...]:
    meta: Mapping[str, Any] = token.meta
    known = (meta.get("label"), meta.get("url"), bool(meta.get("title")))
    attributes = tuple(sorted((str(key), str(value)) for key, value in token.attrs.items()))
    is_html = token.type == "html_block"
    content: object = html.structure(token.content) if is_html else token.content
    if token.type == "template":
        line, _, rest = token.content.partition("\n")
        content = _without_parameters(line), rest
    return (token.type, token.tag, token.info, token.hidden, content, known, attributes)


def _without_parameters(line: str) -> str:
    for _, start, end in reversed(list(template_parameters(line))):
        line = line[:start] + line[end:]
    return line


def _inline_structure(text: str, references: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Return the inline elements of a content in a fixed order, without their text."""
    found: list[tuple[str, ...]] = []
    for item in scan(text, references):
        if item.is_text:
            continue
        if item.kind in (IMAGE, NOTE):
            inner = item.name if item.kind == IMAGE else item.text[2:-1]
            found += [("in", item.kind, *one) for one in _inline_structure(inner, references)]
        shown = "" if item.kind in _VARIABLE else item.text
        title = "title" if item.title[0] < item.title[1] else ""
        found.append((item.kind, item.role.value, item.href, title, shown))
    return tuple(sorted(found))
