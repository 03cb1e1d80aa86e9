"""A baseline accepts what is there, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.checks import baseline
from pipeline.core.errors import SettingsError
from pipeline.core.types import Finding, Severity


def finding(folder: Path, line: int = 3, message: str = "'1' became '2'") -> Finding:
    path = folder / "output" / "a.po"
    return Finding("numbers", Severity.ERROR, message, path, line, "en", "1 Ü", "2")


def test_accepted_findings_are_left_out(tmp_path: Path) -> None:
    """Whatever their line is now; a new one and a second of the same are reported."""
    path = tmp_path / "baseline.json"
    old = finding(tmp_path)
    assert baseline.write(path, [old]) == 1
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
        baseline.write(folder / "baseline.json", rows if name == "one" else rows[::-1])
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
