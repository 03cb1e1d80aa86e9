"""Morphology of German words, and keys to find inflected words.

A key is a reading of a word with its class in front:

- `n:` a noun or name, capitals kept (`n:Vertrag`; only capitalized words have one),
- `A:` a capitalized adjective without its ending (`A:vereint` of `Vereinten`),
- `a:` an adjective without its ending (`a:bilateral`),
- `l:` the lemma of any other word (`l:unterstützen`).

Two words are forms of each other if they share a key. The capital keeps `Macht` apart from
`macht`, and `Krieg` from `kriegen`. A word also has the keys of its other spelling
(`Strasse`, `Straße`).
"""

from __future__ import annotations

from functools import lru_cache

from pipeline.lang.german.regional_spelling import (
    fold_spelling,
    regional_spellings,
    standard_spelling,
)
from pipeline.lang.lemmatizer import is_known, lemmatize

_ADJECTIVE_ENDINGS = ("em", "en", "er", "es", "e")
_NOUN_ENDINGS = ("", "s", "es", "e", "en", "n", "er", "ern", "se", "sen", "ses")
_WITHOUT_UMLAUTS = str.maketrans("äöü", "aou")
_CACHE_SIZE = 1 << 17


@lru_cache(_CACHE_SIZE)
def lemma(word: str, language: str = "de") -> str:
    """Return the lemma of a word, or the word itself if none is known."""
    if word.isdecimal():
        return word
    return lemmatize(word, lang=language)


@lru_cache(_CACHE_SIZE)
def noun_lemma(word: str) -> str:
    """Return the lemma of a form of a known German noun, else an empty string.

    Dictionaries take `Strassen` for a form of `Strass`: a Swiss word is looked up with ß.
    """
    if not word[:1].isupper():
        return ""
    standard = standard_spelling(word) if "ss" in word else word
    if not is_known(standard, lang="de"):
        return ""
    found = lemma(standard)
    if not found[:1].isupper():
        return ""
    return found if standard == word else fold_spelling(found)


@lru_cache(_CACHE_SIZE)
def base_noun(word: str) -> str:
    """Return the singular nominative of a capitalized word, or the word if none is known."""
    if found := noun_lemma(word):
        return found
    if is_known(word, lang="de"):
        return word
    guess = lemmatize(word, lang="de", greedy=True)
    return guess if guess[:1].isupper() and _inflects(guess, word) else word


def is_inflected_adjective(word: str) -> bool:
    """Return whether a word has the ending of an adjective, and is or derives one."""
    lowered, base = word.lower(), stem(word)
    if base == lowered:
        return False
    known = is_known(lowered, lang="de") and lemma(lowered).islower()
    return known or base.endswith(("isch", "lich"))


def fold_umlauts(word: str) -> str:
    """Return a word in lower case without umlauts: `Städte`, `stadte`."""
    return word.lower().translate(_WITHOUT_UMLAUTS)


def common_prefix_length(one: str, other: str) -> int:
    """Return the length of the common prefix of two words."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def stem(word: str) -> str:
    """Return an adjective in lower case without ending: `Vereinten`, `vereint`."""
    lowered = word.lower()
    for ending in _ADJECTIVE_ENDINGS:
        if lowered.endswith(ending) and len(lowered) - len(ending) >= 3:
            return lowered[: -len(ending)]
    return lowered


@lru_cache(_CACHE_SIZE)
def text_keys(word: str) -> frozenset[str]:
    """Return every key under which a word of a German text can be found."""
    others = regional_spellings(word)
    return _text_keys(word).union(*map(_text_keys, others)) if others else _text_keys(word)


def _text_keys(word: str) -> frozenset[str]:
    if not word[:1].isupper():
        return frozenset(_lower_keys(word))
    keys = {f"n:{word}", f"A:{stem(word)}", f"A:{word.lower()}"}
    keys |= {f"n:{base}" for base in _noun_bases(word)}
    if not lemma(word)[:1].isupper():
        keys |= _lower_keys(word.lower())
    if word.isupper() and len(word) > 3 and not word.capitalize().isupper():  # not R1850
        keys |= text_keys(word.capitalize())
    return frozenset(keys)


def term_keys(word: str, *, single: bool, last: bool, exact: bool) -> frozenset[str]:
    """Return the keys to search for a word of a glossary term.

    `single`: the term consists of this word; `last`: it ends with it; `exact`: the case must
    match.
    """
    keys = _term_keys(word, single=single, last=last, exact=exact)
    for other in regional_spellings(word):
        keys |= _term_keys(other, single=single, last=last, exact=exact)
    return keys


def _term_keys(word: str, *, single: bool, last: bool, exact: bool) -> frozenset[str]:
    if not word[:1].isupper():
        return _lower_term_keys(word, single=single)
    keys = {f"n:{word}"}
    if word.isupper() and len(word) > 1:
        # NATO is also written Nato; EU and USA have one spelling.
        return frozenset(keys if exact or len(word) < 4 else {*keys, f"n:{word.capitalize()}"})
    keys |= {f"n:{base}" for base in _noun_bases(word)}
    if (not last and stem(word) != word.lower()) or _is_nominalized(word):
        keys.add(f"A:{stem(word)}")
    return frozenset(keys)


def _lower_keys(word: str) -> set[str]:
    return {f"l:{word}", f"l:{lemma(word).lower()}", f"a:{stem(word)}", f"a:{word}"}


def _lower_term_keys(word: str, *, single: bool) -> frozenset[str]:
    base = lemma(word).lower()
    keys = {f"l:{word}", f"l:{base}"}
    if single and base.endswith("n"):
        return frozenset(keys)  # a verb: its stem would meet adjectives
    forms = {word, stem(word), base}
    keys |= {f"a:{form}" for form in forms}
    if not single:
        keys |= {f"A:{form}" for form in forms}
    return frozenset(keys)


def _noun_bases(word: str) -> set[str]:
    """Return the nouns that a capitalized word may be a form of."""
    found = noun_lemma(word)
    if found:
        return {found}
    cut = set(_without_endings(word))
    if is_known(word, lang="de"):  # as a verb or adjective: Reden, Kriegen
        return {base for base in cut if noun_lemma(base) == base}
    guess = lemmatize(word, lang="de", greedy=True)
    return {*cut, guess} if _inflects(guess, word) else cut


def _inflects(base: str, word: str) -> bool:
    """Return whether a word differs from its base only by an ending and umlauts.

    Lemmas of unknown words are guesses: `Energieprojekten` is a form of `Energieprojekt`,
    but `Partnersc` is not a form of `Partner`.
    """
    base, word = fold_umlauts(base), fold_umlauts(word)
    same = common_prefix_length(base, word)
    if base[same:] in ("um", "us", "o", "a", "on"):
        return word[same:] in ("en", "a", "ien")
    return not base[same:] and word[same:] in _NOUN_ENDINGS


def _without_endings(word: str) -> list[str]:
    """Strip the endings that a noun takes without changing its stem.

    `-er` is not among them: it derives other words (`Kasaner` from `Kasan`).
    """
    if word.endswith(("nisse", "nissen", "nisses")):
        return [word[: word.rindex("nis") + 3]]
    endings = ("s", "es", "e", "en") + (("n",) if word.endswith("en") else ())
    return [
        word[: -len(ending)]
        for ending in endings
        if word.endswith(ending) and len(word) - len(ending) >= 2
    ]


def _is_nominalized(word: str) -> bool:
    """Return whether a noun is inflected like an adjective (`Verbündeter`)."""
    lowered = word.lower()
    if lowered.endswith(("ender", "ende")) and lemma(word).endswith("ender"):
        return True
    if not lowered.endswith(("er", "e")):
        return False
    base = stem(word)
    if lemma(word).lower() == base and base != lowered:
        return True  # Grüne, Deutscher
    capital = base.capitalize()
    return any(lemma(capital + ending) == capital + "er" for ending in ("e", "en"))
