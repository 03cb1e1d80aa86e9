"""Articles: formats, segmentation into sentences, byte-exact rendering."""

from pipeline.articles.discovery import find_articles
from pipeline.articles.file import decode_article, read_article, render_article
from pipeline.articles.formats import FORMATS, Format, is_supported, parse, suffixes
from pipeline.articles.segmentation import segment_article

__all__ = [
    "FORMATS",
    "Format",
    "decode_article",
    "find_articles",
    "is_supported",
    "parse",
    "read_article",
    "render_article",
    "segment_article",
    "suffixes",
]
