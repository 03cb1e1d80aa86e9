"""A translation in another language, from 80 characters on."""

from __future__ import annotations

import pytest

from pipeline.checks.rules.language import MIN_LENGTH
from tests.checks.conftest import Ask

TEXTS = {
    "de": "Der Rat der Stadt hat gestern beschlossen, "
    "dass die Brücke im nächsten Jahr gebaut wird.",
    "en": "Yesterday the city council decided "
    "that the bridge is going to be built in the next year.",
    "fr": "Le conseil de la ville a décidé "
    "hier que le pont serait construit au cours de l’an prochain.",
    "es": "El consejo de la ciudad decidió "
    "ayer que el puente se construirá a lo largo del próximo año.",
    "it": "Il consiglio della città ha deciso "
    "ieri che il ponte sarà costruito nel corso del prossimo anno.",
    "pl": "Rada miasta zdecydowała wczoraj, "
    "że most zostanie zbudowany w ciągu przyszłego roku kalendarzowego.",
}


@pytest.mark.parametrize("written", TEXTS)
@pytest.mark.parametrize("expected", TEXTS)
def test_language(ask: Ask, written: str, expected: str) -> None:
    """Only the language of the catalog is silent, with small words listed or not."""
    messages = ask(expected, TEXTS["de"], TEXTS[written])
    wrong = [f"error: The translation looks like {written!r}, not {expected!r}"]
    assert messages == ([] if written == expected else wrong)


def test_short_texts_are_not_judged(ask: Ask) -> None:
    """Below the limit, languages cannot be told apart."""
    assert ask("en", TEXTS["de"], TEXTS["fr"][: MIN_LENGTH - 1]) == []


def test_a_list_of_names_is_not_judged(ask: Ask) -> None:
    """Names are German in any language."""
    names = "Jürgen Köppl (Wien), Hans-Georg Schäfer (Graz), Sieglinde Müller-Böhm (Innsbruck)"
    assert ask("en", f"{names} und Uwe Groß (Leitung)", f"{names} and Uwe Groß (head)") == []
