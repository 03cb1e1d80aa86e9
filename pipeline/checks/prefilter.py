"""Selection of the checks that may find something in a pair of texts.

Most checks look for something that few texts have: a digit, a tag, a weekday. Texts are
split at spaces, and the checks that each piece triggers are remembered as a bit mask, since
the same pieces recur. Most checks are ruled out without being called, and most others by
their `fast_pass`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import itemgetter

from pipeline.checks.base import Check, Context, Problems
from pipeline.checks.fast_path import FastPath
from pipeline.checks.rules import (
    brackets,
    capitalization,
    characters,
    dates,
    empty,
    end_punctuation,
    language,
    length,
    markup,
    names,
    negation,
    number_words,
    numbers,
    placeholders,
    quotes,
    repeated_words,
    terminology,
    units,
    untranslated,
    untranslated_words,
    urls,
    variant_spelling,
    whitespace,
)
from pipeline.checks.text import Piece, Text, read_piece, remember_pieces, strip_tags

FAST_PATHS: Mapping[str, FastPath] = {
    module.CHECK.id: module.FAST_PATH
    for module in (
        brackets,
        capitalization,
        characters,
        dates,
        empty,
        end_punctuation,
        language,
        length,
        markup,
        names,
        negation,
        number_words,
        numbers,
        placeholders,
        quotes,
        repeated_words,
        terminology,
        units,
        untranslated,
        untranslated_words,
        urls,
        variant_spelling,
        whitespace,
    )
}
"""The fast paths of the built-in checks, by check id."""

_NO_FAST_PATH = FastPath()

_FOLLOW_RULES = frozenset(("placeholders", "markup"))
"""The checks that compare texts by the rules of their entry."""

_MAX_PIECES = 1 << 16
"""Number of remembered pieces; then all are forgotten."""

_MAX_PIECE_LENGTH = 60
"""Characters; longer pieces hardly recur and are not remembered."""

# In a piece without letters, all digits trigger the same checks; numbers are unlimited.
_DIGITS_TO_ZERO = dict.fromkeys(map(ord, "123456789"), "0")

_ZEROS = "0" * 20

TextCheck = tuple[str, Callable[[str, str, Context], Problems]]


class Prefilter:
    """Selects the checks that are triggered by a pair of texts and do not pass it at once."""

    def __init__(self, checks: Sequence[Check], context: Context) -> None:
        self._context = context
        self._checks = [check for check in checks if check.check_texts]
        self._fast_paths = [FAST_PATHS.get(check.id, _NO_FAST_PATH) for check in self._checks]
        triggers = [path.trigger for path in self._fast_paths]
        self._by_rules = sum(
            1 << bit for bit, check in enumerate(self._checks) if check.id in _FOLLOW_RULES
        )
        self._always = sum(1 << bit for bit, test in enumerate(triggers) if test is None)

        def trigger_mask(piece: str, is_target: bool) -> int:
            numbered = enumerate(triggers)
            return sum(1 << n for n, test in numbered if test and test(piece, is_target, context))

        self._source = _PieceCache(partial(trigger_mask, is_target=False))
        self._target = _PieceCache(partial(trigger_mask, is_target=True))
        self._by_mask: dict[int, tuple[_Triggered, ...]] = {}

    def select(self, source: str, target: str, has_rules: bool = False) -> list[TextCheck]:
        """Return the checks that may find something in a pair of texts, in their order.

        An entry with its own rules (`has_rules`) is given to the checks that follow them, too.
        """
        german, other = self._source.read(source), self._target.read(target)
        mask, context = german.trigger_mask | other.trigger_mask, self._context
        mask |= self._by_rules if has_rules else 0
        triggered = self._by_mask.get(mask)
        if triggered is None:
            triggered = self._by_mask[mask] = self._triggered(mask | self._always)
        found = []
        follow_rules = self._by_rules if has_rules else 0
        for bit, fast_pass, check in triggered:
            if (
                fast_pass is None
                or bit & follow_rules
                or not fast_pass(german, other, context, bit)
            ):
                found.append(check)
        return found

    def _triggered(self, mask: int) -> tuple[_Triggered, ...]:
        numbered = enumerate(zip(self._checks, self._fast_paths, strict=True))
        return tuple(
            (1 << at, path.fast_pass, (check.id, check.check_texts))
            for at, (check, path) in numbered
            if mask >> at & 1 and check.check_texts
        )


_Triggered = tuple[int, Callable[[Text, Text, Context, int], bool] | None, TextCheck]


class _PieceCache(dict[str, Piece]):
    """Pieces of texts, parsed and triggered once."""

    def __init__(self, trigger_mask: Callable[[str], int]) -> None:
        super().__init__()
        self._trigger_mask = trigger_mask

    def __missing__(self, piece: str) -> Piece:
        number = piece.strip("(),.")
        if number.isdecimal() and number.isascii() and len(number) < len(_ZEROS):
            # Most pieces with numbers; saves half of the time.
            similar = piece.replace(number, _ZEROS[: len(number)])
            if similar != piece:
                return _new(Piece, (self[similar].trigger_mask, piece, (number,), (number,), ()))
        similar = piece.translate(_DIGITS_TO_ZERO)
        if similar != piece and piece.upper() == piece.lower():
            mask = self[similar].trigger_mask
            if not piece.isascii():
                return read_piece(piece, mask)
            numbers = tuple(_NUMBERS.findall(piece))
            return _new(Piece, (mask, piece, numbers, numbers, ()))
        known = read_piece(piece)
        if strip_tags(piece) is piece:
            remember_pieces(piece, [known])  # triggers read its words
        known = known._replace(trigger_mask=self._trigger_mask(piece))
        if len(piece) <= _MAX_PIECE_LENGTH:
            if len(self) >= _MAX_PIECES:
                self.clear()
            self[piece] = known
        return known

    def read(self, text: str) -> Text:
        """Split a text into pieces, and remember them for the checks."""
        plain = strip_tags(text)
        pieces = list(map(self.__getitem__, plain.split(" ")))
        remember_pieces(text, pieces)
        triggering = list(filter(_TRIGGER_MASK, pieces))
        mask = 0
        for piece in triggering:
            mask |= piece.trigger_mask
        if plain is not text:
            for piece in map(self.__getitem__, text.split(" ")):
                mask |= piece.trigger_mask
        return _new(Text, (text, plain, pieces, mask, triggering))


_TRIGGER_MASK = itemgetter(0)
_new = tuple.__new__  # constructs a named tuple without a Python call
_NUMBERS = re.compile("[0-9]+")
