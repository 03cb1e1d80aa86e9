"""Cut off and rambling translations, judged by what human translations need."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Ask

SOURCE = (
    "Der Minister erklärte am Abend, dass die Verhandlungen mit den Gewerkschaften noch in "
    "dieser Woche fortgesetzt werden. Er hoffe auf ein Ergebnis."
)
WHOLE = (
    "In the evening, the minister said that talks with the unions would continue this week. He "
    "was hoping for a result."
)


@pytest.mark.parametrize(
    ("language", "target", "word"),
    [
        ("en", WHOLE, ""),
        ("en", WHOLE[:55], "short"),
        ("en", WHOLE[:86], "short"),
        ("en", "He was hoping for a result, the minister said in the evening.", "short"),
        ("en", f"{WHOLE} {WHOLE}", "long"),
        ("en", f"{WHOLE} The unions, however, said that they had heard nothing of it.", "long"),
        ("nl", WHOLE[:90], ""),
        ("nl", WHOLE[:12], "short"),
        ("en", "<b>" + WHOLE + "</b>", ""),
    ],
)
def test_length(ask: Ask, language: str, target: str, word: str) -> None:
    """Half of the text lost or added is found; fewer sentences make a short text suspicious."""
    messages = ask(language, SOURCE, target)
    assert [word in message for message in messages] == ([True] if word else [])


@pytest.mark.parametrize(
    ("source", "target", "found"),
    [
        ("Ja", "Yes, of course, with pleasure", False),
        ("Ja", "Yes, of course, with pleasure, and thank you for asking me", True),
        ("Bundestagswahl", "Election to the German parliament", False),
    ],
)
def test_short_sources_have_room(ask: Ask, source: str, target: str, found: bool) -> None:
    """A word may need many; it is not explained in sentences."""
    assert bool(ask("en", source, target)) is found
