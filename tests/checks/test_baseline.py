"""A baseline accepts what is there, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.checks import Tally, baseline
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


def test_lines_in_messages_do_not_count(tmp_path: Path) -> None:
    """The place of another entry moves, or is named from another working directory."""
    path = tmp_path / "baseline.json"
    kinds = ("Translated differently", "Same translation as another German text")
    for kind in kinds:
        old = finding(tmp_path, message=f"{kind} at output/en/b: 1.po:3: 'x at 7: y'")
        accept(path, [old])
        assert ":3:" not in path.read_text(encoding="utf-8")
        moved = replace(old, message=f"{kind} at /elsewhere/b: 1.po:44: 'x at 7: y'")
        other = replace(old, message=f"{kind} at output/en/b: 1.po:3: 'z'")
        assert list(baseline.new([moved, other], baseline.load(path), path)) == [other]


def test_earlier_baselines_with_lines_and_absolute_paths_stay_valid(tmp_path: Path) -> None:
    """As they were written for catalogs that are not below the folder of the baseline."""
    path = tmp_path / "ci" / "baseline.json"
    path.parent.mkdir()
    message = "Translated differently at a.po:3: 'x'"
    row = {
        "path": (tmp_path / "output" / "a.po").as_posix(), "check": "numbers", "source": "1 Ü",
        "message": message,
    }  # fmt: skip
    path.write_text(json.dumps({"version": 1, "accepted": [row]}), encoding="utf-8")
    found = finding(tmp_path, message=message.replace("3", "9"))
    assert list(baseline.new([found], baseline.load(path), path)) == []


def test_a_baseline_in_another_folder_is_portable(tmp_path: Path) -> None:
    """Its paths lead up from its own folder, so a moved checkout keeps its findings accepted."""
    one, two = tmp_path / "one", tmp_path / "two"
    (one / "ci").mkdir(parents=True)
    accept(one / "ci" / "baseline.json", [finding(one)])
    assert '"../output/a.po"' in (one / "ci" / "baseline.json").read_text(encoding="utf-8")
    one.rename(two)
    path = two / "ci" / "baseline.json"
    assert list(baseline.new([finding(two)], baseline.load(path), path)) == []


def test_accepted_findings_are_counted(tmp_path: Path) -> None:
    """Each as often as it was accepted; a catalog that cannot be checked never is."""
    path, tally = tmp_path / "baseline.json", Tally()
    old = finding(tmp_path)
    damaged = replace(old, check="malformed")
    accept(path, [old, old, damaged])
    found = list(baseline.new([old, old, old, damaged], baseline.load(path), path, tally))
    assert (found, tally.accepted) == ([old, damaged], 2)
