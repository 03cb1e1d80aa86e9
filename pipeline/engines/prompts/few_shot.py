"""Few-shot examples for chat models, written for this project (Brown et al. 2020)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["BYLINES", "EXAMPLES", "LABELS"]


@dataclass(frozen=True, slots=True)
class Example:
    """A German text, its translation, and the context of its request.

    `terms` are pairs (German form, translation), `hints` pairs (rare word, meanings). `label`
    marks the label of a link or a button.
    """

    german: str
    translation: str
    terms: tuple[tuple[str, str], ...] = ()
    hints: tuple[tuple[str, str], ...] = ()
    label: bool = False


_QUOTATION = (
    "„Wir brauchen mehr Zeit“, sagte die Außenministerin am Dienstag in Wien, nachdem die "
    "Gespräche über den Waffenstillstand zum dritten Mal vertagt worden waren."
)
_FIGURES = (
    "Der Haushaltsentwurf sieht Ausgaben von 7,4 Mrd. Euro vor, rund 1.200 Mio. Euro mehr als "
    "im Vorjahr."
)
_LINK = "zur Navigation"
_HEADING = "Streit um Fischereirechte: Oslo und London einigen sich"

EXAMPLES: Mapping[str, tuple[Example, ...]] = {
    "en": (
        Example(_LINK, "Skip to navigation", label=True),
        Example(
            _QUOTATION,
            "“We need more time,” the foreign minister said in Vienna on Tuesday, after the "
            "ceasefire talks had been adjourned for the third time.",
            hints=(
                ("Außenministerin", "foreign minister"),
                ("Gespräche", "talk, conversation"),
                ("Waffenstillstand", "armistice, truce"),
                ("vertagt", "adjourn, prorogue"),
            ),
        ),
        Example(
            _FIGURES,
            "The draft budget provides for spending of 7.4 billion euros, about 1,200 million "
            "euros more than in the previous year.",
            (("Haushaltsentwurf", "draft budget"),),
            (
                ("sieht … vor", "provide for, intend"),
                ("Ausgaben", "expenditure, spending"),
                ("Vorjahr", "last year, previous year"),
            ),
        ),
        Example(
            _HEADING,
            "Dispute over fishing rights: Oslo and London reach an agreement",
            hints=(("Fischereirechte", "fishing right, right of fishery"),),
        ),
    ),
    "fr": (
        Example(_LINK, "Aller à la navigation", label=True),
        Example(
            _QUOTATION,
            "« Nous avons besoin de plus de temps », a déclaré mardi à Vienne la ministre des "
            "Affaires étrangères, après que les pourparlers sur le cessez-le-feu eurent été "
            "ajournés pour la troisième fois.",
            hints=(
                ("Außenministerin", "ministre des Affaires étrangères"),
                ("Gespräche", "entretien, conversation"),
                ("Waffenstillstand", "armistice, trêve, cessez-le-feu"),
                ("vertagt", "ajourner, remettre"),
            ),
        ),
        Example(
            _FIGURES,
            "Le projet de budget prévoit des dépenses de 7,4 milliards d’euros, soit environ "
            "1 200 millions d’euros de plus que l’année précédente.",
            (("Haushaltsentwurf", "projet de budget"),),
            (
                ("sieht … vor", "prévoir, envisager"),
                ("Ausgaben", "édition, dépenses"),
                ("Vorjahr", "année précédente"),
            ),
        ),
        Example(
            _HEADING,
            "Conflit sur les droits de pêche : Oslo et Londres s’entendent",
            hints=(("Fischereirechte", "droit de pêche"),),
        ),
    ),
    "es": (
        Example(_LINK, "Ir a la navegación", label=True),
        Example(
            _QUOTATION,
            "«Necesitamos más tiempo», declaró el martes en Viena la ministra de Asuntos "
            "Exteriores, después de que las conversaciones sobre el alto el fuego se aplazaran "
            "por tercera vez.",
            hints=(
                ("Außenministerin", "ministra de Asuntos Exteriores"),
                ("Gespräche", "conversación, charla"),
                ("Waffenstillstand", "tregua, armisticio"),
                ("vertagt", "posponer, aplazar"),
            ),
        ),
        Example(
            _FIGURES,
            "El proyecto de presupuesto prevé un gasto de 7400 millones de euros, unos 1200 "
            "millones de euros más que el año anterior.",
            (("Haushaltsentwurf", "proyecto de presupuesto"),),
            (
                ("sieht … vor", "prever"),
                ("Ausgaben", "reparto, gastos"),
                ("Vorjahr", "año anterior, año pasado"),
            ),
        ),
        Example(
            _HEADING,
            "Disputa por los derechos de pesca: Oslo y Londres llegan a un acuerdo",
            hints=(("Fischereirechte", "derecho de pesca"),),
        ),
    ),
}

_BYLINE = "Von Klara Ahrens und Tom Wirth, Genf"

BYLINES: Mapping[str, tuple[str, str]] = {
    "en": (_BYLINE, "By Klara Ahrens and Tom Wirth, Geneva"),
    "fr": (_BYLINE, "Par Klara Ahrens et Tom Wirth, Genève"),
    "es": (_BYLINE, "Por Klara Ahrens y Tom Wirth, Ginebra"),
}
"""Examples for bylines, whose names models translate as places."""

_JUMP, _SAVE = "Zum Hauptmenü springen", "Beitrag merken"

LABELS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "en": ((_JUMP, "Skip to main menu"), (_SAVE, "Save article")),
    "fr": ((_JUMP, "Aller au menu principal"), (_SAVE, "Enregistrer l’article")),
    "es": ((_JUMP, "Ir al menú principal"), (_SAVE, "Guardar el artículo")),
}
"""Examples for labels of a web page, which models complete to sentences."""
