"""Spelling of the variants of a language: `en_GB` and `en_US`, Spanish of Spain and of Mexico.

A variant is a language code with a region. A code without one (`en`) accepts all spellings.
"""

from pipeline.lang.variants.spelling import (
    ForeignSpelling,
    has_spelling,
    is_american,
    is_british,
    respell,
    spellings_of_others,
)

__all__ = [
    "ForeignSpelling",
    "has_spelling",
    "is_american",
    "is_british",
    "respell",
    "spellings_of_others",
]
