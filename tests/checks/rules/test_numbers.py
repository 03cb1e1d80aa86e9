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
    ("en", "Der Laden schließt um 24 Uhr.", "The shop closes at midnight."),
    ("en", "Abfahrt: 0.40 Uhr", "Departure: 12:40 a.m."),
    ("en", "um halb neun", "at 8:30"),
    ("en", "um 20.45 Uhr", "at quarter to nine in the evening"),
    ("en", "die siebziger Jahre", "the 1970s"),
    ("fr", "Anfang der Sechziger", "au début des années 1960"),
    ("en", "in den 20er- und 30er-Jahren", "in the 1920s and 1930s"),
    ("fr", "in der Saison 2004/05", "lors de la saison 2004-2005"),
    ("en", "am 14.2.07", "on 14 February 2007"),
    ("en", "Fax: 0221 / 47 11-0", "Fax: +49 221 4711-0"),
    ("fr", "Tel. (089) 123 45 67", "Tél. +49 (0)89 1234567"),
    ("en", "2500 g Mehl", "2.5 kg of flour"),
    ("fr", "0,5 km² Wald", "50 hectares de forêt"),
    ("es", "ein Weg von 3000 Metern", "un camino de 3 kilómetros"),
    ("en", "nach 21 Tagen", "after three weeks"),
    ("en", "nach 36 Monaten", "after three years"),
    ("en", "eine halbe Milliarde Euro", "500,000,000 euros"),
    ("en", "zweieinhalb Millionen Euro", "2.5 million euros"),
    ("en", "Eine Viertelmillion kam.", "250,000 came."),
    ("fr", "93 Gäste", "quatre-vingt-treize invités"),
    ("fr", "71 Gäste", "soixante et onze invités"),
    ("es", "35 Gäste", "treinta y cinco invitados"),
    ("en", "zwei Fünftel der Wähler", "40 percent of the voters"),
    ("en", "8’750.25 Franken", "8,750.25 francs"),
    ("en_IN", "12.345.678 Rupien", "1,23,45,678 rupees"),
    ("en", "Der 1. FC Union gewann.", "FC Union won."),
    ("en", "am 2. Weihnachtstag", "on Boxing Day"),
    ("en", "Version 4.10.2", "version 4.10.2"),
    ("en", "von 1990 bis 2010", "from 1990 until 2010"),
    ("en", "Sie gewannen 3:0.", "They won 3–0."),
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
    ("en", "2500 g Mehl", "25 kg of flour", "error: '2500' became '25'"),
    ("en", "Tel. 0221 47110", "Tel. 0221 47101", "error: '47110' became '47101'"),
    ("en", "Version 4.10.2", "version 4.2.10", "warning: '4.10.2' is missing"),
    (
        "en", "Sie gewannen 3:0.", "They won 0–3.",
        "error: '3:0' became '0–3': the order changed",
    ),
    (
        "fr", "in den Jahren 1933 bis 1945", "de 1945 à 1933",
        "error: '1933 bis 1945' became '1945 à 1933': the order changed",
    ),
    ("en", "in der Saison 2004/05", "in the 2004–2006 season", "error: '05' became '2006'"),
    ("en", "2,5 EUR", "EUR 2,5", "info: '2,5' is not how en writes '2,5'"),
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
