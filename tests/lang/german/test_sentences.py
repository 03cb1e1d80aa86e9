"""Sentence boundaries of German text; ¦ marks each in the tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.text import split_lines, trim_span
from pipeline.lang.german.sentences import split_sentences
from tests.tables import SHARED, assert_misses, rows

NUMBERS = """
Der Gipfel beginnt am 3. Oktober.¦Am 4. reisen alle ab.
Sie wurde am 7.11.1950 geboren.¦Ihr Bruder folgte 1952.
Die Frist endet am 1. 12. 2023 um Mitternacht.
Es war bereits der 40. Jahrestag der Gründung.
Im 16. und 17. Jahrhundert blühte der Handel.
Die 2. und 3. Liga pausieren.
Vom 9.-12. Platz trennen sie nur Sekunden.
Der Klub liegt auf Rang 7.¦Trainer Huber bleibt gelassen.
Das Gesetz gilt seit 1998.¦Juristen loben es.
Bremen gewann mit 4:1.¦Hamburg verlor.
Der Index schloss bei 16.204,5 Punkten.¦Anleger atmen auf.
Sie ist 37.¦Er ist 41.
Um 18.30 Uhr geht es los.¦Einlass ist ab 17 Uhr.
Verletzt wurden 8 Menschen.¦14 weitere kamen mit dem Schrecken davon.
Es folgten zwei Anträge: 1. Der Haushalt wird gekürzt.¦2. Die Steuer steigt.
1. Allgemeine Bestimmungen
2.3. Geltungsbereich
IV. Schluss
Heinrich VIII. von England hatte sechs Frauen.
Papst Pius XII. Nachfolger wurde Johannes XXIII.¦Er galt als gütig.
Der 1. FC Magdeburg spielte gegen den 1. FC Heidenheim.
"""

ABBREVIATIONS = """
Dr. Eva Kern und Prof. Dr. Jan Roth forschen in St. Gallen.
Manche Tiere, z. B. Hunde, und manche Pflanzen, z.B. Farne, sind giftig.
Das gilt d. h. nur für Neubauten.
Gemeint sind u. a. Schulen, Kitas usw.¦Der Rat berät noch.
Die Kosten lagen bei ca. 12 Mio. Euro bzw. 2 Mrd. Kronen.
Es fehlen 3 Mrd.¦Die Länder sollen zahlen.
Nach Art. 3 Abs. 1 Satz 2 Nr. 5 der Satzung ist das erlaubt.
Maßgeblich ist das Urt. v. 4. 6. 2011 (Az. 3 C 12/10).¦Es wurde bestätigt.
Staatssekretär a. D. Karl Vogt sprach mit J. R. Smith.
Ein Mann namens Peter K. wurde verhaftet.¦Er schweigt.
Rom wurde 753 v. Chr. gegründet.¦Das ist eine Sage.
Die Acme Inc. und die Beta Corp. fusionieren.
Sie kauften Brot, Milch etc. in der Lindenstr. 5 ein.
Der Lkw.¦Ein Pkw.
Sen. Mark Olson und Rep. Jane Hill stimmten zu.
Es hilft Vitamin C.¦Zitronen enthalten viel davon.
Sie fuhr den Wagen mit USB-C.¦Er nicht.
Lesen Sie Kap. 4 und Abb. 2.¦Dort steht es.
"""

QUOTATIONS = """
„Wir bleiben“, sagte Lang.¦„Und zwar lange.“
„Wirklich?“, fragte sie.¦„Ja!“, rief er.
Sie fragte: „Wo ist der Hafen?“¦Keiner wusste es.
"Das reicht nicht."¦Die Opposition tobte.
»Kommt her!«, rief sie.¦«Gleich», kam es zurück.
Der Film „Was nun?“ läuft heute.
Sie rief "Halt!" und lief los.
Das Motto „Schneller. Höher.“ gefiel allen.
„Geht jetzt! Schnell!“, rief der Wirt.¦Alle gingen.
Sie sprach vom „Ende der Geduld“.¦Mehr sagte sie nicht.
Er gab zu: „Das war falsch.¦Ich bedaure es sehr.“¦Dann ging er.
Sie sagte: „Er rief ‚Feuer!‘ und rannte.“¦Niemand lachte.
Das war’s.¦Hans’ Hut blieb liegen.
"""

MARKS = """
Er kam (leider!) allein.¦Alle warteten.
(Die Fotos sind alt.)¦Der Text ist neu.
Gewählt wurden Bergmann (1.) und Thal (2.).¦Die Feier folgte.
Der Bericht (vgl. S. 7 ff.) ist lang.
Sie zögerte …¦Dann sprach sie.
Und dann ... geschah nichts.
… und so begann es.
Was?¦Nein!¦Wie bitte?!
Mehr unter https://example.org/a.b?c=d.¦Oder an info@example.org.¦Danke.
Die Datei plan.pdf liegt bei.¦Öffnen Sie sie.
Die Zahl steht fest.[3]¦Die Quelle auch.²¦Ende.
Neu ist das iPhone.¦iOS bleibt gleich.
a) Erstens gilt das.¦b) Zweitens gilt jenes.
Der Portalbetreiber Yahoo! Deutschland schweigt.
"""


def cases(table: str) -> list[str]:
    return [line for line in table.splitlines() if line]


@pytest.mark.parametrize("marked", cases(NUMBERS + ABBREVIATIONS + QUOTATIONS + MARKS))
def test_sentences_end_where_a_reader_would_end_them(marked: str) -> None:
    wanted = marked.split("¦")
    assert cut(marked) == wanted


def marked_sentences(marked: str) -> list[str]:
    """Return the sentences of a row, without white space and signs without width around them."""
    parts = marked.split("¦")
    return [part[slice(*trim_span(part, 0, len(part)))] for part in parts]


def cut(marked: str) -> list[str]:
    """Return the sentences found in a text with marked boundaries."""
    text = marked.replace("¦", " ")
    return [text[start:end] for start, end in split_sentences(text)]


DATA = Path(__file__).parents[2] / "data/segmentation"

# Rows that are not cut as a reader would cut them, yet.
MISSES = {
    "boundaries.tsv": {"Der Sender Juhu! Nord sendet wieder."},
    "difficult.tsv": {
        "Bei der Vers. Kern und der Spark. Altenau.",
        "Das Auto ist ein Golf II.¦Sammler zahlen viel.",
        "Der Flug geht ab Flugh. Kiel um 9 Uhr.",
        "Der Sieger bekam 1. Preise in zwei Klassen.",
        "Der Verein feiert seinen 50. Geburtstag am 14.¦Eintritt: frei.",
        "Der komm. Leiter und der gesch. Direktor fehlen.",
        "Er zitiert Goethe, Faust I.¦Schüler stöhnen.",
        "Folgen Sie @ott auf X.¦Neues gibt es täglich.",
        "Su. Wohnung, ca. 60 m², bis 600 Euro.¦Tel. 1234.",
        "Treffpunkt ist Whg. 3, Hs. 12, Eing. Nord.",
        "Zutaten: Wasser, Zucker, Salz, versch. Gewürze, Farbst. E 150.",
    },
}


@pytest.mark.parametrize("name", MISSES)
def test_hard_boundaries_one_by_one(name: str) -> None:
    """Every row is split as marked, except the known misses; the first column is its class."""
    table = [marked for _, marked in rows(DATA / name)]
    assert len(set(table)) == len(table)
    wrong = {row: "¦".join(cut(row)) for row in table if cut(row) != marked_sentences(row)}
    assert_misses(wrong, MISSES[name], table)


# Rows of the reference sets that are not cut as they are marked, by their ids, or their numbers.
SHARED_MISSES = {
    "eval/segmentation/hard.tsv": "",
    "cases/segmentation.tsv": "D4",
}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the reference sets are not here")
@pytest.mark.parametrize("name", SHARED_MISSES)
def test_the_reference_sets_one_by_one(name: str) -> None:
    """The same for the reference sets, whose rows have an id or a category."""
    table = rows(SHARED / name)
    ids = [key for key, _ in table]
    if len(set(ids)) < len(ids):
        ids = [f"{key}-{number}" for number, key in enumerate(ids, 1)]
    wrong = {}
    for key, (_, marked) in zip(ids, table, strict=True):
        if (sentences := cut(marked)) != marked_sentences(marked):
            wrong[key] = f"{'¦'.join(sentences)}\n    for   {marked}"
    assert_misses(wrong, SHARED_MISSES[name].split(), ids)


@pytest.mark.parametrize(
    "line_break", ["\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"]
)
def test_a_line_break_ends_a_segment(line_break: str) -> None:
    text = f"Die halbe{line_break}{line_break} Zeile"
    assert [text[a:b] for a, b in split_sentences(text)] == ["Die halbe", "Zeile"]
    assert split_sentences(text) == split_lines(text)


def test_blanks_of_every_width_part_abbreviations() -> None:
    text = "Viele, z.\u202fB. Wale,\u00a0d.\u00a0h. Säuger, atmen.\u2003Fische nicht."
    assert [text[a:b] for a, b in split_sentences(text)][1:] == ["Fische nicht."]


def test_a_missing_blank_between_sentences_is_seen() -> None:
    text = "Das hat er gesagt.Der Rest steht auf beispiel.de/Seite.Das"
    assert next(text[a:b] for a, b in split_sentences(text)) == "Das hat er gesagt."
    assert len(split_sentences(text)) == 2


text_of_marks = st.text(
    alphabet=st.sampled_from("ab AB19 .!?…:,;()[]\"'„“‚‘»«’-–\n\r\u2028\xa0\ufeff zDr"), max_size=60
)


INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060"


@settings(max_examples=300, deadline=None)
@given(st.one_of(text_of_marks, st.text(max_size=60)))
def test_spans_are_in_order_and_lose_nothing_but_blanks(text: str) -> None:
    at = 0
    for start, end in (*split_sentences(text), (len(text), len(text))):
        assert at <= start <= end
        assert all(sign.isspace() or sign in INVISIBLE for sign in text[at:start])
        assert text[start:end] == text[start:end].strip()
        assert len(text[start:end].splitlines()) <= 1
        at = end


@pytest.mark.parametrize(
    "piece",
    [". ", '"', "„a. B ", "(A. B ", "z. B. ", "1. ", '?!"', "'", "x.", ": 1. ", "… ", "»A. B« "],
)
def test_hostile_repetition_is_read_in_one_pass(piece: str) -> None:
    """Quadratic time would exceed the duration of a test run."""
    text = piece * 40_000
    spans = split_sentences(text)
    assert spans[0][0] == 0
    assert spans[-1][1] == len(text.rstrip())


def all_rows() -> list[str]:
    return [marked for name in MISSES for _, marked in rows(DATA / name)]


@pytest.mark.parametrize(
    "spell",
    [
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("e", "e\u00ad"),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace(" ", "\u2009"),
        lambda text: text.replace(" ", " \u200b"),
    ],
    ids=["decomposed", "soft hyphens", "no-break spaces", "thin spaces", "zero-width spaces"],
)
def test_boundaries_do_not_depend_on_how_characters_are_written(
    spell: Callable[[str], str],
) -> None:
    """Every row of the tables is split in the same places, however its characters are stored."""
    for marked in all_rows():
        text = marked.replace("¦", " ")
        usual = [text[:end] for _, end in split_sentences(text)]
        other = spell(text)
        found = [other[:end] for _, end in split_sentences(other)]
        assert [letters(part) for part in found] == [letters(part) for part in usual], marked


def letters(text: str) -> str:
    """Return the visible characters of a text, composed."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(one for one in composed if not one.isspace() and one not in INVISIBLE + "\u00ad")
