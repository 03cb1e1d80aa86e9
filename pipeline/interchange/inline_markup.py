"""Inline markup of catalogs as inline elements of XLIFF.

Translation tools protect inline elements: a translator can move them, but cannot break them.
An element contains the text of its tokens in the catalog, so that the text is restored exactly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pipeline.articles import CatalogToken, MarkupFormat, find_markup_format
from pipeline.core import MarkupRole
from pipeline.files.xml import INVALID

__all__ = ["InlineCode", "UnitMarkup", "find_format"]

_Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class InlineCode:
    """An inline element; `closing` is None if it has no content.

    `id` is the same in the German and in its translation, from 1. `kind` is that of the markup.
    """

    id: int
    kind: str
    opening: str
    closing: str | None = None


Writer = Callable[[InlineCode, str], str]
"""Writes an element around its content, which is XML."""


def find_format(article: str) -> MarkupFormat | None:
    """Return the format of an article if it has inline markup."""
    return find_markup_format(PurePosixPath(article).suffix.lower())


@dataclass(slots=True)
class UnitMarkup:
    """The inline elements of a unit; its German is written before its translation."""

    form: MarkupFormat | None
    _ids: dict[_Key, int] = field(default_factory=dict)

    def write(self, text: str, escape: Callable[[str], str], element: Writer) -> str:
        """Return a text of the unit as XML; `escape` escapes the text between its tokens."""
        tokens = self.form.tokenize(text) if self.form else ()
        # XML cannot contain some characters; only texts have placeholders for them.
        if not tokens or any(INVALID.search(text, one.start, one.end) for one in tokens):
            return escape(text)
        closings = _closings(tokens)
        ids = self._number(tokens, set(closings.values()))
        opened: list[tuple[int, list[str]]] = []
        parts: list[str] = []
        at = 0
        for index, token in enumerate(tokens):
            parts.append(escape(text[at : token.start]))
            at, shown = token.end, text[token.start : token.end]
            if index in closings:
                opened.append((index, parts))
                parts = []
            elif opened and closings[opened[-1][0]] == index:
                first, outer = opened.pop()
                opening = tokens[first]
                code = text[opening.start : opening.end]
                one = InlineCode(ids[first], opening.markup.kind, code, shown)
                parts = [*outer, element(one, "".join(parts))]
            else:
                parts.append(element(InlineCode(ids[index], token.markup.kind, shown), ""))
        return "".join((*parts, escape(text[at:])))

    def _number(self, tokens: Sequence[CatalogToken], closing: set[int]) -> dict[int, int]:
        """Return the id of each token, unless it closes an element: that of the German one."""
        seen: dict[str, int] = defaultdict(int)
        ids: dict[int, int] = {}
        for index, token in enumerate(tokens):
            if index not in closing:
                seen[token.key] += 1
                key = token.key, seen[token.key]
                ids[index] = self._ids.setdefault(key, len(self._ids) + 1)
        return ids


def _closings(tokens: Sequence[CatalogToken]) -> dict[int, int]:
    """Return the index of the closing token for each opening one, if they are properly nested.

    Of elements that cross, each token is an element without content.
    """
    opened: list[int] = []
    found: dict[int, int] = {}
    for index, token in enumerate(tokens):
        if token.markup.element < 0 or token.markup.role is MarkupRole.EMPTY:
            continue
        if token.markup.role is MarkupRole.OPEN:
            opened.append(index)
        elif opened and tokens[opened[-1]].markup.element == token.markup.element:
            found[opened.pop()] = index
        else:
            return {}
    return {} if opened else found
