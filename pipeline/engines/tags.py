"""Tagged texts: the form in which engines that take tags receive inline markup.

A tagged text is XML. `<g id="1">…</g>` encloses text, `<x id="2"/>` is an element without text,
`<lb id="3"/>` a line break, and `<mrk id="4">…</mrk>` encloses text that is not translated. All
but `lb` are inline elements of XLIFF 1.2. A translation has the same elements, which may move.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from html import escape, unescape
from typing import NamedTuple

from pipeline.core import MarkupRole


class TagName(StrEnum):
    """The names of the elements."""

    GROUP = "g"
    EMPTY = "x"
    BREAK = "lb"
    PROTECTED = "mrk"


_WITHOUT_TEXT = (TagName.EMPTY, TagName.BREAK)
_TAG = re.compile(r"<(/?)(g|x|lb|mrk)(?=[\s/>])([^<>]*)>", re.IGNORECASE)
_EMPTY_PAIR = re.compile(r"<(x|lb)(\s[^<>]*)></\1>", re.IGNORECASE)
_ID = re.compile(r"\bid\s*=\s*[\"']?([0-9]{1,6})\b", re.IGNORECASE)


class TagPlace(NamedTuple):
    """A tag at an offset of the plain text: its element, and the number in its `id`.

    `content` is the text of a protected element, which follows. `is_spaced`: the blank after
    the tag is not in the plain text, because one is before it. `adds_blank`: the next blank of the
    plain text stands for this line break.
    """

    at: int
    name: str
    number: int
    role: MarkupRole
    content: str = ""
    is_spaced: bool = False
    adds_blank: bool = False


@dataclass(frozen=True, slots=True)
class TaggedText:
    """A tagged text, parsed: its plain text, and its tags in order."""

    plain: str
    tags: tuple[TagPlace, ...]

    @property
    def elements(self) -> Counter[tuple[str, int, str]]:
        """Count the elements by name, number, and text that stays."""
        return Counter(
            (tag.name, tag.number, tag.content)
            for tag in self.tags
            if tag.role is not MarkupRole.CLOSE
        )

    def empty_groups(self) -> set[int]:
        """Return the numbers of the elements that should enclose text, and enclose none."""
        starts = {tag.number: tag.at for tag in self.tags if tag.role is MarkupRole.OPEN}
        ends = {tag.number: tag.at for tag in self.tags if tag.role is MarkupRole.CLOSE}
        return {one for one, start in starts.items() if not self.plain[start : ends[one]].strip()}


def start_tag(name: str, number: int) -> str:
    """Return a start tag, or the tag of an element without text."""
    return f'<{name} id="{number}"{"/" if name in _WITHOUT_TEXT else ""}>'


def escape_tagged(text: str) -> str:
    """Escape a text between tags."""
    return escape(text, quote=False)


def parse_tagged(tagged: str) -> TaggedText | None:
    """Parse a tagged text; None if a tag is unknown, not closed or crosses another one."""
    return _Reader(_EMPTY_PAIR.sub(r"<\1\2/>", tagged)).read()


def parse_answer(tagged: str, answer: str) -> TaggedText | None:
    """Parse the translation of a tagged text; None unless it has the same elements.

    Each has its number, encloses text if it did, and contains the same text if that is protected.
    """
    if answer.count("<") > 2 * tagged.count("<"):  # an element without text may have two tags
        return None
    expected, found = parse_tagged(tagged), parse_tagged(answer)
    if expected is None or found is None or expected.elements != found.elements:
        return None
    return found if found.empty_groups() <= expected.empty_groups() else None


class _Reader:
    """Reads one tagged text."""

    def __init__(self, tagged: str) -> None:
        self._tagged = tagged
        self._parts: list[str] = []
        self._length = 0
        self._tags: list[TagPlace] = []
        self._opened: list[tuple[str, int]] = []

    def read(self) -> TaggedText | None:
        at = 0
        for match in _TAG.finditer(self._tagged):
            if not self._add_text(self._tagged[at : match.start()]) or not self._add_tag(match):
                return None
            at = match.end() + bool(self._tags and self._tags[-1].is_spaced and not match[1])
        if not self._add_text(self._tagged[at:]) or self._opened:
            return None
        return TaggedText("".join(self._parts), tuple(self._tags))

    def _add_text(self, text: str) -> bool:
        if "<" in text:
            return False
        shown = unescape(text)
        if self._opened and self._opened[-1][0] == TagName.PROTECTED:
            self._tags[-1] = self._tags[-1]._replace(content=shown)
        self._parts.append(shown)
        self._length += len(shown)
        return True

    def _add_tag(self, match: re.Match[str]) -> bool:
        """Add a tag; return whether it is valid at its place."""
        name = match[2].lower()
        if match[1]:
            if not self._opened or self._opened[-1][0] != name:
                return False
            _, number = self._opened.pop()
            if name == TagName.GROUP:
                self._tags.append(TagPlace(self._length, name, number, MarkupRole.CLOSE))
            return True
        found = _ID.search(match[3])
        if found is None or (self._opened and self._opened[-1][0] == TagName.PROTECTED):
            return False
        number = int(found[1])
        if name in _WITHOUT_TEXT:
            self._add_empty(match, name, number)
            return True
        role = MarkupRole.OPEN if name == TagName.GROUP else MarkupRole.EMPTY
        self._tags.append(TagPlace(self._length, name, number, role))
        self._opened.append((name, number))
        return not match[3].endswith("/")

    def _add_empty(self, match: re.Match[str], name: str, number: int) -> None:
        """Add an element without text, and the white space that is there without it."""
        before = self._tagged[match.start() - 1 : match.start()].isspace()
        after = self._tagged[match.end() : match.end() + 1].isspace()
        adds_blank = name == TagName.BREAK and not before and not after
        place = TagPlace(self._length, name, number, MarkupRole.EMPTY)
        self._tags.append(place._replace(is_spaced=before and after, adds_blank=adds_blank))
        self._parts.append(" " * adds_blank)
        self._length += adds_blank
