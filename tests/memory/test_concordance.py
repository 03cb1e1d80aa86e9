"""Concordance search: words and phrases in German texts and translations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.memory.concordance import Concordance, ConcordanceUnit, Containment

UNITS = (
    ConcordanceUnit("Der Rat hat die Brücke beschlossen.", "The council approved the bridge.", "a"),
    ConcordanceUnit("Die Eisenbahnbrücken über die Elbe", "Railway bridges across the Elbe", "b"),
    ConcordanceUnit("Die Brücke hat der Rat beschlossen.", "The bridge was approved.", "c"),
)


@pytest.mark.parametrize(
    ("query", "files"),
    [
        ("brücke", "abc"),
        ("BRÜCKE", "abc"),
        ("der rat", "ac"),
        ("Rat beschlossen", "ca"),  # the phrase is better than both words apart
        ("bridges", "b"),
        ("council bridge", "a"),
        ("Rat bridge", ""),  # all words must be in the same text
        ("a.b", ""),
    ],
)
def test_words_are_found_in_either_text(query: str, files: str) -> None:
    """In any case, inside longer words, phrases first."""
    assert "".join(one.unit.file for one in Concordance(query).search(UNITS, 9)) == files


def test_spans_show_what_was_found() -> None:
    """The phrase, otherwise each word; overlapping words are one span."""
    (found,) = Concordance("council  approved").search(UNITS, 9)
    assert (found.containment, found.source_spans) == (Containment.PHRASE, ())
    assert [found.unit.target[a:b] for a, b in found.target_spans] == ["council approved"]
    assert [UNITS[0].source[a:b] for a, b in Concordance("rat brück brücke").spans(UNITS[0].source)]
    spans = Concordance("Brücke rücke Rat").spans(UNITS[0].source)
    assert [UNITS[0].source[a:b] for a, b in spans] == ["Rat", "Brücke"]


def test_equal_pairs_are_found_once_and_limited() -> None:
    """The first of them; phrases fill the limit before words apart."""
    again = (*UNITS, ConcordanceUnit(UNITS[0].source, UNITS[0].target, "d", obsolete=True))
    found = Concordance("Rat").search(again, 9)
    assert [one.unit.file for one in found] == ["a", "c"]
    assert [one.unit.file for one in Concordance("Rat beschlossen").search(again, 1)] == ["c"]


@given(st.text(), st.text(min_size=1).filter(str.strip), st.text())
def test_a_part_of_a_text_is_always_found(before: str, query: str, after: str) -> None:
    """Whatever its characters; the spans are ordered and inside the text."""
    text = before + query + after
    (found,) = Concordance(query).search([ConcordanceUnit(text, "", "a")], 1)
    ends = [position for span in found.source_spans for position in span]
    assert ends == sorted(ends)
    assert 0 <= ends[0] < ends[-1] <= len(text)
