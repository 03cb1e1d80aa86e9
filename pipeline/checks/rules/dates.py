"""Lost or changed weekdays, months, seasons and times of day."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.dates import clock, names
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, strip_markup
from pipeline.core import Severity


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Compare the weekdays, months, seasons, relative days and times of both texts."""
    language = context.base
    if language not in names.LANGUAGES:
        return
    yield from _names(source, target, language)
    theirs, ours = names.vague_dates(source, "de"), names.vague_dates(target, language)
    lost = {key: word for key, word in theirs.items() if key not in ours}
    added = {key: word for key, word in ours.items() if key not in theirs}
    for key, word in lost.items():
        if other := next((w for k, w in added.items() if k[0] == key[0]), None):
            yield Problem(f"{word} became {other}")
    for time, changed in clock.changed_times(source, target, language):
        yield Problem(f"{time.shown()} became {changed.shown()}")


def _names(source: str, target: str, language: str) -> Iterator[Problem]:
    """Compare the weekdays and months, by name or in numeric dates."""
    theirs = names.german_dates(source)
    ours = names.target_dates(target, language, pairs=names.has_pairs(source))
    if theirs.keys() == ours.keys():
        return
    lost = {key: word for key, word in theirs.items() if key not in ours}
    if lost:
        plain = strip_markup(target)
        known = names.abbreviated(plain, language) | names.numeric_months(plain)
        lost = {key: word for key, word in lost.items() if key not in known}
    added = {key: word for key, word in ours.items() if key not in theirs}
    if added:
        known = names.mentioned(source)
        added = {key: word for key, word in added.items() if key not in known}
    for key, word in lost.items():
        other = next((w for k, w in added.items() if k[0] == key[0]), None)
        if other:
            yield Problem(f"{word} became {other}")
        elif key[0] == "d":
            yield Problem(f"{word} is missing", Severity.INFO)
    if not lost:
        for word in added.values():
            yield Problem(f"{word} is not in the source", Severity.WARNING)


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece is a name, or starts like a German one, or is a date or a time."""
    if context.base not in names.LANGUAGES:
        return False
    if names.may_be_date(piece, is_target, context.base):
        return True
    return not is_target and clock.may_be_time(piece)


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether both texts name the same weekdays and months, and no other dates."""
    language = context.base
    if language not in names.LANGUAGES:
        return True
    pieces = source.triggering(bit)
    if any(clock.may_be_time(p.text) or names.is_other_date(p.text, p.lowered) for p in pieces):
        return False
    theirs = [word for piece in pieces for word in piece.words]
    ours = [word for piece in target.triggering(bit) for word in piece.words]
    found = names.named_in(ours, target.plain, language)
    return names.named_in_german(theirs).keys() == found.keys()


CHECK = Check(
    id="dates",
    severity=Severity.ERROR,
    summary="A weekday, month, season or time of day became another one.",
    why=(
        "Machines confuse weekdays in fluent sentences, and half past four (halb fünf) with half "
        "past five; readers come on the wrong day. Dates in figures count: 5.3. is in March."
    ),
    fix="Write the day or time of the source. A merely missing weekday is information.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.RETRY,
    confidence_factor=0.4,
    wrong=(
        ("en", "Am Dienstag wird gewählt.", "The vote is on Thursday."),
        ("fr", "Das war im Juni.", "C’était en juillet."),
        ("es", "Am Sonntagabend", "El sábado por la noche"),
        ("en", "Der Zug fährt um halb fünf.", "The train leaves at half past five."),
        ("en", "Beginn: 5.3.2020", "Start: 3 May 2020"),
    ),
    right=(
        ("en", "Am Dienstag wird gewählt.", "The vote is on Tuesday."),
        ("fr", "Am 1. März", "Le 1er mars"),
        ("en", "Am 1. März 2020", "On 2020-03-01"),
        ("en", "Der Zug fährt um halb fünf.", "The train leaves at 4:30."),
        ("fr", "Am Karfreitag ruht die Arbeit.", "Le Vendredi saint est férié."),
        ("en", "Das mag sein.", "That may be."),
        ("en", "Er heißt Maier.", "His name is Maier."),
    ),
)

FAST_PATH = FastPath(trigger=trigger, fast_pass=fast_pass)
