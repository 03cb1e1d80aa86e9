"""A baseline accepts what is there, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.checks import baseline
from pipeline.core.errors import SettingsError
from pipeline.core.types import Finding, Severity
from tests.checks.conftest import accept


def finding(folder: Path, line: int = 3, message: str = "'1' became '2'") -> Finding:
    path = folder / "output" / "a.po"
    return Finding("numbers", Severity.ERROR, message, path, line, "en", "1 Ü", "2")


def test_accepted_findings_are_left_out(tmp_path: Path) -> None:
    """Whatever their line is now; a new one and a second of the same are reported."""
    path = tmp_path / "baseline.json"
    old = finding(tmp_path)
    assert accept(path, [old]) == 1
    new = finding(tmp_path, message="'1' became '3'")
    moved = replace(old, line=99)
    found = list(baseline.new([moved, new, old], baseline.load(path), path))
    assert found == [new, old]


def test_a_baseline_is_the_same_wherever_the_project_is(tmp_path: Path) -> None:
    """Paths are relative to it, and its lines are sorted, so that git shows what changed."""
    texts = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        rows = [finding(folder, message=m) for m in ("b", "a")]
        accept(folder / "baseline.json", rows if name == "one" else rows[::-1])
        texts.append((folder / "baseline.json").read_text(encoding="utf-8"))
    assert texts[0] == texts[1]
    assert '"output/a.po"' in texts[0]
    assert "Ü" in texts[0]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"accepted": [{}]}', '{"accepted": 3}'])
def test_a_broken_baseline_is_refused(tmp_path: Path, text: str) -> None:
    """It never counts as an empty one, nor as one that accepts everything."""
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="not a baseline"):
        baseline.load(path)


def test_a_missing_baseline_is_refused(tmp_path: Path) -> None:
    """With the cure."""
    with pytest.raises(SettingsError) as error:
        baseline.load(tmp_path / "none.json")
    assert "--write-baseline" in error.value.hint


@pytest.mark.parametrize(
    ("former", "present"),
    [
        ("Two blanks in a row", "Two spaces in a row"),
        (
            "Other blanks at the end than in the source",
            "White space at the end differs from the source",
        ),
        (
            "Another number of line breaks than in the source",
            "The number of line breaks differs from the source",
        ),
        ("Begins in a small letter: 'the'", "Starts with a lower-case letter: 'the'"),
        ("Translated otherwise at a.po:3: 'x'", "Translated differently at a.po:3: 'x'"),
        ("'the the': the word stands twice", "'the the': the word is repeated"),
        ("A stretch of 4 words stands twice in a row", "A phrase of 4 words is repeated"),
        (
            "The source negates, and nothing in the translation does",
            "The German has a negation; the translation has none",
        ),
    ],
)
def test_earlier_wording_stays_accepted(tmp_path: Path, former: str, present: str) -> None:
    """A message may be reworded; its findings stay accepted."""
    path = tmp_path / "baseline.json"
    accept(path, [finding(tmp_path, message=former)])
    found = finding(tmp_path, message=present)
    assert list(baseline.new([found], baseline.load(path), path)) == []
