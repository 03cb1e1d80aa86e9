"""German names and their spellings in other languages, which are no misspellings.

Countries, languages and cities come from CLDR (by way of Babel); names from Cyrillic and Greek are
compared by rule: Duden "Transkription", BGN/PCGN romanization.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

__all__ = ["exonyms", "is_exonym"]

# Regions that CLDR does not name, one letter apart from the German.
_REGIONS: Mapping[str, Mapping[str, str]] = {
    "Tirol": {"en": "Tyrol", "fr": "Tyrol"},
    "Südtirol": {"en": "Tyrol", "fr": "Tyrol"},
    "Donbass": {"en": "Donbas", "es": "Dombás"},
    "Galizien": {"en": "Galicia", "es": "Galicia"},
    "Katalonien": {"en": "Catalonia"},
    "Sardinien": {"en": "Sardinia"},
    "Andalusien": {"en": "Andalusia"},
    "Dalmatien": {"en": "Dalmatia"},
    "Kalabrien": {"en": "Calabria", "es": "Calabria"},
    "Lombardei": {"en": "Lombardy"},
    "Bretagne": {"es": "Bretaña"},
}
_SLAVIC = re.compile(
    r".+(?:[oe]w|[oe]wa|jew|jewa|ko|sk[iy]j?|ska|skaja|tsch|tschuk|[aeiouy]j|in|ina|un|yn|uk|juk|ez|sch)"
)
_GREEK = re.compile(r".*(?:es|os|as|eus|on|is)")
# Sounds by their spelling, the longest first; each pair is a spelling and a sign for its sound.
_SOUNDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "de": (("schtsch", "Ч"), ("tsch", "ч"), ("sch", "ш"), ("ch", "х"), ("w", "в"), ("ju", "ю"),
           ("ja", "я"), ("je", "е"), ("jo", "о"), ("ij", "и"), ("yj", "и"), ("j", "и"), ("y", "и"),
           ("z", "ц"), ("ss", "с"), ("s", "с"), ("k", "к"), ("i", "и"), ("e", "е")),
    "en": (("shch", "Ч"), ("tch", "ч"), ("ch", "ч"), ("sh", "ш"), ("zh", "ш"), ("kh", "х"),
           ("v", "в"), ("yu", "ю"), ("ya", "я"), ("ye", "е"), ("yo", "о"), ("iy", "и"), ("yy", "и"),
           ("y", "и"), ("ts", "ц"), ("z", "с"), ("ss", "с"), ("s", "с"), ("k", "к"), ("c", "к"),
           ("i", "и"), ("e", "е")),
    "fr": (("chtch", "Ч"), ("tch", "ч"), ("ch", "ш"), ("j", "ш"), ("kh", "х"), ("v", "в"),
           ("iou", "ю"), ("ia", "я"), ("ie", "е"), ("ou", "u"), ("ts", "ц"), ("y", "и"),
           ("z", "с"), ("ss", "с"), ("s", "с"), ("k", "к"), ("i", "и"), ("é", "е"), ("e", "е")),
    "es": (("shch", "Ч"), ("ch", "ч"), ("sh", "ш"), ("zh", "ш"), ("j", "х"), ("v", "в"),
           ("yu", "ю"), ("ya", "я"), ("ye", "е"), ("ts", "ц"), ("y", "и"), ("z", "с"),
           ("ss", "с"), ("s", "с"), ("k", "к"), ("c", "к"), ("i", "и"), ("e", "е")),
}  # fmt: skip


def is_exonym(german: str, other: str, language: str) -> bool:
    """Return whether a word is the spelling of a German name in a language."""
    if other == _REGIONS.get(german, {}).get(language):
        return True
    if german.endswith("en") and other == german[:-1]:
        return True  # a German plural or case: Hessen, Wikinamen
    if language in _SOUNDS and _is_transliteration(german, other, language):
        return True
    return _is_greek(german, other) or other in exonyms(german, language)


def exonyms(german: str, language: str) -> frozenset[str]:
    """Return the words for a German country, language or city in a language, if CLDR has it."""
    return _cldr(language).get(german, frozenset())


def _is_transliteration(german: str, other: str, language: str) -> bool:
    """Return whether two spellings are those of the same Cyrillic name."""
    name, spelling = german.lower().removesuffix("s"), other.lower().removesuffix("s")
    if not _SLAVIC.fullmatch(name):
        return False
    return _sounds(name, "de") == _sounds(spelling, language).removesuffix(
        "е" if language == "fr" and spelling.endswith("ine") else "\0"
    )


@lru_cache(maxsize=1 << 10)
def _sounds(name: str, language: str) -> str:
    for spelling, sound in _SOUNDS[language]:
        name = name.replace(spelling, sound)
    return name


def _is_greek(german: str, other: str) -> bool:
    """Return whether a name is the Latin or English form of a Greek one."""
    if not _GREEK.fullmatch(german):
        return False
    latin = german.replace("k", "c").replace("K", "C").replace("ai", "ae")
    endings = (("eles", "le"), ("os", "us"), ("es", "e"), ("ros", "r"))
    forms = {latin, *(latin.removesuffix(a) + b for a, b in endings if latin.endswith(a))}
    return other in forms


@lru_cache(maxsize=8)
def _cldr(language: str) -> Mapping[str, frozenset[str]]:
    """Return the words of names in a language by the words of the German name."""
    from babel import Locale, UnknownLocaleError

    try:
        german, other = Locale.parse("de"), Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return {}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, translation in _pairs(german, other):
        for word in re.findall(r"\w+", name):
            found[word].update(re.findall(r"\w+", translation))
    return {word: frozenset(words) for word, words in found.items()}


def _pairs(german: object, other: object) -> Iterator[tuple[str, str]]:
    """Yield the names of countries, languages and cities of time zones in both languages."""
    for kind in ("territories", "languages"):
        names, translations = getattr(german, kind), getattr(other, kind)
        yield from ((name, translations[key]) for key, name in names.items() if key in translations)
    zones, translations = getattr(german, "time_zones"), getattr(other, "time_zones")  # noqa: B009
    for key, zone in zones.items():
        here = zone.get("city", key.rpartition("/")[2].replace("_", " "))
        there = translations.get(key, {}).get("city", key.rpartition("/")[2].replace("_", " "))
        yield here, there
