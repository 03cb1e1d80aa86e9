"""A translation that is cut off or rambles, judged by its length."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.checks.base import Check, Context, DraftPolicy
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, strip_markup
from pipeline.core.types import Severity

# The mean of log(characters of translation / characters of German) in human translations,
# learned from NTREX-128 (600 segments of news, CC BY-SA 4.0) and from EU documents
# (Hanneman and Dinu 2020, 2,174 segments, CC BY 4.0), which agree within 0.03.
_MEAN = {"en": math.log(0.83), "fr": math.log(0.98), "es": math.log(0.97)}
# The standard deviation falls with the length n of the source, in both sets as
# sqrt(0.08^2 + 1.4^2 / n): 0.27 at 30 characters, 0.20 at 60, 0.15 at 120, 0.11 at 400.
_FLOOR, _NOISE = 0.08, 1.4
_LIMIT = 3.2
_LIMIT_COUNTED = 1.6
_LIMIT_UNKNOWN = 4.5
_END = re.compile(r"(?<=[^\W\d_]{3})[\"”“»’)]*[.!?]+[\"”“»’)]*\s+(?=[\"“„«¿¡(]*\s?[^\W\d_a-zà-ÿ])")
_MAY_END = re.compile(r"[.!?][\"”“»’)]*\s+[\"“„«¿¡(]*\s?[^\W\d_a-zà-ÿ]")
_MIN_LENGTH = 30
_RAMBLING = 4.0
_ROOM = 30


def check_texts(source: str, target: str, context: Context) -> Iterator[str]:
    """Compare the lengths with what human translators need (Gale and Church 1993)."""
    before, after = len(strip_markup(source).strip()), len(strip_markup(target).strip())
    if not before or not after:
        return
    if before < _MIN_LENGTH:
        if after > _RAMBLING * before + _ROOM:
            yield f"Much longer than the source: {after} characters for {before}"
        return
    low, high, _, _ = _bounds(before, context.base)
    if low < after < high:
        return
    mean = _MEAN.get(context.base)
    limit = _LIMIT if mean is not None else _LIMIT_UNKNOWN
    spread = math.sqrt(_FLOOR**2 + _NOISE**2 / before)
    off = (math.log(after / before) - (mean or 0.0)) / spread
    if _LIMIT_COUNTED < abs(off) < limit and mean is not None:
        # Fewer sentences and a short text, or more and a long one, are two signs of the same.
        more = _sentences(target) - _sentences(source)
        if more and (more > 0) == (off > 0):
            limit = _LIMIT_COUNTED
    if off < -limit:
        yield f"Too short for the source: {after} characters for {before}; is a part missing?"
    elif off > limit:
        yield f"Too long for the source: {after} characters for {before}; was something added?"


@lru_cache(maxsize=1024)
def _bounds(before: int, language: str) -> tuple[float, float, float, float]:
    """Between which lengths a translation is not looked at any closer, and where it is right
    as long as no sentence is missing or too many.
    """
    mean = _MEAN.get(language)
    limits = (_LIMIT_COUNTED, _LIMIT) if mean is not None else (_LIMIT_UNKNOWN, _LIMIT_UNKNOWN)
    found: list[float] = []
    for limit in limits:
        room = limit * math.sqrt(_FLOOR**2 + _NOISE**2 / before)
        # One character of leeway on both sides, for what is lost in rounding.
        found.append(before * math.exp((mean or 0.0) - room) + 1)
        found.append(before * math.exp((mean or 0.0) + room) - 1)
    low, high, lowest, highest = found
    return low, high, lowest, highest


def _sentences(text: str) -> int:
    """How many sentences a text has, roughly: marks before a blank and a capital."""
    return len(_END.findall(strip_markup(text))) + 1


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Of a usual length, or nearly so where no sentence may be missing or too many."""
    before, after = len(source.plain.strip()), len(target.plain.strip())
    if before < _MIN_LENGTH or not after:
        return after <= _RAMBLING * before + _ROOM
    low, high, lowest, highest = _bounds(before, context.base)
    if low < after < high:
        return True
    ended = _MAY_END.search(source.plain) or _MAY_END.search(target.plain)
    return lowest < after < highest and not ended


CHECK = Check(
    id="length",
    severity=Severity.WARNING,
    summary="The translation is much shorter or longer than translations are.",
    why=(
        "A translation that lacks half of the sentence, or goes on after its end, betrays "
        "itself by its length. The limits are learned from human translations, by language; "
        "short texts get more room."
    ),
    fix="Compare it with the source sentence by sentence; add what is missing, drop the rest.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.CRITICAL,
    wrong=(
        (
            "en",
            "Der Minister erklärte, dass die Verhandlungen mit den Gewerkschaften noch in dieser "
            "Woche fortgesetzt werden.",
            "The minister explained.",
        ),
        ("en", "Gut.", "Good. Here are some more remarks that nobody asked for at this place."),
    ),
    right=(
        (
            "en",
            "Der Minister erklärte, dass die Verhandlungen mit den Gewerkschaften noch in dieser "
            "Woche fortgesetzt werden.",
            "The minister said that talks with the unions would go on this week.",
        ),
        ("en", "Ja", "Yes, of course"),
    ),
)

FAST_PATH = FastPath(fast_pass=fast_pass)
