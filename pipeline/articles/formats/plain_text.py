"""Plain text as scraped news pages have it: every line that is not blank is a block.

What a block is to its reader follows from where it stands and how it looks: a title is
repeated, a heading has no full stop and text below it, furniture is short and belongs to
the page. The kind never changes what is translated, so a wrong guess does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.articles.formats import boilerplate
from pipeline.core.text import count_line_breaks, split_lines
from pipeline.core.types import Block, BlockKind
from pipeline.lang.german.abbreviations import AFTER_ORDINAL, MONTHS

_BULLET = re.compile(r"(?:[•‣◦●○▪▫■□►▶→·∙⁃✓✔]\s*|[-–—*+]\s+)(?=\S)")
_NUMBER = re.compile(r"(?:\(?(\d{1,3})\)|(\d{1,3})\.|\(?[a-z]\))\s+(?=\S)")
_WORD = re.compile(r"[^\W\d_]+")
# A full stop, with what closes after it, or an agency's name: "… sagte er. (dpa)".
_ENDS = re.compile(r"[.!?…:][\"“”»«’‘')\]]*(?:\s\([^()]{2,20}\))?$")
_INNER_END = re.compile(r"[.!?…] [A-ZÄÖÜ]")

# A title is no longer than this; nor are a heading, and a line of the page's furniture.
_TITLE, _HEADING = 220, 110
# The head of a page, in lines: where titles, bylines and captions are looked for.
_HEAD = 24


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without the blanks around it: its text starts at `start`, after a marker."""

    text: str
    start: int
    number: int
    item: bool
    gap: bool


def parse(text: str) -> tuple[Block, ...]:
    """Parse a text to its blocks, one a line; markers and blanks stay outside of them."""
    found = _lines(text)
    kinds = _kinds(found)
    return tuple(
        Block(kind, line.start, line.start + len(line.text), line.number)
        for line, kind in zip(found, kinds, strict=True)
    )


def marker(text: str, start: int) -> str:
    """Give the list marker with its blank that stands before `start`, or an empty string."""
    before = text[max(0, start - 12) : start]
    match = re.search(r"(?:^|[\s\ufeff])(\S{1,5}\s*)$", before)
    found = match[1] if match else ""
    return found if _BULLET.match(found + "x") or _NUMBER.match(found + "x") else ""


def _lines(text: str) -> list[_Line]:
    """Find the lines that are not blank, and take their list markers off."""
    rows: list[tuple[int, int, int]] = []
    number, counted = 1, 0
    for start, end in split_lines(text):
        number += count_line_breaks(text, counted, start)
        counted = start
        rows.append((start, end, number))
    ordinals = [_ordinal(text[start : min(end, start + 40)]) for start, end, _ in rows]
    found: list[_Line] = []
    for index, (start, end, number) in enumerate(rows):
        indented = text[start - 1 : start] in (" ", "\t", "\xa0")
        width = _marker(text[start : min(end, start + 40)], indented, ordinals, index)
        gap = index == 0 or number - rows[index - 1][2] > 1
        found.append(_Line(text[start + width : end], start + width, number, width > 0, gap))
    return found


def _ordinal(text: str) -> int:
    """Read the number a line begins with, if it may be a list's: "3. Text"; else 0."""
    match = _NUMBER.match(text)
    if not match or not match[2]:
        return 0
    word = _WORD.match(text, match.end())
    # "16. Mai", "75. Jahrestag" and "1. FC" begin with an ordinal.
    if word and (word[0] in MONTHS or word[0] in AFTER_ORDINAL):
        return 0
    return int(match[2])


def _marker(text: str, indented: bool, ordinals: Sequence[int], index: int) -> int:
    """Measure a list marker with the blanks after it; 0 where there is none.

    A number with a full stop counts only where the line is indented or a neighbour has the
    number before or after it.
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


def _kinds(found: Sequence[_Line]) -> list[BlockKind]:
    """Tell what each line is; rules that are surer come first."""
    bodies = [_is_body(line) for line in found]
    last = max((i for i, body in enumerate(bodies) if body or found[i].item), default=-1)
    head = next((i for i, body in enumerate(bodies) if body and _long(found[i])), len(found))
    at = _title(found, bodies)
    title = found[at].text if at >= 0 else ""
    tail = _tail(found, bodies)
    kinds: list[BlockKind] = []
    links = False
    for index, line in enumerate(found):
        # Below "Lesen Sie auch" stand titles of other articles, as long as no line is blank.
        links = boilerplate.leads_to_links(line.text) or (
            links and not line.gap and not bodies[index]
        )
        if index >= tail or boilerplate.is_boilerplate(line.text) or (links and not bodies[index]):
            kind = BlockKind.BOILERPLATE
        elif line.item:
            kind = BlockKind.LIST_ITEM
        elif line.text == title or (index < _HEAD and _like_title(line, title)):
            kind = BlockKind.TITLE
        elif _is_byline(found, index, index < max(head, 6)):
            kind = BlockKind.BYLINE
        elif _is_caption(found, index):
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
    """Tell what a line without a full stop is: a heading only where text follows it."""
    if len(line.text) > _HEADING or line.text.endswith((",", ";")):
        return BlockKind.PARAGRAPH
    if not _WORD.search(line.text):
        return BlockKind.BOILERPLATE
    if text_follows:
        return BlockKind.HEADING
    return BlockKind.PARAGRAPH if in_head else BlockKind.BOILERPLATE


def _long(line: _Line) -> bool:
    return len(line.text) > 80


def _is_body(line: _Line) -> bool:
    """Tell whether a line is running text: a sentence with its full stop."""
    text = line.text
    if len(text) > _TITLE:
        return True
    if not _ENDS.search(text[-30:]):
        return False
    words = text.count(" ") + 1
    return words > 5 if text.endswith((":", "?")) else words > 3


def _title(found: Sequence[_Line], bodies: Sequence[bool]) -> int:
    """Find the title's line: one that is repeated, else the first that looks like one.

    Gives -1 where the article begins without a title.
    """
    head = found[:_HEAD]
    texts = [line.text for line in head]
    first = -1
    for index, line in enumerate(head):
        repeated = texts.count(line.text) > 1 and not _adjacent_captions(found, index)
        if _may_be_title(line):
            plain = not _ENDS.search(line.text[-30:]) or line.text.endswith(("?", "!"))
            # A headline may be a whole sentence, but then nothing like one stands above it.
            if repeated and (plain or first < 0):
                return index
            if plain and first < 0 and len(found) > 1:
                first = index
        if bodies[index] and _long(line) and not repeated:
            break
    return first


def _may_be_title(line: _Line) -> bool:
    text = line.text
    if line.item or len(text) > _TITLE or text.endswith(("...", "…", ":", ",")):
        return False
    return (
        text.count(" ") > 1
        and not boilerplate.is_boilerplate(text)
        and not boilerplate.is_byline(text)
    )


def _adjacent_captions(found: Sequence[_Line], index: int) -> bool:
    """Tell whether a line stands twice without a gap below the top: a picture's caption."""
    following = found[index + 1] if index + 1 < len(found) else None
    return index > 2 and following is not None and following.text == found[index].text


def _like_title(line: _Line, title: str) -> bool:
    """Tell whether a line is the title once more, slightly changed."""
    if line.text == title:
        return True
    if not title or not 20 < len(line.text) <= _TITLE:
        return False
    return SequenceMatcher(None, title, line.text, False).ratio() > 0.85


def _is_byline(found: Sequence[_Line], index: int, in_head: bool) -> bool:
    """Tell whether a line names author, date or reading time, or stands between such."""
    line = found[index]
    if boilerplate.is_byline(line.text):
        return True
    if not in_head or not boilerplate.is_name(line.text):
        return False
    above = index > 0 and not line.gap and boilerplate.is_byline(found[index - 1].text)
    below = index + 1 < len(found) and not found[index + 1].gap
    return above or (below and boilerplate.is_byline(found[index + 1].text))


def _is_caption(found: Sequence[_Line], index: int) -> bool:
    """Tell whether a line belongs to a picture: it has a credit, or is there twice.

    Pages give a caption twice, the first time cut off ("… an einer...").
    """
    line = found[index]
    if boilerplate.is_credit(line.text):
        return True
    above = found[index - 1].text if index else ""
    below = found[index + 1].text if index + 1 < len(found) else ""
    return _is_cut(line.text, below) or _is_cut(above, line.text)


def _is_cut(short: str, full: str) -> bool:
    """Tell whether `short` is `full`, or the beginning of it with an ellipsis."""
    if not 20 < len(short) <= 400 or len(full) > 1000:
        return False
    stem = short.rstrip(".… ")
    if short == full:
        # Running text that is there twice, by whatever mistake, has several sentences.
        return not _INNER_END.search(short)
    return short.endswith(("...", "…")) and len(full) > len(stem) and full.startswith(stem)


def _tail(found: Sequence[_Line], bodies: Sequence[bool]) -> int:
    """Find where the article ends and the page goes on; the number of lines if it does not.

    That is a label such as "Das könnte Ihnen auch gefallen" with little text after it.
    """
    follow = 0
    tail = len(found)
    for index in range(len(found) - 1, -1, -1):
        if boilerplate.is_end(found[index].text) and follow <= 2 and index > 0:
            tail = index
        follow += bodies[index] and _long(found[index])
        if follow > 2:
            break
    return tail
