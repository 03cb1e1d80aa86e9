"""Times of day in figures and words: `16.30 Uhr`, `halb fünf`, `4:30 p.m.`, `16 h 30`, `midnight`.

A time is the set of minutes of the day that it may be: `8 Uhr` is 8:00 or 20:00, `8 Uhr abends`
only 20:00. Rules: Duden "Uhrzeit"; The Chicago Manual of Style, 9.37; Imprimerie nationale,
Lexique, "Heure".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pipeline.checks.text import strip_markup

_DAY = 24 * 60
_NOON = 12 * 60


class Time(NamedTuple):
    """A time of day as written, and the minutes since midnight that it may be."""

    text: str
    minutes: frozenset[int]

    def shown(self) -> str:
        """Return the text, with the time by the clock of 24 hours if there is only one."""
        if len(self.minutes) != 1:
            return self.text
        (minute,) = self.minutes
        return f"{self.text} ({minute // 60}:{minute % 60:02})"


def _numbered(words: str) -> dict[str, int]:
    return {word: number for number, word in enumerate(words.split(), 1)}


_HOURS = {
    "de": _numbered("eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"),
    "en": _numbered("one two three four five six seven eight nine ten eleven twelve"),
    "fr": _numbered("une deux trois quatre cinq six sept huit neuf dix onze douze"),
    "es": _numbered("una dos tres cuatro cinco seis siete ocho nueve diez once doce"),
}
_AFTERNOON = re.compile(
    r"p\.?\s?m\b|nachmittag|abend|mittags|afternoon|evening|night|après-midi|soir|tarde|noche", re.I
)
_MORNING = re.compile(
    r"a\.?\s?m\b|morgen|früh|vormittag|nacht|morning|matin|nuit|mañana|madrugada", re.I
)
_MANY_WORDS = {
    language: "|".join(sorted(names, key=len, reverse=True)) for language, names in _HOURS.items()
}
_S = r"[\s\u00a0\u202f]"
_DE_PART = (
    r"(?:morgens|früh|vormittags|mittags|nachmittags|abends|nachts"
    r"|am (?:Morgen|Vormittag|Nachmittag|Abend)|(?:in der|bei) Nacht)"
)
_GERMAN = re.compile(
    rf"(?<![\d.,:])(?P<h>\d{{1,2}})(?:[.:](?P<m>\d\d))?{_S}?Uhr(?:{_S}(?P<m2>\d\d)(?![\d.]))?"
    rf"(?:{_S}(?P<part>{_DE_PART}))?"
    rf"|(?<![\d.,:])(?P<h2>\d{{1,2}})(?:[.:](?P<m3>\d\d))?(?={_S}?(?:bis|und|–|-){_S}?\d{{1,2}}"
    rf"(?:[.:]\d\d)?{_S}?Uhr)"
    rf"|\b(?P<word>{_MANY_WORDS['de']}|ein){_S}Uhr(?:{_S}(?P<part2>{_DE_PART}))?"
    rf"|\b(?P<half>halb){_S}(?P<next>{_MANY_WORDS['de']}|\d{{1,2}})\b"
    rf"|\b[Vv]iertel{_S}(?P<to>vor|nach){_S}(?P<hour>{_MANY_WORDS['de']}|\d{{1,2}})\b"
    rf"|(?:\b(?P<quarter>(?:drei)?viertel)|(?<=\b[Uu]m )(?P<quarter2>(?:Dreiv|V)iertel)){_S}"
    rf"(?P<of>{_MANY_WORDS['de']}|\d{{1,2}})\b"
    r"|\b(?P<midnight>Mitternacht)\b"
)
_PATTERNS = {
    "en": re.compile(
        rf"(?<![\d.,:/])(?P<h>\d{{1,2}})(?:[.:](?P<m>\d\d))?{_S}?(?P<part>[ap]\.?{_S}?m\b\.?"
        r"|o['’]clock(?: (?:in the (?:morning|afternoon|evening)|at night))?"
        r"|in the (?:morning|afternoon|evening)|at night)"
        rf"|\b(?P<half>half){_S}past{_S}(?P<word>{_MANY_WORDS['en']}|\d{{1,2}})\b"
        rf"|\bquarter{_S}(?P<to>past|to){_S}(?P<hour>{_MANY_WORDS['en']}|\d{{1,2}})\b"
        r"|\b(?P<noon>noon|midday)\b|\b(?P<midnight>midnight)\b"
        rf"|(?<![\d.,:/])(?P<h2>\d{{1,2}}):(?P<m3>\d\d)(?![\d:])(?!{_S}?[ap]\.?m)",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        rf"(?<![\d.,:/])(?P<h>\d{{1,2}}){_S}?(?:h|heures?)(?:{_S}?(?P<m>\d\d)(?!\d))?(?![^\W\d_])"
        rf"(?:{_S}(?P<part>du matin|de l['’]après-midi|du soir))?"
        rf"|\b(?P<word>{_MANY_WORDS['fr']}){_S}heures?(?:{_S}(?P<half>et demie))?"
        rf"(?:{_S}(?P<part2>du matin|de l['’]après-midi|du soir))?"
        r"|\b(?P<noon>midi)\b|\b(?P<midnight>minuit)\b"
        r"|(?<![\d.,:/])(?P<h2>\d{1,2}):(?P<m3>\d\d)(?![\d:])",
        re.IGNORECASE,
    ),
    "es": re.compile(
        rf"(?:\blas?{_S})(?P<h>\d{{1,2}})(?:[.:](?P<m>\d\d))?(?![\d%.,:])(?:{_S}?(?:h|horas?)\b)?"
        rf"(?:{_S}(?P<part>de la (?:mañana|tarde|noche|madrugada)|[ap]\.?{_S}?m\b\.?))?"
        rf"|\blas?{_S}(?P<word>{_MANY_WORDS['es']})\b(?:{_S}(?P<half>y media))?"
        rf"(?:{_S}(?P<part2>de la (?:mañana|tarde|noche|madrugada)))"
        r"|\b(?P<noon>mediodía)\b|\b(?P<midnight>medianoche)\b"
        r"|(?<![\d.,:/])(?P<h2>\d{1,2}):(?P<m3>\d\d)(?![\d:])",
        re.IGNORECASE,
    ),
}
# Texts without any of these words, in lower case, and without such figures have no time.
_SIGNS = {
    "de": ("uhr", "halb", "viertel", "mitternacht"),
    "en": ("half", "quarter", "noon", "midday", "midnight"),
    "fr": ("heure", "midi", "minuit"),
    "es": ("la", "mediodía", "medianoche"),
}
_FIGURE_SIGNS = {
    "de": None,
    "en": re.compile(rf"\d(?::\d|{_S}?(?:[ap]\.?{_S}?m|o['’]|in the|at night))", re.IGNORECASE),
    "fr": re.compile(rf"\d(?::\d|{_S}?h)", re.IGNORECASE),
    "es": re.compile(r"\d:\d"),
}
_ZONE = re.compile(
    r"\b(?:GMT|UTC|BST|[ECMP][SD]?T|MEZ|MESZ|CES?T|local time|heure locale|hora local|Ortszeit)\b"
)
# Not `innerhalb` or `Vierteln`: another word follows after white space.
_TRIGGER = re.compile(r"Uhr|\b(?:halb|(?:[Dd]rei)?[Vv]iertel)(?:\s|\Z)|\bMitternacht\b")


def may_be_time(piece: str) -> bool:
    """Return whether a piece of a German text may be a part of a time."""
    return _TRIGGER.search(piece) is not None


def changed_times(source: str, target: str, language: str) -> Iterator[tuple[Time, Time]]:
    """Yield times of the source that the translation lacks, with the ones it has instead."""
    pattern = _PATTERNS.get(language)
    theirs = _times(strip_markup(source), _GERMAN, "de") if pattern else ()
    if pattern is None or not theirs:
        return
    other = strip_markup(target)
    if len(set(_ZONE.findall(other))) > len(set(_ZONE.findall(source))):
        return  # converted to another time zone
    ours = _times(other, pattern, language)
    lost = [time for time in theirs if not any(time.minutes & one.minutes for one in ours)]
    added = [time for time in ours if not any(time.minutes & one.minutes for one in theirs)]
    yield from zip(lost, added, strict=False)


def stated_by_times(text: str, language: str) -> frozenset[Decimal]:
    """Return the hours and minutes that the times of a text state, by either clock."""
    pattern = _GERMAN if language == "de" else _PATTERNS.get(language)
    times = _times(strip_markup(text), pattern, language) if pattern else ()
    minutes = {minute for time in times for minute in time.minutes}
    hours = {minute // 60 for minute in minutes} | {minute // 60 % 12 for minute in minutes}
    return frozenset(map(Decimal, hours | {minute % 60 for minute in minutes}))


@lru_cache(maxsize=64)
def _times(text: str, pattern: re.Pattern[str], language: str) -> tuple[Time, ...]:
    found: list[Time] = []
    figure = _FIGURE_SIGNS[language]
    if not any(map(text.lower().__contains__, _SIGNS[language])) and (
        figure is None or figure.search(text) is None
    ):
        return ()
    for match in pattern.finditer(text):
        minutes = _minutes(match.groupdict().get, language)
        if minutes:
            found.append(Time(match[0].strip(), minutes))
    return tuple(found)


def _minutes(part: Callable[[str], str | None], language: str) -> frozenset[int]:
    """Return the minutes of the day that the parts of a match may be."""
    if part("midnight"):
        return frozenset((0,))
    if part("noon"):
        return frozenset((_NOON,))
    names = _HOURS[language]

    def hour(*keys: str) -> int:
        value = next((text for key in keys if (text := part(key))), "")
        return int(value) if value.isdecimal() else names.get(value.lower(), 1)

    if part("to"):
        quarter = -15 if part("to") in ("vor", "to") else 15
        minute = hour("hour") * 60 + quarter
    elif quarters := part("quarter") or part("quarter2"):
        # Austrian and southern German: viertel drei is 2:15, dreiviertel drei 2:45.
        minute = hour("of") * 60 - (15 if quarters.startswith(("d", "D")) else 45)
    elif part("half") and language == "de":
        minute = hour("next") * 60 - 30
    else:
        shift = 30 if part("half") else int(part("m") or part("m2") or part("m3") or 0)
        minute = hour("h", "h2", "word") * 60 + shift
    if not 0 <= minute <= _DAY + 59:
        return frozenset()
    return _in_day(minute, part("part") or part("part2") or "")


def _in_day(minute: int, when: str) -> frozenset[int]:
    """Return a time by the clock of 24 hours; both halves of the day if nothing decides."""
    if minute >= 13 * 60 or minute < 60:
        return frozenset((minute % _DAY,))
    half = minute % _NOON
    if _AFTERNOON.search(when) and not (re.search("night", when) and half < 6 * 60):
        return frozenset((half + _NOON,))
    if re.search(r"nacht|night", when):  # 11 Uhr nachts, 2 Uhr nachts
        return frozenset((half + _NOON if half >= 6 * 60 else half,))
    if _MORNING.search(when):
        return frozenset((half,))
    return frozenset((half, half + _NOON))
