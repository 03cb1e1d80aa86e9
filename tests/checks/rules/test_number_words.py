"""Numbers in words are compared by value, and reported only if another one replaces them."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Ask

SAME = [
    ("en", "dreizehn Gäste", "thirteen guests"),
    ("en", "dreizehn Gäste", "13 guests"),
    ("en", "dreizehn Gäste", "the guests"),
    ("en", "zweihundertfünfzig Seiten", "two hundred and fifty pages"),
    ("fr", "einundachtzig Stufen", "quatre-vingt-une marches"),
    ("fr", "dreieinhalb Jahre", "trois ans et demi"),
    ("es", "siebenundvierzig Stufen", "cuarenta y siete escalones"),
    ("en", "vier Fünftel", "80 percent"),
    ("en", "ein Drittel", "33 percent"),
    ("en", "König Heinrich IV.", "King Henry IV"),
    ("en", "König Heinrich IV.", "King Henry the Fourth"),
    ("en", "der Erste Weltkrieg", "World War I"),
    ("en", "eine Dreiviertelmillion", "three quarters of a million"),
    ("en", "Tausende kamen.", "Thousands came."),
    ("en", "Er achtet auf zwei Dinge.", "He watches two things."),
    ("en", "Einfuhr und Zweifel", "Seven imports"),
    ("nl", "siebzehn", "zeventig"),
]
CHANGED = [
    ("en", "dreizehn Gäste", "thirty guests", "'dreizehn' (13) became 'thirty' (30)"),
    ("fr", "sechzehn Gäste", "soixante invités", "'sechzehn' (16) became 'soixante' (60)"),
    ("es", "zwölf Gäste", "dos invitados", "'zwölf' (12) became 'dos' (2)"),
    ("en", "dreifach", "four times", "'dreifach' (3) became 'four' (4)"),
    ("en", "drei Fünftel", "four fifths", "'drei Fünftel' (0.6) became 'four fifths' (0.8)"),
    ("fr", "Karl VII.", "Charles VIII", "'VII' (7) became 'VIII' (8)"),
    (
        "en", "fünfundvierzig Länder", "fifty-four countries",
        "'fünfundvierzig' (45) became 'fifty four' (54)",
    ),
    (
        "en", "eine halbe Million", "half a billion",
        "'halbe Million' (500,000) became 'half a billion' (500,000,000)",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("language", "source", "target"), SAME)
def test_the_same_number_is_silent(ask: Ask, language: str, source: str, target: str) -> None:
    """Words, figures, percent and Roman numerals may state the same number."""
    assert ask(language, source, target) == []


@pytest.mark.parametrize(("language", "source", "target", "message"), CHANGED)
def test_another_number_is_found(
    ask: Ask, language: str, source: str, target: str, message: str
) -> None:
    """The message states both numbers in figures."""
    assert ask(language, source, target) == [f"warning: {message}"]
