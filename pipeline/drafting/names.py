"""Names of places, languages and people that are a text of their own, without a model.

A model has no context for them: "Uckermark" becomes Ukraine. They come, in this order, from the
tables of this package, the CLDR (through babel), and the dictionary of the language. Only what
is recognized safely is translated or copied here; `may_be_name` is for the confidence of the
rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pipeline.core import base_language
from pipeline.drafting.label_table import LANGUAGES, find_city
from pipeline.lang import dictionary

_MAX_WORDS = 4
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_PERSON = re.compile(
    r"(?P<given>[^\W\d_][\w-]+)(?: [A-Z]\.)?(?: (?:von|van|zu|zum|de|der|ten))*"
    r" (?P<last>[A-ZÄÖÜ][^\W\d_]+(?:-[A-ZÄÖÜ][^\W\d_]+)?)"
)
# A word that ends so, after the given name of a person, is an institution or a place.
_INSTITUTION = re.compile(
    r".*(?:gesellschaft|stiftung|institut|schule|universität|gymnasium|akademie|kolleg|klinik"
    r"|klinikum|krankenhaus|platz|straße|strasse|weg|allee|ring|ufer|brücke|park|garten|halle"
    r"|stadion|arena|museum|theater|kirche|denkmal|archiv|preis|medaille|orden|verein"
    r"|werke|partei|fest|tag|jahr|ausstellung|biografie|roman|film)s?",
    re.IGNORECASE,
)
_LANGUAGE_NAME = re.compile(r"[A-ZÄÖÜ][a-zäöüß]+isch|Deutsch|Latein|Hindi|Urdu|Esperanto|Suaheli")
_CONTINENTS = frozenset(("002", "005", "009", "019", "021", "142", "150"))


@dataclass(frozen=True, slots=True)
class Name:
    """The form of a name in a language, and where it comes from: a table, CLDR, a dictionary."""

    text: str
    origin: str


def find_name(text: str, language: str) -> Name | None:
    """Return the name that is all of a text; None if it is none, or not safely.

    People keep their name if the first word is a given name. Raises EngineError if the
    dictionary of the language cannot be used.
    """
    if not _is_title(text) or base_language(language) not in LANGUAGES:
        return None
    return next((name for look in _SOURCES if (name := look(text, language))), None)


def may_be_name(text: str, language: str) -> bool:
    """Return whether a text is a capitalized word or two that the dictionary does not explain.

    Without a dictionary, nothing is known.
    """
    words = text.split()
    if not _is_title(text) or len(words) > 2 or not all(word[0].isupper() for word in words):
        return False
    known = dictionary.load_dictionary(language)
    return known is not None and not any(known.meanings(word) for word in words)


def _is_title(text: str) -> bool:
    words = text.split(" ")
    return len(words) <= _MAX_WORDS and text[:1].isupper() and all(map(_WORD.match, words))


def _from_table(text: str, language: str) -> Name | None:
    found = find_city(text, base_language(language))
    return Name(found, "places") if found else None


def _unchanged(text: str, _: str) -> Name | None:
    return Name(text, "places") if text in _proper_names()["places"] else None


def _person(text: str, _: str) -> Name | None:
    match = _PERSON.fullmatch(text)
    if not match or not set(match["given"].split("-")) <= _proper_names()["given names"]:
        return None
    return None if _INSTITUTION.fullmatch(match["last"]) else Name(text, "given names")


def _from_cldr(text: str, language: str) -> Name | None:
    """Return the name of a country, a continent, a language or a city with a time zone."""
    kind, code = _cldr_codes().get(text, ("", ""))
    found = _cldr_names(language)[kind].get(code, "") if kind else ""
    return Name(found[:1].upper() + found[1:], "CLDR") if found else None


def _from_dictionary(text: str, language: str) -> Name | None:
    known = dictionary.load_dictionary(language)
    found = known.place(text) if known else ""
    return Name(found, known.name) if known and found else None


_SOURCES: tuple[Callable[[str, str], Name | None], ...] = (
    _from_table,
    _from_cldr,
    _unchanged,
    _from_dictionary,
    _person,
)


@lru_cache(maxsize=1)
def _proper_names() -> Mapping[str, frozenset[str]]:
    lines = files(__package__).joinpath("proper_names.txt").read_text("utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#"))
    _, *parts = re.split(r"^\[(.+)\]$", text, flags=re.MULTILINE)
    names = dict(zip(parts[::2], map(str.split, parts[1::2]), strict=True))
    given = names["given names"]
    names["given names"] = [part for name in given for part in name.split("-")]
    return {section: frozenset(words) for section, words in names.items()}


@lru_cache(maxsize=1)
def _cldr_codes() -> Mapping[str, tuple[str, str]]:
    """Return kind and code of the CLDR by German name; countries win over cities."""
    return {
        name: (kind, code)
        for kind in ("city", "language", "territory")
        for language in ("de_AT", "de_CH", "de")
        for code, name in _cldr_names(language)[kind].items()
        if kind != "language" or _LANGUAGE_NAME.fullmatch(name)
    }


@lru_cache(maxsize=8)
def _cldr_names(language: str) -> Mapping[str, Mapping[str, str]]:
    from babel import Locale

    locale = Locale.parse(cldr_locale(language))
    zones = {zone: zone.rpartition("/")[2].replace("_", " ") for zone in _zones()}
    exemplary = {
        zone: entry["city"] for zone, entry in locale.time_zones.items() if "city" in entry
    }
    return {
        "territory": {
            code: name
            for code, name in locale.territories.items()
            if len(code) == 2 or code in _CONTINENTS
        },
        "language": {code: name for code, name in locale.languages.items() if "_" not in code},
        "city": {**zones, **{zone: city for zone, city in exemplary.items() if zone in zones}},
    }


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """Return the time zones that have a German name of a city other than their own."""
    from babel import Locale

    zones = Locale("de").time_zones
    return frozenset(
        zone for zone, entry in zones.items() if "city" in entry and "Etc/" not in zone
    )


@lru_cache(maxsize=8)
def cldr_locale(language: str) -> str:
    """Return a locale of the CLDR: the language, or its base if the CLDR does not have it."""
    from babel import Locale
    from babel.core import UnknownLocaleError

    name = language.partition("@")[0].replace("-", "_")
    try:
        return str(Locale.parse(name))
    except (UnknownLocaleError, ValueError):
        return base_language(language)
