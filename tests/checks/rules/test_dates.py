"""Weekdays and months are compared by what they name."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Ask

CASES = [
    ("en", "Am Dienstag", "On Thursday", ["error: Dienstag became Thursday"]),
    ("en", "Am Sonnabend", "On Saturday", []),
    ("en", "Am Sonntagabend", "On Sunday evening", []),
    ("en", "freitags", "on Fridays", []),
    ("en", "freitags", "on Mondays", ["error: freitags became Mondays"]),
    ("en", "Im Jänner", "In January", []),
    ("en", "Am 1. März", "On Mar. 1", []),
    ("en", "Am 1. März", "On 1/3", []),
    ("en", "Am 1. März", "On 1 May", ["error: März became May"]),
    ("en", "Am Dienstag", "Yesterday", ["info: Dienstag is missing"]),
    ("en", "Gestern", "On Friday", ["warning: Friday is not in the source"]),
    ("en", "Die Sunday Times", "The Sunday Times", []),
    ("en", "Frau May sagte", "Mrs May said", []),
    ("en", "Die erste Oktoberhälfte", "The first half of October", []),
    ("en", "Der Augustiner", "The Augustinian", []),
    ("en", "Es mag sein", "It may be; they march", []),
    ("fr", "Am Dienstag im Juni", "Mardi en juillet", ["error: Juni became juillet"]),
    ("fr", "Aber ja", "Mais oui", []),
    ("es", "Am Mittwoch", "El miércoles", []),
    ("nl", "Am Mittwoch", "Op donderdag", []),
    ("en", "Am Rosenmontag", "On Shrove Monday", []),
    ("es", "Der Palmsonntag", "El Domingo de Ramos", []),
    ("en", "ab dem 4.9.2021", "from 9 April 2021", ["error: 4.9.2021 became April"]),
    ("fr", "ab dem 4.9.2021", "à partir du 4 septembre 2021", []),
    ("en", "Di.–Do. geschlossen", "Closed Tue–Thu", []),
    ("en", "Di.–Do. geschlossen", "Closed Tue–Fri", ["error: Do became Fri"]),
    ("en", "Im Frühjahr", "In autumn", ["error: Frühjahr became autumn"]),
    ("fr", "Im Sommer", "En été", []),
    ("en", "Sie kam gestern.", "She comes tomorrow.", ["error: gestern became tomorrow"]),
    ("en", "Sie kam gestern Morgen.", "She came yesterday morning.", []),
    ("en", "um 15.45 Uhr", "at 3:45 pm", []),
    ("en", "um 15.45 Uhr", "at 3:45 am", ["error: 15.45 Uhr (15:45) became 3:45 am (3:45)"]),
    ("en", "um halb zehn", "at half past ten", ["error: halb zehn became half past ten"]),
    ("fr", "um 21 Uhr", "à 9 h du soir", []),
    ("fr", "um 21 Uhr", "à 9 h du matin", ["error: 21 Uhr (21:00) became 9 h du matin (9:00)"]),
    ("es", "um Mitternacht", "a medianoche", []),
    ("en", "um 18 Uhr", "at noon ET", []),
]


@pytest.mark.parametrize(("language", "source", "target", "found"), CASES)
def test_dates(ask: Ask, language: str, source: str, target: str, found: list[str]) -> None:
    """Another day or month is an error; names, verbs and compounds are no dates."""
    assert ask(language, source, target) == found


def test_may_is_a_month_only_where_it_reads_like_one(ask: Ask) -> None:
    """The verb and Theresa May are no month; MAY in capitals and "in May" are."""
    assert ask("en", "Er kommt im Mai.", "He comes in May.") == []
    assert ask("en", "Er kommt im Mai.", "HE COMES IN MAY.") == []
    assert ask("en", "Sie sprach gern.", "Theresa May liked to speak.") == []
    assert ask("en", "Sie sprach im Juni.", "Theresa May spoke in June.") == []
