"""German that was left in a translation, and names that may stay."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Ask

SOURCE = "Der Minister sagte, dass er nicht nach Wien reist, weil er keine Zeit hat."


@pytest.mark.parametrize(
    ("language", "target", "severity"),
    [
        ("en", "The minister said dass er nicht nach Wien reist.", "error"),
        ("fr", "Le ministre a dit, weil er keine Zeit hat.", "error"),
        ("en", "The minister said that er nicht would go, weil no time, dass.", "warning"),
        ("en", "The minister said that he would not go to Wien.", ""),
        ("en", "Der Minister sagte", ""),
    ],
)
def test_untranslated_words(ask: Ask, language: str, target: str, severity: str) -> None:
    """Runs of the source with a verb or particle are errors; loose German words, warnings."""
    messages = ask(language, SOURCE, target)
    assert [message.partition(":")[0] for message in messages] == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Das Bundesamt für Naturschutz klagt.", "The Bundesamt für Naturschutz is suing."),
        ("Sie sang „Das Lied von der Erde“.", "She sang “Das Lied von der Erde”."),
        (
            "Fostering cooperation in the European Union",
            "Fostering cooperation in the European Union!",
        ),
        ("Er war in der Kita.", "He was in the nursery."),
        ("Sie las „Die Schule der Frauen“.", "She read Die Schule der Frauen."),
        ("Sie kam aus Neustadt an der Aisch.", "She came from Neustadt an der Aisch."),
        ("Die Stiftung Warentest prüft.", "The Stiftung Warentest is testing."),
    ],
)
def test_names_and_titles_may_stay(ask: Ask, source: str, target: str) -> None:
    """Proper names keep their German articles and prepositions."""
    assert ask("en", source, target) == []


def test_only_what_is_german_is_told(ask: Ask) -> None:
    """Words of the translation's own language at the ends of a stretch are no part of it."""
    (said,) = ask(
        "en",
        "Der „MWP“ (Member of the Welsh Parliament, Mitglied des walisischen Parlaments) kam.",
        "The “MWP” (Member of the Welsh Parliament, Mitglied des walisischen Parlaments) came.",
    )
    assert "'Mitglied des walisischen Parlaments'" in said


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Er lobt den Ausschuss.", "He praises den Ausschuss."),
        ("Die Entscheidung fällt heute.", "The Entscheidung will be made today."),
    ],
)
def test_a_noun_that_was_left_is_a_warning(ask: Ask, source: str, target: str) -> None:
    """After a German article, or with a suffix that no name has."""
    assert [message.partition(":")[0] for message in ask("en", source, target)] == ["warning"]
