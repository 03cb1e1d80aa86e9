"""Conversion of measures for English readers, such as kilometres to miles.

A converted figure is not a changed number. Factors: NIST Special Publication 811, B.8.
Newspapers round, so a tolerance of 12 % applies.
"""

from __future__ import annotations

import re
from decimal import Decimal

_TOLERANCE = Decimal("0.12")
# German unit, English unit, and the number of English units in a German one.
_UNITS = (
    (r"km/h|Kilometern? pro Stunde|Stundenkilometern?", r"mph|miles? per hour", "0.621371"),
    (r"km|Kilometern?", r"miles?|mi", "0.621371"),
    (r"m|Metern?", r"feet|foot|ft", "3.28084"),
    (r"m|Metern?", r"yards?|yd", "1.09361"),
    (r"cm|Zentimetern?", r"inch(?:es)?|in", "0.393701"),
    (r"mm|Millimetern?", r"inch(?:es)?|in", "0.0393701"),
    (r"kg|Kilo(?:gramm)?", r"pounds?|lbs?", "2.20462"),
    (r"Tonnen?|t", r"tons?", "1.10231"),
    (r"Litern?|l", r"gallons?", "0.264172"),
    (r"km²|Quadratkilometern?", r"square miles?", "0.386102"),
    (r"Hektar|ha", r"acres?", "2.47105"),
)
_TABLE = tuple(
    (
        re.compile(rf"[\s\u00a0-]{{0,2}}(?:{german})(?!\w)"),
        re.compile(rf"[\s\u00a0-]{{0,2}}(?:{english})(?!\w)"),
        Decimal(factor),
    )
    for german, english, factor in _UNITS
)
_RANGE = re.compile(r"[\s\u00a0]?(?:bis|to|and|und|or|oder|-|–)[\s\u00a0]?[\d.,]+")
_CELSIUS = re.compile(r"[\s\u00a0]?(?:Grad|°|º)")
_DEGREES = re.compile(r"[\s\u00a0-]?(?:degrees?|°|º|s\b)")


def converted(before: str, value: Decimal, after: str, other: Decimal) -> bool:
    """Return whether `other` is `value` in an English unit.

    `before` and `after` are the texts that follow the German and the English figure.
    """
    before, after = _past_range(before), _past_range(after)
    for german, english, factor in _TABLE:
        if german.match(before) and english.match(after):
            wanted = value * factor
            if abs(other - wanted) <= max(wanted * _TOLERANCE, Decimal("0.6")):
                return True
    if _CELSIUS.match(before) and _DEGREES.match(after):
        fahrenheit, span = value * 9 / 5 + 32, value * 9 / 5
        return min(abs(other - fahrenheit), abs(other - span)) <= 3
    return False


def _past_range(text: str) -> str:
    """Return a text without the rest of a range at its start: `5 (bis 10) Kilometer`."""
    match = _RANGE.match(text)
    return text[match.end() :] if match else text
