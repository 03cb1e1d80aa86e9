"""What every article format promises; the tests of each format inherit it.

A subclass sets `suffix` and `samples`, and may add `documents`, a strategy of texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.articles import decode_article, find_markup_format, render_article, segment_article
from pipeline.articles.formats import MarkupFormat, RenderSite
from pipeline.articles.rendering import splice
from pipeline.core import Article, Fragment, Segment

PROPERTY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow],
)


def read(text: str, suffix: str) -> Article:
    """Parse a text as an article of a format."""
    return decode_article(Path(f"article{suffix}"), text.encode(), "utf-8")


def insert_word(segment: Segment, form: MarkupFormat | None) -> str:
    """Return the text of a segment with a word after its first one outside of markup."""
    text = segment.text
    tokens = form.tokenize(text) if form else ()
    for blank in re.finditer(r" ", text):
        if not any(token.start <= blank.start() < token.end for token in tokens):
            return f"{text[: blank.start()]} Zusatz{text[blank.start() :]}"
    return f"{text} Zusatz"


def encode_all(article: Article) -> str:
    """Render all segments unchanged, each through the encoder of the format."""
    form = find_markup_format(article.path.suffix)
    assert form is not None
    outermost: dict[tuple[int, int], Segment] = {}
    for segment in segment_article(article):
        if not any(start <= segment.start and segment.end <= end for start, end in outermost):
            outermost[segment.start, segment.end] = segment

    def source(fragment: Fragment) -> str:
        return article.text[fragment.start : fragment.end]

    spans = {}
    for (start, end), segment in outermost.items():
        before = article.text[:start]
        line = before[max(before.rfind("\n"), before.rfind("\r")) + 1 :]
        spans[start, end] = form.encode(segment, segment.text, RenderSite(line, source))
    return splice(article.text, spans)


class FormatContract:
    """Promises of all formats: a translation changes translated text, and nothing else."""

    suffix: ClassVar[str]
    samples: ClassVar[Sequence[str]]
    documents: ClassVar[st.SearchStrategy[str]]

    def check_untouched(self, text: str) -> None:
        """Without translations, and with those equal to the source, nothing changes."""
        article = read(text, self.suffix)
        segments = segment_article(article)
        assert render_article(article, []).text == text
        assert render_article(article, [(one, one.text) for one in segments]).text == text
        if find_markup_format(self.suffix):
            assert encode_all(article) == text

    def check_inserted_word(self, text: str) -> None:
        """A word in every segment is accepted, and leaves the structure as it is."""
        article = read(text, self.suffix)
        form = find_markup_format(self.suffix)
        segments = segment_article(article)
        changed = [(one, insert_word(one, form)) for one in segments]
        rendered = render_article(article, changed)
        assert not rendered.rejected
        again = read(rendered.text, self.suffix)
        assert len(again.blocks) == len(article.blocks)
        if form is not None:
            assert [b.kind for b in again.blocks] == [b.kind for b in article.blocks]
            assert form.structure(rendered.text) == form.structure(text)
        assert rendered.text.count("Zusatz") == text.count("Zusatz") + len(segments)

    def test_untouched_samples_keep_their_characters(self) -> None:
        """The samples have every construct of the format."""
        for text in self.samples:
            for line_end in ("\n", "\r\n"):
                self.check_untouched(text.replace("\n", line_end))

    def test_samples_keep_their_structure(self) -> None:
        """The samples have every construct of the format."""
        for text in self.samples:
            for line_end in ("\n", "\r\n"):
                self.check_inserted_word(text.replace("\n", line_end))

    @PROPERTY
    @given(data=st.data())
    def test_untouched_documents_keep_their_characters(self, data: st.DataObject) -> None:
        """So do random documents."""
        self.check_untouched(data.draw(self.documents))

    @PROPERTY
    @given(data=st.data())
    def test_documents_keep_their_structure(self, data: st.DataObject) -> None:
        """A translation that would break the structure stays German, and is reported."""
        text = data.draw(self.documents)
        article = read(text, self.suffix)
        form = find_markup_format(self.suffix)
        changed = [(one, insert_word(one, form)) for one in segment_article(article)]
        rendered = render_article(article, changed)
        if form is not None:
            assert form.structure(rendered.text) == form.structure(text)
        missing = len(changed) - len(rendered.rejected)
        assert rendered.text.count("Zusatz") == text.count("Zusatz") + missing
