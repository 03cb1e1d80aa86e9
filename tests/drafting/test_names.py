"""Names that are a text of their own: translated or copied without an engine, or left to it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.drafting.names import find_name, may_be_name
from pipeline.lang.dictionary import load_dictionary

CASES = Path(__file__).parents[2] / "benchmarks" / "data" / "name_cases.tsv"
ROWS = list(csv.DictReader(CASES.read_text(encoding="utf-8").splitlines(), delimiter="\t"))
NO_TABLE = {"Volkswagen"}
"""Names that no table has; an engine translates them."""

with_dictionary = pytest.mark.skipif(load_dictionary("en") is None, reason="no Ding dictionary")


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_a_name_is_translated_or_copied(language: str) -> None:
    column = {"en": "english", "fr": "french", "es": "spanish"}[language]
    found = {row["text"]: find_name(row["text"], language) for row in ROWS}
    for row in ROWS:
        name = found[row["text"]]
        expected = "" if row["text"] in NO_TABLE else row[column] or ""
        assert (name.text if name else "") == expected, row


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("Bayern", "places"),
        ("Uckermark", "places"),
        ("Japan", "CLDR"),
        ("Ukrainisch", "CLDR"),
        ("Wladiwostok", "CLDR"),
        ("Katrin Bauer", "given names"),
    ],
)
def test_a_name_states_its_origin(text: str, origin: str) -> None:
    name = find_name(text, "en")
    assert name is not None
    assert name.origin == origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Polen.",
        "bayern",
        "Bayern gewinnt",
        "Anna Seghers Stiftung",
        "Peter Kindergarten",
        "Welt",
        "Essen und Trinken",
        "Gießen",
        "Rügen",
        "\0",
        "Bayern " * 40,
    ],
)
def test_what_may_be_something_else_is_left_to_the_engine(text: str) -> None:
    assert find_name(text, "en") is None


def test_a_language_without_tables_has_no_names() -> None:
    assert find_name("Bayern", "it") is None


@with_dictionary
def test_the_dictionary_knows_places() -> None:
    """But no other words of its own, although they have the same form."""
    name = find_name("Steinhuder Meer", "en") or find_name("Chiemsee", "en")
    assert name is not None
    dictionary = load_dictionary("en")
    assert dictionary is not None
    assert dictionary.place("Bodensee") == "Lake Constance"
    for word in ("Abhang", "Ausblick", "Insel", "Küste", "Bodens", "", "See"):
        assert dictionary.place(word) == ""


@with_dictionary
def test_a_word_that_nobody_explains_may_be_a_name() -> None:
    assert may_be_name("Annelühlhaus", "en")
    assert not may_be_name("Wärmepumpe", "en")
    assert not may_be_name("kaputt", "en")
    assert not may_be_name("Drei Worte hier", "en")
