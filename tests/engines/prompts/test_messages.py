"""The messages that ask a chat model for a translation."""

import pytest

from pipeline.engines.base import TranslationRequest
from pipeline.engines.prompts.messages import conversation, prefix, require_site_names


@pytest.mark.parametrize("language", ["en", "fr", "es", "pl"])
def test_all_requests_share_their_beginning(language: str) -> None:
    """What is the same for all is computed once: it stands first, to the letter."""
    plain = conversation(TranslationRequest("Er kam."), language)
    asked = conversation(TranslationRequest("Sie ging.", (("ging", "left"),)), language)
    shared = prefix(language)
    assert plain[: len(shared)] == asked[: len(shared)] == shared
    assert len(plain) == len(shared) + 1


def test_terms_and_text_are_in_the_question() -> None:
    """The model sees each term with its required translation."""
    question = conversation(
        TranslationRequest("Der Gipfel endete.", (("Gipfel", "summit"),)), "en"
    )[-1]
    assert question["role"] == "user"
    assert "Gipfel = summit" in question["content"]
    assert question["content"].endswith("Der Gipfel endete.")


def test_addresses_are_demanded() -> None:
    """Once each, beside the glossary's terms; a text without any is asked for as it is."""
    request = TranslationRequest(
        "Rat: rat.example, http://rat.example/a, rat.example.", (("Rat", "council"),)
    )
    kept = require_site_names(request).terms
    assert kept == (("Rat", "council"), ("rat.example", "rat.example"))
    plain = TranslationRequest("Er kam z.B. am 3.5. um 7.30 Uhr.")
    assert require_site_names(plain) is plain


def test_a_second_question_tells_what_was_wrong() -> None:
    """The earlier answer stands as the model's own, and the problems after it."""
    request = TranslationRequest(
        "Er kam.", previous="He came came.", problems=("'came' is repeated.",)
    )
    *_, answer, again = conversation(request, "en")
    assert answer == {"role": "assistant", "content": "He came came."}
    assert "'came' is repeated." in again["content"]


PAIRS = (("Sie kam.", "She came."), ("Er geht.", "He goes."), ("Er kommt.", "He is coming."))


def test_similar_texts_are_earlier_turns() -> None:
    """The nearest two stand as question and answer between the shared part and the text."""
    request = TranslationRequest("Er kam.", (("kam", "came"),), "He come.", ("Wrong.",), PAIRS)
    asked = conversation(request, "en")
    shared = prefix("en")
    assert asked[: len(shared)] == shared
    turns = asked[len(shared) : len(shared) + 4]
    assert [turn["content"] for turn in turns] == [text for pair in PAIRS[1:] for text in pair]
    assert [turn["role"] for turn in turns] == ["user", "assistant"] * 2
    rest = conversation(
        TranslationRequest("Er kam.", (("kam", "came"),), "He come.", ("Wrong.",)), "en"
    )
    assert asked[len(shared) + 4 :] == rest[len(shared) :]


def test_long_examples_leave_room_for_the_text() -> None:
    """What does not fit is left out, the less similar one first."""
    long = ("Lang " * 300, "long " * 300)
    for examples, kept in [((long, PAIRS[0]), 1), ((PAIRS[0], long), 0)]:
        asked = conversation(TranslationRequest("Er kam.", examples=examples), "en")
        assert len(asked) == len(prefix("en")) + 2 * kept + 1


@pytest.mark.parametrize(
    ("language", "formality", "name", "address"),
    [
        ("en_GB", "", "into British English.", ""),
        ("fr_CA", "formal", "into Canadian French.", "Address the reader formally (vous)."),
        ("es_MX", "informal", "into Mexican Spanish.", "Address the reader informally (tú)."),
        ("en", "formal", "into English.", ""),
    ],
)
def test_variants_and_forms_of_address(
    language: str, formality: str, name: str, address: str
) -> None:
    """The prompt names the variant, and how to address the reader if the language has two ways."""
    system = conversation(TranslationRequest("Er kam."), language, formality=formality)[0]
    assert name in system["content"]
    assert system["content"].endswith(address)
    assert ("Address the reader" in system["content"]) == bool(address)
