"""The form of address within a catalog."""

from __future__ import annotations

import pytest

from pipeline.checks.base import Context
from pipeline.checks.rules.address import CHECK
from pipeline.core import State, Translation

SIE = "Wenn Sie wollen, lesen Sie weiter."


def problems(language: str, *pairs: tuple[str, str]) -> list[tuple[int, str]]:
    assert CHECK.aggregator
    aggregator = CHECK.aggregator(Context(language))
    entries = [Translation(source, target, State.APPROVED) for source, target in pairs]
    found = aggregator.merge("a.po", aggregator.summarize(entries))
    return [(index, str(problem)) for index, problem in found]


@pytest.mark.parametrize(
    ("language", "first", "second", "message"),
    [
        ("fr", "Si vous voulez, lisez.", "Si tu veux, lis.", "'tu' for “Sie”, before 'vous'"),
        ("fr", "Si tu veux.", "Votre choix.", "'Votre' for “Sie”, before 'tu'"),
        ("es", "Si usted quiere.", "Si tú quieres.", "'tú' for “Sie”, before 'usted'"),
        ("it", "Se anche Lei vuole.", "Se tu vuoi.", "'tu' for “Sie”, before 'Lei'"),
    ],
)
def test_a_change_is_reported(language: str, first: str, second: str, message: str) -> None:
    assert problems(language, (SIE, first), (SIE, second)) == [(1, message)]
    assert problems(language, (SIE, first), (SIE, first)) == []


def test_both_in_one_entry() -> None:
    found = problems("fr", (SIE, "Si vous voulez, prends tes clés et tu pars."))
    assert found == [(0, "Both 'vous' and 'tes' for “Sie”")]


@pytest.mark.parametrize(
    "source",
    [
        "Wenn du willst, lies weiter.",  # informal in German, too
        "Sie kommen morgen.",  # they, or you: not certain
        "Fragen Sie ihn, ob du kommst.",
    ],
)
def test_other_texts_are_left_alone(source: str) -> None:
    assert problems("fr", (SIE, "Si vous voulez."), (source, "Si tu veux, tu lis.")) == []


def test_languages_without_two_forms_and_other_catalogs() -> None:
    assert problems("en", (SIE, "If you want."), (SIE, "You decide.")) == []
    assert CHECK.aggregator
    aggregator = CHECK.aggregator(Context("fr"))
    for path, target in (("a.po", "Si vous voulez."), ("b.po", "Si tu veux.")):
        entries = [Translation(SIE, target, State.APPROVED)]
        assert list(aggregator.merge(path, aggregator.summarize(entries))) == []
