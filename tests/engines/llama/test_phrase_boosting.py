"""Words that a text is to contain, token by token; a letter is a token here."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines.llama.phrase_boosting import PhraseBooster, make_booster


def letters(text: str) -> list[int]:
    """The tokens of a text."""
    return [ord(letter) for letter in text]


def written(text: str, *wishes: tuple[str, ...]) -> PhraseBooster:
    """Wishes once a text was written."""
    wished = make_booster(wishes, letters)
    for token in letters(text):
        wished.advance(token)
    return wished


def wanted(wishes: PhraseBooster) -> str:
    """The letters that are wished for next, sorted."""
    return "".join(sorted(map(chr, wishes.boosted_tokens())))


def test_a_wish_begins_behind_a_blank_or_with_a_capital() -> None:
    """A word stands behind another one, or begins the text."""
    assert wanted(written("", ("tax",))) == " T"


def test_what_is_begun_goes_on() -> None:
    """In each of its forms, and it may begin anew all the same."""
    assert wanted(written("the polic", ("policy", "policies"))) == " Piy"
    assert wanted(written("the polic-", ("policy", "policies"))) == " P"


def test_a_word_that_stands_there_is_not_wished_for_again() -> None:
    """In whatever form; the other words still are."""
    wishes = (("summit", "summits"), ("budget",))
    assert wanted(written("two summits", *wishes[:1])) == ""
    assert wanted(written("two summits", *wishes)) == " B"


@given(st.text("ab ", max_size=20), st.text("ab", min_size=1, max_size=4), st.text("ab "))
def test_a_word_is_found_wherever_it_stands(before: str, word: str, behind: str) -> None:
    """Also where it was begun before, and overlaps itself."""
    assert not written(f"{before} {word}{behind}", (word,)).boosted_tokens()
    assert written(before.replace("b", ""), (f"{word}b",)).pending


def test_no_wishes_want_nothing() -> None:
    """Also where a wish has no words."""
    assert not make_booster((), letters).boosted_tokens()
    assert not make_booster((("",),), letters).boosted_tokens()
