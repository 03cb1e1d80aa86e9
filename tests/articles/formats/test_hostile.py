"""Hostile articles of all kinds of `benchmarks/hostile_articles.py`, at a moderate size."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.hostile_articles import html, markdown
from pipeline.articles import (
    decode_article,
    find_markup_format,
    render_article,
    segment_article,
)
from pipeline.core import ArticleError
from pipeline.testing import encode_all, insert_word

SIZE = 120
KINDS = [(".md", name, text) for name, text in markdown(SIZE).items()]
KINDS += [(".html", name, text) for name, text in html(SIZE).items()]
REFUSED = {
    ".md nested quotes": "nested deeper than 100 levels",
    ".md nested lists": "nested deeper than 100 levels",
    ".md indented lists": "nested deeper than 100 levels",
    ".md nested admonitions": "nested deeper than 100 levels",
    ".md not UTF-8": "not utf-8: byte 0xff",
    ".md NUL": "a NUL character at offset 4",
    ".html NUL": "a NUL character at offset 7",
    ".html not UTF-8": "not utf-8: byte 0xff",
    ".html charset unknown": "unknown encoding 'nonsense'",
    ".html charset of Python": "not idna: byte 0xc3",
    ".html charset that is no text": "encoding 'hex'",
    ".html charset too long": "unknown encoding 'aaa",
}
NAMES = [f"{suffix} {name}" for suffix, name, _ in KINDS]


@pytest.mark.parametrize(("suffix", "name", "text"), KINDS, ids=NAMES)
def test_a_hostile_article_is_kept_or_refused(suffix: str, name: str, text: str) -> None:
    """It is refused in one short line, or keeps its bytes and, with other words, its structure."""
    data = text.encode("utf-8", "surrogateescape")
    if reason := REFUSED.get(f"{suffix} {name}"):
        with pytest.raises(ArticleError, match=reason) as refused:
            decode_article(Path(f"a{suffix}"), data)
        assert len(refused.value.message) < 100
        assert refused.value.message.isprintable()
        return
    article = decode_article(Path(f"a{suffix}"), data)
    form = find_markup_format(suffix)
    assert form is not None
    segments = segment_article(article)
    assert render_article(article, []).text.encode(article.encoding) == data
    assert encode_all(article) == article.text
    rendered = render_article(article, [(one, insert_word(one, form)) for one in segments])
    assert form.structure(rendered.text) == form.structure(article.text)
