"""The unit of a number is compared where both texts have the number."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Ask

CASES = [
    ("en", "für 70 Euro", "for 70 pounds", "70 euros became 70 pounds"),
    ("en", "für 70 Euro", "for £70", "70 euros became 70 pounds"),
    ("fr", "für 3 Mio. Dollar", "pour 3 millions d’euros", "3 dollars became 3 euros"),
    ("es", "400 Meter weit", "a 400 kilómetros", "400 metres became 400 kilometres"),
    ("en", "4 GB Speicher", "4 MB of memory", "4 gigabytes became 4 megabytes"),
    ("en", "12 % der Fläche", "12 of the area", "percent is missing at 12"),
    (
        "en",
        "12 Prozent mehr",
        "12 percentage points",
        "12 percent became 12 percentage points",
    ),
    ("en", "bei −8 °C", "at 8°C", "Minus 8 became 8"),
    ("en", "für 70 Euro", "for €70", None),
    ("en", "für 70 Euro", "for EUR 70", None),
    ("en", "für 70 Mrd. Euro", "for €70bn", None),
    ("fr", "für 3 Mio. Euro", "pour 3 M€", None),
    ("en", "12 bis 15 Prozent", "12–15%", None),
    ("en", "12 Prozent oder 15 Prozent", "12 or 15 percent", None),
    ("en", "der 12-prozentige Anteil", "the 12 percent share", None),
    ("en", "bei −8 °C", "at 8 degrees below zero", None),
    ("en", "minus 4 Prozent", "a fall of 4 percent", None),
    ("en", "Punkt 3 – 5 Meter hoch", "Point 3: 5 metres high", None),
    ("en", "3 Stunden Fahrt", "a 3-hour drive", None),
    ("en", "100 Pfund", "£100", None),
]


@pytest.mark.parametrize(("language", "source", "target", "message"), CASES)
def test_units(ask: Ask, language: str, source: str, target: str, message: str | None) -> None:
    """Another unit, a lost percent or minus sign is a warning; other words for a unit are not."""
    assert ask(language, source, target) == ([f"warning: {message}"] if message else [])
