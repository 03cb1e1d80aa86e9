"""Targets in translations, by lemma in languages that have lemmas."""

import pytest

from pipeline.glossary.target_matcher import TargetMatcher

FOUND = [
    ("en", "head of state", "The heads of state met"),
    ("en", "dual-use goods", "dual use goods"),
    ("en", "ceasefire", "after the cease-fire"),
    ("en", "cease-fire", "a ceasefire holds"),
    ("en", "ally", "allies’ promises"),
    ("en", "people's republic", "The People’s Republic"),
    ("en", "treaty", "treaties"),
    ("fr", "Union européenne", "le sommet de l’Union européenne"),
    ("fr", "chef d'État", "les chefs d’État"),
    ("fr", "relations bilatérales", "la relation bilatérale"),
    ("fr", "accord commercial", "des accords commerciaux"),
    ("fr", "allié", "ses alliés"),
    ("es", "relaciones bilaterales", "la relación bilateral"),
    ("es", "EE. UU.", "las tropas de EE.UU. en Asia"),
    ("es", "sanción", "las sanciones"),
    ("it", "sanzione", "nuove sanzioni"),
    ("nl", "bondgenoot", "de bondgenoten"),
    ("zh", "制裁", "新的制裁措施"),
]
NOT_FOUND = [
    ("en", "US", "they told us"),
    ("en", "USA", "the USAF"),
    ("en", "war", "a warning"),
    ("en", "state", "the statement"),
    ("en", "joint statement", "a statement, joint efforts"),
    ("fr", "sommet", "sommer"),
    ("it", "alleato", "alleanza"),
    ("nl", "EU", "eu"),
    ("zh", "制裁", "新的措施"),
    ("en", "summit", ""),
]


@pytest.mark.parametrize(("language", "wanted", "text"), FOUND)
def test_inflected_wordings_are_found(language: str, wanted: str, text: str) -> None:
    assert TargetMatcher(text, language).find(wanted)


@pytest.mark.parametrize(("language", "wanted", "text"), NOT_FOUND)
def test_other_words_are_not(language: str, wanted: str, text: str) -> None:
    assert not TargetMatcher(text, language).find(wanted)


def test_places_are_characters_of_the_translation() -> None:
    text = "In the U.S., heads of state met."
    assert [text[a:b] for a, b in TargetMatcher(text, "en").find("head of state")] == [
        "heads of state"
    ]
    assert [text[a:b] for a, b in TargetMatcher(text, "en").find("US")] == ["U.S."]


@pytest.mark.parametrize("language", ["en_GB", "en-US", "EN"])
def test_a_region_does_not_change_the_language(language: str) -> None:
    assert TargetMatcher("two summits", language).find("summit")
