"""Segments of an article and their positions."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.articles import parse, read_article, render_article, segment_article
from pipeline.core.types import Article, BlockKind
from tests.tables import SHARED


def article(text: str) -> Article:
    return Article(Path("a.txt"), text, "utf-8", parse(text, ".txt"))


NEWS = """Rat beschließt neuen Hafen

Der Rat hat getagt. Er stimmte zu.
Danach gab es Streit.

Die Folgen

  1. Kosten: Sie steigen. Das ist sicher.
  2. Lärm: Er bleibt.
"""


def test_segments_know_their_place_in_the_article() -> None:
    found = segment_article(article(NEWS))
    assert [(s.text, s.kind, s.line, s.block, s.number, s.count) for s in found] == [
        ("Rat beschließt neuen Hafen", BlockKind.TITLE, 1, 1, 1, 1),
        ("Der Rat hat getagt.", BlockKind.PARAGRAPH, 3, 1, 1, 2),
        ("Er stimmte zu.", BlockKind.PARAGRAPH, 3, 1, 2, 2),
        ("Danach gab es Streit.", BlockKind.PARAGRAPH, 4, 2, 1, 1),
        ("Die Folgen", BlockKind.HEADING, 6, 1, 1, 1),
        ("Kosten: Sie steigen.", BlockKind.LIST_ITEM, 8, 1, 1, 2),
        ("Das ist sicher.", BlockKind.LIST_ITEM, 8, 1, 2, 2),
        ("Lärm: Er bleibt.", BlockKind.LIST_ITEM, 9, 2, 1, 1),
    ]
    assert all(NEWS[s.start : s.end] == s.text for s in found)


def test_paragraph_mode_keeps_blocks_whole() -> None:
    found = segment_article(article(NEWS), "paragraph")
    assert [s.text for s in found][1:3] == [
        "Der Rat hat getagt. Er stimmte zu.",
        "Danach gab es Streit.",
    ]


def test_a_block_of_several_lines_numbers_them() -> None:
    text = "Eins.\r\nZwei. Drei.\rVier."
    whole = parse("x" * len(text), ".txt")
    found = segment_article(Article(Path("a.txt"), text, "utf-8", whole), "paragraph")
    assert [(s.text, s.line) for s in found] == [("Eins.", 1), ("Zwei. Drei.", 2), ("Vier.", 3)]


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="neither sentence nor paragraph"):
        segment_article(article(NEWS), "word")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the reference articles are not here")
@pytest.mark.parametrize("name", ["000_6cd37be0f24843b2.txt", "004_82d95cbb2aa4e8b8.txt"])
def test_real_articles_keep_their_structure(name: str) -> None:
    source = read_article(SHARED / "source_de" / name)
    found = segment_article(source)
    assert [s.start for s in found] == sorted(s.start for s in found)
    assert all(source.text[s.start : s.end] == s.text for s in found)
    assert all(not s.text[-2:].isspace() and "\n" not in s.text for s in found)
    kinds = {s.kind for s in found}
    assert {BlockKind.TITLE, BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.BOILERPLATE} <= kinds
    assert render_article(source, ()).text.encode() == source.path.read_bytes()
