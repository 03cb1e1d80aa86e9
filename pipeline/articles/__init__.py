"""Articles: formats, segmentation into sentences, byte-exact rendering."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pipeline.articles.discovery import ArticleFolder, scan_folder
    from pipeline.articles.file import decode_article, read_article
    from pipeline.articles.formats import (
        CONTENT_MODES,
        FORMATS,
        LINE_MODES,
        CatalogToken,
        Format,
        FormatError,
        FormatOptions,
        MarkupError,
        MarkupFormat,
        RenderSite,
        find_markup_format,
        is_supported,
        parse,
        suffixes,
    )
    from pipeline.articles.inline import markup_problems
    from pipeline.articles.link_targets import load_link_targets
    from pipeline.articles.rendering import RenderedArticle, render_article, splice
    from pipeline.articles.segmentation import segment_article

__all__ = [
    "CONTENT_MODES",
    "FORMATS",
    "LINE_MODES",
    "ArticleFolder",
    "CatalogToken",
    "Format",
    "FormatError",
    "FormatOptions",
    "MarkupError",
    "MarkupFormat",
    "RenderSite",
    "RenderedArticle",
    "decode_article",
    "find_markup_format",
    "is_supported",
    "load_link_targets",
    "markup_problems",
    "parse",
    "read_article",
    "render_article",
    "scan_folder",
    "segment_article",
    "splice",
    "suffixes",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(
        __name__,
        {
            "discovery": ("ArticleFolder", "scan_folder"),
            "file": ("decode_article", "read_article"),
            "formats": (
                "CONTENT_MODES",
                "FORMATS",
                "LINE_MODES",
                "CatalogToken",
                "Format",
                "FormatError",
                "FormatOptions",
                "MarkupError",
                "MarkupFormat",
                "RenderSite",
                "find_markup_format",
                "is_supported",
                "parse",
                "suffixes",
            ),
            "link_targets": ("load_link_targets",),
            "inline": ("markup_problems",),
            "rendering": ("RenderedArticle", "render_article", "splice"),
            "segmentation": ("segment_article",),
        },
    )
