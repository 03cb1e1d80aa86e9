"""What makes an engine's answer unusable."""

import pytest

from pipeline.answers import problems


@pytest.mark.parametrize(
    ("answer", "complete"),
    [
        ("", True),
        ("  \n", True),
        ("The ministers met in Vienna and", False),
        ("Sure! The ministers met in Vienna.", True),
        ("Translation: The ministers met.", True),
        ("Here is the translation: The ministers met.", True),
        ("Voici la traduction : les ministres se sont réunis.", True),
        ("I'm sorry, but I can't translate that.", True),
        ("The ministers met.<|im_end|>", True),
        ("The ministers met.\n\nNote: 'Minister' is a title.", True),
    ],
)
def test_unusable(answer: str, complete: bool) -> None:
    """Emptiness, chatter, refusals, control marks and cut-off answers are told."""
    assert list(problems("Die Minister trafen sich in Wien.", answer, complete))


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("Die Minister trafen sich.", "The ministers met."),
        ("Sicher ist nichts.", "Nothing is certain."),
        ("Es tut mir leid, sagte er.", "I am sorry, he said."),
        ("Der Text: ein Überblick", "The text: an overview"),
    ],
)
def test_usable(source: str, answer: str) -> None:
    """Ordinary translations raise nothing."""
    assert not list(problems(source, answer, True))
