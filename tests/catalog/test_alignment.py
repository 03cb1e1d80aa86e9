"""New texts are aligned with the old texts they were edited from."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalog.alignment import align_sources

A = "Der Minister reiste am Montag nach Paris."
A2 = "Der Minister reiste am Dienstag nach Paris."
B = "Das Treffen dauerte zwei Stunden und endete ohne Ergebnis."
B1, B2 = "Das Treffen dauerte zwei Stunden.", "Es endete ohne Ergebnis."
C = "Beobachter hatten mehr erwartet."

CASES = {
    "nothing changed": ([A, B], [A, B], {}),
    "an edited text between the same neighbours": ([C, A, B], [C, A2, B], {A2: (A,)}),
    "at the beginning and the end": ([A], [A2], {A2: (A,)}),
    "a new text is no edit of one that stays": ([A, B], [A, A2, B], {}),
    "a text that has nothing in common is new": ([A, B], [C, B], {}),
    "the like one of two, in whatever place": ([B, A], [C, A2], {A2: (A,)}),
    "one that moved and changed is new": ([A, B, C], [B, C, A2], {}),
    "one whose neighbours changed places is new": ([B, A, C], [C, A2, B], {}),
    "two edits do not cross": ([A, B], [B + " Sagt er.", A2], {B + " Sagt er.": (B,)}),
    "split": ([A, B, C], [A, B1, B2, C], {B1: (B,), B2: (B,)}),
    "joined": ([A, B1, B2, C], [A, B, C], {B: (B1, B2)}),
    "no words at all": (["…"], ["—"], {}),
}


@pytest.mark.parametrize(("old", "new", "pairs"), CASES.values(), ids=CASES)
def test_pairs(old: list[str], new: list[str], pairs: dict[str, tuple[str, ...]]) -> None:
    """Position and neighbours select the candidates, shared words decide."""
    assert align_sources(old, new) == pairs


TEXTS = st.lists(
    st.lists(st.sampled_from(["aa", "bb", "cc", "dd", "ee"]), min_size=1, max_size=5).map(" ".join),
    unique=True,
    max_size=30,
)


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_only_texts_that_came_are_traced_to_texts_that_went(old: list[str], new: list[str]) -> None:
    """Only added texts are aligned, only with removed ones, and in order."""
    pairs = align_sources(old, new)
    assert set(pairs) <= set(new) - set(old)
    assert {source for sources in pairs.values() for source in sources} <= set(old) - set(new)
    for sources in pairs.values():
        assert list(sources) == sorted(sources, key=old.index)


def test_an_edit_between_moved_texts_is_aligned() -> None:
    """The longest run of texts in the same order is the frame, not the first one found."""
    old = ["Neun.", "Eins.", "Zwei.", "Der Rat tagt am Montag im Haus.", "Drei.", "Vier."]
    new = ["Eins.", "Zwei.", "Der Rat tagt am Dienstag im Haus.", "Drei.", "Vier.", "Neun."]
    assert align_sources(old, new) == {new[2]: (old[3],)}


def test_every_unchanged_text_separates_edits() -> None:
    """A text that was edited and moved past an unchanged one is a new text."""
    old, new = "Der Rat tagt am Montag im Haus.", "Der Rat tagt am Dienstag im Haus."
    assert align_sources([old, "Eins.", "Zwei."], ["Eins.", new, "Zwei."]) == {}
