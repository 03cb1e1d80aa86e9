"""At a glance: which checks are worth running on a pair of texts.

Most checks look for something that few texts have: a digit, a tag, a weekday. Texts are
split at their blanks, and what a piece is a sign of is remembered, since the same pieces
come again and again; so most checks are decided without being called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial, reduce
from itertools import chain
from operator import or_

from pipeline.checking.check import Check, Context, Found
from pipeline.checking.plain import keep, plain
from pipeline.lemmas import surfaces

_PIECES = 1 << 16
"""How many pieces are remembered before all are forgotten."""

_LONGEST = 60
"""Characters above which a piece is not remembered: it hardly comes again."""

# Of pieces without letters, one digit is a sign of what any other is: numbers have no end.
_ALIKE = dict.fromkeys(map(ord, "123456789"), "0")

Read = tuple[int, tuple[str, ...], tuple[str, ...]]
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

        self._source = _Signs(partial(signs, is_target=False))
        self._target = _Signs(partial(signs, is_target=True))
        self._chosen: dict[int, tuple[Finder, ...]] = {}

    def finders(self, source: str, target: str) -> tuple[Finder, ...]:
        """The checks that may find something in a pair of texts: ids and functions."""
        signs = self._source.of(source) | self._target.of(target)
        chosen = self._chosen.get(signs)
        if chosen is None:
            wanted = signs | self._always
            numbered = enumerate(self._finders)
            chosen = tuple(finder for at, finder in numbered if wanted >> at & 1)
            self._chosen[signs] = chosen
        return chosen


class _Signs(dict[str, Read]):
    """What is read in a piece: its signs, one bit for each check, and its words."""

    def __init__(self, signs: Callable[[str], int]) -> None:
        super().__init__()
        self._signs = signs

    def __missing__(self, piece: str) -> Read:
        found = surfaces(piece)
        small = tuple(map(str.lower, found))
        alike = piece.translate(_ALIKE)
        if alike != piece and piece.upper() == piece.lower():
            return self[alike][0], found, small
        known = self._signs(piece), found, small
        if len(piece) <= _LONGEST:
            if len(self) >= _PIECES:
                self.clear()
            self[piece] = known
        return known

    def of(self, text: str) -> int:
        """The signs of a text, both as it stands and without its markup; its words are kept."""
        bare = plain(text)
        signs, found, small = zip(*map(self.__getitem__, bare.split(" ")), strict=True)
        keep(text, tuple(chain.from_iterable(found)), tuple(chain.from_iterable(small)))
        if bare is not text:
            signs += tuple([self[piece][0] for piece in text.split(" ")])
        together: int = reduce(or_, signs)
        return together
