"""Plain text of scraped news pages: every line that is not blank is a block.

The role of a block follows from its position and form: a title is repeated, a heading has no
full stop and text below it, boilerplate is short. The role does not affect what is
translated, so a wrong guess is harmless.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.articles.formats import boilerplate
from pipeline.core import Block, BlockKind, count_line_breaks, split_lines
from pipeline.lang.german.abbreviations import AFTER_ORDINAL, MONTHS

__all__ = ["list_marker"]

_BULLET = re.compile(r"(?:[•‣◦●○▪▫■□►▶→·∙⁃✓✔]\s*|[-–—*+]\s+)(?=\S)")
_NUMBER = re.compile(r"(?:\(?(\d{1,3})\)|(\d{1,3})\.|\(?[a-z]\))\s+(?=\S)")
_WORD = re.compile(r"[^\W\d_]+")
# A full stop, with closing quotes and brackets or an agency: "… sagte er. (dpa)".
_ENDS = re.compile(r"[.!?…:][\"“”»«’‘')\]]*(?:\s\([^()]{2,20}\))?$")
_INNER_END = re.compile(r"[.!?…] [A-ZÄÖÜ]")

# Longest title, and longest heading or line of boilerplate, in characters.
_MAX_TITLE, _MAX_HEADING = 220, 110
# Lines at the top of a page that are searched for titles, bylines and captions.
_HEAD_LINES = 24


@dataclass(frozen=True, slots=True)
class _Line:
    """A trimmed line; its text starts at `start`, after the list marker."""

    text: str
    start: int
    number: int
    item: bool
    gap: bool


def parse(text: str) -> tuple[Block, ...]:
    """Return a block for each line, without list markers and white space."""
    lines = _lines(text)
    kinds = _kinds(lines)
    return tuple(
        Block(kind, line.start, line.start + len(line.text), line.number)
        for line, kind in zip(lines, kinds, strict=True)
    )


def list_marker(text: str, start: int) -> str:
    """Return the list marker and its space before `start`, or an empty string."""
    before = text[max(0, start - 12) : start]
    match = re.search(r"(?:^|[\s\ufeff])(\S{1,5}\s*)$", before)
    marker = match[1] if match else ""
    return marker if _BULLET.match(marker + "x") or _NUMBER.match(marker + "x") else ""


def _lines(text: str) -> list[_Line]:
    """Find the lines that are not blank, and separate their list markers."""
    rows: list[tuple[int, int, int]] = []
    number, counted = 1, 0
    for start, end in split_lines(text):
        number += count_line_breaks(text, counted, start)
        counted = start
        rows.append((start, end, number))
    ordinals = [_ordinal(text[start : min(end, start + 40)]) for start, end, _ in rows]
    lines: list[_Line] = []
    for index, (start, end, number) in enumerate(rows):
        indented = text[start - 1 : start] in (" ", "\t", "\xa0")
        width = _marker(text[start : min(end, start + 40)], indented, ordinals, index)
        gap = index == 0 or number - rows[index - 1][2] > 1
        lines.append(_Line(text[start + width : end], start + width, number, width > 0, gap))
    return lines


def _ordinal(text: str) -> int:
    """Return the number that starts a line if it may number an item, else 0."""
    match = _NUMBER.match(text)
    if not match or not match[2]:
        return 0
    word = _WORD.match(text, match.end())
    # "16. Mai", "75. Jahrestag" and "1. FC" start with an ordinal.
    if word and (word[0] in MONTHS or word[0] in AFTER_ORDINAL):
        return 0
    return int(match[2])


def _marker(text: str, indented: bool, ordinals: Sequence[int], index: int) -> int:
    """Return the length of the list marker with the white space after it, or 0.

    A number with a full stop counts only if the line is indented or a neighbouring line has
    the previous or next number.
    """
    bullet = _BULLET.match(text)
    if bullet:
        return bullet.end() if _WORD.search(text, bullet.end()) else 0
    match = _NUMBER.match(text)
    if not match or not _WORD.search(text, match.end()):
        return 0
    own = ordinals[index]
    if not match[2]:
        return match.end()
    if own and indented:
        return match.end()
    near = [n for n in ordinals[max(0, index - 3) : index + 4] if n]
    before = near and own - 1 in [n for n in ordinals[max(0, index - 3) : index] if n]
    after = own + 1 in ordinals[index + 1 : index + 4]
    return match.end() if own and (before or after) else 0


def _kinds(lines: Sequence[_Line]) -> list[BlockKind]:
    """Return the kind of each line; the most reliable rules come first."""
    bodies = [_is_body(line) for line in lines]
    last = max((i for i, body in enumerate(bodies) if body or lines[i].item), default=-1)
    head = next((i for i, body in enumerate(bodies) if body and _long(lines[i])), len(lines))
    at = _title(lines, bodies)
    title = lines[at].text if at >= 0 else ""
    tail = _tail(lines, bodies)
    kinds: list[BlockKind] = []
    links = False
    for index, line in enumerate(lines):
        # Titles of other articles follow "Lesen Sie auch" until a blank line.
        links = boilerplate.precedes_links(line.text) or (
            links and not line.gap and not bodies[index]
        )
        if index >= tail or boilerplate.is_boilerplate(line.text) or (links and not bodies[index]):
            kind = BlockKind.BOILERPLATE
        elif line.item:
            kind = BlockKind.LIST_ITEM
        elif line.text == title or (index < _HEAD_LINES and _like_title(line, title)):
            kind = BlockKind.TITLE
        elif _is_byline(lines, index, index < max(head, 6)):
            kind = BlockKind.BYLINE
        elif _is_caption(lines, index):
            kind = BlockKind.CAPTION
        elif bodies[index]:
            kind = BlockKind.PARAGRAPH
        elif index < at and line.text.count(" ") < 2:
            kind = BlockKind.BOILERPLATE
        else:
            kind = _short_kind(line, index < last, index < head)
        kinds.append(kind)
    return kinds


def _short_kind(line: _Line, text_follows: bool, in_head: bool) -> BlockKind:
    """Return the kind of a line without a full stop; text follows a heading."""
    if len(line.text) > _MAX_HEADING or line.text.endswith((",", ";")):
        return BlockKind.PARAGRAPH
    if not _WORD.search(line.text):
        return BlockKind.BOILERPLATE
    if text_follows:
        return BlockKind.HEADING
    return BlockKind.PARAGRAPH if in_head else BlockKind.BOILERPLATE


def _long(line: _Line) -> bool:
    return len(line.text) > 80


def _is_body(line: _Line) -> bool:
    """Return whether a line is running text: a sentence with a full stop."""
    text = line.text
    if len(text) > _MAX_TITLE:
        return True
    if not _ENDS.search(text[-30:]):
        return False
    words = text.count(" ") + 1
    return words > 5 if text.endswith((":", "?")) else words > 3


def _title(lines: Sequence[_Line], bodies: Sequence[bool]) -> int:
    """Return the index of the title: a repeated line, else the first that may be one.

    Returns -1 if the article has no title.
    """
    head = lines[:_HEAD_LINES]
    texts = [line.text for line in head]
    first = -1
    for index, line in enumerate(head):
        repeated = texts.count(line.text) > 1 and not _adjacent_captions(lines, index)
        if _may_be_title(line):
            plain = not _ENDS.search(line.text[-30:]) or line.text.endswith(("?", "!"))
            # A headline may be a whole sentence if no other candidate is above it.
            if repeated and (plain or first < 0):
                return index
            if plain and first < 0 and len(lines) > 1:
                first = index
        if bodies[index] and _long(line) and not repeated:
            break
    return first


def _may_be_title(line: _Line) -> bool:
    text = line.text
    if line.item or len(text) > _MAX_TITLE or text.endswith(("...", "…", ":", ",")):
        return False
    return (
        text.count(" ") > 1
        and not boilerplate.is_boilerplate(text)
        and not boilerplate.is_byline(text)
    )


def _adjacent_captions(lines: Sequence[_Line], index: int) -> bool:
    """Return whether a line occurs twice in a row below the top: a caption."""
    following = lines[index + 1] if index + 1 < len(lines) else None
    return index > 2 and following is not None and following.text == lines[index].text


def _like_title(line: _Line, title: str) -> bool:
    """Return whether a line repeats the title, with minor changes."""
    if line.text == title:
        return True
    if not title or not 20 < len(line.text) <= _MAX_TITLE:
        return False
    return SequenceMatcher(None, title, line.text, False).ratio() > 0.85


def _is_byline(lines: Sequence[_Line], index: int, in_head: bool) -> bool:
    """Return whether a line is a byline, or a name next to one."""
    line = lines[index]
    if boilerplate.is_byline(line.text):
        return True
    if not in_head or not boilerplate.is_name(line.text):
        return False
    above = index > 0 and not line.gap and boilerplate.is_byline(lines[index - 1].text)
    below = index + 1 < len(lines) and not lines[index + 1].gap
    return above or (below and boilerplate.is_byline(lines[index + 1].text))


def _is_caption(lines: Sequence[_Line], index: int) -> bool:
    """Return whether a line is a caption: it has a credit, or occurs twice.

    Pages repeat captions, first truncated ("… an einer...").
    """
    line = lines[index]
    if boilerplate.is_credit(line.text):
        return True
    above = lines[index - 1].text if index else ""
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    return _is_cut(line.text, below) or _is_cut(above, line.text)


def _is_cut(short: str, full: str) -> bool:
    """Return whether `short` equals `full` or is its start with an ellipsis."""
    if not 20 < len(short) <= 400 or len(full) > 1000:
        return False
    stem = short.rstrip(".… ")
    if short == full:
        # Running text that is repeated by mistake has several sentences.
        return not _INNER_END.search(short)
    return short.endswith(("...", "…")) and len(full) > len(stem) and full.startswith(stem)


def _tail(lines: Sequence[_Line], bodies: Sequence[bool]) -> int:
    """Return the index of the line that ends the article, else the number of lines.

    It is a label such as "Das könnte Ihnen auch gefallen" with little text after it.
    """
    follow = 0
    tail = len(lines)
    for index in range(len(lines) - 1, -1, -1):
        if boilerplate.is_end(lines[index].text) and follow <= 2 and index > 0:
            tail = index
        follow += bodies[index] and _long(lines[index])
        if follow > 2:
            break
    return tail
