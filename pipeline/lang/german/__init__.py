"""German: sentence boundaries, morphology, compounds and separable verbs.

Language data (`abbreviations`) is separate from the algorithms.
"""

from pipeline.lang.german.compounds import CompoundSplitter, Ellipsis, Part, ellipses, is_compound
from pipeline.lang.german.morphology import (
    common_prefix_length,
    lemma,
    noun_lemma,
    stem,
    term_keys,
    text_keys,
)
from pipeline.lang.german.sentences import split_sentences
from pipeline.lang.german.separable_verbs import SeparableVerb, find_separable_verbs

__all__ = [
    "CompoundSplitter",
    "Ellipsis",
    "Part",
    "SeparableVerb",
    "common_prefix_length",
    "ellipses",
    "find_separable_verbs",
    "is_compound",
    "lemma",
    "noun_lemma",
    "split_sentences",
    "stem",
    "term_keys",
    "text_keys",
]
