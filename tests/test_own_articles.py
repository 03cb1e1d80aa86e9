"""The project's own articles: an editor or git must not tidy them up."""

from pathlib import Path

import pytest

from pipeline.articles import read_article
from pipeline.glossary.file import load_glossary
from pipeline.glossary.matcher import TermMatcher

ROOT = Path(__file__).parents[1]
ARTICLES = sorted((ROOT / "source_de").glob("*.txt"))


def test_there_are_windows_line_ends_and_a_byte_order_mark() -> None:
    data = [path.read_bytes() for path in ARTICLES]
    assert any(b"\r\n" in text for text in data)
    assert any(text.startswith(b"\xef\xbb\xbf") for text in data)


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.name)
def test_an_article_is_of_an_articles_length_and_has_terms(path: Path) -> None:
    text = read_article(path).text
    assert 300 <= len(text.split()) <= 900
    assert len(TermMatcher(load_glossary(ROOT / "glossary" / "de-en.csv")).required(text)) >= 15
