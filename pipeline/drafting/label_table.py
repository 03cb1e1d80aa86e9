"""Labels of German news pages and names of cities in English, French and Spanish.

The table `page_labels.csv` was written for this project. A model translates single words without
context: "Teilen" becomes "parts", "Essen" a meal.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

from pipeline.lang.german import fold_spelling

LANGUAGES = ("en", "fr", "es")
"""The languages of the table."""


def find_label(text: str, language: str) -> str:
    """Return the translation of a label whatever its letter case, "" if the table has none."""
    return _table().get(("label", _key("label", text)), {}).get(language, "")


def find_city(text: str, language: str) -> str:
    """Return the name of a city in a language, "" if the table has none."""
    return _table().get(("place", _key("place", text)), {}).get(language, "")


def _key(kind: str, text: str) -> str:
    return text.casefold() if kind == "label" else fold_spelling(text)


@lru_cache(maxsize=1)
def _table() -> Mapping[tuple[str, str], Mapping[str, str]]:
    lines = files(__package__).joinpath("page_labels.csv").read_text("utf-8").splitlines()
    return {(row["kind"], _key(row["kind"], row["de"])): row for row in csv.DictReader(lines)}
