"""Numbers in figures, and their possible readings by the conventions of a language.

German writes 7.000 and 3,5, English 7,000 and 3.5, French 7 000 and 3,5 (with a no-break
or narrow no-break space), Spanish 7.000 or 7 000 and 3,5. A figure may have several
readings; a reading is a tuple of values, since a date or a section number has parts.
Rules: Duden "Zahlen und Ziffern"; the EU's Interinstitutional Style Guide, 10.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipeline.checks.numbers.words import scales
from pipeline.checks.text import strip_markup
from pipeline.core import LanguageCode, base_language

__all__ = ["figures", "has_point_decimals"]

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
_CENTURY_BEFORE = re.compile(r"(?<!\d)(1[5-9]|20)\d\d[/–-]$")
_INDIAN = re.compile(r"\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d+)?")
_MANY_DIGITS = 30
_OF_HOURS = ("uhr", "h", "pm", "p", "a", "am")
_NAMED_OTHERWISE = (*_OF_HOURS, "er", "s")
# Swiss amounts have a decimal point before a scale, a ratio or a currency.
_POINT_AND_CENTS = re.compile(r"\d+\.\d{1,2}")
_AMOUNT_AFTER = re.compile(
    rf"[{SPACES}]?(?:%|‰|Prozent|Promille|Mio\b|Mia\b|Mrd\b|Million|Milliarde|Franken\b|CHF\b"
    r"|S?Fr\.|Euro\b|€|EUR\b|Dollar)"
)
_AMOUNT_BEFORE = re.compile(rf"(?:\bCHF|\bS?Fr\.|€|EUR)[{SPACES}]?\Z")
# In these countries, Spanish uses the marks of English.
_POINT_COUNTRIES = frozenset(("DO", "GT", "HN", "MX", "NI", "PA", "PR", "SV", "US", "419"))


class Figure(NamedTuple):
    """A number in figures with its readings.

    `proper` readings follow the conventions of the language, `loose` ones those of another,
    `others` are further names of the same: 4 pm for 16 Uhr, 1980s for 80er, 2021 for `26.9.21`.
    `scale` is the power of ten that the following word adds (million: 6). `after` is that
    word in lower case; the figure is at `start:end` of the text without markup.
    """

    text: str
    start: int
    end: int
    proper: tuple[Reading, ...]
    loose: tuple[Reading, ...]
    others: tuple[Reading, ...]
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
    style, scaling = _conventions(language)
    found = []
    for match in _FIGURE_AND_WORD.finditer(text):
        figure, after = match.groups()
        word = after.lower() if after else ""
        scale = scaling.get(word, 0)
        if scale == 3 and text.startswith("millones", match.end() + 1):
            scale = 9
        proper, loose = _readings(figure, style)
        if style == "de" and "." in figure and _is_swiss_decimal(text, *match.span(1)):
            proper = (_as_number(figure, " ", ".")[0], *proper)
        start, end = match.span(1)
        century = None
        if start and text[start - 1] in "/–-":
            century = _CENTURY_BEFORE.search(text, max(0, start - 5), start)
        others = _other_names(proper, word, century[1] if century else "")
        found.append(Figure(figure, start, end, proper, loose, others, scale, word))
    return tuple(found)


def _is_swiss_decimal(text: str, start: int, end: int) -> bool:
    """Return whether a figure in a German text is an amount with a point: `Fr. 12.50`, `1.75 %`."""
    if not _POINT_AND_CENTS.fullmatch(text, start, end):
        return False
    return bool(_AMOUNT_AFTER.match(text, end) or _AMOUNT_BEFORE.search(text[:start][-5:]))


def _other_names(proper: tuple[Reading, ...], after: str, century: str) -> tuple[Reading, ...]:
    """Return further readings of hours, decades, short years, and weeks in days.

    `century` are the first digits of a year before a slash or dash: 20 in `2018/19`.
    """
    if not century and after not in _NAMED_OTHERWISE and len(proper) == 1 and len(proper[0]) == 1:
        return ()
    return tuple(
        other
        for reading in proper
        for other in (*_hours(reading, after), *_years(reading, after, century))
    )


def _hours(reading: Reading, after: str) -> Iterator[Reading]:
    """Yield an hour by the clock of twelve hours, and midnight as 0 and 12."""
    if after in _OF_HOURS or len(reading) == 2:
        hours = reading[0]
        if 12 < hours <= 24:
            yield (hours - 12, *reading[1:])
        if hours in (0, 24):
            yield (Decimal(12 if hours == 0 else 0), *reading[1:])


def _years(reading: Reading, after: str, century: str) -> Iterator[Reading]:
    """Yield decades with and without their century, and years of two digits with one."""
    last = reading[-1]
    if after in ("er", "s") and len(reading) == 1 and last > 1000:
        yield (last % 100,)
    if not 0 <= last < 100 or last != last.to_integral_value():
        return
    if century and len(reading) == 1:
        yield (int(century) * 100 + last,)
    elif len(reading) == 3 or (len(reading) == 1 and after in ("er", "s") and last >= 10):
        yield from ((*reading[:-1], year + last) for year in (2000, 1900))


@lru_cache(maxsize=64)
def _conventions(language: str) -> tuple[str, Mapping[str, int]]:
    """Return the language whose conventions apply, and the words that scale figures."""
    return _style(language), scales(base_language(language))


@lru_cache(maxsize=512)
def have_same_value(german: str, other: str, language: str) -> bool:
    """Return whether a German and another figure are the same number, hour or date."""
    theirs, ours = _readings(german, "de")[0], _readings(other, _style(language))[0]
    return bool(theirs and ours) and theirs[0] == ours[0]


def has_point_decimals(language: str) -> bool:
    """Return whether a language is Spanish of a country with a decimal point: `es_MX`."""
    base, country, _ = LanguageCode.parse(language)
    return base == "es" and country in _POINT_COUNTRIES


def _style(language: str) -> str:
    """Return the language whose conventions apply."""
    return "en" if has_point_decimals(language) else base_language(language)


def _readings(token: str, style: str) -> tuple[tuple[Reading, ...], tuple[Reading, ...]]:
    # Whole numbers are unlimited; caching them would evict everything else.
    return (((_number(token),),), ()) if token.isdecimal() else _marked(token, style)


@lru_cache(maxsize=512)
def _marked(token: str, style: str) -> tuple[tuple[Reading, ...], tuple[Reading, ...]]:
    """Return the readings of a figure with marks or spaces."""
    if style == "en" and _INDIAN.fullmatch(token):
        token = token.replace(",", "")  # 1,23,456: lakhs and crores
    swiss = style == "de" and "." in token and ("'" in token or "’" in token)
    token = re.sub(rf"[{SPACES}'’]", " ", token)
    sequence = tuple(_number(part) for part in re.split(r"[.,: ]", token))
    if style not in _MARKS:
        both = [r for group, point in _MARKS.values() for r in _as_number(token, group, point)]
        return tuple(dict.fromkeys([*both, sequence])), ()
    # Swiss German groups by apostrophes, with a decimal point: 1’234.50.
    own = _as_number(token, *((" ", ".") if swiss else _MARKS[style]))
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
