"""A quick test that two texts have the same numbers, as nearly all have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.checks.numbers.parsing import FIGURE, SPACES, figures, have_same_value
from pipeline.checks.numbers.words import scales
from pipeline.checks.text import Piece, Text, strip_markup, words

SCALE = re.compile("|".join(scales("de")), re.IGNORECASE)
_SCALED = re.compile(rf"\d[{SPACES}-]{{0,2}}(?:{SCALE.pattern})", re.IGNORECASE)
_RANGE = re.compile(r"\d[^\d]{0,12}(?:bis|[-–—])[^\d]{0,6}\d")
_GROUP = re.compile(r"  \d{3}(?!\d)")


def have_same_numbers(source: Text, target: Text, bit: int, language: str) -> bool:
    """Return whether two texts certainly have the same numbers.

    They have the same whole numbers, or the same numbers in the same order and scale. The
    bit marks pieces with digits, and words of the source that scale a number. False means
    only that the test cannot decide.
    """
    pieces, others = source.triggering(bit), target.triggering(bit)
    begins_with_word = any(map(str.isalpha, source.pieces[0].words))
    if begins_with_word and _are_same_whole_numbers(pieces, others):
        return True
    theirs, ours = _piecewise_figures(source, pieces), _piecewise_figures(target, others)
    scaled = None
    if theirs is None or ours is None:
        before, after = _joined(source, pieces), _joined(target, others)
        theirs = FIGURE.findall(before)
        ours = theirs if before == after else FIGURE.findall(after)
        scaled = _SCALED.search(before)
    if not theirs and not ours:
        return True
    if len(theirs) != len(ours):
        return False
    if not begins_with_word and not has_words(source.raw):
        return False
    if not scaled and all(map(str.isdecimal, theirs)) and sorted(theirs) == sorted(ours):
        return list(theirs) == list(ours) or not _RANGE.search(source.plain)
    for german, other in zip(theirs, ours, strict=True):
        if (german != other or not german.isdecimal()) and not have_same_value(
            german, other, language
        ):
            return False
    return not scaled or _scales(source.raw, "de") == _scales(target.raw, language)


def _are_same_whole_numbers(pieces: Sequence[Piece], others: Sequence[Piece]) -> bool:
    """Return whether the pieces of two texts are the same whole numbers in the same order."""
    if len(pieces) != len(others):
        return False
    for piece, other in zip(pieces, others, strict=True):
        if piece.words != other.words or not _is_number(piece) or not _is_number(other):
            return False
    return True


def has_words(text: str) -> bool:
    """Return whether a text has anything except figures."""
    return any(map(str.isalpha, strip_markup(text).split(" "))) or any(
        map(str.isalpha, words(text))
    )


def _piecewise_figures(text: Text, pieces: Sequence[Piece]) -> list[str] | None:
    """Return the figures of pieces, None if a figure may span pieces or a word may scale it."""
    found: list[str] = []
    for piece in pieces:
        if found and piece.text[:3].isdecimal() and not piece.text[3:4].isdecimal():
            return None  # three digits may continue the number before them
        own = piece.words if _is_number(piece) else _in_piece(piece.text)
        if not own:
            return None
        found += own
    return found


def _is_number(piece: Piece) -> bool:
    """Return whether a piece is a whole number, except for marks: `(17)`, `1990,`."""
    own = piece.words
    return len(own) == 1 and own[0].isdecimal() and own[0] in piece.text


@lru_cache(maxsize=1 << 12)
def _in_piece(piece: str) -> tuple[str, ...]:
    """Return the figures of a piece, none if a word in it may scale a figure."""
    return () if SCALE.search(piece) else tuple(FIGURE.findall(piece))


def _joined(text: Text, pieces: Sequence[Piece]) -> str:
    """Return the pieces with figures, or the whole text if a space may group digits."""
    found = "  ".join([piece.text for piece in pieces])
    return text.plain if _GROUP.search(found) else found


def _scales(text: str, language: str) -> list[int]:
    return [figure.scale for figure in figures(text, language)]
