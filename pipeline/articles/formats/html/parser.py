"""The parser of HTML pages: blocks with inline elements, by their places in the source.

It tracks the open block elements as a browser does, without building a tree: inline elements
end with the text around them, so that pages with errors are read as they are shown.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

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
    META_LANGUAGES,
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
from pipeline.core import (
    Block,
    BlockKind,
    Fragment,
    Layout,
    Markup,
    MarkupRole,
    count_line_breaks,
)

__all__ = ["JSON", "UNQUOTED", "HtmlPage", "Region", "parse_page"]

JSON, UNQUOTED = "json", "unquoted"
"""Contexts of blocks: a JSON string, and the value of an attribute without quotes.

The context of another value is its quote.
"""

_OFF = re.compile(r"<!--\s*translate:\s*off\b", re.IGNORECASE)
_ON = re.compile(r"<!--\s*translate:\s*on\b", re.IGNORECASE)
# Start tags whose attributes matter, in lower case: a search that ignores the case is slow. The
# characters around a name exclude most values.
_NOTABLE = re.compile(
    r"[\s/\"'](?:alt|title|label|placeholder|aria-[a-z]+|translate|lang|xml:lang|hreflang"
    r"|content|value|summary|itemprop|role)[\s=/>]|notranslate|application/ld"
)
_JSON_LD = "application/ld+json"
_MAX_LEGEND = 2_000  # characters
_XML_START, _IGNORED = 200, f"\ufeff{SPACE}"
_NO_ATTRIBUTES: Mapping[str, Attribute] = {}
_MAX_UNREMARKABLE = 1_000
_REGIONS = frozenset(["main", "article"])
_ALWAYS_END = SCOPES | {"body", "html"}
# Members of an enumeration are properties in Python 3.11, which take longer to read than a name.
_TEXT, _START, _END = TokenKind.TEXT, TokenKind.START, TokenKind.END
_RAW, _COMMENT = TokenKind.RAW, TokenKind.COMMENT
_OPEN, _CLOSE, _EMPTY = MarkupRole.OPEN, MarkupRole.CLOSE, MarkupRole.EMPTY
_BOILERPLATE, _TABLE_CELL, _TITLE = BlockKind.BOILERPLATE, BlockKind.TABLE_CELL, BlockKind.TITLE
_LETTER = re.compile(r"[^\W\d_]")
_SKIPPED = OPAQUE | VERBATIM
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
    """A value that names the language of the page or of a link; `tag` is its element.

    It is that of an attribute, or a string in JSON-LD. `separator` is between language and region.
    """

    tag: str
    attribute: Attribute
    is_alternate: bool = False
    separator: str = "-"


@dataclass(slots=True)
class HtmlPage:
    """What the parser finds in a page. It is shared, so nothing changes it later.

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

    `outer` is the run around an embedded element, with its open inline elements and links.
    `row` and `column` are those of a cell, or of the last cell of a table.
    """

    name: str
    start: int
    kind: BlockKind
    translated: bool
    region: str = ""
    outer: tuple[list[Fragment], dict[str, list[int]], int] | None = None
    row: int = 0
    column: int = 0


@lru_cache(maxsize=2)  # a build needs the page that it read twice more, and its translation once
def parse_page(text: str, *, keeps_links: bool = False) -> HtmlPage:
    """Parse an HTML page or fragment; the result has links only if they are kept."""
    return _Parser(text, keeps_links).parse()


_Found: TypeAlias = tuple[int, int, BlockKind, tuple[Fragment, ...], str, Layout | None]


class _Parser:
    def __init__(self, text: str, keeps_links: bool) -> None:
        self._text, self._keeps_links = text, keeps_links
        self._page = HtmlPage()
        self._stack = [_Open("", 0, BlockKind.PARAGRAPH, True)]
        self._open_at: dict[str, list[int]] = defaultdict(list)
        self._scopes = [0]
        self._found: list[_Found] = []
        self._run: list[Fragment] = []
        self._pairs: dict[str, list[int]] = {}
        self._links = 0
        self._is_active = True
        self._unremarkable: set[str] = set()
        self._elements = 0
        self._tables: list[_Open] = []
        self._off: int | None = None
        self._boundaries = self._off_boundaries = 0  # between runs, in all and at `off`
        self._is_xml = text[:_XML_START].lstrip(_IGNORED).startswith("<?xml")
        self._tokens = tokenize(text, is_xml=self._is_xml)
        self._replayed: deque[HtmlToken] = deque()
        self._unclosed_until: dict[str, int] = {}

    def parse(self) -> HtmlPage:
        """Parse all tokens."""
        replayed = self._replayed
        for kind, name, start, end in self._tokens:
            if kind is not _TEXT:
                self._read(kind, name, start, end)
            elif self._is_active:
                self._add_text(start, end)
            while replayed:
                self._read(*replayed.popleft())
        while len(self._stack) > 1:
            self._close_until(len(self._stack) - 1, len(self._text))
        self._flush()
        self._page.blocks = list(self._blocks())
        return self._page

    def _next_token(self) -> HtmlToken | None:
        return self._replayed.popleft() if self._replayed else next(self._tokens, None)

    def _read(self, kind: TokenKind, name: str, start: int, end: int) -> None:
        if kind is _TEXT:
            if self._is_active:
                self._add_text(start, end)
        elif kind is _START:
            self._start(name, start, end)
        elif kind is _END:
            if name in BLOCK or name in EMBEDDED:
                self._end_block(name, start, end)
            elif self._is_active:
                self._close_inline(name, start, end)
        elif kind is _RAW:
            if name == "title" and self._is_active:
                self._add_text(start, end)
        elif kind is _COMMENT:
            self._comment(start, end)
        else:
            self._add_empty("<instruction/>", "instruction", start, end)

    def _comment(self, start: int, end: int) -> None:
        """Switch translation off or on; what is off within a run becomes a token of it."""
        if _OFF.match(self._text, start):
            if self._is_active:
                self._off, self._off_boundaries = start, self._boundaries
        elif self._off is not None and _ON.match(self._text, start):
            off, self._off = self._off, None
            self._update()
            if self._boundaries == self._off_boundaries:
                content_start = self._text.index("-->", off) + 3
                self._add_protected(KEEP, (off, end), (content_start, start))
        else:
            self._add_empty("<comment/>", "comment", start, end)
        self._update()

    # Start tags

    def _start(self, name: str, start: int, end: int) -> None:
        has_attributes = end - start > len(name) + 2
        found = self._attributes(name, start, end) if has_attributes else _NO_ATTRIBUTES
        is_closed = has_attributes and self._text[end - 2] == "/"
        if name in BLOCK:
            self._start_block(name, start, end, found)
            if is_closed and self._is_xml:
                self._close_until(len(self._stack) - 1, end)
            return
        translated = self._translates(found) if found else None
        if found:
            self._note(name, found, translated=self._is_active and translated is not False)
        if name not in VOID and (translated is False or name in _SKIPPED):
            self._skip_inline(name, start, end, found)
            return
        if name in EMBEDDED and not is_closed:
            self._start_embedded(name, start)
        elif name in VOID:
            self._add_empty(f"<{name}>", BREAK if name == "br" else name, start, end)
        elif is_closed:
            self._add_empty(f"<{name}/>", name, start, end)
        elif self._is_active:
            self._open_inline(name, start, end)

    def _attributes(self, name: str, start: int, end: int) -> Mapping[str, Attribute]:
        """Return the attributes of a tag, none if no name in it matters."""
        source = self._text[start:end]
        if source in self._unremarkable:
            return _NO_ATTRIBUTES
        lower = source.lower()
        if _NOTABLE.search(lower) or (self._keeps_links and "href" in lower):
            return attributes(self._text, name, start, end)
        if len(self._unremarkable) < _MAX_UNREMARKABLE:
            self._unremarkable.add(source)
        return _NO_ATTRIBUTES

    def _start_block(self, name: str, start: int, end: int, found: Mapping[str, Attribute]) -> None:
        self._flush()
        self._imply_ends(name, start)
        parent = self._stack[-1]
        translated = self._translates(found) if found else None
        if name in UNTRANSLATED:
            translated = False
        elif translated is None:
            translated = parent.translated
        if found:
            self._note(name, found, translated=translated and self._off is None)
        # All of a navigation is boilerplate, whatever its elements.
        is_special = parent.kind is not _BOILERPLATE
        kind = KINDS.get(name, parent.kind) if is_special else parent.kind
        region = self._region(name, found) if found or name in _REGIONS else ""
        one = _Open(name, start, kind, translated, region)
        self._push(one)
        if name == "table":
            self._tables.append(one)
        elif name == "tr" and self._tables:
            self._tables[-1].row += 1
            self._tables[-1].column = 0
        elif name in ("td", "th") and self._tables:
            one.row, one.column = self._tables[-1].row, self._tables[-1].column + 1
            self._tables[-1].column += self._colspan(name, start, end)

    def _start_embedded(self, name: str, start: int) -> None:
        """Begin an inline element with blocks of its own: what is around it goes on later."""
        parent = self._stack[-1]
        outer = self._run, self._pairs, self._links
        self._push(_Open(name, start, parent.kind, parent.translated, outer=outer))
        self._run, self._pairs, self._links = [], {}, 0

    def _open_inline(self, name: str, start: int, end: int) -> None:
        self._elements += 1
        self._pairs.setdefault(name, []).append(self._elements)
        self._links += name in _SPLIT_AT
        legend = self._legend(start, end, name)
        markup = Markup(name, _OPEN, self._elements, legend)
        self._run.append(Fragment(f"<{name}>", start, end, markup))

    def _imply_ends(self, name: str, at: int) -> None:
        """End the open elements whose end tags may be omitted before a start tag."""
        paragraph = self._innermost("p")
        if paragraph > self._scopes[-1] and name in ENDS_PARAGRAPH:
            self._close_until(paragraph, at)
        if name in IMPLIED_ENDS:
            ended, boundary = IMPLIED_ENDS[name]
            limit = max(map(self._innermost, boundary), default=0)
            for other in ended:
                if (innermost := self._innermost(other)) > limit:
                    self._close_until(innermost, at)

    # End tags

    def _close_inline(self, name: str, start: int, end: int) -> None:
        pairs = self._pairs.get(name)
        if pairs:
            element = pairs.pop()
        else:
            self._elements += 1
            element = self._elements
        markup = Markup(name, _CLOSE, element)
        self._run.append(Fragment(f"</{name}>", start, end, markup))

    def _end_block(self, name: str, start: int, end: int) -> None:
        """End an element and those in it; what is around an embedded element goes on."""
        at = self._innermost(name)
        is_ended = at and (name in TABLE_PARTS or name in _ALWAYS_END)
        if not is_ended and at <= self._scopes[-1]:
            self._flush()
            return
        one = self._stack[at]
        if one.outer is None:
            self._close_until(at, start)
            return
        self._close_until(at + 1, start)
        self._flush()
        self._pop()
        self._run, self._pairs, self._links = one.outer
        self._add_empty(f"<{name}/>", name, one.start, end)

    def _close_until(self, index: int, end: int) -> None:
        """Close the open elements from an index of the stack on; they end at `end`."""
        stack = self._stack
        while len(stack) > index:
            self._flush()
            one = self._pop()
            if one.region:
                self._page.regions.append(Region(one.region, one.start, end))
            if one.name == "table":
                self._tables.pop()
            if one.outer is not None:  # it has no end tag, so nothing may follow it
                self._run, self._pairs, self._links = one.outer
                self._flush()

    # Regions that are not translated

    def _skip_inline(self, name: str, start: int, end: int, found: Mapping[str, Attribute]) -> None:
        """Skip an inline element that is not translated; it is one token."""
        is_raw = name in RAW_TEXT and not self._is_xml
        content = end
        if is_raw or self._text[end - 2] != "/":
            end = self._find_end(name, start)
            if not end:  # nothing may follow it
                self._flush()
                return
        if self._is_json_ld(name, found):
            self._add_json(content, end)
        if name in OPAQUE:
            self._add_empty(f"<{name}/>", name, start, end)
        elif self._is_active:
            shown = name if name in VERBATIM else KEEP
            legend = self._legend(start, content, shown)
            self._add_protected(shown, (start, end), (content, end), legend)

    def _find_end(self, opened: str, start: int) -> int:
        """Consume the tokens of an element; return the end of its end tag.

        Returns 0 for an element without an end tag: it ends where its parent does, or with the
        next block.
        """
        may_end = start >= self._unclosed_until.get(opened, 0)
        inner: dict[str, int] = defaultdict(int)
        after: list[HtmlToken] = []  # from the first block in it on
        while token := self._next_token():
            kind, name, at, end = token
            is_block = kind is _START and name in BLOCK
            if after or is_block:
                after.append(token)
            if is_block and not may_end:
                break
            if kind is _START and name not in VOID:
                if self._text[end - 2] != "/" or name in BLOCK:
                    inner[name] += 1
            elif kind is _END:
                if inner[name]:
                    inner[name] -= 1
                elif name == opened:
                    return end
                elif self._open_at.get(name):
                    after = after or [token]
                    self._unclosed_until[opened] = at
                    break
        else:
            self._unclosed_until[opened] = len(self._text)
        self._replayed.extendleft(reversed(after))
        return 0

    def _add_protected(
        self, name: str, span: tuple[int, int], content: tuple[int, int], legend: str = ""
    ) -> None:
        """Add a part of the text that is shown with its content, and stays as it is."""
        text = " ".join("".join(self._text_between(*content)).split())
        shown = f"<{name}>{escape_catalog(text)}</{name}>"
        self._add_empty(shown, PROTECTED, *span, legend)

    def _text_between(self, start: int, end: int) -> Iterator[str]:
        for kind, _, first, last in tokenize(self._text[start:end]):
            if kind is _TEXT:
                for one in text_fragments(self._text[start + first : start + last], 0):
                    yield one.text

    # Texts

    def _add_text(self, start: int, end: int) -> None:
        raw = self._text[start:end]
        if not self._run:  # white space before a text is not a part of it
            raw = raw.lstrip(SPACE)
        if raw:
            self._run += text_fragments(raw, end - len(raw))

    def _add_empty(self, shown: str, kind: str, start: int, end: int, legend: str = "") -> None:
        """Add a token without content that is translated."""
        if not self._is_active:
            return
        self._elements += 1
        if kind != PROTECTED:
            legend = self._legend(start, end, shown.strip("</>"))
        markup = Markup(kind, _EMPTY, self._elements, legend)
        self._run.append(Fragment(shown, start, end, markup))

    def _legend(self, start: int, end: int, name: str) -> str:
        """Return the source of a tag if a catalog shows it differently; a long one is cut."""
        if end - start == len(name) + 2:
            return ""
        source = self._text[start : min(end, start + _MAX_LEGEND)]
        if "=" in source:
            return source
        size = len(name) + 1
        is_name = source[1:size].lower() == name and not source[size:].strip(" />")
        return "" if is_name else source

    def _flush(self) -> None:
        """End a run of text and inline elements: make it a block if it has text."""
        self._boundaries += 1
        run = self._run
        if not run:
            return
        self._run, self._pairs = [], {}
        links, self._links = self._links, 0
        self._page.runs.append(tuple(run))
        if len(run) == 1:  # most runs are one text
            if _is_text(run[0]):
                self._add_block(run)
            return
        partners = _partners(run)
        span = _text_span(run, partners)
        if not span:
            return
        for first, last in _link_spans(run, partners, span) if links > 1 else (span,):
            self._add_block(run[first : last + 1])

    def _add_block(self, fragments: list[Fragment]) -> None:
        fragments[-1] = _without_trailing_space(fragments[-1])
        start, end = fragments[0].start, fragments[-1].end
        kind, label = self._kind_and_label()
        layout = find_layout(self._text, start, end)
        shown = tuple(fragments)
        source = self._text[start:end]
        if len(shown) == 1 and shown[0].text == source and not (layout or has_escapes(source)):
            shown = ()  # the text is as in the article
        self._found.append((start, end, kind, shown, label, layout))

    def _kind_and_label(self) -> tuple[BlockKind, str]:
        one = self._stack[-1]
        if one.kind is _TABLE_CELL:
            cells = [self._innermost("td"), self._innermost("th")]
            cell = self._stack[max(cells)]
            return one.kind, f"table row {cell.row}, column {cell.column}"
        if one.kind is _TITLE:
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
        fragments = text_fragments(raw, start, attribute=True)
        layout = find_layout(self._text, start, end, value.quote or UNQUOTED)
        if layout and not value.quote:
            layout = type(layout)(context=UNQUOTED, whole=True)
        self._found.append((start, end, kind, tuple(fragments), label, layout))

    def _add_json(self, start: int, end: int) -> None:
        for first, last in json_ld.find_languages(self._text, start, end):
            value = Attribute("inLanguage", first, last, '"')
            self._page.languages.append(LanguageMark("script", value))
        for key, first, last in json_ld.find_texts(self._text, start, end):
            parts = json_ld.split_escapes(self._text, first, last)
            if "".join(part[0] for part in parts).strip():
                fragments = tuple(Fragment(*part) for part in parts)
                layout = find_layout(self._text, first, first, JSON)
                label = f"JSON-LD {key}"
                self._found.append((first, last, BlockKind.METADATA, fragments, label, layout))

    def _blocks(self) -> Iterator[Block]:
        """Yield the blocks in order, with their lines."""
        # A block in the attribute of an inline element is found before the block around it.
        self._found.sort(key=lambda one: (one[0], -one[1]))
        line, counted = 1, 0
        for start, end, kind, fragments, label, layout in self._found:
            line += count_line_breaks(self._text, counted, start)
            counted = start
            yield Block(kind, start, end, line, fragments, label, layout)

    # Attributes

    def _note(self, tag: str, found: Mapping[str, Attribute], *, translated: bool) -> None:
        """Note the texts, languages and links in the attributes of an element."""
        if self._keeps_links and "href" in found:
            self._page.links.append(found["href"])
        if not translated:
            return
        for name in _LANGUAGE_ATTRIBUTES & found.keys():
            alternate = tag == "link" and "alternate" in self._value(found, "rel").lower()
            mark = LanguageMark(tag, found[name], alternate and name == "hreflang")
            self._page.languages.append(mark)
        if tag == "meta":
            self._note_meta(found)
            return
        for name, one in found.items():
            if name in TEXT_ATTRIBUTES:
                kind, label = TEXT_ATTRIBUTES[name]
                if tag == "a" and kind is BlockKind.LINK_TITLE:
                    label = "link title"
                self._add_value(kind, label, one)
            elif (tag, name) in ELEMENT_TEXT_ATTRIBUTES:
                label = ELEMENT_TEXT_ATTRIBUTES[tag, name]
                self._add_value(BlockKind.METADATA, label, one)
        is_button = tag == "input" and self._value(found, "type").lower() in BUTTON_TYPES
        if is_button and "value" in found:
            self._add_value(BlockKind.METADATA, "text of a button", found["value"])

    def _note_meta(self, found: Mapping[str, Attribute]) -> None:
        if "content" not in found:
            return
        content = found["content"]
        for name in ("name", "property", "itemprop"):
            key = self._value(found, name).strip().lower()
            if key in META_TEXTS:
                self._add_value(BlockKind.METADATA, META_TEXTS[key], content)
                return
            if key in META_LANGUAGES:
                mark = LanguageMark("meta", content, separator=META_LANGUAGES[key])
                self._page.languages.append(mark)
                return
        if self._value(found, "http-equiv").lower() == "content-language":
            self._page.languages.append(LanguageMark("meta", content))

    def _value(self, found: Mapping[str, Attribute], name: str) -> str:
        return self._text[found[name].start : found[name].end] if name in found else ""

    def _translates(self, found: Mapping[str, Attribute]) -> bool | None:
        """Return whether an element is translated; None if it does not say so."""
        if "translate" in found:
            value = self._value(found, "translate").strip().lower()
            if value in ("no", "yes", ""):
                return value != "no"
        if "notranslate" in self._value(found, "class").lower().split():
            return False
        return None

    def _region(self, name: str, found: Mapping[str, Attribute]) -> str:
        if name in _REGIONS:
            return name
        if self._value(found, "role").lower() == "main":
            return "main"
        return "articleBody" if "articleBody" in self._value(found, "itemprop") else ""

    def _is_json_ld(self, name: str, found: Mapping[str, Attribute]) -> bool:
        if name != "script" or not self._is_active:
            return False
        return self._value(found, "type").strip().lower() == _JSON_LD

    def _colspan(self, name: str, start: int, end: int) -> int:
        if end - start == len(name) + 2 or "colspan" not in self._text[start:end].lower():
            return 1
        value = self._value(attributes(self._text, name, start, end), "colspan")
        # As in the standard (4.9.11).
        return max(1, min(int(value[:4]), 1000)) if value.isdecimal() else 1

    # The stack of open elements

    def _push(self, one: _Open) -> None:
        index = len(self._stack)
        self._open_at[one.name].append(index)
        if one.name in SCOPES:
            self._scopes.append(index)
        self._stack.append(one)
        self._is_active = one.translated and self._off is None

    def _pop(self) -> _Open:
        stack = self._stack
        one = stack.pop()
        self._open_at[one.name].pop()
        if one.name in SCOPES:
            self._scopes.pop()
        self._is_active = stack[-1].translated and self._off is None
        return one

    def _update(self) -> None:
        """Note whether text at this place is translated."""
        self._is_active = self._off is None and self._stack[-1].translated

    def _innermost(self, name: str) -> int:
        """Return the index of the innermost open element with a name, 0 if there is none."""
        found = self._open_at.get(name)
        return found[-1] if found else 0


def _text_span(run: Sequence[Fragment], partners: Sequence[int]) -> tuple[int, int] | None:
    """Return the first and the last fragment of a run that belong to its text.

    White space and elements without text around it stay in the article, and so does an
    element around all of it. None if the run has no text.
    """
    texts = [n for n, one in enumerate(run) if one.markup is None and not one.text.isspace()]
    if not texts:
        return None
    codes = [n for n, one in enumerate(run) if one.markup and one.markup.kind == PROTECTED]
    start, end = min(texts[:1] + codes[:1]), max(texts[-1:] + codes[-1:])
    first, last = 0, len(run) - 1
    while True:
        while first < start and partners[first] <= start:
            first += 1
        while last > end and not 0 <= partners[last] < end:
            last -= 1
        if partners[first] != last or first == last:
            return first, last
        first, last = first + 1, last - 1


def _partners(run: Sequence[Fragment]) -> list[int]:
    """Return the index of the other token of each element, -1 if there is none."""
    partners = [-1] * len(run)
    opened: dict[int, int] = {}
    for index, one in enumerate(run):
        markup = one.markup
        if markup is None:
            continue
        if markup.role is _OPEN:
            opened[markup.element] = index
        elif markup.role is _CLOSE and markup.element in opened:
            other = opened.pop(markup.element)
            partners[index], partners[other] = other, index
    return partners


def _is_text(one: Fragment) -> bool:
    return one.markup is None and not one.text.isspace()


def _without_trailing_space(one: Fragment) -> Fragment:
    if one.markup is not None or not one.text.endswith(" "):
        return one
    text = one.text.rstrip(" ")
    return Fragment(text, one.start, one.end - (len(one.text) - len(text)))


def _link_spans(
    run: Sequence[Fragment], partners: Sequence[int], whole: tuple[int, int]
) -> Iterator[tuple[int, int]]:
    """Yield the span of each link in a list of links, for example a navigation; else the whole."""
    spans: list[tuple[int, int]] = []
    index, last = whole
    while index <= last:
        one = run[index]
        if one.markup is None:
            if _LETTER.search(one.text):
                break
        elif one.markup.role is _OPEN and one.markup.kind in _SPLIT_AT:
            if partners[index] < 0:
                break
            spans.append((index, partners[index]))
            index = partners[index]
        elif one.markup.role is not _EMPTY or one.markup.kind == PROTECTED:
            break
        index += 1
    else:
        if len(spans) > 1:
            for start, end in spans:
                # Without the link itself: its partner is outside of the part.
                inner = [p - start if start <= p <= end else -1 for p in partners[start : end + 1]]
                if part := _text_span(run[start : end + 1], inner):
                    yield start + part[0], start + part[1]
            return
    yield whole
