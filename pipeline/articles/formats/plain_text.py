"""Plain text: every line that is not blank is a block, or a paragraph of wrapped lines.

The role of a block follows from its position and form: a title is repeated, a heading has no
full stop and text below it, boilerplate is short. Running text is boilerplate only below an
article, and only if it is about the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from pipeline.articles.formats import boilerplate, wrapped_lines
from pipeline.articles.formats.base import DEFAULT_OPTIONS, FormatOptions
from pipeline.articles.formats.wrapped_lines import Line, Paragraph
from pipeline.core import Block, BlockKind, count_line_breaks, split_lines
from pipeline.lang.german.abbreviations import AFTER_ORDINAL, MONTHS

__all__ = ["list_marker"]

# Class: list markers. Word processors store bullets of the fonts Symbol and Wingdings as private
# characters (U+F000 to U+F0FF), or as the letters "o", "§", "Ø", "ü" before a tab.
_BULLET = re.compile(
    "(?:[•‣◦●○▪▫■□►▶▸▹→⇒➔➢➤❖◆◇·∙⁃✓✔✗✘☐☑☒\uf000-\uf0ff]\\s*"
    "|[-–—‒*+]\\s+|[o§Øüvq](?:\\t|[ \\xa0]{2,})\\s*)(?=\\S)"
)
_NUMBER = re.compile(
    r"(?:\(?(\d{1,3})\.?\)|(\d{1,3})\.|\(?(?:[a-z]{1,2}|[ivx]{1,4}|[IVX]{1,4})\.?\))\s+(?=\S)"
)
# Class: signs that are no bullets. "- 5 Grad" is below zero, "* 3.5.1950" the day of a birth.
_SIGN = re.compile(
    r"[-–—‒+]\s*\d+(?:[.,]\d+)?\s?(?:°|%|€|Grad\b|Prozent|Punkte?\b|Euro\b)"
    r"|\*\s*(?:(?:um )?\d{1,2}\.|\d{4}\b)"
)
_QUOTED = re.compile(r"(?:>[ \t]?)+(?=[^>\s])")
_WORD = re.compile(r"[^\W\d_]+")
# A full stop, with closing quotes and brackets or an agency: "… sagte er. (dpa)".
_ENDS = re.compile(r"[.!?…:][\"“”»«’‘')\]]*(?:\s\([^()]{2,20}\))?$")
_STAMP = re.compile(r"\d{1,2}[:.]\d\d\b")
_INNER_END = re.compile(r"[.!?…] [A-ZÄÖÜ]")

# Longest title, and longest heading or line of boilerplate, in characters.
_MAX_TITLE, _MAX_HEADING = 220, 110
# Longest label before a colon, in characters.
_MAX_LABEL = 40
# Longest line of verse or an address, in characters.
_MAX_VERSE = 60
# Lines at the top of a page that are searched for titles, bylines and captions.
_HEAD_LINES = 24


def parse(text: str) -> tuple[Block, ...]:
    """Return a block for each line or wrapped paragraph, without list markers and white space."""
    return parse_with(text, DEFAULT_OPTIONS)


def parse_with(text: str, options: FormatOptions) -> tuple[Block, ...]:
    """Return the blocks as `parse` does; `options.lines` says which lines are joined."""
    paragraphs = wrapped_lines.join_lines(text, _lines(text), options.lines)
    kinds = _kinds(paragraphs)
    return tuple(_block(text, one, kind) for one, kind in zip(paragraphs, kinds, strict=True))


def _block(text: str, paragraph: Paragraph, kind: BlockKind) -> Block:
    first = paragraph.first
    if len(paragraph.lines) == 1:
        return Block(kind, first.start, first.end, first.number)
    return Block(
        kind,
        first.start,
        paragraph.end,
        first.number,
        fragments=wrapped_lines.fragments(text, paragraph),
        layout=wrapped_lines.layout(text, paragraph),
    )


def list_marker(text: str, start: int) -> str:
    """Return the list marker and its space before `start`, or an empty string."""
    before = text[max(0, start - 12) : start]
    match = re.search(r"(?:^|[\s\ufeff])(\S{1,5}\s*)$", before)
    marker = match[1] if match else ""
    return marker if _BULLET.match(marker + "x") or _NUMBER.match(marker + "x") else ""


def _lines(text: str) -> list[Line]:
    """Find the lines that are not blank, and separate their list markers."""
    rows: list[tuple[int, int, int]] = []
    number, counted = 1, 0
    for start, end in split_lines(text):
        number += count_line_breaks(text, counted, start)
        counted = start
        rows.append((start, end, number))
    quotes = _quote_marks(text, rows)
    starts = [start + len(quote) for (start, _, _), quote in zip(rows, quotes, strict=True)]
    openings = [text[at : min(row[1], at + 40)] for at, row in zip(starts, rows, strict=True)]
    ordinals = [_ordinal(opening) for opening in openings]
    lines: list[Line] = []
    for index, (start, end, number) in enumerate(rows):
        blanks = _margin(text, start)
        width = _marker(openings[index], blanks > 0, ordinals, index)
        gap = index == 0 or number - rows[index - 1][2] > 1
        at, margin = starts[index] + width, blanks + len(quotes[index])
        item, quote = width > 0, quotes[index]
        lines.append(Line(text[at:end], at, end, number, margin + width, margin, item, gap, quote))
    return lines


def _quote_marks(text: str, rows: Sequence[tuple[int, int, int]]) -> list[str]:
    """Return the marks of quoted lines of e-mails ("> ") at the start of each line.

    A single line with such a mark is an arrow or a comparison.
    """
    found = [
        match[0] if text[start] == ">" and (match := _QUOTED.match(text, start, end)) else ""
        for start, end, _ in rows
    ]
    marks: list[str] = []
    for index, mark in enumerate(found):
        near = (other for other in (index - 1, index + 1) if 0 <= other < len(rows))
        alone = all(not found[at] or abs(rows[at][2] - rows[index][2]) > 1 for at in near)
        marks.append("" if alone else mark)
    return marks


def _margin(text: str, start: int) -> int:
    """Return how many blanks are before an offset in its line."""
    at = start
    while at and text[at - 1] in " \t\xa0":
        at -= 1
    return start - at


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
        is_sign = _SIGN.match(text) and not indented
        return bullet.end() if _WORD.search(text, bullet.end()) and not is_sign else 0
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


def _kinds(lines: Sequence[Paragraph]) -> list[BlockKind]:
    """Return the kind of each line; the most reliable rules come first."""
    bodies = [_is_body(line) for line in lines]
    stanzas = _stanzas(lines)
    text = [body or stanzas[i] or lines[i].first.item for i, body in enumerate(bodies)]
    last = max((index for index, is_text in enumerate(text) if is_text), default=-1)
    head = next((i for i, body in enumerate(bodies) if body and _long(lines[i])), len(lines))
    at = _title(lines, bodies)
    title = lines[at].text if at >= 0 else ""
    tail = _tail(lines, bodies)
    kinds: list[BlockKind] = []
    links = page = False
    for index, line in enumerate(lines):
        # Titles of other articles follow "Lesen Sie auch" until a blank line.
        links = boilerplate.precedes_links(line.text) or (
            links and not line.first.gap and not bodies[index]
        )
        if index >= tail or _is_label(lines, bodies, index) or (links and not bodies[index]):
            kind = BlockKind.BOILERPLATE
        elif line.first.item:
            kind = BlockKind.LIST_ITEM
        elif line.text == title or (index < _HEAD_LINES and _like_title(line, title)):
            kind = BlockKind.TITLE
        elif _is_byline(lines, index, index < max(head, 6), below_title=0 <= at < index < head):
            kind = BlockKind.BYLINE
        elif _is_caption(lines, index):
            kind = BlockKind.CAPTION
        elif bodies[index] or stanzas[index]:
            kind = BlockKind.PARAGRAPH
        elif (index < at and line.text.count(" ") < 2) or (index > last >= 0 and page):
            kind = BlockKind.BOILERPLATE
        else:
            kind = _short_kind(line, index < last, index < head)
        page = kind is BlockKind.BOILERPLATE and index > last
        kinds.append(kind)
    return kinds


def _short_kind(line: Paragraph, text_follows: bool, in_head: bool) -> BlockKind:
    """Return the kind of a line without a full stop; text follows a heading."""
    if len(line.text) > _MAX_HEADING or line.text.endswith((",", ";")) or _STAMP.match(line.text):
        return BlockKind.PARAGRAPH
    if not _WORD.search(line.text):
        return BlockKind.BOILERPLATE
    if text_follows and not boilerplate.is_dateline(line.text):
        return BlockKind.HEADING
    # A signature or closing formula has several words, a label of the page often one.
    return BlockKind.PARAGRAPH if in_head or " " in line.text else BlockKind.BOILERPLATE


def _stanzas(lines: Sequence[Paragraph]) -> list[bool]:
    """Return for each line whether it is one of verse, or of an address or signature.

    Class: several short lines without a blank line between, and no longer text among them.
    """
    found: list[bool] = []
    for run in _runs(lines):
        short = len(run) > 1 and not any(one.first.item or _is_part_of_page(one) for one in run)
        # A heading directly above its text, or one of two lines that ends a sentence, is none.
        whole = not any(_is_body(one) for one in run) if len(run) == 2 else True
        found += [short and whole and all(len(one.text) <= _MAX_VERSE for one in run)] * len(run)
    return found


def _runs(lines: Sequence[Paragraph]) -> list[list[Paragraph]]:
    runs: list[list[Paragraph]] = []
    for line in lines:
        if line.first.gap or not runs:
            runs.append([])
        runs[-1].append(line)
    return runs


def _is_part_of_page(line: Paragraph) -> bool:
    return boilerplate.is_boilerplate(line.text) or boilerplate.is_byline(line.text)


def _is_label(lines: Sequence[Paragraph], bodies: Sequence[bool], index: int) -> bool:
    """Return whether a line is a label of the page, and no text or heading of the article."""
    text = lines[index].text
    if not boilerplate.is_boilerplate(text):
        return False
    # "Mehr zum Thema sagte er nicht." is a sentence, "Mehr zum Thema: Der Hafen …" a link.
    if bodies[index] and _long(lines[index]) and ":" not in text[:_MAX_LABEL]:
        return boilerplate.is_about_page(text)
    above_text = index + 1 < len(lines) and bodies[index + 1] and _long(lines[index + 1])
    about_page = above_text and boilerplate.is_about_page(lines[index + 1].text)
    return not (above_text and not about_page and boilerplate.may_be_heading(text))


def _long(line: Paragraph) -> bool:
    return len(line.text) > 80


def _is_body(line: Paragraph) -> bool:
    """Return whether a line is running text: a sentence with a full stop."""
    text = line.text
    if boilerplate.is_consent(text):
        return False
    if len(text) > _MAX_TITLE:
        return True
    if not _ENDS.search(text[-30:]):
        return False
    words = text.count(" ") + 1
    return words > 5 if text.endswith((":", "?")) else words > 3


def _title(lines: Sequence[Paragraph], bodies: Sequence[bool]) -> int:
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
    return first if first >= 0 else _sentence_above_byline(lines, bodies)


def _sentence_above_byline(lines: Sequence[Paragraph], bodies: Sequence[bool]) -> int:
    """Return the index of a headline with a full stop: the first sentence, above a byline."""
    first = next((index for index, body in enumerate(bodies) if body), -1)
    following = first + 1
    if first < 0 or following >= len(lines) or len(lines[first].text) > _MAX_HEADING:
        return -1
    return first if boilerplate.is_byline(lines[following].text) else -1


def _may_be_title(line: Paragraph) -> bool:
    text = line.text
    if line.first.item or len(text) > _MAX_TITLE or text.endswith(("...", "…", ":", ",")):
        return False
    return (
        text.count(" ") > 1
        and not boilerplate.is_boilerplate(text)
        and not boilerplate.is_byline(text)
    )


def _adjacent_captions(lines: Sequence[Paragraph], index: int) -> bool:
    """Return whether a line occurs twice in a row below the top: a caption."""
    following = lines[index + 1] if index + 1 < len(lines) else None
    return index > 2 and following is not None and following.text == lines[index].text


def _like_title(line: Paragraph, title: str) -> bool:
    """Return whether a line repeats the title, with minor changes."""
    if line.text == title:
        return True
    if not title or not 20 < len(line.text) <= _MAX_TITLE:
        return False
    return SequenceMatcher(None, title, line.text, False).ratio() > 0.85


def _is_byline(lines: Sequence[Paragraph], index: int, in_head: bool, *, below_title: bool) -> bool:
    """Return whether a line is a byline, or a name next to one.

    Below the title, a blank line may be between them.
    """
    line = lines[index]
    if boilerplate.is_byline(line.text) or (in_head and boilerplate.is_dateline(line.text)):
        return True
    if not in_head or not boilerplate.is_name(line.text):
        return False
    above = index > 0 and (below_title or not line.first.gap)
    above = above and boilerplate.is_byline(lines[index - 1].text)
    below = index + 1 < len(lines) and (below_title or not lines[index + 1].first.gap)
    return above or (below and boilerplate.is_byline(lines[index + 1].text))


def _is_caption(lines: Sequence[Paragraph], index: int) -> bool:
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


def _tail(lines: Sequence[Paragraph], bodies: Sequence[bool]) -> int:
    """Return the index of the line that ends the article, else the number of lines.

    It is a label such as "Das könnte Ihnen auch gefallen". Running text below it is about the
    page: how to order a newsletter, or where a picture is from.
    """
    tail = len(lines)
    for index in range(len(lines) - 1, 0, -1):
        line = lines[index].text
        if boilerplate.is_end(line):
            tail = index
        if bodies[index] and _long(lines[index]) and not boilerplate.is_about_page(line):
            break
    return tail
