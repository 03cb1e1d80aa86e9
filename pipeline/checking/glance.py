"""At a glance: which checks are worth running on a pair of texts.

Most checks look for something that few texts have: a digit, a tag, a weekday. Texts are
split at their blanks, and what a piece is a sign of is remembered, since the same pieces
come again and again; so most checks are decided without being called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial, reduce
from operator import itemgetter, or_

from pipeline.checking.check import Check, Context, Found
from pipeline.checking.plain import Piece, keep, piece_of, plain

_PIECES = 1 << 16
"""How many pieces are remembered before all are forgotten."""

_LONGEST = 60
"""Characters above which a piece is not remembered: it hardly comes again."""

# Of pieces without letters, one digit is a sign of what any other is: numbers have no end.
_ALIKE = dict.fromkeys(map(ord, "123456789"), "0")

Finder = tuple[str, Callable[[str, str, Context], Found]]


class Glance:
    """Chooses among checks of texts: those without a `glance`, and those that see a sign."""

    def __init__(self, checks: Sequence[Check], context: Context) -> None:
        self._finders = [(check.id, check.find) for check in checks if check.find]
        glances = [check.glance for check in checks if check.find]
        self._always = sum(1 << at for at, glance in enumerate(glances) if glance is None)

        def signs(piece: str, is_target: bool) -> int:
            told = enumerate(glances)
            return sum(1 << at for at, look in told if look and look(piece, is_target, context))

        self._source = _Pieces(partial(signs, is_target=False))
        self._target = _Pieces(partial(signs, is_target=True))
        self._chosen: dict[int, tuple[Finder, ...]] = {}

    def finders(self, source: str, target: str) -> tuple[Finder, ...]:
        """The checks that may find something in a pair of texts: ids and functions."""
        signs = self._source.signs_of(source) | self._target.signs_of(target)
        chosen = self._chosen.get(signs)
        if chosen is None:
            wanted = signs | self._always
            numbered = enumerate(self._finders)
            chosen = tuple(finder for at, finder in numbered if wanted >> at & 1)
            self._chosen[signs] = chosen
        return chosen


class _Pieces(dict[str, Piece]):
    """What is read in the pieces of texts."""

    def __init__(self, signs: Callable[[str], int]) -> None:
        super().__init__()
        self._signs = signs

    def __missing__(self, piece: str) -> Piece:
        alike = piece.translate(_ALIKE)
        if alike != piece and piece.upper() == piece.lower():
            signs = self[alike].signs
            if not piece.isascii():
                return piece_of(piece, signs)
            found = tuple(_FIGURES.findall(piece))
            return Piece(signs, found, found, ())
        known = piece_of(piece, self._signs(piece))
        if len(piece) <= _LONGEST:
            if len(self) >= _PIECES:
                self.clear()
            self[piece] = known
        return known

    def signs_of(self, text: str) -> int:
        """The signs of a text, both as it stands and without its markup; its pieces are kept."""
        bare = plain(text)
        pieces = list(map(self.__getitem__, bare.split(" ")))
        keep(text, pieces)
        signs: int = reduce(or_, map(_SIGNS, pieces))
        if bare is not text:
            signs = reduce(or_, [self[piece].signs for piece in text.split(" ")], signs)
        return signs


_SIGNS = itemgetter(0)
_FIGURES = re.compile("[0-9]+")
