"""Whole articles of five kinds: every segment, its kind, and the bytes of the file.

Beside each article is a table with the kind and text of each segment, in order.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.articles import read_article, render_article, segment_article
from tests.tables import rows

FOLDER = Path(__file__).parents[1] / "data" / "articles"
NAMES = ["press_release", "newsletter", "interview", "legal_notice", "live_ticker"]


@pytest.mark.parametrize("name", NAMES)
def test_every_segment_and_kind(name: str) -> None:
    found = segment_article(read_article(FOLDER / f"{name}.txt"))
    assert [[one.kind.value, one.text] for one in found] == rows(FOLDER / f"{name}.tsv")


@pytest.mark.parametrize("name", NAMES)
def test_an_untouched_article_keeps_every_byte(name: str) -> None:
    article = read_article(FOLDER / f"{name}.txt")
    same = [(one, one.text) for one in segment_article(article)]
    for translations in ([], same):
        text = render_article(article, translations).text
        assert text.encode(article.encoding) == article.path.read_bytes()
