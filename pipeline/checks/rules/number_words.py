"""Changed numbers that are written as words or Roman numerals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from pipeline.checks.base import Check, Context, DraftPolicy
from pipeline.checks.fast_path import FastPath
from pipeline.checks.numbers.numerals import (
    Numeral,
    german_numerals,
    is_german_numeral,
    is_german_part,
    target_numerals,
)
from pipeline.checks.numbers.parsing import Figure, figures
from pipeline.checks.numbers.words import number_names, stated_german_numbers, stated_numbers
from pipeline.checks.text import Text, lowered, words
from pipeline.core import Severity
from pipeline.lang import TokenCache

_ROUNDING = Decimal("0.01")


def check_texts(source: str, target: str, context: Context) -> Iterator[str]:
    """Find a number in words that the translation lacks, while it has another one instead."""
    theirs = german_numerals(source)
    stated = stated_numbers(target, context.base) if theirs else frozenset()
    if all(one.value in stated and not one.is_fraction for one in theirs):
        return
    ours = target_numerals(target, context.base)
    if not ours:
        return
    figures_here, figures_there = figures(source, "de"), figures(target, context.language)
    stated |= _values(figures_there)
    known = stated_german_numbers(source) | _values(figures_here)
    lost = _unstated(theirs, ours, stated)
    added = _unstated(ours, theirs, known) if lost else []
    for german, other in zip(lost, added, strict=False):
        yield f"{german.text!r} ({_shown(german)}) became {other.text!r} ({_shown(other)})"


def _unstated(
    found: Iterable[Numeral], others: Iterable[Numeral], stated: frozenset[Decimal]
) -> list[Numeral]:
    """Return the numerals whose value the other text does not state.

    A fraction is more than its two numbers: it must be stated as one, or in percent.
    """
    values = {other.value for other in others}
    return [
        one
        for one in found
        if one.value not in values
        and (one.is_fraction or one.value not in stated)
        and not (one.is_fraction and _is_stated_fraction(one.value, stated))
    ]


def _is_stated_fraction(value: Decimal, stated: frozenset[Decimal]) -> bool:
    """Return whether a fraction is stated as a decimal number, or rounded in percent."""
    return any(abs(value - other / (100 if other > 1 else 1)) <= _ROUNDING for other in stated)


def _values(found: Iterable[Figure]) -> frozenset[Decimal]:
    values = {figure.value() for figure in found}
    values |= {part for f in found for row in (*f.proper, *f.others) for part in row}
    return frozenset(value for value in values if value is not None)


def _shown(numeral: Numeral) -> str:
    value = numeral.value
    if value == value.to_integral_value():
        return f"{int(value):,}"
    return f"{value:.2f}".rstrip("0")


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece of the source has a number in words."""
    return not is_target and any(map(is_german_numeral, words(piece)))


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether the translation states all numbers of the source, each in one word."""
    if any(map(source.plain.lower().__contains__, _SCALES)):
        return False
    theirs: list[Decimal] = []
    for piece in source.triggering(bit):
        values = _GERMAN_PIECES[piece.text]
        if values is None:
            return False
        theirs += values
    small = lowered(target.raw)
    return not any(number_names(value, context.base).isdisjoint(small) for value in theirs)


def _read_german(piece: str) -> tuple[Decimal, ...] | None:
    """Return the numbers of a piece, None if the words around it matter."""
    if any(map(is_german_part, words(piece))):
        return None
    return tuple(one.value for one in german_numerals(piece))


_GERMAN_PIECES = TokenCache(_read_german)
_SCALES = ("illi", "mio", "mia", "mrd")  # Million, Milliarde, Billion and their short forms


CHECK = Check(
    id="number-words",
    severity=Severity.WARNING,
    summary="A number in words, a fraction or a Roman numeral became another one.",
    why=(
        "Seventeen and seventy are easily confused. Only a number that is "
        "replaced by another one is reported: a translation may leave out or add number words."
    ),
    fix="Write the number of the source, as a word or in figures.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.RANKING,
    wrong=(
        ("en", "Siebzehn Länder nahmen teil.", "Seventy countries took part."),
        ("en", "Drei Viertel der Wähler", "Two thirds of the voters"),
        ("fr", "Papst Benedikt XVI.", "Le pape Benoît XIV"),
        ("es", "Sie wartete anderthalb Jahre.", "Esperó dos años y medio."),
    ),
    right=(
        ("en", "Siebzehn Länder nahmen teil.", "17 countries took part."),
        ("en", "Ein Viertel der Wähler", "25 percent of the voters"),
        ("fr", "Siebenundneunzig Gäste", "Quatre-vingt-dix-sept invités"),
        ("en", "Er kam als Dritter ins Ziel.", "He finished third."),
    ),
)

FAST_PATH = FastPath(trigger=trigger, fast_pass=fast_pass)
