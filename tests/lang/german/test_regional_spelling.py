"""Swiss and Austrian spellings, in every part of the program that reads German."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks import Context, check_segment
from pipeline.core import BlockKind, Severity, Term
from pipeline.drafting.names import find_name
from pipeline.drafting.page_labels import translate_label
from pipeline.glossary import Glossary, TermMatcher
from pipeline.lang.dictionary.lookup_forms import lookup_forms
from pipeline.lang.german import (
    fold_spelling,
    noun_lemma,
    regional_spellings,
    split_sentences,
    standard_spelling,
    standardize,
)
from pipeline.lang.identification import identify_language

CASES = Path(__file__).parents[2] / "data/variants"


def lines(name: str) -> list[list[str]]:
    text = (CASES / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


def matcher(language: str, terms: str) -> TermMatcher:
    pairs = (pair.split("=") for pair in terms.split(";"))
    rows = tuple(Term(source, (target,)) for source, target in pairs)
    return TermMatcher(Glossary(None, "de", language, rows, "x"))


@pytest.mark.parametrize(
    "row", list(csv.DictReader((CASES / "checks.tsv").open(encoding="utf-8"), delimiter="\t"))
)
def test_checks(row: dict[str, str]) -> None:
    """A right translation has no finding, a wrong one at least a warning."""
    language, terms = row["language"], row["terms"]
    context = Context(language, matcher=matcher(language, terms) if terms else None)
    findings = check_segment(row["german"], row["translation"], context)
    serious = [f.message for f in findings if f.severity is not Severity.INFO]
    assert bool(serious) == (row["expected"] != "none"), serious


@pytest.mark.parametrize("line", [row[0] for row in lines("segments.tsv")])
def test_segments(line: str) -> None:
    expected = [part.strip() for part in line.split("¦")]
    text = " ".join(expected)
    assert [text[start:end].strip() for start, end in split_sentences(text)] == expected


@pytest.mark.parametrize(("found", "term", "text"), lines("terms.tsv"))
def test_terms(found: str, term: str, text: str) -> None:
    """A term is found in the spelling of either country."""
    matches = [m for m in matcher("en", f"{term}=x").find(text) if not m.compound]
    assert bool(matches) == (found == "1")


@pytest.mark.parametrize(("found", "term", "text"), lines("compounds.tsv"))
def test_compounds(found: str, term: str, text: str) -> None:
    matches = [m for m in matcher("en", f"{term}=x").find(text) if m.compound]
    assert bool(matches) == (found == "1")


@pytest.mark.parametrize(("language", "german", "expected"), lines("labels.tsv"))
def test_labels(language: str, german: str, expected: str) -> None:
    """By the table of labels, or by those of names."""
    name = find_name(german, language)
    label = translate_label(german, BlockKind.BOILERPLATE, language)
    assert (label or (name.text if name else "")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dreissig Fussgänger grüssten.", "Dreißig Fußgänger grüßten."),
        ("Seit Jänner ist die Strasse zu.", "Seit Januar ist die Straße zu."),
        ("Das Hauptstrassenfest im Feber", "Das Hauptstraßenfest im Februar"),
        ("Er weiss, dass Präsident Weiss Bern verliess.",
         "Er weiß, dass Präsident Weiss Bern verließ."),
        ("Die Masse der Russen im Fluss", "Die Masse der Russen im Fluss"),
        ("Ausschuss, Prozess, Kasse, Schloss, Erdgeschoss, Elsass, aussetzen, Aussicht",
         "Ausschuss, Prozess, Kasse, Schloss, Erdgeschoss, Elsass, aussetzen, Aussicht"),
        ("Hausschlüssel, Kreisstadt, Preissteigerung, Massendemonstration, gefasst, Insassen",
         "Hausschlüssel, Kreisstadt, Preissteigerung, Massendemonstration, gefasst, Insassen"),
    ],
)  # fmt: skip
def test_spelling_of_germany(text: str, expected: str) -> None:
    """ss after a short vowel, names, and words that exist with both stay."""
    assert standardize(text) == expected


def test_words_with_two_spellings() -> None:
    assert regional_spellings("Strasse") == ("Straße",)
    assert regional_spellings("Bahnhofstraße") == ("Bahnhofstrasse",)
    assert regional_spellings("Jänner") == ("Januar",)
    assert regional_spellings("Masse") == regional_spellings("Maße") == ()
    assert regional_spellings("Kasse") == ()


def test_base_forms_keep_the_spelling() -> None:
    """Candidates for a glossary are words of the article: no `Strass` for `Strassen`."""
    words = ("Strassen", "Massnahmen", "Fussgängern", "Straßen", "Massen", "Flüssen", "Jänners")
    expected = ("Strasse", "Massnahme", "Fussgänger", "Straße", "Masse", "Fluss", "Jänner")
    assert tuple(map(noun_lemma, words)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Die Strasse ist gross, und der Fussgänger grüsst die Gäste ausser Haus.",
        "Der Nationalrat hiess die Vorlage mit grossem Mehr gut.",
        "Heuer schneite es im Jänner und im Feber kaum, sagt der Landeshauptmann.",
    ],
)
def test_articles_of_both_countries_are_german(text: str) -> None:
    assert identify_language(text, ["de", "en", "fr"]).language == "de"


def test_dictionaries_list_the_spelling_of_germany() -> None:
    assert "Straße" in list(lookup_forms("Strassen"))
    assert next(lookup_forms("Fussgängern")) == "Fußgänger"


@given(st.text(alphabet="aeiouäösßStMmrfn ", max_size=30))
def test_only_the_sound_s_changes(text: str) -> None:
    """A second conversion changes nothing, and the folded text is the same."""
    once = standardize(text)
    assert standardize(once) == once
    assert fold_spelling(once) == fold_spelling(text)
    assert all(standard_spelling(word) == word for word in once.split())
