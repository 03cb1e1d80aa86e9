"""Lost or changed weekdays and months."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, lowered, strip_markup, words
from pipeline.core import Severity

_NAMES = {
    "de": (
        "montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag",
        "januar|jänner februar|feber märz april mai juni juli august september oktober november"
        " dezember",
    ),
    "en": (
        "monday tuesday wednesday thursday friday saturday sunday",
        "january february march april may june july august september october november december",
    ),
    "fr": (
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    ),
    "es": (
        "lunes martes miércoles jueves viernes sábado domingo",
        "enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre"
        " noviembre diciembre",
    ),
}
_SHORT = {
    "en": (
        "mon tue|tues wed thu|thurs fri sat sun",
        "jan feb mar apr may jun jul aug sep|sept oct nov dec",
    ),
    "fr": (
        "lun mar mer jeu ven sam dim",
        "janv févr mars avr mai juin juil août sept oct nov déc",
    ),
    "es": (
        "lun mar mié jue vie sáb dom",
        "ene feb mar abr may jun jul ago sep|sept oct nov dic",
    ),
}


def _table(rows: tuple[str, str]) -> dict[str, str]:
    """Return names with their keys: `d0` to `d6` for weekdays from Monday, `m1` to `m12`."""
    table: dict[str, str] = {}
    for letter, first, names in (("d", 0, rows[0]), ("m", 1, rows[1])):
        for number, alternatives in enumerate(names.split(), first):
            table |= dict.fromkeys(alternatives.split("|"), f"{letter}{number}")
            if letter == "d":
                table |= {f"{name}s": f"d{number}" for name in alternatives.split("|")}
    return table


_TABLES = {language: _table(rows) for language, rows in _NAMES.items()}
_SHORT_TABLES = {language: _table(rows) for language, rows in _SHORT.items()}
_GERMAN = "|".join(sorted(_TABLES["de"], key=len, reverse=True))
# Sonntagabend, Freitags-, Augustwoche, but not Maier, Augustin, Freitagsgebet of a name.
_DAYTIME = "früh|morgen|vormittag|mittag|nachmittag|abend|nacht"
_FIND_GERMAN = re.compile(rf"(?P<name>{_GERMAN})(?:e?s)?(?:{_DAYTIME})?(?:e?s)?", re.IGNORECASE)
_FIND_SHORT = {
    language: re.compile(rf"(?<!\w)({'|'.join(sorted(table, key=len, reverse=True))})\b\.?", re.I)
    for language, table in _SHORT_TABLES.items()
}
_FIGURES = re.compile(
    r"(?<!\d)(?:\d{1,2}[./]\d{1,2}[./](?:\d{2,4})?|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}|\d{1,2}[./]\d{4})"
    r"(?!\d)"
)
_BEGINS = re.compile(rf"(?<!\w)({_GERMAN})", re.IGNORECASE)
_STARTS = frozenset(name[:4] for name in _TABLES["de"])
# The verb "May" of a title in capitals, and Theresa May, are no month.
_MAY = re.compile(
    r"\b(?:in|of|on|by|since|until|last|next|this|early|late|mid|from|to|between|and|end|\d\w*)"
    r"[ -]May|May,? \d"
)
_MAY_KEY = _TABLES["en"]["may"]
# In lower case, these are other words: may, march.
_CAPITAL_ONLY = {"en": True, "fr": False, "es": False}


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Compare the weekdays and months of both texts."""
    language = context.base
    if language not in _CAPITAL_ONLY or not _may_name_dates(source, target, language):
        return
    theirs, ours = (
        _german_dates(words(source)),
        _dates_in(words(target), strip_markup(target), language),
    )
    if theirs.keys() == ours.keys():
        return
    lost = {key: word for key, word in theirs.items() if key not in ours}
    if lost:
        known = _abbreviated(strip_markup(target), language) | _numeric_months(strip_markup(target))
        lost = {key: word for key, word in lost.items() if key not in known}
    added = {key: word for key, word in ours.items() if key not in theirs}
    if added:
        known = _numeric_months(strip_markup(source)) | _mentioned(source)
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
    """Return whether a piece is a name, or starts like a German one."""
    language, small = context.base, lowered(piece)
    if language not in _CAPITAL_ONLY:
        return False
    if is_target:
        return not _TABLES[language].keys().isdisjoint(small)
    return not _STARTS.isdisjoint([word[:4] for word in small])


def _may_name_dates(source: str, target: str, language: str) -> bool:
    """Return whether a word of the target is a name, or one of the source starts like one."""
    if not _TABLES[language].keys().isdisjoint(lowered(target)):
        return True
    return not _STARTS.isdisjoint([word[:4] for word in lowered(source)])


def _numeric_months(text: str) -> set[str]:
    """Return the months that numeric dates may state: 1.7.2019, 2019-07-01, 7/1."""
    dates = _FIGURES.findall(text)
    return {f"m{int(part)}" for date in dates for part in re.findall(r"\d+", date)}


def _mentioned(source: str) -> set[str]:
    """Return what other words of the source may mention: Oktoberhälfte, Sunday Times."""
    found = {_TABLES["de"][m[1].lower()] for m in _BEGINS.finditer(strip_markup(source))}
    return found | set(_dates_in(words(source), strip_markup(source), "en"))


def _german_dates(found: Iterable[str]) -> dict[str, str]:
    """Return the weekdays and months among German words: nouns, or adverbs in -s."""
    return {key: word for word in found if (key := _german_key(word))}


@lru_cache(maxsize=1 << 12)
def _german_key(word: str) -> str:
    match = _FIND_GERMAN.fullmatch(word) if word[:4].lower() in _STARTS else None
    if match and (word[0].isupper() or word.endswith("s")):
        return _TABLES["de"][match["name"].lower()]
    return ""


def _dates_in(found: Sequence[str], text: str, language: str) -> dict[str, str]:
    """Return the weekdays and months among the words of a text without markup."""
    table, capital = _TABLES[language], _CAPITAL_ONLY[language]
    dates = {
        table[word.lower()]: word
        for word in found
        if word.lower() in table and (word[0].isupper() or not capital)
    }
    # The text is searched once, not for each word: the time stays linear.
    if dates.get(_MAY_KEY) == "May" and not _MAY.search(text):
        del dates[_MAY_KEY]
        others = [word for word in found if word.lower() == "may" and word != "May"]
        if capitals := [word for word in others if word[0].isupper()]:
            dates[_MAY_KEY] = capitals[-1]
    return dates


def _abbreviated(text: str, language: str) -> set[str]:
    table = _SHORT_TABLES[language]
    return {table[match[1].lower()] for match in _FIND_SHORT[language].finditer(text)}


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether both texts name the same weekdays and months."""
    language = context.base
    if language not in _CAPITAL_ONLY:
        return True
    theirs = [word for piece in source.triggering(bit) for word in piece.words]
    ours = [word for piece in target.triggering(bit) for word in piece.words]
    return _german_dates(theirs).keys() == _dates_in(ours, target.plain, language).keys()


CHECK = Check(
    id="dates",
    severity=Severity.ERROR,
    summary="A weekday or a month became another one.",
    why="Machines confuse weekdays in fluent sentences; readers come on the wrong day.",
    fix="Write the day of the source. A merely missing weekday is reported as information.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.RETRY,
    confidence_factor=0.4,
    wrong=(
        ("en", "Am Dienstag wird gewählt.", "The vote is on Thursday."),
        ("fr", "Das war im Juni.", "C’était en juillet."),
        ("es", "Am Sonntagabend", "El sábado por la noche"),
    ),
    right=(
        ("en", "Am Dienstag wird gewählt.", "The vote is on Tuesday."),
        ("fr", "Am 1. März", "Le 1er mars"),
        ("en", "Am 1. März 2020", "On 2020-03-01"),
        ("en", "Das mag sein.", "That may be."),
        ("en", "Er heißt Maier.", "His name is Maier."),
    ),
)

FAST_PATH = FastPath(trigger=trigger, fast_pass=fast_pass)
