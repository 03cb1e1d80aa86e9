"""Adaptation of a draft to the variant of its language, for engines that only have the base one.

Spelling (`pipeline.lang.variants`), and by our own rules:

- American English: January 3, 2025; 4:30 p.m.; commas and full stops inside quotation marks
  (The Chicago Manual of Style, 6.9, 6.38, 9.38),
- British English: 3 January 2025 (New Oxford Style Manual, 11.2),
- Spanish of countries with a decimal point: 1,234.5 (Ortografía de la lengua española, 2010).

A date, time or number changes only if the German text has it. Addresses, code, placeholders,
words of the German text and required translations stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from pipeline.checks.numbers.parsing import figures, has_point_decimals
from pipeline.checks.text import EMAIL, PLACEHOLDER, TAG, URL
from pipeline.core import LanguageCode
from pipeline.lang.variants import is_american, is_british, respell

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_PROTECTED = "|".join(
    f"(?:{pattern.pattern})" for pattern in (TAG, URL, EMAIL, PLACEHOLDER, re.compile("`[^`]+`"))
)
_WORD = re.compile(r"[^\W\d_]+")
_TO = r"(?: to | and |–|-)"
_BRITISH_DATE = re.compile(
    rf"\b(?:the )?(?:(?P<from>\d{{1,2}})(?:st|nd|rd|th)?(?P<to>{_TO}))?"
    rf"(?P<day>\d{{1,2}})(?:(?:st|nd|rd|th)(?: of)?)? (?P<month>{_MONTHS})\b"
    r"(?:,? (?P<year>\d{4})\b)?"
)
_AMERICAN_DATE = re.compile(
    rf"\b(?P<month>{_MONTHS}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[.,:]\d)"
    rf"(?:(?P<to>{_TO})(?P<until>\d{{1,2}})(?:st|nd|rd|th)?(?!\d))?(?:,? (?P<year>\d{{4}})\b)?"
)
_CLOCK = re.compile(
    r"(?<![\d.,:])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))(?![\d:])(?:\s?(?:h|o['’]clock)\b)?"
    r"(?!\s?[ap]\.?\s?m\b|\s?percent|\s?%)(?P<stop>\.(?=\s*\Z|\s+[A-Z]))?"
)
_GERMAN_CLOCK = re.compile(r"(?<![\d.,:])(\d{1,2})(?:[.:](\d\d))(?=\s?Uhr|\s?(?:bis|und|–|-)\s?\d)")
_EVENING = re.compile(r"abends|nachmittags|mittags|nachts")
_OUTSIDE = re.compile(r"(?<=[^\W_])([”\"])([.,])(?=\s|\Z)")


def adapt(source: str, text: str, language: str, terms: Sequence[tuple[str, str]] = ()) -> str:
    """Return a draft in the spelling and notation of a variant; `en` and `fr` change nothing.

    `terms` are pairs (German, required translation).
    """
    if not LanguageCode.parse(language).region:
        return text
    required = [target for _, target in terms]
    keep = {*_WORD.findall(source), *_WORD.findall(" ".join(required).lower())}
    protected = re.compile("|".join([_PROTECTED, *map(re.escape, filter(None, required))]))
    out: list[str] = []
    at = 0
    for match in protected.finditer(text):
        out += (text[at : match.start()], match[0])
        at = match.end()
    out.append(text[at:])
    for place in range(0, len(out), 2):
        out[place] = _adapt_part(source, out[place], language, keep)
    return "".join(out)


def _adapt_part(source: str, text: str, language: str, keep: set[str]) -> str:
    text = respell(text, language, keep)
    if is_american(language):
        text = _BRITISH_DATE.sub(partial(_american_date, source), text)
        text = _CLOCK.sub(partial(_american_time, source), text)
        return _OUTSIDE.sub(r"\2\1", text)
    if is_british(language):
        return _AMERICAN_DATE.sub(partial(_british_date, source), text)
    if has_point_decimals(language):
        return _with_points(source, text, language)
    return text


def _has_day(source: str, *days: str | None) -> bool:
    """Return whether a German text has days of a month: `3. Januar`, `3.1.`."""
    return all(re.search(rf"(?<!\d)0?{day}\.", source) for day in days if day)


def _american_date(source: str, match: re.Match[str]) -> str:
    if not _has_day(source, match["day"]):
        return match[0]
    first = f"{match['from']}{match['to']}" if match["from"] else ""
    year = f", {match['year']}" if match["year"] else ""
    return f"{match['month']} {first}{match['day']}{year}"


def _british_date(source: str, match: re.Match[str]) -> str:
    if not _has_day(source, match["day"], match["until"]):
        return match[0]
    last = f"{match['to']}{match['until']}" if match["until"] else ""
    year = f" {match['year']}" if match["year"] else ""
    return f"{match['day']}{last} {match['month']}{year}"


def _american_time(source: str, match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), match["minute"]
    times = {(int(h), m) for h, m in _GERMAN_CLOCK.findall(source)}
    if (hour, minute) not in times or hour > 24 or (hour <= 12 and _EVENING.search(source)):
        return match[0]
    half = "a.m." if hour % 24 < 12 else "p.m."
    return f"{(hour - 1) % 12 + 1}:{minute} {half}"


def _with_points(source: str, text: str, language: str) -> str:
    """Return a text with the numbers of the German text as a country with a decimal point."""
    values = {figure.value() for figure in figures(source, "de")}
    out: list[str] = []
    at = 0
    for ours, theirs in _pairs(text, language):
        start, end, value = theirs
        if value is not None and value in values and ours not in values:
            swapped = text[start:end].translate(str.maketrans(".,", ",."))
            out += (text[at:start], swapped)
            at = end
    return "".join((*out, text[at:]))


def _pairs(text: str, language: str) -> Iterator[tuple[object, tuple[int, int, object]]]:
    """Yield the figures with a mark: the value in the variant; place and value in Spain."""
    for own, spain in zip(figures(text, language), figures(text, "es"), strict=True):
        if not spain.text.isdecimal():
            yield own.value(), (spain.start, spain.end, spain.value())
