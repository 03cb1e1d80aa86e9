"""German: sentence boundaries, morphology, compounds and separable verbs.

Language data (`abbreviations`) is separate from the algorithms.
"""

from pipeline.lang.german.compounds import CompoundSplitter, Ellipsis, Part, ellipses, is_compound
from pipeline.lang.german.gender import (
    Gender,
    adjective_gender,
    inflect_nominative,
    noun_gender,
)
from pipeline.lang.german.morphology import (
    base_noun,
    common_prefix_length,
    is_inflected_adjective,
    lemma,
    noun_lemma,
    stem,
    term_keys,
    text_keys,
)
from pipeline.lang.german.regional_spelling import (
    fold_spelling,
    regional_spellings,
    standard_spelling,
    standardize,
)
from pipeline.lang.german.sentences import split_sentences
from pipeline.lang.german.separable_verbs import SeparableVerb, find_separable_verbs

__all__ = [
    "CompoundSplitter",
    "Ellipsis",
    "Gender",
    "Part",
    "SeparableVerb",
    "adjective_gender",
    "base_noun",
    "common_prefix_length",
    "ellipses",
    "find_separable_verbs",
    "fold_spelling",
    "inflect_nominative",
    "is_compound",
    "is_inflected_adjective",
    "lemma",
    "noun_gender",
    "noun_lemma",
    "regional_spellings",
    "split_sentences",
    "standard_spelling",
    "standardize",
    "stem",
    "term_keys",
    "text_keys",
]
