"""Grammatical gender of German nouns, from their endings and the words before them.

A noun has the gender of its last part. Endings decide most derived nouns, a list the heads of
frequent compounds; for others, articles and adjective endings in a text are evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

__all__ = ["Gender", "adjective_gender", "inflect_nominative", "noun_gender"]


class Gender(StrEnum):
    """A grammatical gender."""

    MASCULINE = "masculine"
    FEMININE = "feminine"
    NEUTER = "neuter"


_M, _F, _N = Gender


def _table(gender: Gender, *lines: str) -> dict[str, Gender]:
    return dict.fromkeys(" ".join(lines).split(), gender)


# The longest ending that matches decides.
_ENDINGS = {
    **_table(
        _F,
        "ung heit keit schaft ion tät ik anz enz ei ie ur ade age erin arin orin sin tin macht",
        "kraft frage krise lage wahl hilfe hand stadt bank welt zeit waffe grenze steuer armee",
        "partei woche reise linie achse quelle",
    ),
    **_table(
        _N,
        "chen lein ment tum um nis haus land abkommen recht gesetz programm projekt system amt",
        "gebiet treffen ziel mittel unternehmen werk netz volk parlament militär gericht gespräch",
        "wort reich geschäft gut feld format jahr verbot angebot verfahren urteil embargo forum",
        "komitee team vermögen leben meer wasser ufer lager gas öl geld kapital",
    ),
    **_table(
        _M,
        "ismus ling ent ant ist eur loge rat staat krieg vertrag gipfel plan zweck markt handel",
        "bund angriff konflikt bericht fonds raum tag weg strom druck schutz wandel export import",
        "chef kampf frieden einsatz besuch verkehr wert preis zoll osten westen norden süden hafen",
        "block haushalt beschluss verband partner minister kanzler führer sektor direktor",
    ),
}
_MAX_ENDING = max(map(len, _ENDINGS))
# The gender shown by an article and the ending of the adjective after it, before a singular.
_EVIDENCE = {
    ("das", "e"): _N,
    ("ein", "es"): _N,
    ("kein", "es"): _N,
    ("ins", "e"): _N,
    ("der", "e"): _M,
    ("ein", "er"): _M,
    ("kein", "er"): _M,
    ("die", "e"): _F,
    ("eine", "e"): _F,
    ("keine", "e"): _F,
    ("zur", "en"): _F,
    ("einer", "en"): _F,
}


def noun_gender(noun: str) -> Gender | None:
    """Return the gender of a noun in the singular by its ending, None if it decides nothing."""
    lowered = noun.lower()
    for length in range(min(_MAX_ENDING, len(lowered)), 1, -1):
        if found := _ENDINGS.get(lowered[-length:]):
            return found
    return None


def adjective_gender(phrases: Iterable[tuple[str, str]]) -> Gender | None:
    """Return the gender that most (article, adjective ending) pairs of a noun show."""
    votes = Counter(_EVIDENCE[pair] for pair in phrases if pair in _EVIDENCE)
    return votes.most_common(1)[0][0] if votes else None


def inflect_nominative(stem: str, gender: Gender | None) -> str:
    """Return an adjective in the nominative without article, after an article if unknown."""
    return stem + {_M: "er", _F: "e", _N: "es", None: "e"}[gender]
