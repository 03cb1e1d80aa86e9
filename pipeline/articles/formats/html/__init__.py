"""HTML pages and fragments.

The parser finds the texts of a page by their places in its source; translations replace them
there, so that every other byte stays. A catalog shows tags by short names without attributes.
"""

from __future__ import annotations

from pipeline.articles.formats.base import DEFAULT_OPTIONS, FormatOptions
from pipeline.articles.formats.html.catalog_tags import number, tokenize
from pipeline.articles.formats.html.encoding import declared_encoding
from pipeline.articles.formats.html.localization import adapt
from pipeline.articles.formats.html.main_content import select_blocks
from pipeline.articles.formats.html.parser import parse_page
from pipeline.articles.formats.html.structure import structure
from pipeline.articles.formats.html.writer import encode
from pipeline.core import Block

__all__ = [
    "adapt",
    "declared_encoding",
    "encode",
    "number",
    "parse",
    "parse_with",
    "structure",
    "tokenize",
]


def parse(text: str) -> tuple[Block, ...]:
    """Return the blocks of a whole page, or of a fragment."""
    return parse_with(text, DEFAULT_OPTIONS)


def parse_with(text: str, options: FormatOptions) -> tuple[Block, ...]:
    """Return the blocks of a page that `options.content` selects; raises FormatError."""
    return tuple(select_blocks(parse_page(text), text, options.content))
