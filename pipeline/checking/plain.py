"""What checks see of a text: with markup, placeholders and addresses taken out."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.lemmas import surfaces

# HTML, XLIFF and PO-editor tags; a lone `<` in prose ("5 < 7") is none.
TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9:-]{0,40}(?:\s[^<>]{0,2000})?\s?/?>")
URL = re.compile(r"(?:(?:https?|ftp)://|www\.|mailto:)[^\s<>\"“”„«»]+", re.IGNORECASE)
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
PLACEHOLDER = re.compile(
    r"%\(\w{1,60}\)[#0 +-]{0,3}\d{0,3}(?:\.\d{1,3})?[a-zA-Z]"  # %(name)s
    r"|%(?:\d{1,2}\$)?[#0+-]{0,3}\d{0,3}(?:\.\d{1,3})?(?:hh|h|ll|l|z)?[sdiuxXfFgGcr@](?!\w)"  # %s
    r"|\$\{[^{}\s]{1,80}\}|\{\{[^{}]{1,80}\}\}"  # ${name}, {{ name }}
    r"|\{[A-Za-z0-9_.\[\]]{0,60}(?:![rsa])?(?::[^{}\s]{0,20})?\}"  # {name}, {0}, {}
    r"|\$[A-Z_][A-Z0-9_]{3,40}\b"  # $NAME, but not $US
)
_BETWEEN_DIGITS = re.compile(rf"(?<=\d)(?:{TAG.pattern})+(?=\d)")
_STANDING = re.compile(r"<(?:br|[A-Za-z][A-Za-z0-9:-]{0,40}(?:\s[^<>]{0,2000})?/)>")
SEAM = "\x1f"


@lru_cache(maxsize=64)
def plain(text: str) -> str:
    """Take tags, URLs, e-mail addresses and placeholders out of a text; blanks stay.

    A tag leaves nothing, so that a word that is marked in part stays whole; but a tag that
    stands for something (`<br/>`), and one between two digits (a year and the number of a
    footnote), leaves a `SEAM`, which is white space. The others leave a blank.
    """
    if not ("<" in text or "@" in text or "%" in text or "{" in text or "$" in text):
        return URL.sub(" ", text) if "://" in text or "www." in text.lower() else text
    if "<" in text:
        text = TAG.sub("", _STANDING.sub(SEAM, _BETWEEN_DIGITS.sub(SEAM, text)))
    return PLACEHOLDER.sub(" ", EMAIL.sub(" ", URL.sub(" ", text)))


_KEPT = 64
_words: dict[str, tuple[str, ...]] = {}
_lowered: dict[str, tuple[str, ...]] = {}


def keep(text: str, found: tuple[str, ...], small: tuple[str, ...]) -> None:
    """Keep the words of a text, as `words` and `lowered` would give them, for a while."""
    if len(_words) >= _KEPT:
        _words.clear()
        _lowered.clear()
    _words[text], _lowered[text] = found, small


def lowered(text: str) -> tuple[str, ...]:
    """The words of a text in small letters."""
    if text not in _lowered:
        words(text)
    return _lowered[text]


def words(text: str) -> tuple[str, ...]:
    """The words of a text as they stand, whole numbers among them, without markup.

    Apostrophes, hyphens and all other marks part words.
    """
    if text not in _words:
        found = surfaces(plain(text))
        keep(text, found, tuple(map(str.lower, found)))
    return _words[text]
