"""Phrase boosting, with a tokenizer whose tokens are letters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines.llama.phrase_boosting import PhraseBooster, make_booster


def letters(text: str) -> list[int]:
    """Tokenize a text into letters."""
    return [ord(letter) for letter in text]


def written(text: str, *phrases: tuple[str, ...]) -> PhraseBooster:
    """Return a booster for phrases after a text was written."""
    booster = make_booster(phrases, letters)
    for token in letters(text):
        booster.advance(token)
    return booster


def boosted(booster: PhraseBooster) -> str:
    """Return the boosted letters, sorted."""
    return "".join(sorted(map(chr, booster.boosted_tokens())))


def test_a_phrase_starts_after_a_space_or_capitalized() -> None:
    """It follows another word, or begins the text."""
    assert boosted(written("", ("tax",))) == " T"


def test_a_partial_phrase_is_continued() -> None:
    """In each of its forms; it may also start again."""
    assert boosted(written("the polic", ("policy", "policies"))) == " Piy"
    assert boosted(written("the polic-", ("policy", "policies"))) == " P"


def test_a_phrase_in_the_text_is_not_boosted() -> None:
    """In any form; other phrases are."""
    phrases = (("summit", "summits"), ("budget",))
    assert boosted(written("two summits", *phrases[:1])) == ""
    assert boosted(written("two summits", *phrases)) == " B"


@given(st.text("ab ", max_size=20), st.text("ab", min_size=1, max_size=4), st.text("ab "))
def test_a_phrase_is_found_anywhere(before: str, word: str, behind: str) -> None:
    """Also after a partial match, and if it overlaps itself."""
    assert not written(f"{before} {word}{behind}", (word,)).boosted_tokens()
    assert written(before.replace("b", ""), (f"{word}b",)).pending


def test_no_phrases_boost_nothing() -> None:
    """Also if a phrase has no forms."""
    assert not make_booster((), letters).boosted_tokens()
    assert not make_booster((("",),), letters).boosted_tokens()
