"""Creating entries."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalog.po.editing import extracted_lines, new_entry, note_lines, reference_lines
from pipeline.catalog.po.parser import Style, parse_entry

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))


@given(TEXTS, TEXTS, TEXTS, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_new_entry_is_as_read_from_its_lines(
    source: str, target: str, note: str, newline: str, wrap: bool
) -> None:
    """It is not parsed, for speed; programs read the same from the file."""
    comments = (*note_lines(note), *extracted_lines([note]), *reference_lines(["a b.txt:1"]))
    made = new_entry(source, Style(newline, wrap), comments, target)
    assert made == parse_entry(made.raw, 0)
