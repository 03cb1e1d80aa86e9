"""Which lines of plain text are one paragraph."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import articles
from pipeline.articles.formats import FormatOptions
from pipeline.core import Article

WRAPPED = {
    "an e-mail": """\
Liebe Nachbarn, am Samstag räumen wir den Hof auf und streichen die
Bänke. Wer helfen kann, bringt bitte Handschuhe und gute Laune mit. Für
Kaffee und Kuchen ist gesorgt.""",
    "a column of a newspaper with hyphens": """\
Die Gemeinde hat den Haus-
halt am Montag mit knap-
per Mehrheit beschlossen.""",
    "lines that end with articles, and start with nouns": """\
Das Wasser stieg in der Nacht so schnell, dass die Feuerwehr den
Damm räumen musste. Gegen Morgen ließ der Regen nach, und die
Pumpen schafften es. Verletzt wurde niemand.""",
    "a first line that is indented": """\
    Das Wasser stieg in der Nacht so schnell, dass die Feuerwehr den
Damm räumen musste, und gegen Morgen ließ der Regen nach, sodass die
Pumpen es schafften.""",
    "two long lines": """\
Der Rat hat am Montag beschlossen, das alte Schwimmbad am Fluss zu
schließen.""",
    "a line that starts with a time": """\
Die Sitzung im großen Saal des Rathauses beginnt am Montag erst um
17:30 Uhr, weil der Zug der Gäste aus dem Norden wieder einmal viel
später kommt.""",
    "a copy from a PDF file, whose letters have several widths": """\
Das Gutachten kommt zu dem Schluss, dass die Brücke noch zwölf
Jahre hält, sofern keine Lastwagen sie befahren. Die Stadt
will nun Schranken aufstellen, deren Kosten aber noch
niemand kennt, und den Verkehr über die alte Furt leiten.""",
}
SEPARATE = {
    "a poem": """\
Am Ufer steht ein alter Baum,
Er träumt den langen Wintertraum,
Und wenn der Frühling wieder singt,
Ein Blatt aus jeder Knospe springt.""",
    "a poem without capitals": """\
am ufer steht
ein alter baum und träumt
vom winter
der nie kommt
weil niemand ihn ruft""",
    "an address": """\
Verein der Freunde des Altenauer Hafens
Am alten Kai 12
12345 Altenau am Fluss
Telefon: 01234 5678""",
    "a ticker": """\
14:05 Uhr: Der Zug nach Altenau steht noch immer in Neudorf und wartet
14:20 Uhr: Die Strecke ist wieder frei, die ersten Züge fahren langsam an
14:45 Uhr: Auch der Bus fährt wieder, sagt ein Sprecher der Verkehrsbetriebe""",
    "a table": """\
Altenau      12.300     4,5 %     steigend
Neudorf       9.800     3,1 %     fallend
Oberhausen    7.400     2,9 %     gleich""",
    "the paragraphs of a page": """\
Der Stadtrat hat am Montag getagt. Er beschloss den Haushalt mit den Stimmen aller Fraktionen.
Danach gab es Streit. Eine Bürgerin fragte nach den Kosten, und niemand konnte sie nennen.
Die nächste Sitzung ist im Mai. Bis dahin soll die Verwaltung alle Zahlen zusammenstellen.""",
    "long lines": "\n".join(
        [("Der Rat tagt heute und entscheidet über den Haushalt der " * 3)] * 3
    ),
    "headers of an e-mail": """\
Von: Petra Lang, Vorsitzende des Vereins der Freunde des Hafens
An: Karl Vogt, Pressestelle der Stadt Altenau am schönen Fluss
Betreff: Antrag auf Genehmigung des Festes am zweiten Mai am Kai""",
    "items of a list": """\
- der Hafen mit seinen alten Kränen, die niemand mehr bedienen kann
- die Werft, in der seit Jahren kein Schiff mehr gebaut worden ist
- das Museum, dessen Dach undicht ist""",
}


def blocks(text: str, lines: str = "auto") -> list[str]:
    found = articles.parse(text, ".txt", FormatOptions(lines=lines))
    source = Article(Path("a.txt"), text, "utf-8", found)
    return [source.plain_text(block) for block in found]


@pytest.mark.parametrize("name", WRAPPED)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_wrapped_lines_are_one_paragraph(name: str, line_end: str) -> None:
    (paragraph,) = blocks(WRAPPED[name].replace("\n", line_end))
    assert len(paragraph.splitlines()) == 1
    assert "- " not in paragraph


@pytest.mark.parametrize("name", SEPARATE)
def test_lines_that_stand_for_themselves_stay_apart(name: str) -> None:
    assert len(blocks(SEPARATE[name])) == len(SEPARATE[name].splitlines())


def test_a_short_paragraph_is_wrapped_like_the_others_of_its_article() -> None:
    """Two short lines alone could be verse; below a column of the same width they are not."""
    column = """\
Das Wasser stieg in der Nacht so
schnell, dass die Feuerwehr den
Damm räumen musste und erst am
Morgen zurückkam."""
    short = "Der Rat hat am Montag getagt und\nein neues Tor bestellt."
    verse = "Am Ufer steht ein Baum\nund träumt."
    assert len(blocks(short)) == 2
    assert len(blocks(f"{column}\n\n{short}")) == 2
    assert len(blocks(f"{column}\n\n{verse}")) == 3


def test_a_heading_and_a_form_of_address_directly_above_a_paragraph_stay_apart() -> None:
    mail = WRAPPED["an e-mail"]
    for first in ("Frühjahrsputz", "Liebe Nachbarn,"):
        found = blocks(f"{first}\n{mail}")
        assert len(found) == 2
        assert found[0] == first


def test_quoted_lines_of_an_e_mail_are_a_paragraph_without_their_marks() -> None:
    text = """\
Danke, so machen wir es.

> am Samstag räumen wir den Hof auf und streichen die Bänke. Wer
> helfen kann, bringt bitte Handschuhe und gute Laune mit.
>
>> Wann beginnt ihr, und wer bringt eigentlich den Kuchen und den
>> Kaffee mit?

> 5 Prozent sind es nicht."""
    assert blocks(text) == [
        "Danke, so machen wir es.",
        "am Samstag räumen wir den Hof auf und streichen die Bänke. Wer helfen kann, bringt bitte "
        "Handschuhe und gute Laune mit.",
        ">",
        "Wann beginnt ihr, und wer bringt eigentlich den Kuchen und den Kaffee mit?",
        "> 5 Prozent sind es nicht.",
    ]


def test_a_hanging_list_item_is_one_block() -> None:
    text = "  - Der Deich wird\n    erhöht.\n  - Der Hafen bleibt.\n\nDanach ist Schluss damit."
    assert blocks(text) == [
        "Der Deich wird erhöht.",
        "Der Hafen bleibt.",
        "Danach ist Schluss damit.",
    ]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("Ge-", "meinden", "Gemeinden"),
        ("Ge\u00ad", "meinden", "Gemeinden"),
        ("Ge\u2010", "meinden", "Gemeinden"),
        ("Ein-", "und Ausfuhr", "Ein- und Ausfuhr"),
        ("Nord-", "Ostsee-Kanal", "Nord-Ostsee-Kanal"),
        ("US-", "amerikanische", "US-amerikanische"),
        ("20-", "jährige", "20-jährige"),
        ("–", "sagte sie", "– sagte sie"),
    ],
)
def test_hyphens_at_line_ends(first: str, second: str, joined: str) -> None:
    text = f"Das sagen {first}\n{second} dazu."
    assert blocks(text, "paragraph") == [f"Das sagen {joined} dazu."]


def test_the_setting_decides() -> None:
    poem, mail = SEPARATE["a poem"], WRAPPED["an e-mail"]
    assert len(blocks(f"{poem}\n\n{mail}", "line")) == 7
    assert len(blocks(f"{poem}\n\n{mail}", "paragraph")) == 2
    assert len(blocks(f"{poem}\n\n{mail}", "auto")) == 5


def test_two_paragraphs_without_a_blank_line_are_told_apart_by_a_short_line() -> None:
    first, second = WRAPPED["an e-mail"], WRAPPED["two long lines"]
    assert len(blocks(f"{first}\n{second}")) == 2


some_lines = st.sampled_from(
    [line for text in (*WRAPPED.values(), *SEPARATE.values()) for line in text.splitlines()]
    + [
        "> zitiert und",
        "> weiter",
        ">",
        ">> b",
        "",
        " ",
        "-",
        "a-",
        "  - x",
        "\ufeff",
        "x\u2028y",
        "\x0c",
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(some_lines, max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["auto", "paragraph", "line"]),
)
def test_every_character_is_kept(lines: list[str], line_end: str, mode: str) -> None:
    """Fragments and what is between them are the text; an untouched article keeps its bytes."""
    text = line_end.join(lines)
    found = articles.parse(text, ".txt", FormatOptions(lines=mode))
    source = Article(Path("a.txt"), text, "utf-8", found)
    same = [(one, one.text) for one in articles.segment_article(source)]
    assert articles.render_article(source, same).text == text
    for block in found:
        assert block.start < block.end
        at = block.start
        for fragment in block.fragments:
            assert fragment.start == at
            at = fragment.end
        assert at == block.end or not block.fragments
    for segment, shown in same:
        assert shown == shown.strip()
        assert len(shown.splitlines()) == 1
        assert text[segment.start] == shown[0]
