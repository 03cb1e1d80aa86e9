"""Lost or changed weekdays, months, seasons and times of day."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.dates import clock, names
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, lowered, strip_markup, words
from pipeline.core import Severity
from pipeline.lang import TokenCache


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Compare the weekdays, months, seasons, relative days and times of both texts."""
    language = context.base
    if language not in names.LANGUAGES:
        return
    yield from _names(source, target, language)
    for word, other in names.changed_vague_dates(source, target, language):
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
    theirs: set[str] = set()
    may_be_time = is_other = False
    for piece in source.triggering(bit):
        keys, is_time, is_vague = _GERMAN_PIECES[piece.text]
        theirs.update(keys)
        may_be_time, is_other = may_be_time or is_time, is_other or is_vague
    ours: set[str] = set()
    for piece in target.triggering(bit):
        ours.update(_TARGET_PIECES[language][piece.text])
    if names.MAY in ours:  # depends on the words around it
        named = [word for piece in target.triggering(bit) for word in piece.words]
        ours = set(names.named_in(named, target.plain, language))
    if theirs != ours:
        return False
    if may_be_time and any(clock.changed_times(source.raw, target.raw, language)):
        return False
    return not is_other or not (
        names.has_abbreviated(source.plain)
        or any(names.changed_vague_dates(source.raw, target.raw, language))
    )


def _read_german(piece: str) -> tuple[tuple[str, ...], bool, bool]:
    """Return the days and months of a piece, and whether it may be a time or another date."""
    keys = tuple(names.named_in_german(words(piece)))
    return keys, clock.may_be_time(piece), names.is_other_date(piece, lowered(piece))


def _read_target(piece: str, language: str) -> tuple[str, ...]:
    """Return the days and months of a piece of a translation, any `may` among them."""
    return tuple(names.named_in(words(piece), "May 1", language))


_GERMAN_PIECES = TokenCache(_read_german)
_TARGET_PIECES = {
    language: TokenCache(partial(_read_target, language=language)) for language in names.LANGUAGES
}


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
