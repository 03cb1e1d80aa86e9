"""`translate glossary candidates --from-edits`, with catalogs in a git repository."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from pipeline.catalog import Draft, catalog
from pipeline.core import Provenance
from tests.conftest import Translate

TEXTS = {
    "Der Gipfel endete ohne Ergebnis.": (
        "The meeting ended without a result.",
        "The summit ended without a result.",
    ),
    "Nach dem Gipfel sprach die Kanzlerin.": (
        "After the meeting, the chancellor spoke.",
        "After the summit, the chancellor spoke.",
    ),
    "Die Polizei sperrte die Straßen.": (
        "The police closed the streets.",
        "The police blocked the roads.",
    ),
    "Der Stadtrat tagt heute.": ("The town meets today.", "The city council meets today."),
    "Morgen tagt der Stadtrat wieder.": (
        "Tomorrow the town meets again.",
        "Tomorrow the city council meets again.",
    ),
}
"""German, the machine's draft, the approved text."""


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def drafted(folder: Path, inside: Translate) -> Path:
    """A project whose only article has drafts."""
    (folder / "source_de/bruecke.txt").write_text("\n\n".join(TEXTS) + "\n", encoding="utf-8")
    assert inside("extract").returncode == 0
    drafts = {
        german: Draft(draft, Provenance("llama", "model", "", "", 60))
        for german, (draft, _) in TEXTS.items()
    }
    catalog.write_drafts(folder / "output/en/LC_MESSAGES/bruecke.po", drafts)
    git(folder, "init")
    return folder


def approve(folder: Path) -> None:
    """Edit and approve all drafts, as an editor of catalogs does."""
    path = folder / "output/en/LC_MESSAGES/bruecke.po"
    text = path.read_text(encoding="utf-8").replace("#, fuzzy\n", "")
    for draft, final in TEXTS.values():
        assert draft in text
        text = text.replace(draft, final)
    path.write_text(text, encoding="utf-8")


def test_terms_come_from_the_drafts_in_git(drafted: Path, inside: Translate) -> None:
    """Also after the article was renamed; terms of the glossary and style are not listed."""
    git(drafted, "add", ".")
    git(drafted, "commit", "-m", "drafts")
    approve(drafted)
    git(drafted, "commit", "-am", "reviewed")
    (drafted / "source_de/bruecke.txt").rename(drafted / "source_de/neu.txt")
    path = drafted / "output/en/LC_MESSAGES/bruecke.po"
    path.rename(path.with_name("neu.po"))
    before = (drafted / "glossary/de-en.csv").read_bytes()
    done = inside("glossary", "candidates", "--from-edits", "--json")
    assert done.returncode == 0, done.stderr
    (term,) = json.loads(done.stdout)
    assert (term["source"], term["target"]) == ("Gipfel", "summit")
    assert (term["segments"], term["articles"], term["replaced"]) == (2, 1, ["meeting"])
    assert term["examples"][0]["article"] == "neu.txt"
    table = inside("glossary", "candidates", "--from-edits").stdout
    assert "Gipfel -> summit" in table
    assert "in place of meeting; 2 of 2 reviewed" in table
    assert (drafted / "glossary/de-en.csv").read_bytes() == before
    assert (
        "no candidates"
        in inside("glossary", "candidates", "--from-edits", "--at-least", "3").stdout
    )


def test_the_rows_can_be_appended_to_the_glossary(drafted: Path, inside: Translate) -> None:
    git(drafted, "add", ".")
    git(drafted, "commit", "-m", "drafts")
    approve(drafted)
    rows = inside("glossary", "candidates", "--from-edits", "--csv").stdout
    glossary = drafted / "glossary/de-en.csv"
    with glossary.open("a", encoding="utf-8") as file:
        file.write(rows.split("\n", 1)[1])
    done = inside("glossary", "lint")
    assert done.returncode == 0, done.stdout
    assert "no candidates" in inside("glossary", "candidates", "--from-edits").stdout


def test_drafts_that_git_does_not_have_are_reported(drafted: Path, inside: Translate) -> None:
    """Reviewed before the first commit: the drafts are lost."""
    approve(drafted)
    git(drafted, "add", ".")
    git(drafted, "commit", "-m", "all at once")
    done = inside("glossary", "candidates", "--from-edits")
    assert done.returncode == 0
    assert "5 of 5 edited drafts not found in git" in done.stderr
    assert "no candidates" in done.stdout


def test_without_git_nothing_is_known(drafted: Path, inside: Translate) -> None:
    approve(drafted)
    (drafted / ".git").rename(drafted / "no-git")
    done = inside("glossary", "candidates", "--from-edits", "-l", "en")
    assert "not found in git" in done.stderr
    assert "no candidates" in done.stdout
