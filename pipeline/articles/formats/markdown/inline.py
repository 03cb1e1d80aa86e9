"""Inline Markdown, scanned into items that cover a content without gaps.

The same scanner reads articles and texts of catalogs, so both agree on what is markup.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it.common.utils import normalizeReference
from markdown_it.helpers import parseLinkTitle
from markdown_it.token import Token

from pipeline.articles.formats.base import BREAK
from pipeline.articles.formats.markdown.parser import parse_inline
from pipeline.articles.formats.markdown.rules import parse_destination
from pipeline.core import MarkupRole

TEXT, SPACE = "", "space"
LINK, IMAGE, CODE, HTML, COMMENT = "link", "image", "code", "html", "comment"
ATTRIBUTES, FOOTNOTE, NOTE = "attributes", "footnote", "note"

_SPECIAL = re.compile(r"[\\`*_<&$\n\[{]|~~|\^\[|://")
_ELEMENTS = {
    "em_open": "emphasis",
    "em_close": "emphasis",
    "strong_open": "strong",
    "strong_close": "strong",
    "s_open": "strikethrough",
    "s_close": "strikethrough",
}
_ROLES = {
    f"{name}_{role.value}": role
    for name in ("em", "strong", "s", "link")
    for role in (MarkupRole.OPEN, MarkupRole.CLOSE)
}
_EMPTY = {
    "code_inline": CODE,
    "hardbreak": BREAK,
    "math_inline": "math",
    "math_inline_double": "math",
    "link_open": "autolink",
    "url": "autolink",
    "expression": "expression",
    "attributes": ATTRIBUTES,
}
_TAG = re.compile(r"<(/?)([A-Za-z][\w.:-]*)")
VOID = frozenset(
    ("area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_OPAQUE = frozenset(("math", "script", "style", "svg"))
_PROTECTED = frozenset(("code", "kbd", "pre", "samp")) | _OPAQUE
_NOT_TRANSLATED = re.compile(
    r"\stranslate\s*=\s*[\"']?no\b|\sclass\s*=\s*(?:\"[^\"]*|'[^']*)?\bnotranslate\b", re.IGNORECASE
)
SWITCH = re.compile(r"<!--\s*translate:(on|off)\s*-->")
_DEFINITION_LABEL = re.compile(r"\]\[((?:[^\[\]\\]|\\.)+)\]$", re.DOTALL)


@dataclass(slots=True)
class Item:
    """A part of a content: text, or a markup token.

    `text` is the text without escapes; for markup it is the source with simple white space.
    `target` is the link target as written, at `target_start:target_end` of the content;
    `title_start:title_end` is the title with its quotes. `name` is that of an HTML tag, or
    the label of a reference. `element` is -1 for a token whose other one is missing.
    """

    start: int
    end: int
    kind: str
    text: str
    role: MarkupRole = MarkupRole.EMPTY
    element: int = -1
    name: str = ""
    href: str = ""
    target: tuple[int, int] = (0, 0)
    title: tuple[int, int] = (0, 0)

    @property
    def is_text(self) -> bool:
        """Whether the item is text, which includes the space of a line break."""
        return self.kind in (TEXT, SPACE)


def is_plain(text: str) -> bool:
    """Return whether a content has no character that may be markup."""
    return not _SPECIAL.search(text)


def scan(text: str, references: Mapping[str, Any] | None = None) -> list[Item]:
    """Return the items of a content, which may have several lines, in order."""
    if is_plain(text):
        return [Item(0, len(text), TEXT, text)] if text else []
    tokens = parse_inline(text, references or {})
    items = list(_tile(text, _items(text, tokens)))
    if any(item.kind in (HTML, COMMENT) for item in items):
        items = list(_protect(items))
    _pair(items)
    return items


def _items(text: str, tokens: Iterable[Token]) -> Iterator[Item]:
    """Yield the items of tokens that are not plain text."""
    links: list[str] = []
    placed = [token for token in tokens if "at" in token.meta]
    placed.sort(key=lambda token: token.meta["at"])
    for token in placed:
        start, end = token.meta["at"]
        if start == end or (token.type == "text" and not token.content):
            continue
        raw, role = text[start:end], _ROLES.get(token.type, MarkupRole.EMPTY)
        if token.type in _ELEMENTS:
            # One of the two characters of strong emphasis has become an empty token.
            start -= token.type == "strong_open"
            end += token.type == "strong_close"
            yield Item(start, end, _ELEMENTS[token.type], text[start:end], role)
        elif token.type == "link_open" and raw == "[":
            links.append(str(token.attrs.get("href", "")))
            yield Item(start, end, LINK, raw, role, href=links[-1])
        elif token.type == "link_close":
            yield _link_end(Item(start, end, LINK, "", role, href=links.pop()), text)
        elif found := _without_content(token, start, end, text):
            yield found


def _without_content(token: Token, start: int, end: int, text: str) -> Item | None:
    """Return the item of a token that has no other one, None if it is plain text."""
    raw, href = text[start:end], str(token.attrs.get("href", ""))
    if token.type == "text_special":
        return Item(start, end, TEXT, token.content)
    if token.type == "softbreak":
        return Item(start, end, SPACE, " ")
    if token.type == "image":
        tail, href = start + 2 + len(token.content), str(token.attrs.get("src", ""))
        found = _link_end(Item(tail, end, IMAGE, "", href=href, name=token.content), text)
        found.start, found.text, found.name = start, _simple(raw), token.content
        return found
    if token.type == "html_inline":
        return _html(start, end, raw)
    if token.type == "footnote_ref":
        return Item(start, end, NOTE if raw.startswith("^") else FOOTNOTE, _simple(raw))
    kind = _EMPTY.get(token.type)
    return Item(start, end, kind, _simple(raw), href=href) if kind else None


def _link_end(item: Item, text: str) -> Item:
    """Add the places of target and title to what follows the text of a link or image."""
    raw = text[item.start : item.end]
    item.text = _simple(raw)
    if not raw.startswith("]("):
        label = _DEFINITION_LABEL.search(raw)
        item.name = label[1] if label else item.name
        return item
    at = item.start + 2 + len(raw[2:]) - len(raw[2:].lstrip())
    destination = parse_destination(text, at, item.end)
    if not destination.ok:
        return item
    target = at, destination.pos
    if text[at] == "<":
        target = at + 1, destination.pos - 1
    rest = text[destination.pos : item.end]
    start = destination.pos + len(rest) - len(rest.lstrip())
    title = parseLinkTitle(text, start, item.end)
    item.target = target
    if title.ok and start > destination.pos:
        item.title = start, title.pos
    return item


def _html(start: int, end: int, raw: str) -> Item:
    simple = _simple(raw)
    match = _TAG.match(raw)
    if match is None:
        return Item(start, end, COMMENT if raw.startswith("<!--") else HTML, simple)
    name = match[2].lower() if match[2].islower() or match[2].isupper() else match[2]
    if name == "br":
        return Item(start, end, BREAK, simple, name=name)
    role = MarkupRole.CLOSE if match[1] else MarkupRole.OPEN
    if name.rstrip("0123456789") in VOID or raw.endswith("/>"):
        role = MarkupRole.EMPTY
    return Item(start, end, HTML, simple, role, name=name)


def _tile(text: str, items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items with the text between them; blanks before line breaks are theirs."""
    at = 0
    for item in items:
        start = item.start
        if item.kind in (SPACE, BREAK) and "\n" in text[item.start : item.end]:
            while start > at and text[start - 1] in " \t":
                start -= 1
        if at < start:
            yield Item(at, start, TEXT, text[at:start])
        item.start = start
        yield item
        at = item.end
    if at < len(text):
        yield Item(at, len(text), TEXT, text[at:])


def _protect(items: Iterable[Item]) -> Iterator[Item]:
    """Yield the items with each element that is not translated as one item."""
    items = list(items)
    closed = _closing_tags(items)
    index = 0
    while index < len(items):
        item, last = items[index], index
        if item.kind == HTML and (item.name in _PROTECTED or _NOT_TRANSLATED.search(item.text)):
            last = closed.get(index, index)
        elif item.kind == COMMENT and _switch(item) == "off":
            following = range(index + 1, len(items))
            last = next((n for n in following if _switch(items[n]) == "on"), len(items) - 1)
        if last > index:
            text = "".join(one.text for one in items[index : last + 1])
            kind = HTML if item.name in _OPAQUE else CODE
            item = Item(item.start, items[last].end, kind, text, name=item.name)
        yield item
        index = last + 1


def _switch(item: Item) -> str:
    match = SWITCH.fullmatch(item.text) if item.kind == COMMENT else None
    return match[1] if match else ""


def _closing_tags(items: Sequence[Item]) -> dict[int, int]:
    """Return the index of the closing HTML tag for that of each opening one that has it."""
    opened: dict[str, list[int]] = {}
    closed: dict[int, int] = {}
    for index, item in enumerate(items):
        if item.kind != HTML:
            continue
        if item.role is MarkupRole.OPEN:
            opened.setdefault(item.name, []).append(index)
        elif item.role is MarkupRole.CLOSE and opened.get(item.name):
            closed[opened[item.name].pop()] = index
    return closed


def _pair(items: Sequence[Item]) -> None:
    """Number the elements; a tag that crosses an element of Markdown is not paired."""
    opened: list[int] = []
    names: Counter[str] = Counter()
    for index, item in enumerate(items):
        name = _element_name(item)
        if item.role is MarkupRole.OPEN:
            opened.append(index)
            names[name] += 1
        elif item.role is MarkupRole.CLOSE and names[name]:
            place = len(opened) - 1
            while _element_name(items[opened[place]]) != name:
                # Tags that are never closed are skipped.
                if item.kind == HTML and items[opened[place]].kind != HTML:
                    place = -1
                    break
                place -= 1
            if place < 0:
                continue
            first = opened[place]
            for other in map(items.__getitem__, opened[place:]):
                names[_element_name(other)] -= 1
            del opened[place:]
            items[first].element = item.element = first
        elif item.role is MarkupRole.EMPTY and not item.is_text:
            item.element = index


def _element_name(item: Item) -> str:
    return f"{item.kind} {item.name}" if item.kind == HTML else item.kind


def _simple(text: str) -> str:
    """Return a text with each line break, and the blanks around it, as one blank."""
    return re.sub(r"[ \t]*\n[ \t]*", " ", text)


def normalize_label(label: str) -> str:
    """Return the label of a link definition as the parser compares it."""
    return normalizeReference(label)
