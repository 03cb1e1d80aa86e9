"""Markdown: CommonMark, GFM, and the dialects of common site generators.

Translations are spliced into the source, which stays as it is outside of translated text.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from pipeline.articles.formats import html
from pipeline.articles.formats.base import DEFAULT_OPTIONS, FormatOptions
from pipeline.articles.formats.markdown import blocks, front_matter
from pipeline.articles.formats.markdown.catalog_text import number, tokenize
from pipeline.articles.formats.markdown.writing import encode
from pipeline.core import Block, paused_collection

__all__ = ["adapt", "encode", "number", "parse", "parse_with", "structure", "tokenize"]


def parse(text: str) -> tuple[Block, ...]:
    """Return the blocks of a Markdown text; raises FormatError if it is nested too deep."""
    return parse_with(text, DEFAULT_OPTIONS)


def parse_with(text: str, options: FormatOptions) -> tuple[Block, ...]:
    """Return the blocks of a Markdown text, with those of some keys of its front matter."""
    with paused_collection():
        return tuple(blocks.Document(text).blocks(options))


def adapt(text: str, language: str, links: Mapping[str, str]) -> Mapping[tuple[int, int], str]:
    """Return the link targets that change, and the language that front matter names."""
    changed: dict[tuple[int, int], str] = {}
    document = blocks.Document(text)
    for start, end in document.targets() if links else ():
        if text[start:end] in links:
            changed[start, end] = links[text[start:end]]
    for start, end in document.html_spans():
        for (low, high), new in html.adapt(text[start:end], language, links).items():
            changed[start + low, start + high] = new
    if language:
        for scalar in front_matter.language_values(text):
            changed[scalar.start, scalar.end] = _language_value(scalar, language)
    return changed


def _language_value(scalar: front_matter.Scalar, language: str) -> str:
    """Return a language as the value of front matter, with the separator of its source."""
    separator = "_" if "_" in scalar.value else "-"
    return front_matter.write(scalar.style, language.replace("_", separator))


def structure(text: str) -> Hashable:
    """Return what a translation must not change: blocks, elements, code, link targets."""
    with paused_collection():
        return blocks.structure(blocks.Document(text))
