"""Figures are compared as values, whatever the format of the language."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Ask

SAME = [
    ("en", "7.000 Menschen", "7,000 people"),
    ("en", "7.000 Menschen", "7 000 people"),
    ("en", "7.000 Menschen", "seven thousand people"),
    ("fr", "7.000 Menschen", "7\u202f000 personnes"),
    ("fr", "1.234.567,89 Euro", "1 234 567,89 euros"),
    ("es", "7.000 Menschen", "7.000 personas"),
    ("es", "7.000 Menschen", "7000 personas"),
    ("es_MX", "3,5 Prozent", "3.5 por ciento"),
    ("nl", "3,5 Prozent", "3,5 procent"),
    ("en", "minus 3,50 Euro", "minus 3.5 euros"),
    ("en", "zwölf Tage", "12 days"),
    ("en", "12 Tage", "a dozen days"),
    ("en", "22 Tage", "twenty-two days"),
    ("en", "200 Leute", "two hundred people"),
    ("en", "dreiundzwanzig Leute", "23 people"),
    ("en", "zweitausend Leute", "2,000 people"),
    ("en", "die 75. Sitzung", "the 75th session"),
    ("fr", "die 1. Sitzung", "la 1re session"),
    ("fr", "die 1. Sitzung", "la première session"),
    ("en", "am 3. Oktober 1990", "on October 3, 1990"),
    ("en", "am 3.10.1990", "on 3 October 1990"),
    ("en", "am 3.10.1990", "on 10/3/1990"),
    ("es", "am 03.10.1990", "el 3 de octubre de 1990"),
    ("en", "um 14.30 Uhr", "at 2:30 pm"),
    ("fr", "um 14.30 Uhr", "à 14h30"),
    ("en", "um 14 Uhr", "at 2 p.m."),
    ("en", "um 14.00 Uhr", "at 2 pm"),
    ("en", "2,8 Mrd. Euro", "2.8 billion euros"),
    ("en", "2,8 Milliarden Euro", "€2.8bn"),
    ("en", "1,5 Millionen Euro", "1,500,000 euros"),
    ("es", "2,8 Milliarden Euro", "2.800 millones de euros"),
    ("es", "3 Milliarden Euro", "3 mil millones de euros"),
    ("fr", "2,8 Milliarden Euro", "2,8 milliards d’euros"),
    ("en", "die 1990er Jahre", "the 90s"),
    ("fr", "im 20. Jahrhundert", "au XXe siècle"),
    ("es", "im 20. Jahrhundert", "en el siglo XX"),
    ("en", "50 Prozent der Leute", "half of the people"),
    ("en", "72 Kilometer entfernt", "45 miles away"),
    ("en", "5 bis 10 Zentimeter", "2 to 4 inches"),
    ("en", "27 Grad", "80 degrees"),
    ("en", "Seite 4.4.1", "page 4.4.1"),
    ("en", "Kapitel 4.4", "chapter 4.4"),
    ("en", "2014-2017", "from 2014 to 2017"),
    ("en", "2014<g>7</g> war", "in 2014<g>7</g>"),
    ("en", "mit %d Dateien", "with %d files"),
    ("en", "siehe https://example.org/17", "see the page"),
    ("en", "9,5", "9,5"),
]
CHANGED = [
    ("en", "7.000 Menschen", "7,500 people", "error: '7.000' became '7,500'"),
    ("en", "7.000 Menschen", "7.000 people", "warning: '7.000' is not how en writes '7.000'"),
    ("en", "3,5 Prozent", "3,5 percent", "warning: '3,5' is not how en writes '3,5'"),
    ("fr", "3,5 Prozent", "3.5 pour cent", "warning: '3.5' is not how fr writes '3,5'"),
    ("es", "3,5 Prozent", "3.5 por ciento", "warning: '3.5' is not how es writes '3,5'"),
    ("en", "3,5 Prozent", "35 percent", "error: '3,5' became '35'"),
    ("en", "am 3.10.1990", "on 4 October 1990", "error: '3.10.1990' became '4'"),
    ("en", "um 14.30 Uhr", "at 3:30 pm", "error: '14.30' became '3:30'"),
    ("en", "die 75. Sitzung", "the session", "warning: '75' is missing"),
    ("en", "die Sitzung", "the 75th session", "warning: '75' is not in the source"),
    ("en", "131,5 Prozent, 5 Punkte", "131.5 percent, points", "warning: '5' is missing"),
    (
        "en", "2,8 Milliarden Euro", "2.8 million euros",
        "error: '2,8 milliarden' became '2.8 million'",
    ),
    ("fr", "3 Billionen Euro", "3 milliards", "error: '3 billionen' became '3 milliards'"),
    ("en", "72 Kilometer entfernt", "72 miles away", None),
    ("en", "72 Kilometer entfernt", "60 miles away", "error: '72' became '60'"),
    ("en", "9,5", "9,6", "info: '9,5' became '9,6'"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "source", "target"), SAME)
def test_the_same_value_is_silent(ask: Ask, language: str, source: str, target: str) -> None:
    """Formats, words, dates, hours, units and scales of the language are accepted."""
    assert ask(language, source, target) == []


@pytest.mark.parametrize(("language", "source", "target", "message"), CHANGED)
def test_another_value_is_found(
    ask: Ask, language: str, source: str, target: str, message: str | None
) -> None:
    """Changed values are errors; lost, added and badly written ones are warnings."""
    assert ask(language, source, target) == ([message] if message else [])
