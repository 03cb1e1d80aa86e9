"""The parser of HTML pages: blocks with inline elements, by their places in the source.

It tracks the open block elements as a browser does, without building a tree: inline elements
end with the text around them, so that pages with errors are read as they are shown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.articles.formats.base import BREAK
from pipeline.articles.formats.html import json_ld
from pipeline.articles.formats.html.catalog_tags import KEEP, PROTECTED
from pipeline.articles.formats.html.elements import (
    BLOCK,
    BUTTON_TYPES,
    ELEMENT_TEXT_ATTRIBUTES,
    EMBEDDED,
    ENDS_PARAGRAPH,
    IMPLIED_ENDS,
    KINDS,
    META_TEXTS,
    OPAQUE,
    RAW_TEXT,
    SCOPES,
    TABLE_PARTS,
    TEXT_ATTRIBUTES,
    UNTRANSLATED,
    VERBATIM,
    VOID,
)
from pipeline.articles.formats.html.fragments import find_layout, text_fragments
from pipeline.articles.formats.html.references import escape_catalog, has_escapes
from pipeline.articles.formats.html.tokenizer import (
    SPACE,
    Attribute,
    HtmlToken,
    TokenKind,
    attributes,
    tokenize,
)
from pipeline.core import Block, BlockKind, Fragment, Markup, MarkupRole, count_line_breaks

__all__ = ["JSON", "UNQUOTED", "HtmlPage", "Region", "parse_page"]

JSON, UNQUOTED = "json", "unquoted"
"""Contexts of blocks: a JSON string, and the value of an attribute without quotes.

The context of another value is its quote.
"""

_OFF = re.compile(r"<!--\s*translate:\s*off\b", re.IGNORECASE)
_ON = re.compile(r"<!--\s*translate:\s*on\b", re.IGNORECASE)
# Start tags whose attributes matter.
_NOTABLE = re.compile(
    r"alt|title|label|placeholder|aria-|translat|lang|content|value|summary|itemprop|role=|json|href",
    re.IGNORECASE,
)
_JSON_LD = "application/ld+json"
_MAX_LEGEND = 2_000  # characters
_XML_START, _IGNORED = 200, f"\ufeff{SPACE}"
_LETTER = re.compile(r"[^\W\d_]")
_SPLIT_AT = frozenset(["a", "button"])
_LANGUAGE_ATTRIBUTES = frozenset(["lang", "xml:lang", "hreflang"])


@dataclass(frozen=True, slots=True)
class Region:
    """An element that may hold the main content; `name` is `main`, `article` or `articleBody`."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LanguageMark:
    """An attribute that names the language of the page or of a link; `tag` is its element."""

    tag: str
    attribute: Attribute
    is_alternate: bool = False


@dataclass(slots=True)
class HtmlPage:
    """What the parser finds in a page.

    `runs` are the texts between two block elements, with all inline elements in them.
    """

    blocks: list[Block] = field(default_factory=list)
    runs: list[tuple[Fragment, ...]] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    languages: list[LanguageMark] = field(default_factory=list)
    links: list[Attribute] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """An open element that is no plain inline element.

    `outer` is the run around an embedded element, with its open inline elements. `row` and
    `column` are those of a cell, or of the last cell of a table.
    """

    name: str
    start: int
    kind: BlockKind
    translated: bool
    region: str = ""
    outer: tuple[list[Fragment], dict[str, list[int]]] | None = None
    row: int = 0
    column: int = 0


def parse_page(text: str) -> HtmlPage:
    """Parse an HTML page or fragment."""
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._page = HtmlPage()
        self._stack = [_Open("", 0, BlockKind.PARAGRAPH, True)]
        self._open_at: dict[str, list[int]] = defaultdict(list)
        self._run: list[Fragment] = []
        self._pairs: dict[str, list[int]] = {}
        self._elements = 0
        self._tables: list[_Open] = []
        self._off: int | None = None
        self._off_run: list[Fragment] = []
        self._is_xml = text[:_XML_START].lstrip(_IGNORED).startswith("<?xml")
        self._tokens = tokenize(text, is_xml=self._is_xml)

    def parse(self) -> HtmlPage:
        """Parse all tokens."""
        for token in self._tokens:
            self._read(token)
        while len(self._stack) > 1:
            self._close_until(len(self._stack) - 1, len(self._text))
        self._flush()
        # A block in the attribute of an inline element is found before the block around it.
        self._page.blocks.sort(key=lambda block: (block.start, -block.end))
        self._page.blocks = list(self._numbered(self._page.blocks))
        return self._page

    @property
    def _is_translated(self) -> bool:
        """Whether text at this place is translated."""
        return self._off is None and self._stack[-1].translated

    def _read(self, token: HtmlToken) -> None:
        kind = token.kind
        if kind is TokenKind.TEXT:
            if self._is_translated:
                self._add_text(token.start, token.end)
        elif kind is TokenKind.START:
            self._start(token)
        elif kind is TokenKind.END:
            self._end(token)
        elif kind is TokenKind.RAW:
            if token.name == "title" and self._is_translated:
                self._add_text(token.start, token.end)
        elif kind is TokenKind.COMMENT:
            self._comment(token)
        else:
            self._add_empty("<instruction/>", "instruction", token.start, token.end)

    def _comment(self, token: HtmlToken) -> None:
        """Switch translation off or on; what is off within a run becomes a token of it."""
        if _OFF.match(self._text, token.start):
            if self._is_translated:
                self._off, self._off_run = token.start, self._run
        elif self._off is not None and _ON.match(self._text, token.start):
            off, self._off = self._off, None
            if self._run and self._run is self._off_run:
                content_start = self._text.index("-->", off) + 3
                self._add_protected(KEEP, (off, token.end), (content_start, token.start))
        else:
            self._add_empty("<comment/>", "comment", token.start, token.end)

    # Start tags

    def _start(self, token: HtmlToken) -> None:
        name, is_closed = token.name, self._text[token.end - 2] == "/"
        found: list[Attribute] = []
        if token.end - token.start > len(name) + 2 and _NOTABLE.search(
            self._text, token.start, token.end
        ):
            found = attributes(self._text, token)
        if name in BLOCK:
            self._start_block(token, found)
            if is_closed and self._is_xml:
                self._close_until(len(self._stack) - 1, token.end)
            return
        translated = self._translates(found) if found else None
        if name not in VOID and (translated is False or name in OPAQUE or name in VERBATIM):
            self._note(name, found, translated=False)
            self._skip_inline(token, found)
            return
        if found:
            translates = self._is_translated and translated is not False
            self._note(name, found, translated=translates)
        if name in EMBEDDED and not is_closed:
            self._start_embedded(token)
        elif name in VOID:
            self._add_empty(f"<{name}>", BREAK if name == "br" else name, token.start, token.end)
        elif is_closed:
            self._add_empty(f"<{name}/>", name, token.start, token.end)
        elif self._is_translated:
            self._open_inline(token)

    def _start_block(self, token: HtmlToken, found: Sequence[Attribute]) -> None:
        name = token.name
        self._flush()
        self._imply_ends(name, token.start)
        parent = self._stack[-1]
        translated = self._translates(found) if found else None
        if name in UNTRANSLATED:
            translated = False
        elif translated is None:
            translated = parent.translated
        if found:
            self._note(name, found, translated=translated and self._off is None)
        # All of a navigation is boilerplate, whatever its elements.
        is_special = parent.kind is not BlockKind.BOILERPLATE
        kind = KINDS.get(name, parent.kind) if is_special else parent.kind
        one = _Open(name, token.start, kind, translated, self._region(name, found))
        self._push(one)
        if name == "table":
            self._tables.append(one)
        elif name == "tr" and self._tables:
            self._tables[-1].row += 1
            self._tables[-1].column = 0
        elif name in ("td", "th") and self._tables:
            one.row, one.column = self._tables[-1].row, self._tables[-1].column + 1
            self._tables[-1].column += self._colspan(token)

    def _start_embedded(self, token: HtmlToken) -> None:
        """Begin an inline element with blocks of its own: what is around it goes on later."""
        parent = self._stack[-1]
        outer = self._run, self._pairs
        self._push(_Open(token.name, token.start, parent.kind, parent.translated, outer=outer))
        self._run, self._pairs = [], {}

    def _open_inline(self, token: HtmlToken) -> None:
        self._elements += 1
        self._pairs.setdefault(token.name, []).append(self._elements)
        legend = self._legend(token.start, token.end, token.name)
        markup = Markup(token.name, MarkupRole.OPEN, self._elements, legend)
        self._run.append(Fragment(f"<{token.name}>", token.start, token.end, markup))

    def _imply_ends(self, name: str, at: int) -> None:
        if self._open_at.get("p") and name in ENDS_PARAGRAPH:
            self._imply_end(frozenset(["p"]), SCOPES, at)
        if name in IMPLIED_ENDS:
            ended, boundary = IMPLIED_ENDS[name]
            self._imply_end(ended, boundary, at)

    def _imply_end(self, ended: frozenset[str], boundary: frozenset[str], at: int) -> None:
        """End the outermost open elements with some names that are inside the boundary."""
        limit = self._boundary(boundary)
        for name in ended:
            if self._innermost(name) > limit:
                self._close_until(self._innermost(name), at)

    # End tags

    def _end(self, token: HtmlToken) -> None:
        name = token.name
        if name in BLOCK or name in EMBEDDED:
            limit = self._boundary(SCOPES) if name not in TABLE_PARTS else 0
            at = self._innermost(name)
            if at and (at > limit or name in SCOPES or name in ("body", "html")):
                self._end_element(name, at, token)
            else:
                self._flush()
            return
        if not self._is_translated:
            return
        pairs = self._pairs.get(name)
        if pairs:
            element = pairs.pop()
        else:
            self._elements += 1
            element = self._elements
        markup = Markup(name, MarkupRole.CLOSE, element)
        self._run.append(Fragment(f"</{name}>", token.start, token.end, markup))

    def _end_element(self, name: str, at: int, token: HtmlToken) -> None:
        """End an element and those in it; what is around an embedded element goes on."""
        one = self._stack[at]
        self._close_until(at + 1, token.start)
        if one.outer is None:
            self._close_until(at, token.start)
            return
        self._flush()
        self._pop()
        self._run, self._pairs = one.outer
        self._add_empty(f"<{name}/>", name, one.start, token.end)

    def _close_until(self, index: int, end: int) -> None:
        """Close the open elements from an index of the stack on; they end at `end`."""
        while len(self._stack) > index:
            self._flush()
            one = self._pop()
            if one.region:
                self._page.regions.append(Region(one.region, one.start, end))
            if one.name == "table":
                self._tables.pop()
            if one.outer is not None:  # it has no end tag, so nothing may follow it
                self._run, self._pairs = one.outer
                self._flush()

    # Regions that are not translated

    def _skip_inline(self, token: HtmlToken, found: Sequence[Attribute]) -> None:
        """Skip an inline element that is not translated; it is one token."""
        name, end = token.name, token.end
        is_raw = name in RAW_TEXT and not self._is_xml
        if is_raw or self._text[token.end - 2] != "/":
            closing, end, following = self._find_end(token)
            if not closing:  # nothing may follow it
                self._flush()
                if following is not None:
                    self._read(following)
                return
        if self._is_json_ld(name, found):
            self._add_json(token.end, end)
        if name in OPAQUE:
            self._add_empty(f"<{name}/>", name, token.start, end)
        elif self._is_translated:
            shown = name if name in VERBATIM else KEEP
            legend = self._legend(token.start, token.end, shown)
            self._add_protected(shown, (token.start, end), (token.end, end), legend)

    def _find_end(self, opening: HtmlToken) -> tuple[bool, int, HtmlToken | None]:
        """Consume the tokens of an element; return whether it has an end tag, and its end.

        An element without an end tag ends where its parent does: the last value is the first
        token after it.
        """
        inner: dict[str, int] = defaultdict(int)
        end = opening.end
        for token in self._tokens:
            name = token.name
            if token.kind is TokenKind.START and name not in VOID:
                if self._text[token.end - 2] != "/" or name in BLOCK:
                    inner[name] += 1
            elif token.kind is TokenKind.END:
                if inner[name]:
                    inner[name] -= 1
                elif name == opening.name:
                    return True, token.end, None
                elif self._open_at.get(name):
                    return False, end, token
            end = token.end
        return False, end, None

    def _add_protected(
        self, name: str, span: tuple[int, int], content: tuple[int, int], legend: str = ""
    ) -> None:
        """Add a part of the text that is shown with its content, and stays as it is."""
        text = " ".join("".join(self._text_between(*content)).split())
        shown = f"<{name}>{escape_catalog(text)}</{name}>"
        self._add_empty(shown, PROTECTED, *span, legend)

    def _text_between(self, start: int, end: int) -> Iterator[str]:
        for token in tokenize(self._text[start:end]):
            if token.kind is TokenKind.TEXT:
                at = start + token.start
                for one in text_fragments(self._text, at, start + token.end):
                    yield one.text

    # Texts

    def _add_text(self, start: int, end: int) -> None:
        if self._run or self._text[start:end].strip(SPACE):
            self._run += text_fragments(self._text, start, end)

    def _add_empty(self, shown: str, kind: str, start: int, end: int, legend: str = "") -> None:
        """Add a token without content that is translated."""
        if not self._is_translated:
            return
        self._elements += 1
        if kind != PROTECTED:
            legend = self._legend(start, end, shown.strip("</>"))
        markup = Markup(kind, MarkupRole.EMPTY, self._elements, legend)
        self._run.append(Fragment(shown, start, end, markup))

    def _legend(self, start: int, end: int, name: str) -> str:
        """Return the source of a tag if a catalog shows it differently; a long one is cut."""
        source = self._text[start : min(end, start + _MAX_LEGEND)]
        plain = (f"<{name}>", f"<{name}/>", f"<{name} />")
        return "" if source.lower() in plain else source

    def _flush(self) -> None:
        """End a run of text and inline elements: make it a block if it has text."""
        run, self._run, self._pairs = self._run, [], {}
        if not run:
            return
        self._page.runs.append(tuple(run))
        if len(run) == 1:  # most runs are one text
            if run[0].markup is None:
                self._add_block(run)
            return
        for fragments in _split_links(_trimmed(run)):
            self._add_block(fragments)

    def _add_block(self, fragments: Sequence[Fragment]) -> None:
        start, end = fragments[0].start, fragments[-1].end
        kind, label = self._kind_and_label()
        layout = find_layout(self._text, start, end)
        shown: tuple[Fragment, ...] = tuple(fragments)
        if len(shown) == 1 and layout is None and not has_escapes(self._text[start:end]):
            shown = ()  # the text is as in the article
        self._page.blocks.append(Block(kind, start, end, 0, shown, label, layout))

    def _kind_and_label(self) -> tuple[BlockKind, str]:
        one = self._stack[-1]
        if one.kind is BlockKind.TABLE_CELL:
            cells = [self._innermost("td"), self._innermost("th")]
            cell = self._stack[max(cells)]
            return one.kind, f"table row {cell.row}, column {cell.column}"
        if one.kind is BlockKind.TITLE:
            if self._open_at.get("svg"):
                return BlockKind.IMAGE_TEXT, "image title"
            return one.kind, "page title"
        return one.kind, ""

    def _add_value(self, kind: BlockKind, label: str, value: Attribute) -> None:
        """Add the value of an attribute as a block."""
        start, end = value.start, value.end
        raw = self._text[start:end]
        if not raw.strip():
            return
        fragments = text_fragments(self._text, start, end, attribute=True)
        layout = find_layout(self._text, start, end, value.quote or UNQUOTED)
        if layout and not value.quote:
            layout = type(layout)(context=UNQUOTED, whole=True)
        self._page.blocks.append(Block(kind, start, end, 0, tuple(fragments), label, layout))

    def _add_json(self, start: int, end: int) -> None:
        for key, first, last in json_ld.find_texts(self._text, start, end):
            parts = json_ld.split_escapes(self._text, first, last)
            if "".join(part[0] for part in parts).strip():
                fragments = tuple(Fragment(*part) for part in parts)
                layout = find_layout(self._text, first, first, JSON)
                block = Block(
                    BlockKind.METADATA, first, last, 0, fragments, f"JSON-LD {key}", layout
                )
                self._page.blocks.append(block)

    def _numbered(self, blocks: Sequence[Block]) -> Iterator[Block]:
        """Yield the blocks with their lines."""
        line, counted = 1, 0
        for one in blocks:
            line += count_line_breaks(self._text, counted, one.start)
            counted = one.start
            yield Block(one.kind, one.start, one.end, line, one.fragments, one.label, one.layout)

    # Attributes

    def _note(self, tag: str, found: Sequence[Attribute], *, translated: bool) -> None:
        """Note the texts, languages and links in the attributes of an element."""
        values = {one.name: one for one in found}
        if "href" in values:
            self._page.links.append(values["href"])
        if not translated:
            return
        for name in _LANGUAGE_ATTRIBUTES & values.keys():
            alternate = tag == "link" and "alternate" in self._value(values, "rel").lower()
            mark = LanguageMark(tag, values[name], alternate and name == "hreflang")
            self._page.languages.append(mark)
        if tag == "meta":
            self._note_meta(values)
            return
        for one in found:
            if one.name in TEXT_ATTRIBUTES:
                kind, label = TEXT_ATTRIBUTES[one.name]
                if tag == "a" and kind is BlockKind.LINK_TITLE:
                    label = "link title"
                self._add_value(kind, label, one)
            elif (tag, one.name) in ELEMENT_TEXT_ATTRIBUTES:
                label = ELEMENT_TEXT_ATTRIBUTES[tag, one.name]
                self._add_value(BlockKind.METADATA, label, one)
        is_button = tag == "input" and self._value(values, "type").lower() in BUTTON_TYPES
        if is_button and "value" in values:
            self._add_value(BlockKind.METADATA, "text of a button", values["value"])

    def _note_meta(self, values: dict[str, Attribute]) -> None:
        if "content" not in values:
            return
        content = values["content"]
        for name in ("name", "property", "itemprop"):
            key = self._value(values, name).strip().lower()
            if key in META_TEXTS:
                self._add_value(BlockKind.METADATA, META_TEXTS[key], content)
                return
        if self._value(values, "http-equiv").lower() == "content-language":
            self._page.languages.append(LanguageMark("meta", content))

    def _value(self, values: dict[str, Attribute], name: str) -> str:
        return self._text[values[name].start : values[name].end] if name in values else ""

    def _translates(self, found: Sequence[Attribute]) -> bool | None:
        """Return whether an element is translated; None if it does not say so."""
        values = {one.name: one for one in found}
        if "translate" in values:
            value = self._value(values, "translate").strip().lower()
            if value in ("no", "yes", ""):
                return value != "no"
        if "notranslate" in self._value(values, "class").lower().split():
            return False
        return None

    def _region(self, name: str, found: Sequence[Attribute]) -> str:
        if name in ("main", "article"):
            return name
        values = {one.name: one for one in found}
        if self._value(values, "role").lower() == "main":
            return "main"
        return "articleBody" if "articleBody" in self._value(values, "itemprop") else ""

    def _is_json_ld(self, name: str, found: Sequence[Attribute]) -> bool:
        if name != "script" or not self._is_translated:
            return False
        values = {one.name: one for one in found}
        return self._value(values, "type").strip().lower() == _JSON_LD

    def _colspan(self, token: HtmlToken) -> int:
        source = self._text[token.start : token.end]
        if "colspan" not in source.lower():
            return 1
        for one in attributes(self._text, token):
            if one.name == "colspan" and (value := self._text[one.start : one.end]).isdecimal():
                return max(1, min(int(value[:4]), 1000))  # as in the standard (4.9.11)
        return 1

    # The stack of open elements

    def _push(self, one: _Open) -> None:
        self._open_at[one.name].append(len(self._stack))
        self._stack.append(one)

    def _pop(self) -> _Open:
        one = self._stack.pop()
        self._open_at[one.name].pop()
        return one

    def _boundary(self, names: frozenset[str]) -> int:
        """Return the index of the innermost open element with one of some names, else 0."""
        opened = self._open_at
        return max([opened[name][-1] for name in names if opened.get(name)], default=0)

    def _innermost(self, name: str) -> int:
        """Return the index of the innermost open element with a name, 0 if there is none."""
        found = self._open_at.get(name)
        return found[-1] if found else 0


def _trimmed(run: Sequence[Fragment]) -> list[Fragment]:
    """Return a run without what is around its text: white space, and elements without text.

    An element around all of the text stays in the article, too.
    """
    if not any(one.markup is None and not one.text.isspace() for one in run):
        return []
    texts = [index for index, one in enumerate(run) if _is_shown(one)]
    first, last = 0, len(run) - 1
    partner = _partners(run)
    while True:
        while first < texts[0] and partner[first] <= texts[0]:
            first += 1
        while last > texts[-1] and not 0 <= partner[last] < texts[-1]:
            last -= 1
        if partner[first] != last or first == last:
            return list(run[first : last + 1])
        first, last = first + 1, last - 1


def _partners(run: Sequence[Fragment]) -> list[int]:
    """Return the index of the other token of each element, -1 if there is none."""
    partner = [-1] * len(run)
    opened: dict[int, int] = {}
    for index, one in enumerate(run):
        markup = one.markup
        if markup is None:
            continue
        if markup.role is MarkupRole.OPEN:
            opened[markup.element] = index
        elif markup.role is MarkupRole.CLOSE and markup.element in opened:
            other = opened.pop(markup.element)
            partner[index], partner[other] = other, index
    return partner


def _is_shown(one: Fragment) -> bool:
    if one.markup is None:
        return not one.text.isspace()
    return one.markup.kind == PROTECTED


def _split_links(run: list[Fragment]) -> Iterator[list[Fragment]]:
    """Yield each link of a run that is only a list of links; else the run."""
    if not run:
        return
    partner = _partners(run)
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(run):
        one = run[index]
        if one.markup is None:
            if _LETTER.search(one.text):
                break
        elif one.markup.role is MarkupRole.OPEN and one.markup.kind in _SPLIT_AT:
            if partner[index] < 0:
                break
            spans.append((index, partner[index]))
            index = partner[index]
        elif one.markup.role is not MarkupRole.EMPTY or one.markup.kind == PROTECTED:
            break
        index += 1
    else:
        if len(spans) > 1:
            for first, last in spans:
                if part := _trimmed(run[first : last + 1]):
                    yield part
            return
    yield run
