"""Numbers that the words of a text state, besides its figures."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from itertools import repeat

from pipeline.checks.numbers.words import german, stated
from pipeline.checks.text import words

_ROMAN = re.compile(r"((?=[IVXLC])C?(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3}))(?:e|er|ère|ème)?")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre"
    " diciembre",
}
_MONTH = {
    (language, name): Decimal(number)
    for language, names in _MONTHS.items()
    for number, name in enumerate(names.split(), 1)
}
_THOUSANDS = (Decimal(100), Decimal(1000), Decimal(10**6), Decimal(10**9))


@lru_cache(maxsize=16)
def said(text: str, language: str) -> frozenset[Decimal]:
    """The numbers that the words of the target state: four, twenty-two, July, XIV."""
    values: set[Decimal] = set()
    running: Decimal | None = None
    for own, others in map(_told, words(text), repeat(language)):
        if not own and not others:
            running = None
            continue
        values |= own | others
        running = _together(running, own)
        if running is not None:
            values.add(running)
    return frozenset(values)


@lru_cache(maxsize=1 << 14)
def _told(word: str, language: str) -> tuple[frozenset[Decimal], frozenset[Decimal]]:
    """What a word states as a numeral, and what as a month or a Roman numeral."""
    small = word.lower()
    month = _MONTH.get((language, small))
    others = _roman(word) if month is None else _roman(word) | {month}
    return stated(language, small), frozenset(others)


def _together(running: Decimal | None, own: frozenset[Decimal]) -> Decimal | None:
    """Go on with a number of several words: twenty + two, two x hundred."""
    if not own:
        return None
    value = min(own)
    if running is None:
        return value
    if value in _THOUSANDS:
        return running * value
    return running + value


def _roman(word: str) -> set[Decimal]:
    match = _ROMAN.fullmatch(word)
    if not match:
        return set()
    values = [_ROMAN_VALUES[c] for c in match[1]]
    after = [*values[1:], 0]
    return {Decimal(sum(v if v >= n else -v for v, n in zip(values, after, strict=True)))}


@lru_cache(maxsize=16)
def said_in_german(text: str) -> frozenset[Decimal]:
    """The numbers that the words of a German text may state: zwölf, zweijährig, XIV."""
    return frozenset().union(*map(_told_in_german, filter(str.isalpha, words(text))))


@lru_cache(maxsize=1 << 16)
def _told_in_german(word: str) -> frozenset[Decimal]:
    return german(word) | _roman(word)
