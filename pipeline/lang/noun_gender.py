"""The gender of French and Spanish nouns, guessed from their endings."""

from __future__ import annotations

import re

__all__ = ["is_feminine"]

_FEMININE = {
    "fr": re.compile(r"((?<!cam)(?<!av)ions?|aisons?|tés?|tiés?|es?|ées?)$"),
    "es": re.compile(r"(as?|(ción|sión|dad|tad|tud|umbre|[^vp]ez)(es)?)$"),
}
_MASCULINE = {
    "fr": re.compile(
        r"(age|isme|iste|[eèé]ge|ème|ôme|amme|aire|oire|(?<!on)(?<!et)(?<!ê)tre|dre|bre|ple|cle|"
        r"vre|ste|isque|ave|erce|vice|cice|ndice|(?<!a)ide|gile|xte|stère|côté|comité|traité|"
        r"(?<!i)été|arrêté|député|musée|lycée|trophée|incendie|génie|contrôle|groupe|pacte|acte|"
        r"compte|monde|code|mode|délire|navire|empire|manque|chèque|domaine|capitaine|"
        r"manifeste)s?$"
    ),
    "es": re.compile(r"(ema|ama|oma|ima|mapa|día|planeta|cometa)s?$"),
}
"""Exceptions to the endings of feminine nouns."""

_FEMININE_NOUNS = """
    loi fin main nuit paix voix foi part mort cour forêt croix fois eau peau fleur valeur erreur
    couleur peur rumeur lueur hauteur largeur
    mano ley luz red paz voz crisis tesis base clase sangre fe
"""
_NOUNS = frozenset(re.findall(r"\w+", _FEMININE_NOUNS))


def is_feminine(term: str, language: str) -> bool:
    """Return whether a noun is probably feminine; False for other languages.

    Of a term of several words, the first one is the noun: `réunion d'urgence`.
    """
    noun = term.split(" ")[0].lower()
    if language not in _FEMININE or _MASCULINE[language].search(noun):
        return False
    return bool(_FEMININE[language].search(noun)) or noun in _NOUNS
