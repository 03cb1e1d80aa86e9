"""How sure a draft is: worked out of estimate and flaws, and kept beside its origin."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import polib
import pytest

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft, Message
from pipeline.catalog.edits import has_human_work
from pipeline.core.types import Provenance, State, Translation
from pipeline.drafting.confidence import UNSURE, percent
from pipeline.drafting.types import Issue

LLAMA = Provenance("llama", "a-model-with-a-long-name-instruct-q4_k_m", "0a1b2c3d", "", 62)
NUMBERS = Issue("numbers", "'7' became '8'", critical=False, confidence_factor=0.4)
TERM = Issue("terminology", "Use 'summit'.", critical=False)
ECHO = Issue("untranslated", "It is German.", critical=True)


def test_the_engines_estimate_counts() -> None:
    """A surer engine makes a surer draft, and none is ever as sure as a copy."""
    assert percent(0.2, ()) < percent(0.8, ()) < percent(1.0, ()) < 100
    assert percent(None, (), copied=True) == 100


@pytest.mark.parametrize("estimate", [None, 0.3, 1.0])
@pytest.mark.parametrize("copied", [True, False])
def test_every_flaw_takes_some(estimate: float | None, copied: bool) -> None:
    """A wrong number takes more than a missing term, garbage the most, two more than one."""

    def sure(*flaws: Issue) -> int:
        return percent(estimate, flaws, copied=copied)

    assert sure(ECHO) < sure(NUMBERS) < sure(TERM) < sure()
    assert sure(TERM, NUMBERS) < sure(NUMBERS)


def test_a_draft_without_an_estimate_is_unsure_where_it_has_a_flaw() -> None:
    """Nothing is known against the others."""
    assert percent(None, ()) >= UNSURE > percent(None, [TERM])


@pytest.mark.parametrize("estimate", [-1.0, 1.5, float("nan"), float("inf")])
def test_a_wild_estimate_is_still_a_percentage(estimate: float) -> None:
    """An engine's slip in arithmetic stops no run."""
    assert 0 <= percent(estimate, [TERM]) < 100


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A catalog with a draft that is 62 % sure."""
    path = tmp_path / "a.po"
    catalog.sync(path, "en", [Message("Eins"), Message("Zwei")], project="test")
    catalog.write_drafts(path, {"Eins": Draft("One", LLAMA, ("A finding.",))})
    return path


def first(path: Path) -> Translation:
    return next(one for one in catalog.load(path).translations if one.source == "Eins")


def test_it_stands_in_the_origin(path: Path) -> None:
    """In words that a translator can read."""
    assert " gl 0a1b2c 62% =" in path.read_text(encoding="utf-8")
    assert first(path).confidence == 62


def test_it_says_nothing_of_what_a_human_touched(path: Path) -> None:
    """Neither while the text is fuzzy nor when it is approved."""
    whole = path.read_text(encoding="utf-8")
    for text in (whole.replace('"One"', '"A one"'), whole.replace("#, fuzzy\n", "")):
        path.write_text(text, encoding="utf-8")
        assert first(path).state in (State.TOUCHED, State.APPROVED)
        assert first(path).confidence is None


def test_a_draft_drawn_again_has_its_own(path: Path) -> None:
    """Nothing of the old one is left, and one without any has none."""
    catalog.write_drafts(path, {"Eins": Draft("One!", replace(LLAMA, confidence=7))}, redraft=True)
    assert first(path).confidence == 7
    assert "62 %" not in path.read_text(encoding="utf-8")
    bare = replace(LLAMA, confidence=None)
    catalog.write_drafts(path, {"Eins": Draft("One.", bare)}, redraft=True)
    assert first(path).confidence is None
    assert "%" not in path.read_text(encoding="utf-8")


def test_the_same_draft_again_changes_no_byte(path: Path) -> None:
    """Neither does a catalog that was made without."""
    before = path.read_bytes()
    catalog.write_drafts(path, {"Eins": Draft("One", LLAMA, ("A finding.",))}, redraft=True)
    assert path.read_bytes() == before


@pytest.mark.parametrize("word", [" a-model", " gl", " 0a1b", " 62%", " ="])
def test_an_editor_may_break_the_line_anywhere(path: Path, word: str) -> None:
    """It is read as it was, is no human's note, and goes as a whole."""
    text = path.read_text(encoding="utf-8")
    start = text.index("# translate: draft by")
    at = text.index(word, start)
    path.write_text(f"{text[:at]}\n# {text[at + 1 :]}", encoding="utf-8")
    assert (first(path).state, first(path).confidence) == (State.DRAFT, 62)
    assert not has_human_work(path)
    catalog.write_drafts(path, {"Eins": Draft("One!", LLAMA)}, redraft=True)
    assert path.read_text(encoding="utf-8").count(" 62%") == 1
    assert path.read_text(encoding="utf-8").count("%") == 2


def test_other_programs_keep_it(path: Path) -> None:
    """gettext's own tools, which Poedit saves with, and polib, which breaks the line."""
    subprocess.run(["msgcat", "-o", str(path), str(path)], check=True)
    assert first(path).confidence == 62
    file = polib.pofile(str(path))
    file.find("Zwei").msgstr = "Two"
    file.save()
    assert "q4_k_m gl" not in path.read_text(encoding="utf-8")
    assert (first(path).state, first(path).confidence) == (State.DRAFT, 62)
