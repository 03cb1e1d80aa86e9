"""What translations of a page must not change."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from pipeline.articles.formats.html.parser import UNQUOTED, parse_page
from pipeline.core import Block

__all__ = ["structure"]


def structure(text: str) -> Hashable:
    """Return all of a page except its texts; the order of tags within a block does not count.

    That are the source around the blocks, and for each block its kind and its tags. A block
    in an attribute of a tag is a part of that tag.
    """
    reader = _Reader(text, parse_page(text).blocks)
    return tuple(reader.read(0, len(text)))


class _Reader:
    def __init__(self, text: str, blocks: Sequence[Block]) -> None:
        self._text, self._blocks = text, blocks
        self._next = 0

    def read(self, start: int, end: int) -> list[Hashable]:
        """Return the source of a span with its blocks replaced by their structure."""
        parts: list[Hashable] = []
        at, quote = start, ""
        while self._next < len(self._blocks) and self._blocks[self._next].start < end:
            block = self._blocks[self._next]
            self._next += 1
            before = quote + self._text[at : block.start]
            quote = '"' if block.layout and block.layout.context == UNQUOTED else ""
            parts += (before + quote, self._block(block))
            at = block.end
        parts.append(quote + self._text[at:end])
        return parts

    def _block(self, block: Block) -> Hashable:
        tags = [
            tuple(self.read(one.start, one.end))
            for one in block.fragments
            if one.markup is not None
        ]
        context = block.layout.context if block.layout else ""
        if context == UNQUOTED:
            context = '"'  # as it is written
        return block.kind, context, tuple(sorted(tags, key=repr))
