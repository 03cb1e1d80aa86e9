"""Blanks at the ends, doubled ones, and French ones."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Ask

CASES = [
    ("en", "Ja. ", "Yes. ", []),
    ("en", "Ja.", "Yes. ", ["warning: White space at the end differs from the source"]),
    ("en", " Ja.", "Yes.", ["warning: White space at the start differs from the source"]),
    ("en", "Ja\n", "Yes\n", []),
    ("en", "Ja gut so", "Yes,  fine", ["warning: Two spaces in a row"]),
    ("en", "Ja  gut so", "Yes,  fine", []),
    ("en", "Ja, gut.", "Yes , fine.", ["warning: A space before ','"]),
    ("en", "a\nb", "a b", ["warning: 0 line breaks, but 1 in the source"]),
    ("fr", "Ja?", "Oui\u00a0?", []),
    ("fr", "Ja?", "Oui\u202f?", []),
    ("fr", "Ja?", "Oui ?", ["info: Use a no-break space at 'i ?'"]),
    ("fr", "Ja?", "Oui?", ["info: A no-break space is missing at 'i?'"]),
    ("fr_CA", "Ja?", "Oui?", []),
    ("fr", "um 12:30", "à 12:30", []),
    ("fr", "Siehe https://a.example/b", "Voir https://a.example/b", []),
    ("fr", "„Ja“", "«\u00a0Oui\u00a0»", []),
    ("fr", "„Ja“", "«Oui»", ["info: A no-break space is missing at '«'"]),
]


@pytest.mark.parametrize(("language", "source", "target", "found"), CASES)
def test_whitespace(ask: Ask, language: str, source: str, target: str, found: list[str]) -> None:
    """What the build would join or part is a warning, typography information."""
    assert ask(language, source, target) == found
