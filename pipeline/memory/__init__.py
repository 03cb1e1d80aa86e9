"""Translation memory: approved translations, looked up exactly or by similarity.

Its sources are the catalogs of a project and TMX files; an index in the cache folder makes
lookups fast.
"""

from pipeline.memory.memory import TranslationMemory, approved_units, neighbours
from pipeline.memory.tmx import TmxUnit, is_writable, read_tmx, render_tmx, write_tmx

__all__ = [
    "TmxUnit",
    "TranslationMemory",
    "approved_units",
    "is_writable",
    "neighbours",
    "read_tmx",
    "render_tmx",
    "write_tmx",
]
