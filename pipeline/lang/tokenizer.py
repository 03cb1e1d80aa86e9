"""Tokens of a text, with and without their positions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, TypeVar

HYPHENS = "-\u2010\u2011"
# A soft hyphen and combining marks belong to the word; dots to an abbreviation as U.S. is.
_WORD = re.compile(
    r"(?:[A-Z]\.){2,}[A-Z]?(?![^\W_])"
    r"|[^\W_]+(?:(?:[\u0300-\u036f]+\u00ad?|\u00ad)[^\W_]+)*[\u0300-\u036f]*"
)
_DIGIT = re.compile(r"\d")
_CACHE_SIZE = 1 << 17
_MAX_CACHED_LENGTH = 60
"""Longer pieces are not cached: they hardly ever recur."""


class Token(NamedTuple):
    """A word of a text at `start:end`; `text` is normalized (NFC, no soft hyphens, no dots).

    A named tuple, since a text has very many and a frozen dataclass is made at half the speed.
    """

    text: str
    start: int
    end: int


T = TypeVar("T")


class TokenCache(dict[str, T]):
    """What is read in the pieces between blanks: they come again and again in other texts.

    Pieces with figures are not remembered, of which there is no end, nor very long ones.
    """

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, piece: str) -> T:
        found = self._read(piece)
        if len(piece) <= _MAX_CACHED_LENGTH and not _DIGIT.search(piece):
            if len(self) >= _CACHE_SIZE:
                self.clear()
            self[piece] = found
        return found


def _normal(word: str) -> str:
    if word.isascii() and word.isalnum():
        return word
    return unicodedata.normalize("NFC", word).replace("\u00ad", "").replace(".", "")


_PLACES = TokenCache(lambda piece: [(_normal(m[0]), *m.span()) for m in _WORD.finditer(piece)])
_SURFACES = TokenCache(lambda piece: tuple(map(_normal, _WORD.findall(piece))))


def tokenize(text: str) -> list[Token]:
    """Take a text apart into its words; hyphens and apostrophes separate them."""
    new = tuple.__new__  # what Word() does, without its function call
    found, at = [], 0
    for piece in text.split(" "):
        for word, start, end in _PLACES[piece]:
            found.append(new(Token, (word, at + start, at + end)))
        at += len(piece) + 1
    return found


@lru_cache(64)
def surface_forms(text: str) -> tuple[str, ...]:
    """Take a text apart into its words, without their places: in a fraction of the time."""
    return tuple(chain.from_iterable(map(_SURFACES.__getitem__, text.split(" "))))
