"""Texts of catalogs: Markdown whose long parts are replaced by numbers.

A link reads `[Abkommen](1)`, an image `![](2)`, an HTML tag has no attributes. The legend of
the token has what was replaced. Characters are escaped only where they would be markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.articles.formats.base import BREAK, CatalogToken
from pipeline.articles.formats.markdown.inline import (
    COMMENT,
    HTML,
    IMAGE,
    LINK,
    NOTE,
    VOID,
    Item,
    is_plain,
    scan,
)
from pipeline.core import Fragment, Markup, MarkupRole

_SHORT_TARGET = re.compile(r"\]\((?!\d+\))[\w./#-]{1,24}\)")
_SHORT_COMMENT = 24
_TO_ESCAPE = re.compile(r"[\\`*_\[\]<&~$^{]|(?<=https|.http):(?=/|$)|(?<=^http):(?=/|$)|^:(?=/|$)")

# Characters that change how the markup beside them is read.
_BESIDE = re.compile(r"[]!]")


def _may_be_markup(text: str) -> bool:
    return not is_plain(text) or _BESIDE.search(text) is not None


def escape(text: str, characters: Sequence[str] = ()) -> str:
    """Escape the characters that may be inline markup, or only some of them."""

    def escaped(match: re.Match[str]) -> str:
        return f"\\{match[0]}" if not characters or match[0] in characters else match[0]

    return _TO_ESCAPE.sub(escaped, text)


def unescape(text: str) -> str:
    """Return a text of a catalog without escapes; markup tokens stay as they are."""
    return "".join(item.text for item in scan(text))


def number(fragments: Sequence[Fragment]) -> tuple[Fragment, ...]:
    """Return fragments with their texts in catalogs, see `MarkupFormat.number`."""
    shown = _Numbering(fragments).fragments()
    # Parts of a text are plain only together: "https", ":", "//".
    if not _may_be_markup("".join(" " if one.markup else one.text for one in shown)):
        return tuple(shown)
    text = "".join(one.text for one in shown if one.markup is None)
    kinds = sorted(set(_TO_ESCAPE.findall(text)))
    for escaped in ([], *([kind] for kind in kinds), kinds):
        attempt = [_escaped(one, escaped) for one in shown]
        if _reads_as(attempt, shown):
            return tuple(attempt)
    return tuple(attempt)


def _escaped(fragment: Fragment, characters: Sequence[str]) -> Fragment:
    if fragment.markup is not None or not characters:
        return fragment
    return fragment._replace(text=escape(fragment.text, characters))


def _reads_as(attempt: Sequence[Fragment], shown: Sequence[Fragment]) -> bool:
    """Return whether a catalog text has the tokens of its fragments, and their text."""
    expected, at = [], 0
    for fragment in attempt:
        end = at + len(fragment.text)
        if fragment.markup is not None:
            expected.append((at, end, fragment.markup.kind, fragment.markup.role))
        at = end
    items = scan("".join(fragment.text for fragment in attempt))
    found = [(one.start, one.end, one.kind, one.role) for one in items if not one.is_text]
    text = "".join(one.text for one in shown if one.markup is None)
    return found == expected and text == "".join(one.text for one in items if one.is_text)


class _Numbering:
    """Numbers of the markup tokens of a segment."""

    def __init__(self, fragments: Sequence[Fragment]) -> None:
        self._fragments = fragments
        self._numbers: dict[tuple[str, str], int] = {}
        self._tags: dict[str, dict[str, int]] = {}
        self._names: dict[int, str] = {}
        for fragment in fragments:
            if fragment.markup is not None and fragment.markup.kind == HTML:
                name = _tag_name(fragment.text)
                tags = self._tags.setdefault(name, {})
                if fragment.markup.role is not MarkupRole.CLOSE:
                    tags.setdefault(fragment.text, len(tags) + 1)

    def fragments(self) -> list[Fragment]:
        """Return the fragments with their texts in catalogs."""
        return [
            one if one.markup is None else self._shorten(one, one.markup) for one in self._fragments
        ]

    def _shorten(self, fragment: Fragment, markup: Markup) -> Fragment:
        text, legend = fragment.text, ""
        if markup.kind == LINK and markup.role is MarkupRole.CLOSE:
            if not _SHORT_TARGET.fullmatch(text):
                number = self._number(text, markup.legend)
                text, legend = f"]({number})", f"({number}): {markup.legend}"
        elif markup.kind == IMAGE:
            number = self._number(text, markup.legend)
            text, legend = f"![]({number})", f"({number}): {markup.legend}"
        elif markup.kind == NOTE:
            number = self._number(text, "")
            text, legend = f"^[{number}]", f"^[{number}]: {text[2:-1]}"
        elif markup.kind == COMMENT and len(text) > _SHORT_COMMENT:
            number = self._number(text, "")
            text, legend = f"<!--{number}-->", f"<!--{number}-->: {text}"
        elif markup.kind == HTML:
            shown = self._tag(text, markup)
            legend = (
                f"{shown}: {text}" if markup.role is not MarkupRole.CLOSE and shown != text else ""
            )
            text = shown
        elif markup.kind == BREAK:
            text = "<br>"
        return fragment._replace(text=text, markup=markup._replace(legend=legend))

    def _number(self, text: str, legend: str) -> int:
        return self._numbers.setdefault((text, legend), len(self._numbers) + 1)

    def _tag(self, text: str, markup: Markup) -> str:
        name = _tag_name(text)
        if not name:
            return text
        tags = self._tags[name]
        if markup.role is MarkupRole.CLOSE:
            shown = self._names.get(markup.element, name)
            return f"</{shown}>"
        shown = f"{name}{tags[text]}" if len(tags) > 1 else name
        self._names[markup.element] = shown
        is_closed = markup.role is MarkupRole.EMPTY and name.lower() not in VOID
        return f"<{shown}/>" if is_closed else f"<{shown}>"


def _tag_name(text: str) -> str:
    match = re.match(r"</?([A-Za-z][A-Za-z0-9-]*)(?=[\s/>])", text)
    return match[1] if match else ""


def tokenize(text: str) -> tuple[CatalogToken, ...]:
    """Find the markup tokens of a catalog text, see `MarkupFormat.tokenize`."""
    items = scan(text)
    ends = {one.element: one.text for one in items if one.role is MarkupRole.CLOSE}
    return tuple(
        CatalogToken(
            one.start,
            one.end,
            _key(one, ends),
            Markup(one.kind, one.role, one.element),
        )
        for one in items
        if not one.is_text
    )


def _key(item: Item, ends: dict[int, str]) -> str:
    if item.kind == LINK:
        return f"[…{ends[item.element]}" if item.role is MarkupRole.OPEN else item.text
    if item.kind in ("strong", "emphasis", "strikethrough"):
        return f"{item.kind} {item.role.value}"
    if item.kind == BREAK:
        return "<br>"
    return item.text
