"""Quotation marks by the typography of the target."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Ask

CASES = [
    ("en", "Er sagte: „Ja.“", "He said: “Yes.”", []),
    ("en", "Er sagte: „Ja.“", 'He said: "Yes."', []),
    ("en", "Er sagte: „Ja.“", "He said: 'Yes.'", []),
    ("fr", "Er sagte: „Ja.“", "Il a dit : «\u00a0Oui.\u00a0»", []),
    ("en", "Er sagte: „Ja.“", "He said: „Yes.“", ["warning"]),
    ("pl", "Er sagte: „Ja.“", "Powiedział: „Tak.”", []),
    ("en", "Er sagte: „Ja.“", "He said yes.", ["warning"]),
    ("en", "Der Film „Jagd“", "The film Jagd", ["info"]),
    ("en", "Er sagte: „Ja.“", "He said: “Yes.", ["warning"]),
    ("en", "Er sagte: „Ja.“", 'He said: "Yes.', ["warning"]),
    ("en", "„Ja. Ich gehe.", "“Yes. I am going.", []),
    ("en", "Er ging nicht.", "He didn’t go; the boys' dog did.", []),
]


@pytest.mark.parametrize(("language", "source", "target", "severities"), CASES)
def test_quotes(ask: Ask, language: str, source: str, target: str, severities: list[str]) -> None:
    """German marks, lost ones and half pairs are found; titles may go without."""
    messages = ask(language, source, target)
    assert [message.partition(":")[0] for message in messages] == severities
