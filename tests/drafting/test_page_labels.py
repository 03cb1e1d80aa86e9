"""Labels, bylines and places that are translated by tables, before any engine is asked."""

from __future__ import annotations

import pytest

from pipeline.core import BlockKind
from pipeline.drafting.page_labels import translate_label

K = BlockKind
PAGE, BYLINE, CAPTION = K.BOILERPLATE, K.BYLINE, K.CAPTION

CASES = [
    (PAGE, "Teilen", "Share", "Partager", "Compartir"),
    (PAGE, "TEILEN", "SHARE", "PARTAGER", "COMPARTIR"),
    (PAGE, "Anzeige", "Advertisement", "Publicité", "Publicidad"),
    (PAGE, "Lesen Sie auch:", "Read also:", "À lire aussi :", "Lea también:"),
    (PAGE, "Weiterlesen »", "Continue reading »", "Lire la suite »", "Seguir leyendo »"),
    (PAGE, "Alle Rechte vorbehalten.", "All rights reserved.", "Tous droits réservés.",
     "Todos los derechos reservados."),
    (PAGE, "3 Kommentare", "3 comments", "3 commentaires", "3 comentarios"),
    (PAGE, "1 Kommentar", "1 comment", "1 commentaire", "1 comentario"),
    (PAGE, "Quelle: hafenblatt.example", "Source: hafenblatt.example",
     "Source : hafenblatt.example", "Fuente: hafenblatt.example"),
    (BYLINE, "Von", "By", "Par", "Por"),
    (BYLINE, "Von Eva Kern", "By Eva Kern", "Par Eva Kern", "Por Eva Kern"),
    (BYLINE, "Von Eva Kern und Ines van Holt", "By Eva Kern and Ines van Holt",
     "Par Eva Kern et Ines van Holt", "Por Eva Kern e Ines van Holt"),
    (BYLINE, "VON Eva Kern, Jan Ott und Karl Lang", "By Eva Kern, Jan Ott and Karl Lang",
     "Par Eva Kern, Jan Ott et Karl Lang", "Por Eva Kern, Jan Ott y Karl Lang"),
    (BYLINE, "17:42 Uhr", "17:42", "17 h 42", "17:42"),
    (BYLINE, "14. April 2025", "April 14, 2025", "14 avril 2025", "14 de abril de 2025"),
    (BYLINE, "14.04.2025, 17:42 Uhr", "April 14, 2025, 17:42", "14 avril 2025 à 17 h 42",
     "14 de abril de 2025, 17:42"),
    (BYLINE, "Montag, 14. April 2025", "Monday, April 14, 2025", "lundi 14 avril 2025",
     "lunes, 14 de abril de 2025"),
    (BYLINE, "Stand: 3. Jän. 2023", "As of January 3, 2023", "Mis à jour : 3 janvier 2023",
     "Actualizado: 3 de enero de 2023"),
    (BYLINE, "4 Minuten Lesezeit", "4-minute read", "4 minutes de lecture", "4 minutos de lectura"),
    (BYLINE, "Lesezeit: ca. 1 Min.", "approx. 1-minute read", "env. 1 minute de lecture",
     "aprox. 1 minuto de lectura"),
    (BYLINE, "vor 3 Stunden", "3 hours ago", "il y a 3 heures", "hace 3 horas"),
    (BYLINE, "vor 1 Tag", "1 day ago", "il y a 1 jour", "hace 1 día"),
    (CAPTION, "Foto: Eva Kern/dpa", "Photo: Eva Kern/dpa", "Photo : Eva Kern/dpa",
     "Foto: Eva Kern/dpa"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "german", "english", "french", "spanish"), CASES)
def test_a_label_is_translated(
    kind: BlockKind, german: str, english: str, french: str, spanish: str
) -> None:
    found = [translate_label(german, kind, language) for language in ("en", "fr", "es")]
    # French typography has narrow and plain no-break spaces, the CLDR changes which.
    assert [text.replace("\u202f", " ").replace("\u00a0", " ") for text in found] == [
        english,
        french,
        spanish,
    ]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (K.HEADING, "Teilen"),  # a heading of an article, which may be about sharing
        (K.PARAGRAPH, "Von Eva Kern"),
        (BYLINE, "Von der Redaktion"),
        (BYLINE, "Von unserem Korrespondenten"),
        (BYLINE, "31. Februar 2025"),
        (PAGE, "Essen auf Rädern"),
        (PAGE, "essen"),
        (CAPTION, "Foto: Ein Gericht entscheidet"),
        (PAGE, "Teilen " * 40),
        (PAGE, ""),
    ],
)
def test_other_texts_are_left_to_an_engine(kind: BlockKind, text: str) -> None:
    assert translate_label(text, kind, "en") == ""


def test_a_language_without_a_table_is_left_to_an_engine() -> None:
    assert translate_label("Teilen", PAGE, "it") == ""


def test_a_regional_language_uses_its_dates() -> None:
    assert translate_label("14. April 2025", BYLINE, "en_GB") == "14 April 2025"
