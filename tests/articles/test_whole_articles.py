"""Whole articles of ten kinds: every segment, its kind, and the bytes of the file.

Beside each article is a table with the kind and text of each segment, in order.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.articles import (
    find_markup_format,
    read_article,
    render_article,
    segment_article,
)
from pipeline.testing import encode_all, insert_word
from tests.tables import rows

FOLDER = Path(__file__).parents[1] / "data" / "articles"
NAMES = ["press_release", "newsletter", "interview", "legal_notice", "live_ticker"]
MARKUP = FOLDER / "markup"
MARKUP_NAMES = [
    "hugo_export.md",
    "jekyll_post.md",
    "components.md",
    "readme.md",
    "newspaper.html",
]


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


@pytest.mark.parametrize("name", MARKUP_NAMES)
def test_every_segment_of_an_article_with_markup(name: str) -> None:
    """Front matter, template tags, components, badges, and pages with metadata."""
    found = segment_article(read_article(MARKUP / name))
    table = (MARKUP / name).with_suffix(".tsv")
    assert [[one.kind.value, one.text] for one in found] == rows(table)


@pytest.mark.parametrize("name", MARKUP_NAMES)
def test_an_article_with_markup_keeps_its_bytes_and_structure(name: str) -> None:
    """Also through the encoder, and with a word in each segment."""
    article = read_article(MARKUP / name)
    form = find_markup_format(article.path.suffix)
    assert form is not None
    assert render_article(article, []).text.encode() == article.path.read_bytes()
    assert encode_all(article) == article.text
    changed = [(one, insert_word(one, form)) for one in segment_article(article)]
    rendered = render_article(article, changed)
    assert not rendered.rejected
    assert form.structure(rendered.text) == form.structure(article.text)
