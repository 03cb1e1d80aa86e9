"""What translations of a page must not change."""

from __future__ import annotations

from collections.abc import Hashable
from operator import itemgetter

from pipeline.articles.formats.html.parser import UNQUOTED, HtmlPage, parse_page
from pipeline.core import Block, Fragment

__all__ = ["structure"]


def structure(text: str) -> Hashable:
    """Return all of a page except its texts; the order of tags in a run does not count.

    That are the source around the runs of text, and the tags of each run. Texts in attributes
    and scripts are excluded from the source around them.
    """
    return tuple(_Reader(text, parse_page(text)).read(0, len(text)))


class _Reader:
    def __init__(self, text: str, page: HtmlPage) -> None:
        self._text = text
        found: list[tuple[int, int, tuple[Fragment, ...] | Block]] = [
            (run[0].start, run[-1].end, run) for run in page.runs
        ]
        # All other blocks are in runs.
        found += [(one.start, one.end, one) for one in page.blocks if _is_value(one)]
        self._found = sorted(found, key=itemgetter(0))
        self._next = 0

    def read(self, start: int, end: int) -> list[Hashable]:
        """Return the source of a span with the texts in it replaced by their structure."""
        parts: list[Hashable] = []
        at, quote = start, ""
        while self._next < len(self._found) and self._found[self._next][0] < end:
            first, last, one = self._found[self._next]
            self._next += 1
            before = quote + self._text[at:first]
            quote = ""
            if isinstance(one, Block):
                is_unquoted = one.layout is not None and one.layout.context == UNQUOTED
                quote = '"' if is_unquoted else ""  # as it is written
                parts.append(before + quote)
            else:
                parts += (before, self._tags(one))
            at = last
        parts.append(quote + self._text[at:end])
        return parts

    def _tags(self, run: tuple[Fragment, ...]) -> Hashable:
        tags = [tuple(self.read(one.start, one.end)) for one in run if one.markup is not None]
        return tuple(sorted(tags, key=repr))


def _is_value(block: Block) -> bool:
    """Return whether a block is the value of an attribute, or in a script."""
    return block.layout is not None and bool(block.layout.context)
