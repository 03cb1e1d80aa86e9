"""Rendering articles: only spans that are translated change."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.articles import splice


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.data())
def test_splicing_changes_only_the_spans(text: str, data: st.DataObject) -> None:
    """Everything outside of the spans is kept."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    assert splice(text, {(a, b): text[a:b] for a, b in spans}) == text
    marked = splice(text, dict.fromkeys(spans, "§"))
    kept = sum(b - a for a, b in spans)
    assert len(marked) == len(text) - kept + len(spans)


@pytest.mark.parametrize("spans", [{(0, 3), (2, 4)}, {(0, 9)}, {(3, 2)}, {(-1, 2)}])
def test_spans_that_overlap_are_an_error(spans: set[tuple[int, int]]) -> None:
    """So are spans outside of the text."""
    with pytest.raises(ValueError, match="span"):
        splice("abcdef", dict.fromkeys(spans, ""))
