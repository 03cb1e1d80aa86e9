"""Mends of an answer's ends, white space and quotation marks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.drafting.postprocessing import normalize


@pytest.mark.parametrize(
    ("source", "answer", "language", "expected"),
    [
        ("Neue Gespräche in Genf", "New talks in Geneva.", "en", "New talks in Geneva"),
        ("Er reiste in die USA", "He went to the U.S.", "en", "He went to the U.S."),
        ("Er kam.", "He came", "en", "He came."),
        ("Lesen Sie auch:", "Read also", "en", "Read also:"),
        ("Sie nehmen an ...", "The two take part.", "en", "The two take part..."),
        ("Quelle: Amt", "source: office", "en", "Source: office"),
        ("Die iPhones", "iPhones", "en", "iPhones"),
        ("„Auch Bilder sind Politik.“", "Pictures are politics too.", "en",
         "“Pictures are politics too.”"),
        ("„Ja“, sagte sie.", "Yes, she said.", "en", "Yes, she said."),
        ("Die G7 kritisierten:", "The G7 criticised.", "en", "The G7 criticised:"),
        ("das Vorgehen im Meer,", "the action at sea", "en", "the action at sea,"),
        ("Kommt er?", "Is he coming?", "en", "Is he coming?"),
        ("Er  kam.", " He\n came. ", "en", "He came."),
        ("Er kam.", '"He came."', "en", "He came."),
        ("„Nein“, sagte er.", '"No," he said.', "en", "“No,” he said."),
        ('"Nein", sagte er.', '"No," he said.', "en", '"No," he said.'),
        ('"Nein", sagte er.', "“No, ” he said.", "en", '"No," he said.'),
        ("„Nein“, sagte er.", '"Non", a-t-il dit.', "fr", "«\u00a0Non\u00a0», a-t-il dit."),
        ("„Nein“, sagte er.", "« Non », a-t-il dit.", "fr", "«\u00a0Non\u00a0», a-t-il dit."),
        ("„Nein“, sagte er.", '"No", dijo.', "es", "«No», dijo."),
        ("Ziel: Frieden", "Objectif : la paix", "fr", "Objectif\u00a0: la paix"),
        ("Um 14:30 Uhr.", "À 14:30.", "fr", "À 14:30."),
        ("Siehe https://a.example/b: neu", "Voir https://a.example/b: neuf", "fr",
         "Voir https://a.example/b\u00a0: neuf"),
    ],
)  # fmt: skip
def test_tidy(source: str, answer: str, language: str, expected: str) -> None:
    """Only marks and white space change."""
    assert normalize(source, answer, language) == expected


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["en", "fr", "es", "pl"]))
def test_no_letter_is_ever_changed(source: str, answer: str, language: str) -> None:
    """Whatever the texts are, letters and digits stay, in their order."""

    def words(text: str) -> str:
        return "".join(c for c in text if c.isalnum()).casefold()

    assert words(normalize(source, answer, language)) == words(answer)


@given(st.text(alphabet="ab .:!?,;", max_size=30), st.sampled_from(["en", "fr", "es"]))
def test_a_tidy_text_stays(answer: str, language: str) -> None:
    """Tidying twice is tidying once, so that a second run finds nothing to change."""
    once = normalize("Ein Text.", answer, language)
    assert normalize("Ein Text.", once, language) == once
