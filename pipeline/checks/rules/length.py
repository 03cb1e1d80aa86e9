"""Truncated or rambling translations, found by their length."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.checks.base import Check, Context, DraftPolicy
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, strip_markup
from pipeline.core import Severity

# Mean of log(characters of translation / characters of German) in human translations,
# estimated from NTREX-128 (600 segments of news, CC BY-SA 4.0) and from EU documents
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
    """Compare the lengths with those of human translations (Gale and Church 1993)."""
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
        # Fewer sentences confirm a short text, more sentences a long one.
        more = _sentences(target) - _sentences(source)
        if more and (more > 0) == (off > 0):
            limit = _LIMIT_COUNTED
    if off < -limit:
        yield f"Too short for the source: {after} characters for {before}; is a part missing?"
    elif off > limit:
        yield f"Too long for the source: {after} characters for {before}; was something added?"


@lru_cache(maxsize=1024)
def _bounds(before: int, language: str) -> tuple[float, float, float, float]:
    """Return two intervals of lengths: acceptable, and acceptable for equal sentence counts.

    `before` is the length of the source in characters.
    """
    mean = _MEAN.get(language)
    limits = (_LIMIT_COUNTED, _LIMIT) if mean is not None else (_LIMIT_UNKNOWN, _LIMIT_UNKNOWN)
    found: list[float] = []
    for limit in limits:
        room = limit * math.sqrt(_FLOOR**2 + _NOISE**2 / before)
        # One character of tolerance on both sides, for rounding.
        found.append(before * math.exp((mean or 0.0) - room) + 1)
        found.append(before * math.exp((mean or 0.0) + room) - 1)
    low, high, lowest, highest = found
    return low, high, lowest, highest


def _sentences(text: str) -> int:
    """Count sentences roughly: final marks before a space and a capital letter."""
    return len(_END.findall(strip_markup(text))) + 1


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether the length is acceptable; see `_bounds`."""
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
    summary="The translation is much shorter or longer than usual.",
    why=(
        "The length reveals a translation that lacks half of the sentence, or continues after "
        "its end. The limits come from human translations, by language; they are wider for "
        "short texts."
    ),
    fix="Compare it with the source sentence by sentence; add what is missing, delete the rest.",
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
