"""Article formats by file suffix; each parses a text into blocks."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from pipeline.articles.formats.base import (
    BREAK,
    CONTENT_MODES,
    DEFAULT_OPTIONS,
    LINE_MODES,
    CatalogToken,
    CatalogTokenizer,
    ConfigurableFormat,
    EncodingFormat,
    Format,
    FormatError,
    FormatOptions,
    MarkupError,
    MarkupFormat,
    RenderSite,
)
from pipeline.core import ArticleError, Block, PluginError, plugins

__all__ = [
    "BREAK",
    "CONTENT_MODES",
    "DEFAULT_OPTIONS",
    "FORMATS",
    "LINE_MODES",
    "CatalogToken",
    "CatalogTokenizer",
    "ConfigurableFormat",
    "EncodingFormat",
    "Format",
    "FormatError",
    "FormatOptions",
    "MarkupError",
    "MarkupFormat",
    "RenderSite",
    "declared_encoding",
    "find_markup_format",
    "is_supported",
    "load_format",
    "load_markup_format",
    "parse",
    "suffixes",
]

FORMATS: Mapping[str, str] = {
    ".txt": "pipeline.articles.formats.plain_text",
    ".md": "pipeline.articles.formats.markdown",
    ".markdown": "pipeline.articles.formats.markdown",
    ".html": "pipeline.articles.formats.html",
    ".htm": "pipeline.articles.formats.html",
}
"""Built-in formats by suffix, as the module that an entry point would name."""


def is_supported(suffix: str) -> bool:
    """Return whether a format or plug-in reads files with a suffix (`.txt`)."""
    return suffix in FORMATS or (bool(suffix) and suffix in _plugin_suffixes())


def suffixes() -> tuple[str, ...]:
    """Return all suffixes of articles, the built-in ones first."""
    return (*FORMATS, *_plugin_suffixes())


def load_format(suffix: str) -> Format:
    """Import the format for a suffix.

    Raises ArticleError if there is none, PluginError for a plug-in that cannot be used.
    """
    if not is_supported(suffix):
        names = ", ".join(suffixes())
        raise ArticleError(
            f"no format for {suffix or 'a file without suffix'}",
            f"Convert it to one of {names}, or install a plug-in for it.",
        )
    if suffix in FORMATS:
        return cast(Format, import_module(FORMATS[suffix]))
    found = plugins.load(plugins.FORMATS, suffix.removeprefix("."))
    if not isinstance(found, Format):
        raise PluginError(
            f"the format {suffix} has no function parse(text)",
            "Update the package that provides it, or uninstall it.",
        )
    return found


def load_markup_format(suffix: str) -> MarkupFormat:
    """Import a format whose blocks have fragments.

    Raises as `load_format`, and PluginError if the format lacks functions.
    """
    found = load_format(suffix)
    if not isinstance(found, MarkupFormat):
        raise PluginError(
            f"the format {suffix} returns fragments, but lacks functions of a format with markup",
            "Update the package that provides it, or uninstall it.",
        )
    return found


def find_markup_format(suffix: str) -> MarkupFormat | None:
    """Return the format for a suffix if it has inline markup, else None.

    Raises PluginError for a plug-in that cannot be used.
    """
    if not is_supported(suffix):
        return None
    found = load_format(suffix)
    return found if isinstance(found, MarkupFormat) else None


def parse(text: str, suffix: str, options: FormatOptions = DEFAULT_OPTIONS) -> tuple[Block, ...]:
    """Parse the text of an article into its blocks, in order.

    Raises as `load_format`, and FormatError for a text that the format cannot read.
    """
    found = load_format(suffix)
    if isinstance(found, ConfigurableFormat):
        return found.parse_with(text, options)
    return found.parse(text)


def declared_encoding(data: bytes, suffix: str) -> str:
    """Return the encoding that the file of an article declares, or an empty string.

    Raises as `load_format`, and ValueError for a declaration that cannot be followed.
    """
    found = load_format(suffix)
    return found.declared_encoding(data) if isinstance(found, EncodingFormat) else ""


def _plugin_suffixes() -> tuple[str, ...]:
    return tuple(f".{name}" for name in plugins.names(plugins.FORMATS))
