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
    ("en", "Der »Turm« steht.", "The »tower« stands.", ["warning"]),
    ("es", "Der »Turm« steht.", "La «torre» sigue en pie.", []),
    ("da", "Der „Turm“ steht.", "»Tårnet« står.", []),
    ("en", "Sie rief: »Kommt alle her!«", "She called everyone over.", ["warning"]),
    ("en", "Sie rief: ‚Kommt alle her!‘", "She called everyone over.", ["warning"]),
    ("en", "Der »Turm« steht.", "The “tower stands.", ["warning"]),
    ("en", "Er sagte: „Ja.“", "He said: ,,Yes.“", ["warning"]),
    ("en", "Sie sang „Am Brunnen vor dem Tore“.", "She sang Am Brunnen vor dem Tore.", ["info"]),
    ("en", "„Ja. Ich gehe.", "“Yes. I am going.", []),
    ("en", "Er ging nicht.", "He didn’t go; the boys' dog did.", []),
]


@pytest.mark.parametrize(("language", "source", "target", "severities"), CASES)
def test_quotes(ask: Ask, language: str, source: str, target: str, severities: list[str]) -> None:
    """German marks, lost ones and half pairs are found; titles may go without."""
    messages = ask(language, source, target)
    assert [message.partition(":")[0] for message in messages] == severities
