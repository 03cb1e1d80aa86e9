"""The main content of a page: by its elements, or by the statistics of trafilatura."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from pipeline.articles.formats.base import FormatError
from pipeline.articles.formats.html.parser import HtmlPage, Region
from pipeline.core import Block, BlockKind

__all__ = ["select_blocks"]

_SPACE = re.compile(r"\s+")
# Text of the article that is not in its main element.
_HEAD = (BlockKind.TITLE, BlockKind.METADATA)


def select_blocks(page: HtmlPage, text: str, content: str) -> list[Block]:
    """Return the blocks of a page that `content` selects: `page`, `main` or `auto`.

    The title and the description of a page belong to its main content. Raises FormatError if
    there is no main content, or if `auto` lacks its package.
    """
    if content == "page":
        return page.blocks
    if content == "main":
        return _in_main_element(page)
    return _by_statistics(page, text)


def _in_main_element(page: HtmlPage) -> list[Block]:
    region = _main_region(page)
    if region is None:
        raise FormatError(
            'no main content: the page has no <main>, <article> or itemprop="articleBody"',
            'Set content = "page" for the whole page, or content = "auto".',
        )
    head = _head_end(page)
    return [
        one
        for one in page.blocks
        if region.start <= one.start < region.end or (one.start < head and one.kind in _HEAD)
    ]


def _main_region(page: HtmlPage) -> Region | None:
    """Return the article with the most text; `main` if it has much more than that."""
    sizes = {one: _text_size(page, one) for one in page.regions}
    by_size = sorted(page.regions, key=lambda one: sizes[one], reverse=True)
    mains = [one for one in by_size if one.name == "main"]
    others = [one for one in by_size if one.name == "article"] or [
        one for one in by_size if one.name == "articleBody"
    ]
    if mains and (not others or sizes[others[0]] * 2 < sizes[mains[0]]):
        return mains[0]
    return others[0] if others else None


def _text_size(page: HtmlPage, region: Region) -> int:
    inside = (one for one in page.blocks if region.start <= one.start < region.end)
    return sum(one.end - one.start for one in inside)


def _head_end(page: HtmlPage) -> int:
    return min((one.start for one in page.regions), default=0)


def _by_statistics(page: HtmlPage, text: str) -> list[Block]:
    extracted = _extract(text)
    if not extracted:
        raise FormatError(
            "trafilatura finds no main content in the page",
            'Set content = "page" for the whole page, or content = "main".',
        )
    lines = [_SPACE.sub(" ", line).strip() for line in extracted.splitlines()]
    known = set(lines)
    whole = "\n".join(lines)
    return [one for one in page.blocks if _is_selected(one, text, known, whole)]


def _is_selected(block: Block, text: str, lines: set[str], whole: str) -> bool:
    if block.kind in _HEAD:
        return True
    shown = _plain(block, text)
    return shown in lines or (len(shown) > 20 and shown in whole)


def _plain(block: Block, text: str) -> str:
    parts: Sequence[str] = [text[block.start : block.end]]
    if block.fragments:
        parts = [one.text for one in block.fragments if one.markup is None]
    return _SPACE.sub(" ", "".join(parts)).strip()


def _extract(text: str) -> str:
    try:
        trafilatura: Any = import_module("trafilatura")
    except ImportError as error:
        raise FormatError(
            'content = "auto" needs trafilatura',
            "Install it: pip install 'translate-pipeline[content]', or set content = \"main\".",
        ) from error
    found = trafilatura.extract(text, include_comments=False, include_tables=True)
    return str(found or "")
