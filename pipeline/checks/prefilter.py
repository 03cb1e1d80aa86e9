"""At a glance: which checks are worth running on a pair of texts.

Most checks look for something that few texts have: a digit, a tag, a weekday. Texts are
split at their blanks, and what a piece is a sign of is remembered, since the same pieces
come again and again; so most checks are decided without being called. Of the others, most
see at once that all is well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import itemgetter

from pipeline.checks.base import Check, Context, Found
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
    numbers,
    placeholders,
    quotes,
    repeated_words,
    terminology,
    untranslated,
    untranslated_words,
    urls,
    whitespace,
)
from pipeline.checks.text import Piece, Text, keep, piece_of, strip_tags

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
        numbers,
        placeholders,
        quotes,
        repeated_words,
        terminology,
        untranslated,
        untranslated_words,
        urls,
        whitespace,
    )
}
"""The fast paths of the built-in checks, by check id."""

_NO_FAST_PATH = FastPath()

_PIECES = 1 << 16
"""How many pieces are remembered before all are forgotten."""

_LONGEST = 60
"""Characters above which a piece is not remembered: it hardly comes again."""

# Of pieces without letters, one digit is a sign of what any other is: numbers have no end.
_ALIKE = dict.fromkeys(map(ord, "123456789"), "0")

_ZEROS = "0" * 20

Finder = tuple[str, Callable[[str, str, Context], Found]]


class Prefilter:
    """Chooses among checks of texts: those that see a sign, and do not see that all is well."""

    def __init__(self, checks: Sequence[Check], context: Context) -> None:
        self._context = context
        self._checks = [check for check in checks if check.check_texts]
        self._fast_paths = [FAST_PATHS.get(check.id, _NO_FAST_PATH) for check in self._checks]
        glances = [path.trigger for path in self._fast_paths]
        self._always = sum(1 << at for at, glance in enumerate(glances) if glance is None)

        def signs(piece: str, is_target: bool) -> int:
            told = enumerate(glances)
            return sum(1 << at for at, look in told if look and look(piece, is_target, context))

        self._source = _Pieces(partial(signs, is_target=False))
        self._target = _Pieces(partial(signs, is_target=True))
        self._chosen: dict[int, tuple[_Chosen, ...]] = {}

    def select(self, source: str, target: str) -> list[Finder]:
        """The checks that may find something in a pair of texts: ids and functions."""
        german, other = self._source.read(source), self._target.read(target)
        signs, context = german.trigger_mask | other.trigger_mask, self._context
        chosen = self._chosen.get(signs)
        if chosen is None:
            chosen = self._chosen[signs] = self._worth(signs | self._always)
        found = []
        for sign, passes, finder in chosen:
            if passes is None or not passes(german, other, context, sign):
                found.append(finder)
        return found

    def _worth(self, signs: int) -> tuple[_Chosen, ...]:
        numbered = enumerate(zip(self._checks, self._fast_paths, strict=True))
        return tuple(
            (1 << at, path.fast_pass, (check.id, check.check_texts))
            for at, (check, path) in numbered
            if signs >> at & 1 and check.check_texts
        )


_Chosen = tuple[int, Callable[[Text, Text, Context, int], bool] | None, Finder]


class _Pieces(dict[str, Piece]):
    """What is read in the pieces of texts."""

    def __init__(self, signs: Callable[[str], int]) -> None:
        super().__init__()
        self._signs = signs

    def __missing__(self, piece: str) -> Piece:
        figure = piece.strip("(),.")
        if figure.isdecimal() and figure.isascii() and len(figure) < len(_ZEROS):
            # As nearly all pieces with figures are: in half of the time.
            alike = piece.replace(figure, _ZEROS[: len(figure)])
            if alike != piece:
                return _new(Piece, (self[alike].trigger_mask, piece, (figure,), (figure,), ()))
        alike = piece.translate(_ALIKE)
        if alike != piece and piece.upper() == piece.lower():
            signs = self[alike].trigger_mask
            if not piece.isascii():
                return piece_of(piece, signs)
            found = tuple(_FIGURES.findall(piece))
            return _new(Piece, (signs, piece, found, found, ()))
        known = piece_of(piece)
        if strip_tags(piece) is piece:
            keep(piece, [known])  # the checks ask for its words
        known = known._replace(trigger_mask=self._signs(piece))
        if len(piece) <= _LONGEST:
            if len(self) >= _PIECES:
                self.clear()
            self[piece] = known
        return known

    def read(self, text: str) -> Text:
        """Read a text, and keep its pieces for a while."""
        plain = strip_tags(text)
        pieces = list(map(self.__getitem__, plain.split(" ")))
        keep(text, pieces)
        marked = list(filter(_SIGNS, pieces))
        signs = 0
        for piece in marked:
            signs |= piece.trigger_mask
        if plain is not text:
            for piece in map(self.__getitem__, text.split(" ")):
                signs |= piece.trigger_mask
        return _new(Text, (text, plain, pieces, signs, marked))


_SIGNS = itemgetter(0)
_new = tuple.__new__  # what the name of a named tuple does, without its function call
_FIGURES = re.compile("[0-9]+")
