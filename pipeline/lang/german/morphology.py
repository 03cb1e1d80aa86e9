"""Morphology of German words, and the keys by which an inflected word is found again.

A key is a reading of a word with its class in front:

- `n:` a noun or name, capitals kept (`n:Vertrag`; only capitalized words have one),
- `A:` a capitalized adjective without its ending (`A:vereint` of `Vereinten`),
- `a:` an adjective without its ending (`a:bilateral`),
- `l:` the lemma of any other word (`l:unterstützen`).

Two words are forms of each other if they share a key. The capital keeps `Macht` apart from
`macht`, and `Krieg` from `kriegen`.
"""

from __future__ import annotations

from functools import lru_cache

from pipeline.lang.lemmatizer import is_known, lemmatize

_ADJECTIVE_ENDINGS = ("em", "en", "er", "es", "e")
_NOUN_ENDINGS = ("", "s", "es", "e", "en", "n", "er", "ern", "se", "sen", "ses")
_PLAIN = str.maketrans("äöü", "aou")
_CACHE_SIZE = 1 << 17


@lru_cache(_CACHE_SIZE)
def lemma(word: str, language: str = "de") -> str:
    """Give simplemma's lemma of a word, or the word itself where it knows none."""
    if word.isdecimal():
        return word
    return lemmatize(word, lang=language)


@lru_cache(_CACHE_SIZE)
def noun(word: str) -> str:
    """Give the lemma of a word that is a form of a known German noun, else nothing."""
    if not word[:1].isupper() or not is_known(word, lang="de"):
        return ""
    found = lemma(word)
    return found if found[:1].isupper() else ""


def plain(word: str) -> str:
    """Give a word in lower case and without umlauts, which inflection adds: `Städte`, `stadte`."""
    return word.lower().translate(_PLAIN)


def shared(one: str, other: str) -> int:
    """Count the characters that two words begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def stem(word: str) -> str:
    """Take the ending off an inflected adjective, in lower case: `Vereinten`, `vereint`."""
    lowered = word.lower()
    for ending in _ADJECTIVE_ENDINGS:
        if lowered.endswith(ending) and len(lowered) - len(ending) >= 3:
            return lowered[: -len(ending)]
    return lowered


@lru_cache(_CACHE_SIZE)
def text_keys(word: str) -> frozenset[str]:
    """Give every key that a word of a German text can be found by."""
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
    """Give the keys that a word of a glossary term is looked for by.

    `single` says that the term is this word alone, `last` that it ends with it, `exact`
    that case is demanded as written.
    """
    if not word[:1].isupper():
        return _lower_term_keys(word, single=single)
    keys = {f"n:{word}"}
    if word.isupper() and len(word) > 1:
        # The press writes NATO and Nato alike; EU and USA have one spelling.
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
    """Guess the nouns that a capitalized word may be a form of."""
    found = noun(word)
    if found:
        return {found}
    cut = set(_without_endings(word))
    if is_known(word, lang="de"):  # as a verb or adjective: Reden, Kriegen
        return {base for base in cut if noun(base) == base}
    guess = lemmatize(word, lang="de", greedy=True)
    return {*cut, guess} if _inflects(guess, word) else cut


def _inflects(base: str, word: str) -> bool:
    """Tell whether only an ending and umlauts part a word from its base.

    The guess at an unknown word may have cut off anything; `Energieprojekten` is
    `Energieprojekt`, but `Partnersc` is not `Partner`.
    """
    base, word = plain(base), plain(word)
    same = shared(base, word)
    if base[same:] in ("um", "us", "o", "a", "on"):
        return word[same:] in ("en", "a", "ien")
    return not base[same:] and word[same:] in _NOUN_ENDINGS


def _without_endings(word: str) -> list[str]:
    """Take off the endings that a noun gets without changing its stem.

    Not `-er`, which makes other words (`Kasaner` of `Kasan`).
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
    """Tell a noun that is inflected as an adjective (`Verbündeter`) from one that is not."""
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
