"""URLs and e-mail addresses."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Ask

CASES = [
    ("Siehe https://a.example/b.", "See https://a.example/b!", []),
    ("Siehe https://a.example/de/b", "See https://a.example/en/b", []),
    ("Siehe https://a.example/x%3Ay", "See https://a.example/x:y", []),
    ("Siehe (www.a.example)", "See www.a.example", []),
    ("Siehe https://a.example/b", "See https://a.example/c", ["error"]),
    ("Siehe https://a.example/b", "See the page", ["error"]),
    ("Siehe die Seite", "See https://a.example/b", ["warning"]),
    ("An info@a.example", "To info@b.example", ["error"]),
]


@pytest.mark.parametrize(("source", "target", "severities"), CASES)
def test_urls(ask: Ask, source: str, target: str, severities: list[str]) -> None:
    """The same address, written otherwise or of the other language's page, is fine."""
    messages = ask("en", source, target)
    assert [message.partition(":")[0] for message in messages] == severities
