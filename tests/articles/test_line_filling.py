"""Translations of wrapped paragraphs get the width of their source."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles import parse, render_article, segment_article
from pipeline.core import Article

MAIL = """\
Hallo,

am Samstag räumen wir den Hof auf und streichen die alten
Bänke. Wer helfen kann, bringt bitte Handschuhe mit. Für
Kaffee ist gesorgt.

  * Das Tor wird repariert, sofern das Wetter es zulässt und
    jemand Holz hat.

Bis bald!
"""


def article(text: str) -> Article:
    return Article(Path("a.txt"), text, "utf-8", parse(text, ".txt"))


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_translation_is_wrapped_like_its_source(line_end: str) -> None:
    source = article(MAIL.replace("\n", line_end))
    english = {
        "am Samstag": "On Saturday we tidy up the yard and paint the old benches.",
        "Wer helfen": "If you can help, please bring gloves.",
        "Für Kaffee": "There will be coffee.",
        "Das Tor": "The gate will be repaired if the weather permits and somebody has wood.",
    }
    pairs = [
        (one, english[key])
        for one in segment_article(source)
        for key in english
        if one.text.startswith(key)
    ]
    expected = """\
Hallo,

On Saturday we tidy up the yard and paint the old
benches. If you can help, please bring gloves. There will
be coffee.

  * The gate will be repaired if the weather permits and
    somebody has wood.

Bis bald!
"""
    assert render_article(source, pairs).text == expected.replace("\n", line_end)


def test_a_quoted_paragraph_keeps_its_marks() -> None:
    source = article(
        "> Am Samstag räumen wir den Hof auf, streichen die alten Bänke\n> und kochen Kaffee.\n"
    )
    (segment,) = segment_article(source)
    english = "On Saturday we tidy up the yard, paint the old benches, and make some coffee."
    assert render_article(source, [(segment, english)]).text == (
        "> On Saturday we tidy up the yard, paint the old benches, and\n> make some coffee.\n"
    )


def test_sentences_without_a_translation_stay_in_the_paragraph() -> None:
    source = article(MAIL)
    pairs = [(s, "Bring gloves.") for s in segment_article(source) if s.text.startswith("Wer")]
    text = render_article(source, pairs).text
    assert "Bänke. Bring gloves. Für Kaffee ist gesorgt." in text
    assert text.startswith("Hallo,\n\nam Samstag")
    assert "  * Das Tor wird repariert, sofern das Wetter es zulässt und\n    jemand Holz" in text


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("abc \u00a0", min_size=1, max_size=70), min_size=1, max_size=3))
def test_no_line_is_wider_than_the_source_unless_a_word_is(texts: list[str]) -> None:
    source = article(MAIL)
    segments = [one for one in segment_article(source) if one.layout]
    pairs = [(one, text) for one, text in zip(segments, texts, strict=False) if text.strip()]
    words = [word for _, text in pairs for word in text.split(" ")]
    longest = max(map(len, [*MAIL.splitlines(), *words]))
    lines = render_article(source, pairs).text.splitlines()
    assert all(len(line) <= longest for line in lines)
    joined = " ".join(" ".join(lines).split(" "))
    assert all(word in joined for word in words)
