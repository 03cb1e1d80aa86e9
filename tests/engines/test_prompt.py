"""The messages that ask a chat model for a translation."""

import pytest

from pipeline.engines import Request
from pipeline.engines.prompt import messages, prefix


@pytest.mark.parametrize("language", ["en", "fr", "es", "pl"])
def test_all_requests_share_their_beginning(language: str) -> None:
    """What is the same for all is computed once: it stands first, to the letter."""
    plain = messages(Request("Er kam."), language)
    asked = messages(Request("Sie ging.", (("ging", "left"),)), language)
    shared = prefix(language)
    assert plain[: len(shared)] == asked[: len(shared)] == shared
    assert len(plain) == len(shared) + 1


def test_terms_and_text_are_in_the_question() -> None:
    """The model sees each term with its required translation."""
    question = messages(Request("Der Gipfel endete.", (("Gipfel", "summit"),)), "en")[-1]
    assert question["role"] == "user"
    assert "Gipfel = summit" in question["content"]
    assert question["content"].endswith("Der Gipfel endete.")


def test_a_second_question_tells_what_was_wrong() -> None:
    """The earlier answer stands as the model's own, and the problems after it."""
    request = Request("Er kam.", previous="He came came.", problems=("'came' is repeated.",))
    *_, answer, again = messages(request, "en")
    assert answer == {"role": "assistant", "content": "He came came."}
    assert "'came' is repeated." in again["content"]
