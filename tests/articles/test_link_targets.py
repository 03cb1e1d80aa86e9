"""`links.csv`: other link targets in the articles of a language."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.articles import decode_article, load_link_targets, render_article
from pipeline.core import ArticleError

TABLE = "de;en;fr\nhttps://ex.example/de;https://ex.example/en;\nb.md;b-en.md;b-fr.md\n"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "links.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_an_empty_cell_keeps_the_target(table: Path) -> None:
    """Each language has a column; separators are those of spreadsheets."""
    assert load_link_targets(table, "fr") == {"b.md": "b-fr.md"}
    assert load_link_targets(table, "es") == {}
    assert load_link_targets(table.with_name("none.csv"), "en") == {}


def test_targets_change_in_links_images_and_definitions(table: Path) -> None:
    """Only whole targets are replaced, and nothing else."""
    text = '[a](b.md "Titel") ![c](<b.md>) [d][e] [f](b.md#g)\n\n[e]: https://ex.example/de\n'
    article = decode_article(Path("x.md"), text.encode())
    rendered = render_article(article, [], "en", load_link_targets(table, "en"))
    expected = text.replace("b.md ", "b-en.md ").replace("<b.md>", "<b-en.md>")
    assert rendered.text == expected.replace("example/de", "example/en")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("en,fr\na,b\n", "no column de"),
        ("de,en\na,b\na,c\n", "a has two targets for en"),
        ("de,en\na,b c\n", "'b c' is no link target"),
    ],
)
def test_a_row_that_cannot_be_used_is_an_error(table: Path, text: str, message: str) -> None:
    """The message has the place and a hint."""
    table.write_text(text, encoding="utf-8")
    with pytest.raises(ArticleError, match=message) as error:
        load_link_targets(table, "en")
    assert error.value.hint
