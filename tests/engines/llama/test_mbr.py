"""Which of several translations is taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.metrics import CHRF

from pipeline.engines.llama.mbr import mbr_rank
from pipeline.lang.chrf import character_grams, chrf


def test_what_most_agree_with_comes_first() -> None:
    """Even where it was given only once."""
    texts = [
        "The council met on Monday in Vienna.",
        "The council met in Vienna on Monday.",
        "On Monday the council met in Vienna.",
        "The counsellor went to see the wine.",
    ]
    order = [text for text, _ in mbr_rank(texts)]
    assert order[0] in texts[:3]
    assert order[-1] == texts[3]


def test_votes_count() -> None:
    """Two of the same outweigh one that is as near to the rest."""
    assert mbr_rank(["red apple", "green pear", "green pear"])[0][0] == "green pear"


def test_agreement_of_the_same_is_whole() -> None:
    """One text alone, or the same one each time, has nothing against it."""
    assert mbr_rank(["one"]) == [("one", 1.0)]
    assert mbr_rank(["one", "one", "one"]) == [("one", 1.0)]


def test_a_silent_text_is_ranked_but_not_agreed_with() -> None:
    """However often it was given."""
    texts, silent = ["green pears", "green pear", "green pear"], ["blue apple"] * 5
    order = mbr_rank(texts, silent)
    assert order[-1][0] == "blue apple"
    assert order[:2] == mbr_rank(texts)


@given(st.lists(st.text("abc de.", min_size=1, max_size=12), min_size=1, max_size=6))
def test_every_text_is_ranked_once(texts: list[str]) -> None:
    """With an agreement between 0 and 1."""
    found = mbr_rank(texts)
    assert {text for text, _ in found} == set(texts)
    assert len(found) == len(set(texts))
    assert all(-1e-9 <= agreement <= 1 + 1e-9 for _, agreement in found)


@pytest.mark.parametrize(
    ("hypothesis", "reference"),
    [
        ("The council met on Monday.", "The council met yesterday."),
        ("A new bridge across the river", "A bridge over the Elbe"),
        ("Nothing of the kind", "Something entirely different here"),
    ],
)
def test_it_is_sacrebleuschrf(hypothesis: str, reference: str) -> None:
    """For texts of six characters and more, the figures are those of the usual tool."""
    ours = 100 * chrf(character_grams(hypothesis), character_grams(reference))
    theirs = CHRF(eps_smoothing=True).sentence_score(hypothesis, [reference]).score
    assert ours == pytest.approx(theirs, abs=0.01)
