"""The mark at the end of a sentence."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Ask

CASES = [
    ("en", "Er kommt morgen nicht wieder.", "He will not be back tomorrow.", 0),
    ("en", "Er kommt morgen nicht wieder.", "He will not be back tomorrow", 1),
    ("en", "Er kommt.", "He is coming", 0),
    ("en", "Kommt er?", "He is coming.", 1),
    ("zh", "Kommt er?", "他来吗？", 0),
    ("en", "Er kommt morgen nicht wieder", "He will not be back tomorrow.", 1),
    ("en", "Er kommt im 3. Quartal 2020", "He will come in the 3rd quarter.", 0),
    ("en", "Er sagte „Ja.“", "He said “Yes”.", 0),
    ("en", "Er ging (gestern).", "He left (yesterday).", 0),
    ("en", "Mal sehen …", "Let us see...", 0),
    ("en", "Mal sehen …", "Let us see.", 1),
    ("en", "Liebe Kundinnen und Kunden!", "Dear customers,", 0),
    ("en", "Hallo, wie geht es dir heute?", "Hello, how are you today.", 1),
    ("en", "Äpfel, Birnen, Kirschen u. a.", "Apples, pears, cherries and others", 0),
    ("en", "Er kam an und ging.", "He arrived and left", 1),
    ("en", "Das sind:", "These are:", 0),
    ("en", "Klima und Energie.", "climate and energy;", 0),
    ("es", "Kommt er?", "¿Viene?", 0),
    ("es", "Kommt er?", "Viene?", 1),
    ("en", "<b>Er kommt morgen nicht.</b>", "<b>He is not coming tomorrow.</b>", 0),
]


@pytest.mark.parametrize(("language", "source", "target", "number"), CASES)
def test_end_punctuation(ask: Ask, language: str, source: str, target: str, number: int) -> None:
    """A lost end and a lost question are found; quotes, brackets and lists are no loss."""
    assert len(ask(language, source, target)) == number
