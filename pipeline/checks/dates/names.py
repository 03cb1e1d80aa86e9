"""Weekdays, months, seasons and relative days, by what they name.

A key is a letter and a number: `d0` to `d6` for weekdays from Monday, `m1` to `m12` for months,
`s0` to `s3` for seasons from spring, `r-1` to `r1` for yesterday, today and tomorrow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pipeline.checks.text import lowered, strip_markup, words

LANGUAGES = ("en", "fr", "es")
_NAMES = {
    "de": (
        "montag dienstag mittwoch donnerstag freitag samstag|sonnabend sonntag",
        "januar|jänner|jaenner februar|feber märz|maerz april mai juni juli august september"
        " oktober november dezember",
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
MAY = _TABLES["en"]["may"]
"""The key of May, which is a verb, too: a text has to be looked at as a whole."""
# In lower case, these are other words: may, march.
_CAPITAL_ONLY = {"en": True, "fr": False, "es": False}


_SEASONS = {
    "de": "frühling|frühlings|frühjahr|frühjahrs sommer|sommers herbst|herbstes winter|winters",
    "en": "spring summer autumn winter",
    "fr": "printemps été automne hiver",
    "es": "primavera verano otoño invierno",
}
_RELATIVE = {
    "de": "gestern heute morgen",
    "en": "yesterday today tomorrow",
    "fr": "hier aujourd demain",
    "es": "ayer hoy mañana",
}
_NOT_TOMORROW = re.compile(
    r"(?:[Hh]eute|[Gg]estern|[Aa]m|[Jj]eden|[Ff]rühen|[Gg]uten|tag|woch|abend|Mo|Di|Do|Fr|Sa|So)\W+[Mm]orgen",
)


def _vague(rows: str, letter: str, first: int) -> dict[str, str]:
    return {
        name: f"{letter}{number}"
        for number, names in enumerate(rows.split(), first)
        for name in names.split("|")
    }


# Seasons and relative days are lost and replaced more freely: only exchanges count.
_VAGUE = {
    language: _vague(_SEASONS[language], "s", 0) | _vague(_RELATIVE[language], "r", -1)
    for language in ("de", *LANGUAGES)
}
_GERMAN_NUMERIC = re.compile(r"(?<![\d.])\d{1,2}\.\s?(\d{1,2})\.(?:\s?\d{2,4})?(?!\d)")
_DAYS_DE = r"Mo|Di|Mi|Do|Fr|Sa|So"
_SHORT_START = rf"\b(?P<first>{_DAYS_DE})(?:\.\s?(?:–|-|bis|und|/|,|\+)|[–/-])"
_GERMAN_PAIR = re.compile(rf"{_SHORT_START}\s?(?P<second>{_DAYS_DE})\b")
_TO = r"\.?\s?(?:–|-|to|through|thru|à|au|et|and|y|al?|/|,|\+|&)\s?"
_SHORT_PAIR = {
    language: re.compile(rf"\b({names}){_TO}({names})\b", re.IGNORECASE)
    for language, table in _SHORT_TABLES.items()
    for names in ["|".join(name for name, key in table.items() if key[0] == "d")]
}
_NUMERIC_PIECE = re.compile(
    rf"\d\.\d{{1,2}}\.|^\d{{1,2}}\.$|{_SHORT_START}".replace("?P<first>", "?:")
)
_SLASHED = re.compile(r"\d[/.-]\d")
_DAYS_SHORT = dict(zip(_DAYS_DE.split("|"), range(7), strict=True))
_ENDS = re.compile(rf"\w+?({_GERMAN})s?(?!\w)", re.IGNORECASE)
# Christian feasts whose days other languages name.
_FEASTS = (("Advent", "d6"), ("Pfingst", "d6"), ("Oster", "d6"), ("Oster", "d0"),
           ("Pfingst", "d0"), ("Himmelfahrt", "d3"))  # fmt: skip


def may_be_date(piece: str, is_target: bool, language: str) -> bool:
    """Return whether a piece is a name, or starts like a German one, or is a numeric date."""
    small = lowered(piece)
    if is_target:
        return not _TABLES[language].keys().isdisjoint(small)
    if not _STARTS.isdisjoint([word[:4] for word in small]):
        return True
    return is_other_date(piece, small)


def is_other_date(piece: str, small: Iterable[str]) -> bool:
    """Return whether a piece is a date without a full name: a numeric one, `heute`, `Mo.–Fr.`."""
    if not _VAGUE["de"].keys().isdisjoint(small):
        return True
    return _NUMERIC_PIECE.search(piece) is not None


def german_dates(source: str) -> dict[str, str]:
    """Return the weekdays and months of a German text, also numeric and abbreviated ones."""
    text = strip_markup(source)
    found = {f"m{int(m[1])}": m[0] for m in _GERMAN_NUMERIC.finditer(text) if 0 < int(m[1]) < 13}
    for match in _GERMAN_PAIR.finditer(text):
        for name in (match["first"], match["second"]):
            found[f"d{_DAYS_SHORT[name]}"] = name
    return found | named_in_german(words(source))


def target_dates(target: str, language: str, *, pairs: bool) -> dict[str, str]:
    """Return the weekdays and months of a translation, with `pairs` also Tue–Thu."""
    text = strip_markup(target)
    table, found = _SHORT_TABLES[language], dict[str, str]()
    for match in _SHORT_PAIR[language].finditer(text) if pairs else ():
        found |= {table[name.lower()]: name for name in match.groups()}
    return found | named_in(words(target), text, language)


def has_pairs(source: str) -> bool:
    """Return whether a German text has a range of abbreviated days: Mo.–Fr."""
    return _GERMAN_PAIR.search(strip_markup(source)) is not None


def vague_dates(text: str, language: str) -> dict[str, str]:
    """Return the seasons and relative days of a text."""
    table, found = _VAGUE[language], dict[str, str]()
    small = lowered(text)
    if table.keys().isdisjoint(small):
        return found
    for word, lower in zip(words(text), small, strict=True):
        key = table.get(lower)
        if key and (language != "de" or (word[0].isupper() == (key[0] == "s")) or key != "r1"):
            found[key] = word
    if language == "de" and "r1" in found and _NOT_TOMORROW.search(strip_markup(text)):
        del found["r1"]
    return found


def changed_vague_dates(source: str, target: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield seasons and relative days that a translation lacks, with those it has instead."""
    theirs = vague_dates(source, "de")
    ours = vague_dates(target, language) if theirs else {}
    lost = {key: word for key, word in theirs.items() if key not in ours}
    added = {key: word for key, word in ours.items() if key not in theirs}
    for key, word in lost.items():
        if other := next((w for k, w in added.items() if k[0] == key[0]), None):
            yield word, other


def has_abbreviated(text: str) -> bool:
    """Return whether a German text without markup has numeric or abbreviated dates."""
    return _GERMAN_NUMERIC.search(text) is not None or _GERMAN_PAIR.search(text) is not None


def numeric_months(text: str) -> set[str]:
    """Return the months that numeric dates may state: 1.7.2019, 2019-07-01, 7/1."""
    dates = _FIGURES.findall(text)
    return {f"m{int(part)}" for date in dates for part in re.findall(r"\d+", date)}


def mentioned(source: str) -> set[str]:
    """Return what other words of a German text may mention.

    These are compounds (Oktoberhälfte, Karfreitag), feasts, and names (Sunday Times).
    """
    text = strip_markup(source)
    found = {_TABLES["de"][m[1].lower()] for m in _BEGINS.finditer(text)}
    found |= {_TABLES["de"][m[1].lower()] for m in _ENDS.finditer(text)}
    found |= {key for name, key in _FEASTS if name in text}
    if _SLASHED.search(text):
        found |= numeric_months(_GERMAN_NUMERIC.sub(" ", text))
    return found | set(named_in(words(source), text, "en"))


def abbreviated(text: str, language: str) -> set[str]:
    """Return the weekdays and months that may be abbreviated in a text."""
    table = _SHORT_TABLES[language]
    return {table[match[1].lower()] for match in _FIND_SHORT[language].finditer(text)}


def named_in_german(found: Iterable[str]) -> dict[str, str]:
    """Return the weekdays and months among German words: nouns, or adverbs in -s."""
    return {key: word for word in found if (key := _german_key(word))}


@lru_cache(maxsize=1 << 12)
def _german_key(word: str) -> str:
    match = _FIND_GERMAN.fullmatch(word) if word[:4].lower() in _STARTS else None
    if match and (word[0].isupper() or word.endswith("s")):
        return _TABLES["de"][match["name"].lower()]
    return ""


def named_in(found: Sequence[str], text: str, language: str) -> dict[str, str]:
    """Return the weekdays and months among the words of a text without markup."""
    table, capital = _TABLES[language], _CAPITAL_ONLY[language]
    dates = {
        key: word
        for word in found
        if (key := table.get(word.lower())) and (not capital or word[0].isupper())
    }
    # The text is searched once, not for each word: the time stays linear.
    if dates.get(MAY) == "May" and not _MAY.search(text):
        del dates[MAY]
        others = [word for word in found if word.lower() == "may" and word != "May"]
        if capitals := [word for word in others if word[0].isupper()]:
            dates[MAY] = capitals[-1]
    return dates
