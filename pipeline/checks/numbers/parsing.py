"""Figures in a text: how each may be read, by the customs of the language.

German writes 7.000 and 3,5, English 7,000 and 3.5, French 7 000 and 3,5 (with a no-break
or narrow no-break blank), Spanish 7.000 or 7 000 and 3,5. A figure may have several
readings; a reading is a tuple of values, since a date or a section number has parts.
Rules: Duden "Zahlen und Ziffern"; the EU's Interinstitutional Style Guide, 10.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipeline.checks.numbers.words import scales
from pipeline.checks.text import strip_markup
from pipeline.core.language_codes import LanguageCode, base_language

Reading = tuple[Decimal, ...]
SPACES = " \u00a0\u202f\u2009"  # space, no-break, narrow no-break, thin
# Digits, joined by points, commas, colons or apostrophes, or grouped in threes by blanks.
FIGURE = re.compile(
    rf"\d(?:\d{{0,2}}(?!\d)(?:[{SPACES}]\d{{3}}(?!\d))+(?:[.,]\d+)?"
    r"|\d*(?:[.,:'’]\d+)*)"
)
_FIGURE_AND_WORD = re.compile(rf"({FIGURE.pattern})(?:[{SPACES}-]?([^\W\d_]+))?")
# Which marks group the thousands, and which begins the decimals. The EU's English groups by
# blanks too.
_MARKS = {"en": (", ", "."), "fr": (" ", ","), "es": (". ", ","), "de": (". ", ",")}
_MANY_DIGITS = 30
# Spanish as these countries write it has the marks of English.
_POINT_COUNTRIES = frozenset(("DO", "GT", "HN", "MX", "NI", "PA", "PR", "SV", "US", "419"))


class Figure(NamedTuple):
    """A figure: as it stands, and its readings.

    `proper` readings follow the language's customs, `loose` ones are those of another
    language. `scale` is the power of ten that a word after it adds (million: 6). `after`
    is the word that follows, in lower case.
    """

    text: str
    end: int
    proper: tuple[Reading, ...]
    loose: tuple[Reading, ...]
    scale: int
    after: str

    def value(self) -> Decimal | None:
        """Its whole value with the scale, where it is one number; else nothing."""
        if self.proper and len(self.proper[0]) == 1:
            number = self.proper[0][0]
            return number * Decimal(10) ** self.scale if self.scale else number
        return None


@lru_cache(maxsize=64)
def figures(text: str, language: str) -> tuple[Figure, ...]:
    """The figures of a text outside markup and addresses, in order."""
    text = strip_markup(text)
    style, scaling = _style(language), scales(base_language(language))
    found = []
    for match in _FIGURE_AND_WORD.finditer(text):
        figure, after = match.groups()
        word = after.lower() if after else ""
        scale = scaling.get(word, 0)
        if scale == 3 and text.startswith("millones", match.end() + 1):
            scale = 9
        proper, loose = _readings(figure, style)
        found.append(Figure(figure, match.end(1), proper, loose, scale, word))
    return tuple(found)


@lru_cache(maxsize=512)
def have_same_value(german: str, other: str, language: str) -> bool:
    """Whether two figures are one number, hour or date, each by the customs of its language."""
    theirs, ours = _readings(german, "de")[0], _readings(other, _style(language))[0]
    return bool(theirs and ours) and theirs[0] == ours[0]


def _style(language: str) -> str:
    """The language whose customs count."""
    base, country, _ = LanguageCode.parse(language)
    return "en" if base == "es" and country in _POINT_COUNTRIES else base


def _readings(token: str, style: str) -> tuple[tuple[Reading, ...], tuple[Reading, ...]]:
    # Whole numbers have no end: to remember them would only push other things from memory.
    return (((_number(token),),), ()) if token.isdecimal() else _marked(token, style)


@lru_cache(maxsize=512)
def _marked(token: str, style: str) -> tuple[tuple[Reading, ...], tuple[Reading, ...]]:
    """The readings of a figure with marks or blanks in it."""
    token = re.sub(rf"[{SPACES}'’]", " ", token)
    sequence = tuple(_number(part) for part in re.split(r"[.,: ]", token))
    if style not in _MARKS:
        both = [r for group, point in _MARKS.values() for r in _as_number(token, group, point)]
        return tuple(dict.fromkeys([*both, sequence])), ()
    own = _as_number(token, *_MARKS[style])
    others = [r for marks in _MARKS.values() for r in _as_number(token, *marks)]
    if not own or (style == "en" and len(token.partition(".")[2]) not in (0, 3)) or " " in token:
        # A date, an hour, the number of a chapter; 4.4 is one in German, in English it may be.
        own = (*own, sequence) if "," not in token else own
    return own, tuple(dict.fromkeys(r for r in (*others, sequence) if r not in own))


def _as_number(token: str, group: str, point: str) -> tuple[Reading, ...]:
    """Read a token as one number with these marks, if it is written so."""
    whole, mark, part = token.partition(point)
    if mark and not part.isdecimal():
        return ()
    for sign in group:
        groups = whole.split(sign)
        if len(groups[0]) <= 3 and all(len(g) == 3 and g.isdecimal() for g in groups[1:]):
            digits = "".join(groups)
            if digits.isdecimal():
                return ((_number(f"{digits}.{part}" if part else digits),),)
    if whole.isdecimal():
        return ((_number(f"{whole}.{part}" if part else whole),),)
    return ()


def _number(digits: str) -> Decimal:
    """The value; of a very long row of digits only the last ones, which tell it apart."""
    return Decimal(digits if len(digits) <= _MANY_DIGITS else digits[-_MANY_DIGITS:].lstrip("."))
