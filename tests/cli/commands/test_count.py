"""`translate count`: words by the effort they need."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from tests.cli.commands.test_build import approve
from tests.conftest import ARTICLE, Translate


def count(inside: Translate) -> dict[str, int]:
    """Return the words of each band in English, all articles together."""
    bands: dict[str, int] = {}
    for row in json.loads(inside("count", "-l", "en", "--json").stdout):
        bands[row["band"]] = bands.get(row["band"], 0) + row["words"]
    return bands


def test_every_word_is_in_one_band(folder: Path, inside: Translate) -> None:
    """All words of a new article are new or repeated, whether it has a catalog or not."""
    markers = 1  # "1." before an item is outside of the segments
    words = sum(any(c.isalnum() for c in word) for word in ARTICLE.split()) - markers
    before = count(inside)
    assert sum(before.values()) == words
    assert set(filter(before.get, before)) <= {"new", "repeated"}
    inside("extract")
    assert count(inside) == before


def test_human_work_and_repetitions_have_bands_of_their_own(
    folder: Path, inside: Translate
) -> None:
    """A second article has the approved texts of the first one from the memory."""
    inside("extract")
    approve(folder)
    approved = count(inside)
    assert set(filter(approved.get, approved)) == {"approved"}
    (folder / "source_de/kopie.txt").write_text(
        ARTICLE + "\nEin ganz neuer Satz steht hier.\n\nEin ganz neuer Satz steht hier.\n",
        encoding="utf-8",
    )
    both = count(inside)
    assert both["approved"] == approved["approved"]
    assert both["memory"] == approved["approved"]
    assert both["new"] == both["repeated"] == 6


def test_tables_have_the_same_counts_again(folder: Path, inside: Translate) -> None:
    """The table has a total per language; CSV has a row per band, equal on repetition."""
    lines = inside("count").stdout.splitlines()
    assert lines[0].split()[-2:] == ["new", "words"]
    assert [line.split()[0] for line in lines[1:]] == ["bruecke.txt"] * 2 + ["total"] * 2
    first, second = (inside("count", "--csv").stdout for _ in range(2))
    assert first == second
    rows = list(csv.DictReader(first.splitlines()))
    assert {row["band"] for row in rows} >= {"new", "approved", "similar 85-94"}


def test_an_unreadable_article_is_reported(folder: Path, inside: Translate) -> None:
    """The others are counted all the same; the exit code is 3."""
    (folder / "source_de/kaputt.txt").write_bytes(b"\xff\xfe\xff")
    result = inside("count", "-l", "en")
    assert result.returncode == 3
    assert "kaputt.txt" in result.stderr
    assert "bruecke.txt" in result.stdout
