"""Texts as checks see them: without markup, placeholders and addresses, and split into words."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from pipeline.lang import surface_forms

__all__ = ["EMAIL", "PLACEHOLDER", "TAG", "URL"]

# HTML, XLIFF and PO-editor tags; a lone `<` in prose ("5 < 7") is no tag.
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
_DIGIT_BEFORE_TAG = re.compile(r"\d<")
_VISIBLE_TAG = re.compile(r"<(?:br|[A-Za-z][A-Za-z0-9:-]{0,40}(?:\s[^<>]{0,2000})?/)>")
TAG_PLACEHOLDER = "\x1f"


def strip_tags(text: str) -> str:
    """Remove tags, URLs, e-mail addresses and placeholders from a text; white space stays.

    A tag is replaced by nothing, so that a partly marked word stays whole. A tag with content
    (`<br/>`), and a tag between two digits (a year and a footnote), is replaced by
    `TAG_PLACEHOLDER`, which is white space; so is a placeholder, since the words around it are
    not adjacent. Everything else is replaced by a space.
    """
    if not ("<" in text or "@" in text or "%" in text or "{" in text or "$" in text):
        may_link = "://" in text or (("w." in text or "W." in text) and "www." in text.lower())
        return URL.sub(" ", text) if may_link else text
    if "<" in text:
        text = _without_tags(text)
    if "://" in text or "www." in (small := text.lower()) or "mailto:" in small:
        text = URL.sub(" ", text)
    if "@" in text:
        text = EMAIL.sub(" ", text)
    return (
        PLACEHOLDER.sub(f" {TAG_PLACEHOLDER} ", text)
        if "%" in text or "{" in text or "$" in text
        else text
    )


strip_markup = lru_cache(maxsize=64)(strip_tags)
"""`strip_tags` with a cache for repeated calls."""


def _without_tags(text: str) -> str:
    if _DIGIT_BEFORE_TAG.search(text):
        text = _BETWEEN_DIGITS.sub(TAG_PLACEHOLDER, text)
    if "/>" in text or "<br>" in text:
        text = _VISIBLE_TAG.sub(TAG_PLACEHOLDER, text)
    return TAG.sub("", text)


class Piece(NamedTuple):
    """A part of a text between two spaces, parsed once for all texts that contain it.

    `trigger_mask` has a bit for each check that the piece triggers. `words` keep their case,
    `lowered` are in lower case; `capitals` are the words that start with a capital letter.
    """

    trigger_mask: int
    text: str
    words: tuple[str, ...]
    lowered: tuple[str, ...]
    capitals: tuple[str, ...]


def read_piece(text: str, trigger_mask: int = 0) -> Piece:
    """Parse a piece."""
    found = surface_forms(text)
    if text.islower():
        return Piece(trigger_mask, text, found, found, ())
    capitals = tuple([word for word in found if word[0].isupper()])
    return Piece(trigger_mask, text, found, tuple(map(str.lower, found)), capitals)


class Text(NamedTuple):
    """A text, parsed once for all checks: raw, without markup, and in pieces.

    `trigger_mask` combines the pieces with and without markup; `triggering_pieces` are the
    pieces without markup that trigger any check.
    """

    raw: str
    plain: str
    pieces: list[Piece]
    trigger_mask: int
    triggering_pieces: list[Piece]

    def triggering(self, bit: int) -> list[Piece]:
        """Return the pieces whose `trigger_mask` has a bit."""
        return [piece for piece in self.triggering_pieces if piece.trigger_mask & bit]

    def capitals(self) -> list[str]:
        """Return the words that start with a capital letter."""
        return list(chain.from_iterable(filter(None, map(_CAPITALS, self.pieces))))


_MAX_REMEMBERED = 64
_remembered: dict[str, list[Piece]] = {}


def remember_pieces(text: str, pieces: list[Piece]) -> None:
    """Remember the pieces of a text for the next calls of `words`, `lowered` and `capitals`."""
    if len(_remembered) >= _MAX_REMEMBERED:
        _remembered.clear()
    _remembered[text] = pieces


def _pieces(text: str) -> list[Piece]:
    found = _remembered.get(text)
    return (
        [read_piece(piece) for piece in strip_markup(text).split(" ")] if found is None else found
    )


@lru_cache(maxsize=_MAX_REMEMBERED)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text without markup, whole numbers among them.

    Apostrophes, hyphens and all other marks separate words.
    """
    return tuple(chain.from_iterable(map(_WORDS, _pieces(text))))


@lru_cache(maxsize=_MAX_REMEMBERED)
def lowered(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case."""
    return tuple(chain.from_iterable(map(_LOWERED, _pieces(text))))


def capitals(text: str) -> set[str]:
    """Return the words of a text that start with a capital letter."""
    return set(chain.from_iterable(filter(None, map(_CAPITALS, _pieces(text)))))


_WORDS, _LOWERED, _CAPITALS = itemgetter(2), itemgetter(3), itemgetter(4)
