"""Filling of lines: the translation of a wrapped paragraph gets the width of its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.core import Article, Block, Layout, Segment

_LINE_END = re.compile(r"[\r\n]")
# Plain spaces and line breaks; no-break spaces hold a word and a number together.
_REACH = 200
_SPACE = re.compile(r"[ \t\r\n]+")


def fill_lines(article: Article, block: Block, pairs: Sequence[tuple[Segment, str]]) -> str:
    """Return the lines of a wrapped block with some of its segments translated.

    The block must have fragments, and a layout with the width of its lines.
    """
    if block.layout is None:
        raise ValueError(f"the block in line {block.line} has no layout")
    parts: list[str] = []
    at = block.start
    for segment, text in sorted(pairs, key=lambda pair: pair[0].start):
        parts += (_plain_text(block, at, segment.start), text)
        at = segment.end
    parts.append(_plain_text(block, at, block.end))
    column = block.start - _line_start(article.text, block.start)
    words = [word for word in _SPACE.split("".join(parts)) if word]
    return _fill(words, column, block.layout)


def _fill(words: Iterable[str], column: int, layout: Layout) -> str:
    """Fill lines with words, from a column of the first line on; a long word has its own line."""
    indent = len(_LINE_END.sub("", layout.line_break))
    written: list[str] = []
    for word in words:
        if written and column + 1 + len(word) > layout.width:
            written.append(layout.line_break)
            column = indent
        elif written:
            written.append(" ")
            column += 1
        written.append(word)
        column += len(word)
    return "".join(written)


def _plain_text(block: Block, start: int, end: int) -> str:
    """Return the text of a span of the article as catalogs have it, without line breaks."""
    parts = []
    for fragment in block.fragments:
        first, last = max(start, fragment.start), min(end, fragment.end)
        if first < last:
            whole = len(fragment.text) != fragment.end - fragment.start
            parts.append(
                fragment.text
                if whole
                else fragment.text[first - fragment.start : last - fragment.start]
            )
    return "".join(parts)


def _line_start(text: str, at: int) -> int:
    """Return the start of the line at an offset, at most `_REACH` before it."""
    low = max(0, at - _REACH)
    return max(text.rfind("\n", low, at), text.rfind("\r", low, at), low - 1) + 1
