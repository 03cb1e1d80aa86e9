"""Paragraphs of several lines in plain text: e-mails, press releases, copies from PDF files.

A program that wraps text fills each line: the first word of the next line would not have fitted.
Poems, addresses, tables and tickers have lines of similar width only by chance. So lines are
joined if they are filled, and if a sentence goes on from one line to the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.core import Fragment, Layout
from pipeline.lang.german.abbreviations import BEFORE_ORDINAL

# Widths of wrapped text in characters: columns of a newspaper to long lines of an e-mail.
_MIN_WIDTH, _MIN_WITH_HYPHENS, _MAX_WIDTH = 30, 20, 132
# Narrower text may be verse, so all its lines must be filled.
_PROSE_WIDTH = 55
# Share of lines that must be filled; lines from a PDF file have letters of several widths.
_MIN_FILLED, _FILL = 0.8, 0.8
# Lines directly above a paragraph that are not part of it.
_MAX_HEADS = 2
_LINE_BREAK = re.compile(r"[^\S\r\n\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|\r|\n)[^\S\r\n]*")
_ENDS = re.compile(r"[.!?…:;][\"“”»«’‘')\]]*$")
_HYPHEN = re.compile(r"(\w+)[-\u2010\u00ad]$")
_COLUMNS = re.compile(r"\S(?: {3,}|\t| ?\| ?)\S")
# Times of a ticker and dates; fields of forms and headers of e-mails; separators.
_STAMP = re.compile(r"\d{1,2}[:.]\d\d(?:\s|$|:)|\d{1,2}\.\s?\d{1,2}\.")
_FIELD = re.compile(r"[A-ZÄÖÜ][\w./-]{1,24}:(?:\s|$)|[^\w\s]{3}")
_BEFORE_STAMP = frozenset({"um", "ab", "bis", "gegen", "am", "vom", "zum", "von", "und", "seit"})
# After "Ein-" these continue an ellipsis of compounds, not a hyphenated word.
_ELLIPSIS = frozenset({"und", "oder", "bzw", "sowie", "bis", "wie", "als", "noch", "statt"})


@dataclass(frozen=True, slots=True)
class Line:
    """A line without list marker and surrounding white space.

    `start` and `end` are offsets of its text, `indent` is its distance from the start of the
    line in characters, `margin` that of its list marker. `gap`: a blank line is above. `quote`
    are the marks of a quoted line in an e-mail ("> "), before the marker.
    """

    text: str
    start: int
    end: int
    number: int
    indent: int
    margin: int
    item: bool
    gap: bool
    quote: str = ""

    @property
    def width(self) -> int:
        """The length in characters, with what is before the text."""
        return self.indent + len(self.text)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together; `text` is one line."""

    lines: tuple[Line, ...]
    text: str

    @property
    def first(self) -> Line:
        """The first line."""
        return self.lines[0]

    @property
    def end(self) -> int:
        """The offset of the end."""
        return self.lines[-1].end


def join_lines(text: str, lines: Sequence[Line], mode: str = "auto") -> list[Paragraph]:
    """Join wrapped lines; in mode `line`, each line is a paragraph."""
    runs = _runs(text, lines)
    width = max(map(_width_of_prose, runs), default=0) if mode == "auto" else 0
    found: list[Paragraph] = []
    for run in runs:
        joins = [False] * (len(run) - 1)
        if mode == "paragraph":
            joins = [not line.item for line in run[1:]]
        elif mode == "auto":
            joins = _joins(run, width)
        part = [run[0]]
        for line, joined in zip(run[1:], joins, strict=True):
            if not joined:
                found.append(_paragraph(text, part))
                part = []
            part.append(line)
        found.append(_paragraph(text, part))
    return found


def fragments(text: str, paragraph: Paragraph) -> tuple[Fragment, ...]:
    """Return the fragments of a paragraph of several lines: its lines and its line breaks."""
    found: list[Fragment] = []
    for line, following in _pairs(paragraph.lines):
        end, between = line.end, " "
        if following is not None:
            between, cut = _between(line.text, following.text)
            end -= cut
        found.append(Fragment(text[line.start : end], line.start, end))
        if following is not None:
            found.append(Fragment(between, end, following.start))
    return tuple(found)


def layout(text: str, paragraph: Paragraph) -> Layout:
    """Return how translations of a paragraph of several lines are wrapped."""
    second = paragraph.lines[1]
    before = text[paragraph.first.end : second.start]
    line_end = "\r\n" if "\r\n" in before else "\n" if "\n" in before else "\r"
    indent = before[before.rfind(line_end) + len(line_end) :]
    return Layout(line_end + indent, max(line.width for line in paragraph.lines))


def _runs(text: str, lines: Sequence[Line]) -> list[list[Line]]:
    """Divide lines at blank lines, and at separators that are no line breaks of an editor."""
    runs: list[list[Line]] = []
    for before, line in zip((None, *lines), lines, strict=False):
        marker = line.indent - line.margin if line.item else 0
        if before is not None and not line.gap and before.quote == line.quote:
            between = text[before.end : line.start - marker - len(line.quote)]
            if _LINE_BREAK.fullmatch(between):
                runs[-1].append(line)
                continue
        runs.append([line])
    return runs


def _width_of_prose(run: Sequence[Line]) -> int:
    """Return the width of several lines that are wrapped text without doubt, else 0."""
    if len(run) < 3:
        return 0
    return max((line.width for line in run), default=0) if any(_prose_joins(run, 0)) else 0


def _joins(run: Sequence[Line], width: int) -> list[bool]:
    """Return for each line but the first whether it continues the line before.

    `width` is that of the other wrapped text in the article, 0 if there is none.
    """
    hanging = _hanging(run)
    prose = _prose_joins(run, width)
    return [a or b for a, b in zip(hanging, prose, strict=True)]


def _prose_joins(run: Sequence[Line], width: int) -> list[bool]:
    """Return the joins as `_joins` does, without those below list items."""
    heads = _heads(run)
    return [False] * min(heads, len(run) - 1) + _joins_below_heads(run[heads:], width)


def _heads(run: Sequence[Line]) -> int:
    """Count the headings and forms of address directly above text: lines that are not filled."""
    for heads in range(_MAX_HEADS):
        rest = run[heads:]
        if len(rest) < 3 or _is_filled(rest[0], rest[1], max(line.width for line in rest)):
            return heads
    return _MAX_HEADS


def _joins_below_heads(run: Sequence[Line], width: int) -> list[bool]:
    pairs = list(pairwise(run))
    widest = max((line.width for line in run), default=0)
    apart = [False] * len(pairs)
    if not pairs or widest > _MAX_WIDTH:
        return apart
    for shape in (_COLUMNS.search, _STAMP.match):
        # A table or a ticker.
        if sum(bool(shape(line.text)) for line in run) * 2 > len(run):
            return apart
    if len(run) == 2:
        widest = max(widest, width)
    filled = [_is_filled(a, b, widest) for a, b in pairs]
    flowing = [_continues(a, b) for a, b in pairs]
    if not _is_prose(run, pairs, filled, flowing, widest, is_known=width > 0):
        return apart
    return [
        not b.item and fills and _may_follow(a, b, goes_on)
        for (a, b), fills, goes_on in zip(pairs, filled, flowing, strict=True)
    ]


def _hanging(run: Sequence[Line]) -> list[bool]:
    """Return for each line but the first whether it is indented below a list item.

    Class: hanging list items. Their lines start below the text, right of the marker.
    """
    found: list[bool] = []
    item: Line | None = run[0] if run[0].item else None
    for line in run[1:]:
        if line.item:
            item = line
        elif item is not None and line.indent <= item.margin:
            item = None
        found.append(item is not None and not line.item)
    return found


def _is_prose(
    run: Sequence[Line],
    pairs: Sequence[tuple[Line, Line]],
    filled: Sequence[bool],
    flowing: Sequence[bool],
    width: int,
    *,
    is_known: bool,
) -> bool:
    """Return whether lines are wrapped text, by their width and by sentences across lines.

    `is_known`: the article has other wrapped text, at most as wide.
    """
    hyphens = any(_HYPHEN.search(a.text) and b.text[:1].islower() for a, b in pairs)
    if width < (_MIN_WITH_HYPHENS if hyphens else _MIN_WIDTH) or not any(flowing):
        return False
    if sum(" " in line.text for line in run) * 2 < len(run):
        return False  # a list of words
    # A short line that ends a sentence ends a paragraph; it need not be filled.
    ends = [bool(_ENDS.search(a.text)) for a, _ in pairs]
    inner = [full for full, end in zip(filled, ends, strict=True) if full or not end]
    if not inner or sum(inner) < _MIN_FILLED * len(inner):
        return False
    across = sum(goes_on and full for goes_on, full in zip(flowing, filled, strict=True))
    if len(pairs) == 1:
        # Two lines alone: only if the first is long, and a word or clause goes on.
        return (is_known or width >= _PROSE_WIDTH) and across == 1
    if width < _PROSE_WIDTH:
        strict = [_fits_no_more(a, b, width) or _HYPHEN.search(a.text) for a, b in pairs]
        wanted = [full for full, end in zip(strict, ends, strict=True) if full or not end]
        return across * 3 >= len(inner) and all(wanted) and not _is_verse(run)
    return across * 4 >= len(inner) and not _is_verse(run)


def _is_verse(run: Sequence[Line]) -> bool:
    """Return whether every line of several starts with a capital, as those of poems do."""
    return len(run) > 3 and all(line.text[:1].isupper() for line in run)


def _is_filled(line: Line, following: Line, width: int) -> bool:
    """Return whether a line is full: no word fits, or nearly so within a sentence."""
    nearly = line.width >= _FILL * width and not _ENDS.search(line.text)
    return nearly or _fits_no_more(line, following, width)


def _fits_no_more(line: Line, following: Line, width: int) -> bool:
    """Return whether the first word of the next line would exceed the width."""
    word = following.text.split(None, 1)[0]
    return line.width + 1 + len(word) > width


def _continues(line: Line, following: Line) -> bool:
    """Return whether a sentence goes on from a line to the next, by what is on either side."""
    if _HYPHEN.search(line.text):
        return True
    if _ENDS.search(line.text):
        return False
    last = line.text.rsplit(None, 1)[-1]
    return following.text[:1].islower() or last in BEFORE_ORDINAL or last.endswith(",")


def _may_follow(line: Line, following: Line, goes_on: bool) -> bool:
    """Return whether a line may continue another one, by its indentation and its start."""
    if following.indent > line.indent and not line.item:
        return False
    if _STAMP.match(following.text):
        return line.text.rsplit(None, 1)[-1] in _BEFORE_STAMP
    return goes_on or not _FIELD.match(following.text)


def _paragraph(text: str, lines: Sequence[Line]) -> Paragraph:
    if len(lines) == 1:
        return Paragraph(tuple(lines), lines[0].text)
    whole = Paragraph(tuple(lines), "")
    return Paragraph(whole.lines, "".join(part.text for part in fragments(text, whole)))


def _pairs(lines: Sequence[Line]) -> Iterable[tuple[Line, Line | None]]:
    return zip(lines, (*lines[1:], None), strict=True)


def _between(line: str, following: str) -> tuple[str, int]:
    """Return what joins two lines, and how many characters at the end of the first are dropped.

    A word that was hyphenated at the line end is joined (`Ge-`, `meinden`). A hyphen stays in
    `Ein-`, `und Ausfuhr`, in `Nord-`, `Ostsee` and after capitals and figures (`US-`).
    """
    hyphen = _HYPHEN.search(line)
    if not hyphen:
        return " ", 0
    if line[-1] == "\u00ad":
        return "", 1
    word = re.match(r"\w*", following)
    if word and word[0] in _ELLIPSIS:
        return " ", 0
    keeps = not following[:1].islower() or hyphen[1].isupper() or hyphen[1][-1:].isdigit()
    return "", 0 if keeps else 1
