"""Texts that differ only in markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.memory import without_markup


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Das <b>Abkommen</b> gilt.", "Das Abkommen gilt."),
        ("Das **[Abkommen](1)** gilt.", "Das Abkommen gilt."),
        ("Das _Abkommen_ gilt `hier`.", "Das Abkommen gilt hier."),
        ("Mit <img1> Bild <br>", "Mit Bild"),
        ("5 * 3 < 20 und snake_case, [1]", "5 * 3 < 20 und snake_case, [1]"),
    ],
)
def test_markup_is_removed(text: str, plain: str) -> None:
    """Signs that are no markup stay."""
    assert without_markup(text) == plain


@given(st.text("ab *_`[]()<>/ ~!\\", max_size=40))
def test_words_are_kept(text: str) -> None:
    """Outside of tags and links, no letter is lost."""
    if "<" not in text and "[" not in text:
        letters = [c for c in text if c.isalpha()]
        assert [c for c in without_markup(text) if c.isalpha()] == letters
