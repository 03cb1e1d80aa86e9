"""Tokens of a text, with and without their positions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, TypeVar

HYPHENS = "-\u2010\u2011"
# Soft hyphens and combining marks belong to the word; dots to abbreviations such as U.S.
_WORD = re.compile(
    r"(?:[A-Z]\.){2,}[A-Z]?(?![^\W_])"
    r"|[^\W_]+(?:(?:[\u0300-\u036f]+\u00ad?|\u00ad)[^\W_]+)*[\u0300-\u036f]*"
)
_DIGIT = re.compile(r"\d")
_CACHE_SIZE = 1 << 17
_MAX_CACHED_LENGTH = 60
"""Longer pieces are not cached: they hardly ever recur."""


class Token(NamedTuple):
    """A word of a text at `start:end`.

    `text` is normalized: NFC, without soft hyphens and the dots of abbreviations.

    A named tuple, because texts have many tokens and creating a dataclass takes twice as long.
    """

    text: str
    start: int
    end: int


T = TypeVar("T")


class TokenCache(dict[str, T]):
    """A cache of the result for each piece of text between spaces; most pieces recur.

    Pieces with digits, of which there is no end, and very long ones are not cached.
    """

    def __init__(self, compute: Callable[[str], T]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, piece: str) -> T:
        result = self._compute(piece)
        if len(piece) <= _MAX_CACHED_LENGTH and not _DIGIT.search(piece):
            if len(self) >= _CACHE_SIZE:
                self.clear()
            self[piece] = result
        return result


def _normal(word: str) -> str:
    if word.isascii() and word.isalnum():
        return word
    return unicodedata.normalize("NFC", word).replace("\u00ad", "").replace(".", "")


_SPANS = TokenCache(lambda piece: [(_normal(m[0]), *m.span()) for m in _WORD.finditer(piece)])
_FORMS = TokenCache(lambda piece: tuple(map(_normal, _WORD.findall(piece))))


def tokenize(text: str) -> list[Token]:
    """Split a text into words; hyphens and apostrophes separate them."""
    new = tuple.__new__  # faster than Token()
    tokens, offset = [], 0
    for piece in text.split(" "):
        for word, start, end in _SPANS[piece]:
            tokens.append(new(Token, (word, offset + start, offset + end)))
        offset += len(piece) + 1
    return tokens


@lru_cache(64)
def surface_forms(text: str) -> tuple[str, ...]:
    """Return the words of a text without their positions, in a fraction of the time."""
    return tuple(chain.from_iterable(map(_FORMS.__getitem__, text.split(" "))))
