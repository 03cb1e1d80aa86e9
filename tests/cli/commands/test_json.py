"""`--json` of the commands that write: one value on standard output, nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.commands.test_build import approve
from tests.conftest import Translate


def read(inside: Translate, *words: str, code: int = 0) -> Any:
    done = inside(*words, "--json")
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)


def test_extract(folder: Path, inside: Translate) -> None:
    """Catalogs and templates that changed, and problems."""
    (folder / "source_de" / "leer.txt").write_bytes(b"\xff")
    found = read(inside, "extract", code=3)
    assert "output/en/LC_MESSAGES/bruecke.po" in found["changed"]
    (problem,) = found["problems"]
    assert "leer.txt" in problem["message"]
    assert problem["hint"]


def test_build(folder: Path, inside: Translate) -> None:
    """Gaps of refused articles, the files of others."""
    inside("extract")
    (english, french) = read(inside, "build", code=1)["articles"]
    assert english["article"] == "source_de/bruecke.txt"
    assert english["path"] is None
    assert {"line", "state", "text"} == set(english["gaps"][0])
    assert french["language"] == "fr"
    approve(folder)
    (built,) = read(inside, "build", "-l", "en")["articles"]
    assert built["path"] == "output/en/bruecke.txt"
    assert built["used"]["approved"] > 5
    assert built["gaps"] == []


def test_approve_and_reset(folder: Path, inside: Translate) -> None:
    """The entries that were selected, and how many were changed or skipped."""
    inside("extract")
    catalog = folder / "output/en/LC_MESSAGES/bruecke.po"
    text = catalog.read_text(encoding="utf-8")
    source = 'msgid "Die nächsten Schritte"\nmsgstr '
    assert source + '""' in text
    text = text.replace(source + '""', "#, fuzzy\n" + source + '"Next steps"')
    catalog.write_text(text, encoding="utf-8")
    planned = read(inside, "approve", "-l", "en", "--dry-run")
    (entry,) = planned["entries"]
    assert (entry["source"], entry["targets"]) == ("Die nächsten Schritte", ["Next steps"])
    assert planned["done"] == 0
    assert read(inside, "approve", "-l", "en", "--yes")["done"] == 1
    skipped = read(inside, "reset", "-l", "en", "--yes")
    assert skipped["done"] == 0
    assert skipped["skipped"]["approved"] == 1


def test_run(folder: Path, inside: Translate) -> None:
    """The report of the run; see docs/report-schema.json."""
    (folder / "glossary" / "de-en.csv").unlink()
    words = ("run", "--engine", "argos", "--dry-run")
    done = inside(*words, "--json")
    assert json.loads(done.stdout)["exit_code"] == done.returncode
