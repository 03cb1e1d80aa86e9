"""Places of Markdown in its article: lines, and contents that leave out the prefixes of lines."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_LINE = re.compile(r"([^\r\n]*)(\r\n?|\n|\Z)")
_BLANK = " \t"
# A line is filled if the first word of the next one does not fit; authors leave some room.
_SLACK, _MIN_WIDTH = 10, 40


@dataclass(frozen=True, slots=True)
class ContentPiece:
    """A part of a content at `start:end`, and its place in the article.

    Pieces of the same length in both are the same text.
    """

    start: int
    end: int
    source_start: int
    source_end: int

    @property
    def is_verbatim(self) -> bool:
        """Whether the content is the text of the article."""
        return self.end - self.start == self.source_end - self.source_start


class Content:
    """Inline Markdown without the prefixes of its lines, and its place in the article."""

    def __init__(self, text: str, pieces: Sequence[ContentPiece]) -> None:
        self.text = text
        self.pieces = pieces
        self._starts = [piece.start for piece in pieces]

    @classmethod
    def verbatim(cls, text: str, start: int, end: int) -> Content:
        """Return the content that is `text[start:end]` of the article."""
        return cls(text[start:end], (ContentPiece(0, end - start, start, end),))

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the article of `start:end` of the content."""
        first = self.pieces[max(0, bisect_right(self._starts, start) - 1)]
        source_start = first.source_start
        if first.is_verbatim or start >= first.end:
            source_start += start - first.start
        if end <= start:
            return source_start, source_start
        last = self.pieces[max(0, bisect_right(self._starts, end - 1) - 1)]
        if last.is_verbatim:
            return source_start, last.source_start + end - last.start
        return source_start, last.source_end

    def cut(self, start: int, end: int | None = None) -> Content:
        """Return the content at `start:end`, which do not cut through an escape."""
        end = len(self.text) if end is None else end
        pieces = []
        for piece in self._between(start, end):
            low, high = max(piece.start, start), min(piece.end, end)
            if low < high:
                pieces.append(ContentPiece(low - start, high - start, *self.source(low, high)))
        if not pieces:
            place = self.source(start, start)
            pieces = [ContentPiece(0, 0, *place)]
        return Content(self.text[start:end], pieces)

    def verbatim_parts(self, start: int, end: int) -> list[tuple[int, int]]:
        """Split `start:end` into parts that are each verbatim or one escape."""
        return [
            (max(piece.start, start), min(piece.end, end)) for piece in self._between(start, end)
        ]

    def _between(self, start: int, end: int) -> Sequence[ContentPiece]:
        """Return the pieces from the one at `start` up to `end`."""
        first = max(0, bisect_right(self._starts, start) - 1)
        return self.pieces[first : max(first, bisect_left(self._starts, end))]


class Source:
    """The lines of a Markdown text, as the parser counts them.

    `body` has the same lines with `\\n` between them.
    """

    def __init__(self, text: str, start: int = 0) -> None:
        self.text = text
        self.starts: list[int] = []
        self.ends: list[int] = []
        if "\r" in text:
            for match in _LINE.finditer(text, start):
                self.starts.append(match.start())
                self.ends.append(match.end(1))
                if not match[2]:
                    break
            self.body = "\n".join(map(self.line, range(len(self.starts))))
            return
        self.body = text[start:] if start else text
        at = start
        for line in self.body.split("\n"):
            self.starts.append(at)
            at += len(line)
            self.ends.append(at)
            at += 1

    def line(self, number: int) -> str:
        """Return a line, counted from 0, without its line end."""
        return self.text[self.starts[number] : self.ends[number]]

    def content(self, first: int, lines: Sequence[str]) -> Content | None:
        """Locate a content whose lines are at the ends of source lines, `first` the first one.

        Returns None if the lines are not there.
        """
        if len(lines) == 1:
            start = self.text.rfind(lines[0], self.starts[first], self.ends[first])
            return Content.verbatim(self.text, start, start + len(lines[0])) if start >= 0 else None
        pieces: list[ContentPiece] = []
        texts: list[str] = []
        at = end = 0
        for number, line in enumerate(lines, first):
            text = line.lstrip(_BLANK) if pieces else line
            start = self.text.rfind(text, self.starts[number], self.ends[number])
            if start < 0:
                return None
            if pieces:
                pieces.append(ContentPiece(at, at + 1, end, start))
                texts.append("\n")
                at += 1
            end = start + len(text)
            pieces.append(ContentPiece(at, at + len(text), start, end))
            texts.append(text)
            at += len(text)
        return Content("".join(texts), pieces)

    def cell(self, number: int, content: str, start: int) -> Content | None:
        """Locate the content of a table cell in a line, from the offset `start` on."""
        end = self.ends[number]
        if "|" not in content:
            at = self.text.find(content, start, end)
            return Content.verbatim(self.text, at, at + len(content)) if at >= 0 else None
        pattern = re.compile(re.escape(content).replace(r"\|", r"\\\|"))
        match = pattern.search(self.text, start, end)
        if match is None:
            return None
        pieces, source, at = [], match.start(), 0
        for index, part in enumerate(content.split("|")):
            if index:
                pieces.append(ContentPiece(at, at + 1, source, source + 2))
                at, source = at + 1, source + 2
            if part:
                pieces.append(ContentPiece(at, at + len(part), source, source + len(part)))
                at, source = at + len(part), source + len(part)
        return Content(content, pieces)


def wrap_width(lines: Sequence[str]) -> int:
    """Return the width at which lines are wrapped, in characters; 0 if they are not.

    Lines that end early were broken on purpose, for example after each sentence.
    """
    width = max(map(len, lines))
    filled = 0
    for line, following in pairwise(lines):
        words = following.split(maxsplit=1)
        filled += len(line) + 1 + len(words[0] if words else "") > width - _SLACK
    return width if width >= _MIN_WIDTH and filled * 2 >= len(lines) - 1 else 0
