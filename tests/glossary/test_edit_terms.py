"""Terms from the edits of reviewers, on tables of drafts and approved texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.glossary import ReviewedText, TermMatcher, learn_terms, load_glossary
from tests.tables import ROOT, rows

EDITS = ROOT / "tests/data/edits"

MISSED = {
    "en": set(),
    "held-out": {
        ("Kultusministerium", "ministry of education"),  # once a reordering, not a replacement
        ("Ausstoß", "emissions"),  # the sentence was rewritten
        ("knapp", "narrow"),  # reviewers left "scarce" and wrote "short" elsewhere
    },
}
"""Terms that are not found, whatever the reason. Without a dictionary there may be fewer."""


def texts(name: str) -> list[ReviewedText]:
    """The rows of a table; `=` is a draft that was approved unchanged."""
    return [
        ReviewedText(article, source, draft, draft if target == "=" else target)
        for article, source, draft, target in rows(EDITS / f"{name}.tsv")
    ]


@pytest.fixture
def matcher(tmp_path: Path) -> TermMatcher:
    glossary = tmp_path / "de-en.csv"
    glossary.write_text("source,target\nPräsident,president\n", encoding="utf-8")
    return TermMatcher(load_glossary(glossary, "en"))


@pytest.mark.parametrize("name", MISSED)
def test_only_real_preferences_are_proposed(name: str, matcher: TermMatcher) -> None:
    """No style, inflection, reordering, term of the glossary, or inconsistent name."""
    found = {(term.source, term.target) for term in learn_terms(texts(name), "en", matcher)}
    expected = {(german, target) for german, target in rows(EDITS / f"{name}.expected.tsv")}
    assert found <= expected
    assert expected - found <= MISSED[name]


def test_the_evidence_counts_segments_and_reviews(matcher: TermMatcher) -> None:
    found = {term.source: term for term in learn_terms(texts("en"), "en", matcher)}
    demand = found["fordern"]
    assert (demand.segments, demand.articles) == (3, 2)
    assert (demand.agreeing, demand.reviewed) == (3, 3)
    assert set(demand.replaced) == {"request", "requests", "requested"}
    assert "request" in demand.examples[0].draft
    assert "demand" in demand.examples[0].target


def test_a_change_that_others_left_is_no_term(matcher: TermMatcher) -> None:
    """Two reviewers wrote "summit", three left the machine's word."""
    changed = [
        ReviewedText("a", f"Der Gipfel {verb}.", f"The meeting {other}.", f"The summit {other}.")
        for verb, other in (("endet", "ends"), ("beginnt", "begins"))
    ]
    left = [
        ReviewedText("b", f"Der Gipfel in {city}.", *2 * [f"The meeting in {city}."])
        for city in ("Rom", "Wien", "Bern")
    ]
    assert [t.target for t in learn_terms(changed, "en", matcher)] == ["summit"]
    assert not learn_terms([*changed, *left], "en", matcher)


def test_the_same_sentence_in_two_articles_counts_once(matcher: TermMatcher) -> None:
    one = ("Der Gipfel endet.", "The meeting ends.", "The summit ends.")
    assert not learn_terms([ReviewedText("a", *one), ReviewedText("b", *one)], "en", matcher)


def test_languages_without_lemmas_and_hostile_texts(matcher: TermMatcher) -> None:
    texts = [
        ReviewedText("a", "Der Gipfel endet heute.", "De bijeenkomst eindigt.", "De top eindigt."),
        ReviewedText("a", "Am Gipfel nahm er teil.", "Bijeenkomst bezocht.", "Top bezocht."),
        ReviewedText("a", "", "x", ""),
        ReviewedText("a", "Der Gipfel", "", "‮;=1+1 \x07"),
    ]
    found = learn_terms(texts, "nl", matcher)
    assert [(term.source, term.target) for term in found] == [("Gipfel", "top")]
