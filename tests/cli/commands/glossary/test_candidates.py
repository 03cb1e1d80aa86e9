"""`translate glossary candidates` and `stats`: what is frequent, and what is used."""

import csv
import io
from pathlib import Path

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
