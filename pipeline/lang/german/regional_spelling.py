"""Spellings of Switzerland and Austria, and their counterparts in the German of Germany.

Swiss German has no ß: `Strasse`, `heissen`. Austria calls two months `Jänner` and `Feber`. Old
texts have ß after short vowels (`Fluß`). Rules: Duden "ss und ß" (K 159, K 160); Österreichisches
Wörterbuch; Schweizerische Bundeskanzlei, "Rechtschreibung", 3.

Words of one spelling are found under the other, unless both are words of their own: `Masse`
(mass) is no form of `Maß` (measure).
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise, product

from pipeline.lang.lemmatizer import is_known

_CACHE_SIZE = 1 << 16
_MAX_PLACES = 3  # of ss or ß in a word; further ones stay
_MIN_PART = 4  # letters of a part of a compound

# Words that mean something else with ß. Compounds with them are no such words (Geldbusse).
_OTHER_WORDS = frozenset(("russ",)) | frozenset(
    f"{stem}{ending}"
    for stem in ("mass", "körpermass", "unmass", "schuldmass", "buss", "floss", "russ", "fuss")
    for ending in ("e", "en", "el", "eln")
    if stem != "fuss" or ending.startswith("el")
)
# Stems with ß by the rules of today, up to the ss: after a diphthong or a long vowel.
_LONG = re.compile(
    r"(?:str[aä]|gr[oöuü]|f[uü]|mä|m[aä](?=ss(?!en[a-zäöü]))|anma|s[uü]|b[uü]|fl[oö]|st[oö]|bl[oö]"
    r"|sp[aä]|gefä|gesä|(?:\b|be|zu|da|fest)sa|fr[aä]|verg[aä]|kl[oö]|\bso|(?-i:\bScho)"
    r"|m[uü](?=ssig|sse\b)|r[uü](?=ss(?:ig|p|f))|\bä|\ba(?=ss(?:en)?\b)"
    r"|(?:str|dr)au|au(?=sse[nr])(?!ssend(?:en?|et|ung|ungen)\b)|[eä]u|ei|ai|ie)(?=ss)",
    re.IGNORECASE,
)
_REGIONAL_WORDS = {
    "Jänner": "Januar",
    "Jänners": "Januars",
    "Feber": "Februar",
    "Febers": "Februars",
}
_COMMON_WORDS = {common: regional for regional, common in _REGIONAL_WORDS.items()}
_REGIONAL_START = re.compile(r"(?:Jänner|Feber)(?=[a-zäöü]{4})")
_NAMES = frozenset(
    (
        "Gross",
        "Weiss",
        "Sass",
        "sass",
        "Strauss",
        "Preuss",
        "Geiss",
        "Theiss",
        "Reiss",
        "Heiss",
        "Füssen",
    )
)
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(_CACHE_SIZE)
def regional_spellings(word: str) -> tuple[str, ...]:
    """Return the other spellings of a word: `Straße` for `Strasse`, and the reverse.

    A spelling with ß is known to the dictionary; one with ss need not be. The result is empty
    for most words.
    """
    if other := _REGIONAL_WORDS.get(word) or _COMMON_WORDS.get(word):
        return (other,)
    if "ß" in word:
        swiss = word.replace("ß", "ss")
        return () if swiss.lower() in _OTHER_WORDS else (swiss,)
    if "ss" not in word or word.lower() in _OTHER_WORDS:
        return ()
    return tuple(other for other in _with_eszett(word) if is_known(other, lang="de"))


@lru_cache(_CACHE_SIZE)
def standard_spelling(word: str) -> str:
    """Return a word in the spelling of Germany: `Straße` for `Strasse`, `Januar` for `Jänner`.

    Words that it has too (`Masse`), and names (`Weiss`, `Füssen`, the language Sass), stay.
    """
    if word in _REGIONAL_WORDS:
        return _REGIONAL_WORDS[word]
    if begin := _REGIONAL_START.match(word):
        return _REGIONAL_WORDS[begin[0]] + word[begin.end() :]
    if "ss" not in word or word.lower() in _OTHER_WORDS or word in _NAMES:
        return word
    if _LONG.search(word) is None:
        return word
    return _standard(word) or _standard_compound(word) or word


def standardize(text: str) -> str:
    """Return a German text with its words in the spelling of Germany."""
    if "ss" not in text and "Jänner" not in text and "Feber" not in text:
        return text
    return _WORD.sub(lambda match: standard_spelling(match[0]), text)


def fold_spelling(text: str) -> str:
    """Return a text with ss for ß, to compare texts of both spellings."""
    return text.replace("ß", "ss") if "ß" in text else text


def _standard(word: str) -> str:
    """Return the known spelling with ß that has the most of them, "" without one."""
    long = {match.end() for match in _LONG.finditer(word)}
    known = (
        other
        for other in _with_eszett(word, long)
        if is_known(other, lang="de") or is_known(other.lower(), lang="de")
    )
    return max(known, key=lambda other: other.count("ß"), default="")


def _standard_compound(word: str) -> str:
    """Return a compound of known words with ß in one of them, "" if it is none."""
    for cut in range(_MIN_PART, len(word) - _MIN_PART + 1):
        first, last = word[:cut], word[cut:].capitalize()
        ours, theirs = _standard(first), _standard(last)
        known_first = ours or (first if is_known(first, lang="de") else "")
        known_last = theirs or (last if is_known(last, lang="de") else "")
        if (ours or theirs) and known_first and known_last:
            return known_first + known_last.lower()
    return ""


def _with_eszett(word: str, places: set[int] | None = None) -> list[str]:
    """Return a word with ß for some ss, at least one; `places` limits them."""
    found = [at for at in range(len(word) - 1) if word[at : at + 2] == "ss"]
    if places is not None:
        found = [at for at in found if at in places]
    found = found[:_MAX_PLACES]
    others = []
    for chosen in product((True, False), repeat=len(found)):
        replaced = [at for at, is_chosen in zip(found, chosen, strict=True) if is_chosen]
        if not replaced or any(b - a == 1 for a, b in pairwise(replaced)):
            continue
        other = word
        for at in reversed(replaced):
            other = f"{other[:at]}ß{other[at + 2 :]}"
        others.append(other)
    return others
