"""Tags: the same ones, well nested, around text."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Ask

CASES = [
    ("<b>Ja</b>", "<b>Yes</b>", []),
    ("<b>Ja</b>", "<B>Yes</B>", 4),
    ("<b>Ja</b>", "Yes", 2),
    ("Ja", "<b>Yes</b>", 2),
    ("<b>Ja</b>", "</b>Yes<b>", ["error: The tags are not well nested: </b> <b>"]),
    (
        "<b>a</b><i>b</i>",
        "<b>a<i>b</b></i>",
        ["error: The tags are not well nested: <b> <i> </b> </i>"],
    ),
    ("<b>a</b> <i>b</i>", "<i>b</i> <b>a</b>", []),
    ("<b>Ja</b>", "<b></b>Yes", ["warning: A tag that held text is empty"]),
    ('<x id="1"/>Ja', 'Yes<x id="1" />', []),
    ('<g id="1">Ja</g>', '<g id="2">Yes</g>', 2),
    ('<a href="x" title="Hund">d</a>', '<a href="x" title="dog">d</a>', []),
    ("a<br>b", "a<br>b", []),
    ("5 < 7 und 8 > 3", "5 < 7 and 8 > 3", []),
    ("5 &lt; 7", "5 < 7", ["warning: The entity &lt; is missing"]),
    ("**Ja**", "**Yes", ["warning: 1 bold marks, but 2 in the source"]),
    ("[da](x)", "there", ["warning: 0 links, but 1 in the source"]),
    ("Iran (***)", "Iran (***)", []),
    ("a<hr/>b", "a<hr>b", []),
    ("<Straße und Ort>", "<street and town>", []),
    ("Gib <Passwort> ein", "Enter <password>", []),
    ("<em>Ja</em>", "<em >Yes</em>", []),
    ("a <strong>b</strong>", "a <bold>b</bold>", 4),
    ("**Ja** oder", "** Yes ** or", ["warning: A space inside ** keeps the text from being bold"]),
    ("- Ja", "Yes", ["warning: 0 list markers, but 1 in the source"]),
    ("- Ja", "* Yes", []),
    ("# Titel", "Title", ["warning: 0 list markers, but 1 in the source"]),
    ("[da](a.md)", "[there](b.md)", ["warning: The link target a.md became b.md"]),
    ("[da](/de/a.md)", "[there](/en/a.md)", []),
    ("mit `x_y` da", "with `a_b`", ["warning: The code x_y is missing or changed"]),
    ("mit `Taste` da", "with `key`", []),
    (
        ":doc:`Teil <teil>`",
        ":doc:`Part <part>`",
        ["warning: The target teil is missing or changed"],
    ),
    ("A&nbsp;B", "A&nbsp B", ["warning: The entity &nbsp; lacks its semicolon"]),
    ("A&nbsp;B", "A\u00a0B", []),
]


@pytest.mark.parametrize(("source", "target", "found"), CASES)
def test_markup(ask: Ask, source: str, target: str, found: list[str] | int) -> None:
    """A lost or changed tag is an error; order may change, nesting may not."""
    messages = ask("en", source, target)
    if isinstance(found, int):
        assert len(messages) == found
        assert all(message.startswith("error: The tag") for message in messages)
    else:
        assert messages == found
