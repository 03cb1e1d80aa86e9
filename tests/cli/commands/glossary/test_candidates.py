"""`translate glossary candidates` and `stats`: what is frequent, and what is used."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import translate

ARTICLE = """Der Hafen wächst

Die strategische Partnerschaft der Häfen wächst. Der Stadtrat lobt die strategischen \
Partnerschaften und Karla Winter.

Im Rathaus sprach Karla Winter über Handelsrouten. Eine Handelsroute führt nach Polen.

Der neue Plan. Ein neuer Plan. Sie liefern Waffen. Wir liefern Waffen.
"""


def run(folder: Path, *arguments: str) -> Result:
    (folder / "source_de" / "bruecke.txt").write_text(ARTICLE, encoding="utf-8")
    command = ["-C", str(folder), "glossary", *arguments]
    return CliRunner().invoke(translate, command, catch_exceptions=False)


def counted(output: str) -> dict[str, int]:
    rows = [line.split(maxsplit=1) for line in output.splitlines()]
    return {rest.split("  ")[0].strip(): int(number) for number, rest in rows}


def test_frequent_expressions_are_listed_in_any_inflection(folder: Path) -> None:
    found = counted(run(folder, "candidates").output)
    assert found == {"strategische Partnerschaft": 2, "Karla Winter": 2, "Handelsroute": 2}


BASE_FORMS = {
    "mit doppeltem Verwendungszweck": "doppelter Verwendungszweck",
    "der strategischen Partnerschaften": "strategische Partnerschaft",
    "die bilateralen Abkommen": "bilaterales Abkommen",
    "mit dem russischen Präsidenten": "russischer Präsident",
    "im Weißen Haus": "Weißes Haus",
    "die Vereinten Nationen": "Vereinte Nationen",
    "der Europäischen Union": "Europäische Union",
    "des Kalten Krieges": "Kalter Krieg",
    "des Ukraine-Kriegs": "Ukraine-Krieg",
    "von Energieprojekten": "Energieprojekt",
    "vieler Klimaschutzgesetze": "Klimaschutzgesetz",
}
"""What a text has, and what a glossary needs."""


@pytest.mark.parametrize("text", BASE_FORMS)
def test_candidates_are_base_forms(folder: Path, text: str) -> None:
    """Singular and nominative, unless a name has only a plural."""
    (folder / "source_de" / "formen.txt").write_text(f"Wir reden {text}.\n", encoding="utf-8")
    found = counted(run(folder, "candidates", "--at-least", "1", "formen.txt").output)
    assert found == {BASE_FORMS[text]: 1}


@pytest.mark.parametrize(
    "text",
    [
        "am vergangenen Montag", "im nächsten Jahr", "bis Ende Mai", "um zwei Milliarden Dollar",
        "„Die Wir“ und Der Er", "am Montagabend", "zum Jahresende", "in der kommenden Woche",
    ],
)  # fmt: skip
def test_stop_words_are_no_candidates(folder: Path, text: str) -> None:
    """Function words, times and measures occur in every text."""
    (folder / "source_de" / "formen.txt").write_text(f"Wir reden {text}.\n", encoding="utf-8")
    output = run(folder, "candidates", "--at-least", "1", "formen.txt").output
    assert output == "no candidates\n"


def test_names_are_listed_without_genitive(folder: Path) -> None:
    """If the name occurs without it too; another `s` is kept."""
    text = "Wir sahen Xi Jinpings Haus, Xi Jinping und Boris Johnson.\n"
    (folder / "source_de" / "formen.txt").write_text(text, encoding="utf-8")
    found = counted(run(folder, "candidates", "--at-least", "1", "formen.txt").output)
    assert {"Boris Johnson"} <= set(found)
    assert not [name for name in found if name.endswith("Jinpings")]


def test_what_a_glossary_has_is_not_listed(folder: Path) -> None:
    path = folder / "glossary" / "de-en.csv"
    path.write_text("source,target\nPartnerschaft,partnership\n", encoding="utf-8")
    found = counted(run(folder, "candidates").output)
    assert found == {"Karla Winter": 2, "Handelsroute": 2}


def test_rare_ones_come_with_a_lower_limit(folder: Path) -> None:
    assert "Rathaus" in counted(run(folder, "candidates", "--least", "1").output)
    assert "Rathaus" not in counted(run(folder, "candidates").output)


def test_rows_fit_a_glossary_file(folder: Path) -> None:
    output = run(folder, "candidates", "--csv", "--limit", "1").output
    (row,) = csv.DictReader(io.StringIO(output))
    assert list(row) == ["source", "target", "status", "case", "forms", "note"]
    assert row["target"] == ""
    assert row["note"].startswith("2 times: ")


def test_stats_count_rows_and_uses(folder: Path) -> None:
    output = run(folder, "stats", "--lang", "en", "--unused").output
    assert "en: 3 rows: 2 preferred, 1 forbidden, 0 keep" in output
    assert "1 term occurs 1 time in 1 article\n" in output
    assert "unused: Ausschreibung" in output


def test_a_language_without_glossary_has_no_rows(folder: Path) -> None:
    assert "fr: 0 rows" in run(folder, "stats", "--lang", "fr").output


def test_an_adjective_without_its_noun_is_none(folder: Path) -> None:
    """Nor are a common word with its noun, or a verb with its object."""
    text = "Das ist strategische oder einige Arbeit. Wir sahen strategische und sie dein Haus.\n"
    (folder / "source_de" / "zwei.txt").write_text(text * 2, encoding="utf-8")
    (folder / "source_de" / "bruecke.txt").unlink()
    command = ["-C", str(folder), "glossary", "candidates", "--least", "1"]
    done = CliRunner().invoke(translate, command, catch_exceptions=False)
    assert (done.exit_code, done.stdout) == (0, "no candidates\n")
