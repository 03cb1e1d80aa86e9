"""Changed units, currencies, percent signs and minus signs at numbers that are the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.fast_path import FastPath
from pipeline.checks.numbers.units import (
    MeasureUnit,
    Quantity,
    may_be_unit,
    may_have_quantities,
    quantities,
    unit_names,
    units_of,
)
from pipeline.checks.text import Text, strip_markup
from pipeline.core import Severity

_REQUIRED = ("ratio", "money")
"""Dimensions whose unit must not be lost; a length or time is often clear without one."""

_MINUS = re.compile(r"(?<![\w.,)%€$])(?:[Mm]inus |[-−–])$")
# A word of any kind for a value below zero, or for a fall by an amount.
_BELOW = re.compile(
    r"[−–-]\s?[$€£]?\d|\b(?:minus|negativ\w*|below|sub-?zero|under|loss\w*|los[et]s?|down|f[ea]ll\w*|drop\w*"
    r"|declin\w*|shr[aiu]nk\w*|contract\w*|decreas\w*|moins|négati\w*|baiss\w*|recul\w*|perte?s?|chut\w*"
    r"|menos|cero|negativ[oa]s?|bajó|cay\w*|caíd\w*|descen\w*|pérdidas?|deficit|déficit)\b",
    re.IGNORECASE,
)
_PERCENT_WORDS = re.compile(
    r"%|percent|per cent|pour cent|por ciento|pct|\b(?:half|halves|third|quarter|fifth|tenth|tiers"
    r"|quart|moitié|mitad|tercio|cuarto)s?\b|in \d+\b",
    re.IGNORECASE,
)
_MAY_BE_NEGATIVE = re.compile(r"inus |[-−–]\d|[%‰€$£¥°²³]")
_DEGREES, _POINTS = "degrees", "percentage points"


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Compare the units of the figures that both texts have."""
    theirs = quantities(source, "de")
    if not any(quantity.units for quantity in theirs) and "inus " not in source:
        return
    ours = quantities(target, context.language)
    plain, other = strip_markup(source), strip_markup(target)
    by_value: dict[object, list[Quantity]] = {}
    for quantity in ours:
        by_value.setdefault(quantity.figure.value(), []).append(quantity)
    count_theirs, count_ours = cache(partial(units_of, theirs)), cache(partial(units_of, ours))
    has_percent = cache(lambda: _PERCENT_WORDS.search(other) is not None)
    has_below = cache(lambda: _BELOW.search(other) is not None)
    reported: set[str] = set()
    compared: dict[tuple[str, tuple[MeasureUnit, ...]], str] = {}
    for quantity in theirs:
        value = quantity.figure.value()
        same = by_value.get(value, []) if value is not None else []
        key = quantity.figure.text, quantity.units
        if same and key not in compared:
            compared[key] = _difference(quantity, same, count_theirs, count_ours, has_percent)
        message = compared.get(key, "")
        if not message and same and _is_negative(plain, quantity) and not has_below():
            message = f"Minus {quantity.figure.text} became {same[0].figure.text}"
        if message and message not in reported:
            reported.add(message)
            # "0.2 percentage points of GDP" may well be "0.2 % of GDP".
            vague = message.startswith(f"{quantity.figure.text} {_POINTS}")
            yield Problem(message, Severity.INFO if vague else None)


def _difference(
    german: Quantity,
    same: Sequence[Quantity],
    count_theirs: Callable[[str], int],
    count_ours: Callable[[str], int],
    has_percent: Callable[[], bool],
) -> str:
    """Return how the unit of a figure differs from those of the same figure, in words.

    The functions count the units of a dimension, and look for words for percentages.
    """
    if not german.units or any(_agree(german.units, other.units) for other in same if other.units):
        return ""
    dimension = german.units[0].dimension
    figure = german.figure
    rivals = [q for q in same if any(u.dimension == dimension for u in q.units)]
    if rivals:
        units = german.units[0].name, rivals[0].units[0].name
        return f"{figure.text} {units[0]} became {rivals[0].figure.text} {units[1]}"
    if dimension not in _REQUIRED or count_ours(dimension) >= count_theirs(dimension):
        return ""
    if dimension == "ratio" and has_percent():
        return ""
    if dimension == "money" and count_ours(dimension):
        return ""
    return f"{german.units[0].name} is missing at {same[0].figure.text}"


def _agree(units: Sequence[MeasureUnit], others: Sequence[MeasureUnit]) -> bool:
    """Return whether units may be the same; degrees may be those of any scale."""
    for unit in units:
        for other in others:
            celsius = {unit.name, other.name} == {_DEGREES, "degrees Celsius"}
            if unit is other or celsius:
                return True
    return False


def _is_negative(text: str, quantity: Quantity) -> bool:
    """Return whether a figure with a unit has a minus sign or the word before it."""
    start = quantity.figure.start
    return bool(quantity.units) and _MINUS.search(text[max(0, start - 8) : start]) is not None


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece of the source may be a unit."""
    return not is_target and may_be_unit(piece)


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether no figure has a unit, or both texts have one and the same in words."""
    if not may_have_quantities(source.plain):
        return True
    pieces = source.triggering(bit)
    theirs = unit_names(word for piece in pieces for word in piece.lowered)
    if len(theirs) != 1 or _MAY_BE_NEGATIVE.search(source.plain):
        return False
    ((dimension, name),) = theirs
    if dimension in _REQUIRED or not all(piece.lowered for piece in pieces):
        return False
    ours = unit_names(word for piece in target.pieces for word in piece.lowered)
    return {other for kind, other in ours if kind == dimension} == {name}


CHECK = Check(
    id="units",
    severity=Severity.WARNING,
    summary="A number has another unit or currency, or lost its percent or minus sign.",
    why=(
        "Fifty euros are not fifty dollars, and five percent are not five percentage points. "
        "Conversions are fine if the value is: 1500 m and 1.5 km, 27 °C and 80 °F."
    ),
    fix="Write the unit of the source, or convert the number too.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.RETRY,
    wrong=(
        ("en", "Das kostet 50 Euro.", "That costs 50 dollars."),
        ("en", "Es waren 30 Prozent der Gäste.", "It was 30 of the guests."),
        ("fr", "um 5 Prozent", "de 5 points de pourcentage"),
        ("en", "bei minus 3 Grad", "at 3 degrees"),
    ),
    right=(
        ("en", "Das kostet 50 Euro.", "That costs €50."),
        ("en", "zwischen 5 und 10 Prozent", "5-10%"),
        ("fr", "bei minus 3 Grad", "par moins 3 degrés"),
        ("en", "Es sind 50 Kilometer.", "It is about 31 miles."),
    ),
)

FAST_PATH = FastPath(trigger=trigger, fast_pass=fast_pass)
