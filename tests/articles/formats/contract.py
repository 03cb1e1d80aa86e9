"""What every article format promises, for its samples and for random documents."""

from __future__ import annotations

from typing import ClassVar

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import testing
from pipeline.articles import find_markup_format, render_article, segment_article
from pipeline.testing import WORD, insert_word

PROPERTY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow],
)


class FormatContract(testing.FormatContract):
    """The contract of plug-ins, and the same for random texts of the strategy `documents`."""

    documents: ClassVar[st.SearchStrategy[str]]

    @PROPERTY
    @given(data=st.data())
    def test_untouched_documents_keep_their_characters(self, data: st.DataObject) -> None:
        """Random documents are kept as samples are."""
        self.check_untouched(data.draw(self.documents))

    @PROPERTY
    @given(data=st.data())
    def test_documents_keep_their_structure(self, data: st.DataObject) -> None:
        """A translation that would break the structure stays German, and is reported."""
        text = data.draw(self.documents)
        article = self._read(text)
        form = find_markup_format(self.suffix)
        changed = [(one, insert_word(one, form)) for one in segment_article(article)]
        rendered = render_article(article, changed)
        if form is not None:
            assert form.structure(rendered.text) == form.structure(text)
        missing = len(changed) - len(rendered.rejected)
        assert rendered.text.count(WORD) == text.count(WORD) + missing
