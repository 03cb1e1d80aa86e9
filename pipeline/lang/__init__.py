"""Linguistic knowledge: tokens, lemmas, sentences, identification, dictionaries.

German is in `lang.german`, bilingual dictionaries are in `lang.dictionary`. Dictionaries and
language profiles are loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pipeline.lang.dictionary import load_dictionary
    from pipeline.lang.function_words import FUNCTION_WORDS
    from pipeline.lang.german import CompoundSplitter, split_sentences
    from pipeline.lang.identification import (
        Detection,
        identify_article,
        identify_language,
        identify_other_language,
        is_german,
    )
    from pipeline.lang.inflection import agreement_variants, inflect, is_agreeing_word, noun_forms
    from pipeline.lang.lemmatizer import is_known, lemmatize, supports
    from pipeline.lang.tokenizer import HYPHENS, Token, TokenCache, surface_forms, tokenize

__all__ = [
    "FUNCTION_WORDS",
    "HYPHENS",
    "CompoundSplitter",
    "Detection",
    "Token",
    "TokenCache",
    "agreement_variants",
    "identify_article",
    "identify_language",
    "identify_other_language",
    "inflect",
    "is_agreeing_word",
    "is_german",
    "is_known",
    "lemmatize",
    "load_dictionary",
    "noun_forms",
    "split_sentences",
    "supports",
    "surface_forms",
    "tokenize",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(
        __name__,
        {
            "dictionary": ("load_dictionary",),
            "function_words": ("FUNCTION_WORDS",),
            "german": (
                "CompoundSplitter",
                "split_sentences",
            ),
            "identification": (
                "Detection",
                "identify_article",
                "identify_language",
                "identify_other_language",
                "is_german",
            ),
            "inflection": (
                "agreement_variants",
                "inflect",
                "is_agreeing_word",
                "noun_forms",
            ),
            "lemmatizer": (
                "is_known",
                "lemmatize",
                "supports",
            ),
            "tokenizer": (
                "HYPHENS",
                "Token",
                "TokenCache",
                "surface_forms",
                "tokenize",
            ),
        },
    )
