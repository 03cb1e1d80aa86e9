"""`translate status`: how far every article is, and which of its drafts are least sure."""

import json
from pathlib import Path

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft
from pipeline.core.types import Provenance
from tests.cli.commands.test_build import TRANSLATIONS, approve
from tests.conftest import ARTICLE, Translate


def test_status_counts_states(folder: Path, inside: Translate) -> None:
    """A row per article and language, and a word where the catalog is old."""
    inside("extract")
    approve(folder, leave="Von")
    rows = json.loads(inside("status", "--json").stdout)
    english = next(row for row in rows if row["language"] == "en")
    assert (english["segments"], english["approved"], english["missing"]) == (11, 10, 1)
    article = folder / "source_de/bruecke.txt"
    article.write_text(ARTICLE + "\nNoch ein Satz.\n", encoding="utf-8")
    assert "the article changed" in inside("status").stdout
    assert english["confidence"] is None


def test_status_tells_which_drafts_are_least_sure(folder: Path, inside: Translate) -> None:
    """How many there are by article; and the drafts, in the order a reviewer wants them."""
    inside("extract")
    path = folder / "output/en/LC_MESSAGES/bruecke.po"
    sure = {"Von": 90, "Karla Winter": 20, "zum Inhalt": 45, "Die nächsten Schritte": None}
    made = {s: Draft(TRANSLATIONS[s], Provenance("llama", "m", "", "", n)) for s, n in sure.items()}
    catalog.write_drafts(path, made)
    english = json.loads(inside("status", "--lang", "en", "--json").stdout)[0]
    assert (english["draft"], english["unsure"], english["confidence"]) == (4, 2, 52)
    said = inside("status", "--lang", "en", "--least-sure", "9", "source_de/bruecke.txt").stdout
    lines = said.split("\n")
    assert [line.rpartition(": confidence ")[2] for line in lines[:-1:3]] == [
        "20 %", "45 %", "90 %", "unknown"
    ]  # fmt: skip
    assert lines[3].startswith("output/en/LC_MESSAGES/bruecke.po:")
    assert lines[4:6] == ["    - zum Inhalt", f"    + {TRANSLATIONS['zum Inhalt']}"]
    line = int(lines[3].split(":")[1])
    near = path.read_text(encoding="utf-8").split("\n")[line - 1 : line + 12]
    assert any("zum Inhalt" in text for text in near)

    text = path.read_text(encoding="utf-8").replace('msgstr "Karla Winter"', 'msgstr "K. Winter"')
    path.write_text(text, encoding="utf-8")
    (least,) = json.loads(inside("status", "--least-sure", "1", "--json").stdout)
    assert (least["source"], least["confidence"], least["language"]) == ("zum Inhalt", 45, "en")


def test_least_sure_needs_no_catalogs(folder: Path, inside: Translate) -> None:
    """An article without a catalog has no drafts."""
    done = inside("status", "--least-sure", "3")
    assert (done.returncode, done.stdout) == (0, "")
