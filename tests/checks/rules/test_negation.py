"""Lost negations, and the words that stand for one."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Ask

CASES = [
    ("en", "Er kommt nicht.", "He is coming.", ["warning"]),
    ("en", "Er kommt nicht.", "He won't come.", []),
    ("en", "Er kam nicht.", "He failed to come.", ["info"]),
    ("en", "Das ist nicht möglich.", "This is impossible.", ["info"]),
    ("en", "Das ist nicht alles.", "This is important.", ["warning"]),
    ("en", "Nicht nur heute.", "Today and tomorrow.", []),
    ("fr", "Er kommt nicht.", "Il vient.", ["warning"]),
    ("fr", "Er kommt nicht.", "Il n’est pas là.", []),
    ("es", "Er kommt nie.", "Viene siempre.", ["warning"]),
    ("es", "Er kommt nie.", "Nunca viene.", []),
    ("en", "Das ist nicht unwichtig.", "That matters.", []),
    ("en", "Es ist nicht weit.", "It is close by.", ["info"]),
    ("en", "Die Seite wird nicht benutzt.", "The page is unused.", ["info"]),
    ("en", "Die Lage ist unklar.", "The situation is clear.", ["warning"]),
    ("en", "Die Lage ist unklar.", "The situation is unclear.", []),
    ("fr", "Er ist unschuldig.", "Il est coupable.", ["warning"]),
    ("es", "Das ist unmöglich.", "Es imposible.", []),
    ("en", "Das Unternehmen unterschreibt.", "The company signs.", []),
    ("nl", "Er kommt nie.", "Hij komt.", []),
]


@pytest.mark.parametrize(("language", "source", "target", "severities"), CASES)
def test_negation(ask: Ask, language: str, source: str, target: str, severities: list[str]) -> None:
    """Nothing negative at all is a warning, a word that negates by its meaning information."""
    messages = ask(language, source, target)
    assert [message.partition(":")[0] for message in messages] == severities
