"""What makes an engine's answer unusable."""

import pytest

from pipeline.drafting.answer_validation import lost_addresses, problems, repeated_problems


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
        ("There is no tag <b> missing in the given text.", True),
        ("The tags are already in the right place in the sentence.", True),
        ("Aucune balise ne manque dans le texte donné.", True),
        ("That translation is not correct. The address is missing.", True),
        ("Cette traduction n'est pas correcte.", True),
        ("No falta ninguna etiqueta en el texto proporcionado.", True),
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
        ("Der Ausgangstext fehlt.", "The source text is missing."),
        ("Das ursprüngliche Urteil gilt.", "The original sentence stands."),
        ("Die Preisschilder fehlen.", "The price labels are missing."),
        ("Diese Übersetzung ist falsch.", "This translation is wrong."),
    ],
)
def test_usable(source: str, answer: str) -> None:
    """Ordinary translations raise nothing."""
    assert not list(problems(source, answer, True))


@pytest.mark.parametrize(
    ("answer", "repeats"),
    [
        ("The address a.example/x is missing or changed.", True),
        ("Sorry: the address A.EXAMPLE/x is missing or changed, I see.", True),
        ("The summit of the member states begins at a.example/x.", False),
        ("It must be translated as it stands, he said.", False),
    ],
)
def test_an_answer_may_not_repeat_what_was_wrong(answer: str, repeats: bool) -> None:
    """What the problems quote is no repetition: a term is required."""
    told = (
        "The address a.example/x is missing or changed.",
        "'Gipfel' must be translated as 'summit of the member states'.",
    )
    source = "Der Gipfel beginnt, siehe a.example/x."
    assert bool(list(repeated_problems(told, source, answer))) is repeats


@pytest.mark.parametrize(
    ("source", "answer", "lost"),
    [
        ("Quelle: nordwarte.example", "Source: northwatch.example", True),
        ("Quelle: nachrichten.nordwarte.example", "Source: nachrichten.nordwarte.example", False),
        ("Das ist z.B. so. Und Nr. 5 auch.", "That is so, for example. And no. 5 too.", False),
        ("Er kam um 14.30 Uhr.", "He came at 2:30 pm.", False),
    ],
)
def test_addresses_of_sites_stay(source: str, answer: str, lost: bool) -> None:
    """A translated address leads nowhere."""
    assert bool(list(lost_addresses(source, answer))) is lost


def test_an_article_may_say_here_is() -> None:
    """What begins with "Hier" may be translated so; the same words of an engine are chatter."""
    assert not list(problems("Hier sind die Ergebnisse:", "Here are the results:", True))
    assert list(problems("Die Ergebnisse:", "Here is the translation:", True))
    assert not list(problems("Drei Ergebnisse:", "Here are three results:", True))
