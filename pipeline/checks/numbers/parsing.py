"""Numbers in figures, and their possible readings by the conventions of a language.

German writes 7.000 and 3,5, English 7,000 and 3.5, French 7 000 and 3,5 (with a no-break
or narrow no-break space), Spanish 7.000 or 7 000 and 3,5. A figure may have several
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
from pipeline.core import LanguageCode, base_language

Reading = tuple[Decimal, ...]
SPACES = " \u00a0\u202f\u2009"  # space, no-break, narrow no-break, thin
# Digits, joined by points, commas, colons or apostrophes, or grouped in threes by spaces.
FIGURE = re.compile(
    rf"\d(?:\d{{0,2}}(?!\d)(?:[{SPACES}]\d{{3}}(?!\d))+(?:[.,]\d+)?"
    r"|\d*(?:[.,:'’]\d+)*)"
)
_FIGURE_AND_WORD = re.compile(rf"({FIGURE.pattern})(?:[{SPACES}-]?([^\W\d_]+))?")
# The marks that group thousands, and the decimal mark. The EU's English groups by spaces too.
_MARKS = {"en": (", ", "."), "fr": (" ", ","), "es": (". ", ","), "de": (". ", ",")}
_MANY_DIGITS = 30
# In these countries, Spanish uses the marks of English.
_POINT_COUNTRIES = frozenset(("DO", "GT", "HN", "MX", "NI", "PA", "PR", "SV", "US", "419"))


class Figure(NamedTuple):
    """A number in figures with its readings.

    `proper` readings follow the conventions of the language, `loose` ones those of another.
    `scale` is the power of ten that the following word adds (million: 6). `after` is that
    word in lower case, `end` the offset after the figure.
    """

    text: str
    end: int
    proper: tuple[Reading, ...]
    loose: tuple[Reading, ...]
    scale: int
    after: str

    def value(self) -> Decimal | None:
        """Return the scaled value, None for a date, an hour or a section number."""
        if self.proper and len(self.proper[0]) == 1:
            number = self.proper[0][0]
            return number * Decimal(10) ** self.scale if self.scale else number
        return None


@lru_cache(maxsize=64)
def figures(text: str, language: str) -> tuple[Figure, ...]:
    """Return the figures of a text outside markup and addresses, in order."""
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
    """Return whether a German and another figure are the same number, hour or date."""
    theirs, ours = _readings(german, "de")[0], _readings(other, _style(language))[0]
    return bool(theirs and ours) and theirs[0] == ours[0]


def _style(language: str) -> str:
    """Return the language whose conventions apply."""
    base, country, _ = LanguageCode.parse(language)
    return "en" if base == "es" and country in _POINT_COUNTRIES else base


def _readings(token: str, style: str) -> tuple[tuple[Reading, ...], tuple[Reading, ...]]:
    # Whole numbers are unlimited; caching them would evict everything else.
    return (((_number(token),),), ()) if token.isdecimal() else _marked(token, style)


@lru_cache(maxsize=512)
def _marked(token: str, style: str) -> tuple[tuple[Reading, ...], tuple[Reading, ...]]:
    """Return the readings of a figure with marks or spaces."""
    token = re.sub(rf"[{SPACES}'’]", " ", token)
    sequence = tuple(_number(part) for part in re.split(r"[.,: ]", token))
    if style not in _MARKS:
        both = [r for group, point in _MARKS.values() for r in _as_number(token, group, point)]
        return tuple(dict.fromkeys([*both, sequence])), ()
    own = _as_number(token, *_MARKS[style])
    others = [r for marks in _MARKS.values() for r in _as_number(token, *marks)]
    if not own or (style == "en" and len(token.partition(".")[2]) not in (0, 3)) or " " in token:
        # A date, an hour or a section number, as 4.4 is in German and may be in English.
        own = (*own, sequence) if "," not in token else own
    return own, tuple(dict.fromkeys(r for r in (*others, sequence) if r not in own))


def _as_number(token: str, group: str, point: str) -> tuple[Reading, ...]:
    """Return the reading of a token as one number with these marks, if it is valid."""
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
    """Return the value; of very long numbers only the last digits, to limit the time."""
    return Decimal(digits if len(digits) <= _MANY_DIGITS else digits[-_MANY_DIGITS:].lstrip("."))
