"""Abbreviations: the listed ones, and the shape of those that no list has.

German shortens words before a vowel ("gesetzl.", "Mitgl."), at the end of a compound ("Oberbgm.")
or to their consonants ("Gde."). The dictionary of lemmas is asked only about words that a full
stop follows and that no list has.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.lang.german.abbreviations import (
    COMPOUND_TAILS,
    FINAL_CLUSTERS,
    INITIAL_CLUSTERS,
    MAYBE_FINAL,
    NAME_CLUSTERS,
    NEVER_FINAL,
    OFTEN_FINAL,
)
from pipeline.lang.lemmatizer import begins_known_word, is_spelled

KNOWN = NEVER_FINAL | MAYBE_FINAL | OFTEN_FINAL
"""The abbreviations of all lists."""

_LISTED = {name.lower(): name for name in sorted(KNOWN, reverse=True)}
_NAME_ENDS = FINAL_CLUSTERS | NAME_CLUSTERS
_VOWEL = re.compile(r"[aeiouyäöüé]", re.IGNORECASE)
_INITIAL_CLUSTER = re.compile(r"[^\W\daeiouyäöüéèàáâêôîæøåq]{2,}", re.IGNORECASE)
_FINAL_CLUSTER = re.compile(r"[^aeiouyäöüéèàáâêôîæøå]{2,}\Z")
_SHORT_WORDS = frozenset(
    {"Pkw", "Lkw", "Kfz", "Nkw", "Psst", "Pst", "Brr", "Hm", "Hmm", "Tschh", "ok", "Ok", "lol"}
)
_ADJECTIVE_TAILS = ("isch", "sch", "ich", "ig")


def is_listed(word: str) -> bool:
    """Return whether a word is an abbreviation of the lists, in any letter case."""
    return word.lower() in _LISTED


def listed_form(word: str) -> str:
    """Return an abbreviation as it is listed, whatever its letter case, or an empty string."""
    return _LISTED.get(word.lower(), "")


@lru_cache(1 << 14)
def is_shortened(word: str, determined: bool = False) -> bool:
    """Return whether a word that is not listed has the shape of an abbreviation.

    Class: unlisted abbreviations. They have no vowel ("Gdg"), start or end with consonants
    that no German word has there ("ggü", "Geschäftsf"), end as a listed one does ("Oberbgm",
    "Bundesreg"), or are an adjective without its end ("gepl", "unabh", "Städt").

    Names have such shapes, too ("Brandl", "Putin" is the start of "Putinismus"). So a
    capitalized word needs more evidence, unless it is `determined`: an article or number
    precedes it.
    """
    if not word.isalpha() or not (word[1:].islower() or not word[1:]) or word in _SHORT_WORDS:
        return False
    if len(word) <= 5 and not _VOWEL.search(word):
        return True
    if is_spelled(word, lang="de"):
        return False
    lowered, is_name = word.lower(), word[:1].isupper() and not determined
    cluster = _INITIAL_CLUSTER.match(lowered)
    if cluster and len(word) <= (3 if is_name else 4) and cluster[0] not in INITIAL_CLUSTERS:
        return True
    cluster = _FINAL_CLUSTER.search(lowered)
    if cluster and cluster[0] not in (_NAME_ENDS if is_name else FINAL_CLUSTERS):
        return True
    return lowered[-1] not in "aeiouyäöüß" and (_ends_as_listed(word) or _is_cut(word, is_name))


def _ends_as_listed(word: str) -> bool:
    """Return whether a word is a compound whose last part is abbreviated."""
    lowered = word.lower()
    lengths = (n for n in range(2, 7) if lowered[-n:] in COMPOUND_TAILS and len(word) > n + 3)
    return any(begins_known_word(word[:-length], lang="de") for length in lengths)


def _is_cut(word: str, is_name: bool) -> bool:
    """Return whether a word is the start of an adjective, or of a noun after an article."""
    lowered = word.lower()
    # "hund" is a noun in a message without capitals, "kommissar" an adjective without its end.
    is_noun = word.islower() and is_spelled(word.capitalize(), lang="de")
    if is_noun and len(word) < 5:
        return False
    if is_name or is_noun:
        return any(begins_known_word(lowered + end, lang="de") for end in _ADJECTIVE_TAILS)
    noun = word[:1].isupper() and len(word) > 3 and begins_known_word(word, lang="de")
    return noun or begins_known_word(lowered, lang="de")
