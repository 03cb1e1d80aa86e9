"""Translation memory: approved translations, looked up exactly, by similarity or by words.

Its sources are the catalogs of a project and TMX files; an index in the cache folder makes
lookups fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pipeline.memory.concordance import Concordance, ConcordanceMatch, Containment
    from pipeline.memory.markup import without_markup
    from pipeline.memory.memory import MARKUP_DIFFERS, TranslationMemory, approved_units, neighbours
    from pipeline.memory.tmx import TmxUnit, is_writable, read_tmx, render_tmx, write_tmx

__all__ = [
    "MARKUP_DIFFERS",
    "Concordance",
    "ConcordanceMatch",
    "Containment",
    "TmxUnit",
    "TranslationMemory",
    "approved_units",
    "is_writable",
    "neighbours",
    "read_tmx",
    "render_tmx",
    "without_markup",
    "write_tmx",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(
        __name__,
        {
            "concordance": (
                "Concordance",
                "ConcordanceMatch",
                "Containment",
            ),
            "markup": ("without_markup",),
            "memory": (
                "MARKUP_DIFFERS",
                "TranslationMemory",
                "approved_units",
                "neighbours",
            ),
            "tmx": (
                "TmxUnit",
                "is_writable",
                "read_tmx",
                "render_tmx",
                "write_tmx",
            ),
        },
    )
