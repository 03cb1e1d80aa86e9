"""Kinds of the lines of scraped pages."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import articles
from pipeline.core.types import Article, BlockKind

K = BlockKind


def rows(text: str) -> list[tuple[BlockKind, str]]:
    return [(b.kind, text[b.start : b.end]) for b in articles.parse(text, ".txt")]


BODY = "Der Stadtrat hat am Montag nach langer Debatte entschieden, den alten Hafen zu erweitern."
MORE = "Wie teuer das wird, weiß noch niemand, doch die Arbeiten sollen im Herbst beginnen."
LAST = "Gegner des Plans haben angekündigt, vor Gericht zu ziehen, sobald die Bagger rollen."

PAGES = {
    "a skip link, the title twice, a teaser that is cut off, a caption twice": [
        (K.BOILERPLATE, "Direkt zum Inhalt"),
        (K.TITLE, "Stadtrat stimmt nach langem Streit für den Hafen."),
        (K.PARAGRAPH, BODY[:-10] + "..."),
        (K.CAPTION, "Der Hafen am frühen Morgen, als die ersten..."),
        (K.CAPTION, "Der Hafen am frühen Morgen, als die ersten Schiffe kamen."),
        (K.TITLE, "Stadtrat stimmt nach langem Streit für den Hafen."),
        (K.PARAGRAPH, BODY),
    ],
    "the title again in other words, a byline over three lines": [
        (K.TITLE, "Stadtrat stimmt für den Ausbau des Hafens"),
        (K.BYLINE, "Von"),
        (K.BYLINE, "Petra van Holt"),
        (K.BYLINE, "7 Minuten Lesezeit"),
        (K.TITLE, "Stadtrat stimmte für den Ausbau des Hafens"),
        (K.PARAGRAPH, BODY),
        (K.HEADING, "Was nun folgt"),
        (K.PARAGRAPH, MORE),
        (K.HEADING, "Wer zahlt das?"),
        (K.PARAGRAPH, LAST),
    ],
    "a navigation, date and author, credits": [
        (K.BOILERPLATE, "Menü"),
        (K.BOILERPLATE, "Politik"),
        (K.TITLE, "Bericht: Hafen wird teurer"),
        (K.BYLINE, "Stand: 03.02.2023 14:10 Uhr"),
        (K.BYLINE, "Von Jan Boll und Ute Krämer"),
        (K.CAPTION, "Foto: Ute Krämer"),
        (K.CAPTION, "Das Becken bei Nacht (Bild: dpa)"),
        (K.PARAGRAPH, BODY),
        (K.PARAGRAPH, "Mehr als drei Jahre wird es dauern. (dpa)"),
    ],
    "a page that goes on below its article": [
        (K.TITLE, "Stadtrat stimmt für den Hafen"),
        (K.PARAGRAPH, BODY),
        (K.PARAGRAPH, MORE),
        (K.BOILERPLATE, "Lesen Sie auch:"),
        (K.BOILERPLATE, "Quelle: hafenblatt.example"),
        (K.BOILERPLATE, "Das könnte Sie auch interessieren"),
        (K.BOILERPLATE, "Dieser Text wurde von einem Leser eingesandt und nicht geprüft."),
        (K.BOILERPLATE, "Bestellen Sie unseren Newsletter"),
        (K.BOILERPLATE, "Jede Woche das Wichtigste aus Stadt und Land direkt in Ihr Postfach"),
    ],
    "a cookie banner above the page": [
        (
            K.BOILERPLATE,
            "Wir verwenden Cookies, um die Seite zu verbessern. Mehr dazu hier.",
        ),
        (K.BOILERPLATE, "Alle akzeptieren"),
        (K.BOILERPLATE, "Einstellungen verwalten"),
        (K.TITLE, "Hafen wird für viel Geld ausgebaut"),
        (K.PARAGRAPH, BODY),
        (K.BOILERPLATE, "Anzeige"),
        (K.PARAGRAPH, MORE),
    ],
    "a byline of a name alone, between a title and a date": [
        (K.TITLE, "Wer zahlt für den Hafen?"),
        (K.BYLINE, "Ute Krämer"),
        (K.BYLINE, "3. Februar 2023, 14:10 Uhr"),
        (K.PARAGRAPH, BODY),
        (K.HEADING, "Kommentare"),
        (K.PARAGRAPH, MORE),
    ],
    "a headline that is a sentence, above an agency": [
        (K.TITLE, "Der Hafen wird teurer als geplant."),
        (K.BYLINE, "dpa"),
        (K.PARAGRAPH, BODY),
        (K.PARAGRAPH, MORE),
        (K.PARAGRAPH, "Es grüßt der Verein der Hafenfreunde"),
    ],
    "only running text": [(K.PARAGRAPH, "Das ist alles. Mehr gibt es nicht.")],
    "a line of signs": [(K.PARAGRAPH, BODY), (K.BOILERPLATE, "* * *"), (K.PARAGRAPH, MORE)],
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("line_end", ["\n\n", "\r\n\r\n"])
def test_kinds_of(name: str, line_end: str) -> None:
    page = PAGES[name]
    gapless = line_end.join(text for _, text in page)
    # The lines of a byline stand together on every page.
    for line in ("Von", "Petra van Holt"):
        gapless = gapless.replace(line + line_end, line + line_end[: len(line_end) // 2])
    assert rows(gapless) == page


@pytest.mark.parametrize(
    ("marker", "text"),
    [
        ("  1. ", "Kosten: Sie steigen."),
        ("• ", "Der Hafen ist alt."),
        ("\t•\t", "Der Hafen ist alt."),
        ("- ", "Der Hafen ist alt."),
        ("– ", "Der Hafen ist alt."),
        ("* ", "Der Hafen ist alt."),
        ("a) ", "Der Hafen ist alt."),
        ("(2) ", "Der Hafen ist alt."),
        ("3) ", "Der Hafen ist alt."),
        ("3.) ", "Der Hafen ist alt."),
        ("b.) ", "Der Hafen ist alt."),
        ("aa) ", "Der Hafen ist alt."),
        ("(iv) ", "Der Hafen ist alt."),
        ("\uf0b7 ", "Der Hafen ist alt."),
        ("\uf0a7\t", "Der Hafen ist alt."),
        ("o\t", "Der Hafen ist alt."),
        ("o   ", "Der Hafen ist alt."),
        ("§\t", "Der Hafen ist alt."),
        ("Ø\t", "Der Hafen ist alt."),
        ("➢ ", "Der Hafen ist alt."),
        ("- ", "3 Eier und etwas Mehl."),
    ],
)
def test_a_list_marker_stays_outside(marker: str, text: str) -> None:
    assert rows(f"{BODY}\n\n{marker}{text}\n")[1] == (K.LIST_ITEM, text)


@pytest.mark.parametrize(
    "line",
    [
        "75. Jahrestag der Befreiung",
        "16. Mai: Ein Tag im Hafen",
        "1. FC Köln gewinnt",
        "3. Liga startet früher",
        "-5 Grad in der Nacht",
        "- 5 Grad in der Nacht",
        "– 3 Prozent im Mai",
        "+ 2 Punkte für Altenau",
        "* 3.5.1950 in Altenau",
        "* 1950 in Altenau",
        "§ 3 Der Vorstand",
        "o weh, das Boot sinkt",
        "2024 wird ein gutes Jahr",
    ],
)
def test_a_number_that_is_part_of_the_sentence_stays_inside(line: str) -> None:
    assert rows(f"{BODY}\n\n{line}\n\n{MORE}")[1] == (K.HEADING, line)


@pytest.mark.parametrize(
    "lines",
    [
        ("1. Platz: Anna Kern", "2. Platz: Bert Ott"),
        ("1. Preis: ein Rad", "2. Preis: ein Buch", "3. Preis: ein Ball"),
        ("1. Vorsitzende: Eva Kern", "2. Vorsitzender: Jan Ott"),
        ("1. Gang: Suppe", "2. Gang: Braten"),
        ("1. Mai: Fest am Hafen", "2. Mai: Ruhetag"),
        ("1. FC Altenau", "2. Bundesliga"),
    ],
)
def test_lines_that_start_with_ordinals_are_no_list(lines: tuple[str, ...]) -> None:
    """The number belongs to the text: without it, "Platz: Anna" would lose its sense."""
    assert [text for _, text in rows("\n".join((BODY, "", *lines, "", MORE)))][1:-1] == [*lines]


def test_numbers_in_sequence_are_a_list_without_indentation() -> None:
    found = rows("Die Gründe im Einzelnen\n1. Geld fehlt.\n2. Zeit fehlt.\n\n3. Mut fehlt.")
    assert found[1:] == [(K.LIST_ITEM, f"{what} fehlt.") for what in ("Geld", "Zeit", "Mut")]


def test_lines_count_as_editors_count_them() -> None:
    text = "\ufeffA a.\r\n\r\nB b.\rC c.\n\x0cD d.\u2028E e.\n F f. \n"
    found = [(text[b.start : b.end], b.line) for b in articles.parse(text, ".txt")]
    assert found == [
        ("A a.", 1),
        ("B b.", 3),
        ("C c.", 4),
        ("D d.", 5),
        ("E e.", 5),
        ("F f.", 6),
    ]


@pytest.mark.parametrize("text", ["", "\n", " \r\n\t", "\ufeff", "\x0c", "\u2028"])
def test_a_file_without_text_has_no_blocks(text: str) -> None:
    assert rows(text) == []


BODIES = [
    BODY,
    MORE,
    LAST,
    "Video, Bilder und Kommentare der Bürger hat die Stadt seit Mai gesammelt und geprüft.",
    "Werbung für den Hafen ist teuer, doch ohne sie kommen nach Ansicht des Rates keine Gäste.",
    "Mehr zum Thema sagte der Bürgermeister nicht, obwohl die Reporter noch lange im Saal blieben.",
]
LABELS = [
    "Kommentare", "Aktuelles", "Das könnte Sie auch interessieren", "Lesen Sie auch:", "Newsletter",
    "Empfehlungen", "Teilen", "Zum Thema", "Anzeige", "Über uns", "3 Kommentare", "Video",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(BODIES + LABELS), min_size=1, max_size=10),
    st.sampled_from(["\n", "\n\n"]),
)
def test_running_text_is_never_boilerplate(lines: list[str], line_end: str) -> None:
    """Whatever labels are above it: with `boilerplate = "skip"`, it would stay German."""
    for kind, text in rows(line_end.join(lines)):
        assert text not in BODIES or kind is not K.BOILERPLATE


lines_of_pages = st.sampled_from(
    [text for page in PAGES.values() for _, text in page]
    + ["• Punkt", "  1. Eins", "2. Zwei", "", " ", "\ufeff", "•", "1.", "- ", "\x0c", "x\u2028y"]
)


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(max_size=80),
        st.lists(lines_of_pages, max_size=12).map("\n".join),
        st.lists(lines_of_pages, max_size=6).map("\r\n".join),
    )
)
def test_blocks_hold_every_letter_and_no_edge_of_blanks(text: str) -> None:
    blocks = articles.parse(text, ".txt")
    source = Article(Path("a.txt"), text, "utf-8", blocks)
    assert articles.render_article(source, ()).text == text
    for first, second in pairwise(blocks):
        assert first.end <= second.start
        assert first.line <= second.line
    for block in blocks:
        inside = text[block.start : block.end]
        assert inside == inside.strip()
        assert len(inside.splitlines()) == 1 or block.fragments
    outside = articles.splice(source.text, {(b.start, b.end): "" for b in blocks})
    # What is left is blanks, line ends and list markers.
    assert all(len(rest) <= 5 for rest in outside.split())
