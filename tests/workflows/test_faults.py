"""The whole job under faults, as `benchmarks/fault_injection.py` tests it at length."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("options", [(), ("--no-exchange", "--slow")], ids=["usual", "hard"])
def test_killed_runs_and_full_disks_lose_nothing(options: tuple[str, ...]) -> None:
    """Runs killed beside editors at work are finished by the next one, nothing is lost."""
    script = str(ROOT / "benchmarks" / "fault_injection.py")
    words = [sys.executable, script, "2", "2", *options]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"[1-9][0-9]* saves beside; 0 texts of the translator lost", done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="forks, and reads the process table of Linux")
def test_grouped_writes_survive_kills_and_power_losses() -> None:
    """Each catalog is old or new, and the next run finishes the work."""
    script = str(ROOT / "benchmarks" / "grouped_writes.py")
    words = [sys.executable, script, "6", "20"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"20 power losses: [1-9][0-9]* files old, [1-9][0-9]* files new", done.stdout)


def test_random_commands_on_damaged_projects_end_without_a_traceback() -> None:
    """A sample of `benchmarks/fuzz_commands.py`; docs/research/robustness.md has the campaign."""
    script = str(ROOT / "benchmarks" / "fuzz_commands.py")
    words = [sys.executable, script, "150", "2024"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"150 commands .* 0 faults of 0 kinds; exit codes 0: [1-9]", done.stdout)


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"), reason="needs Linux and cc")
def test_failing_system_calls_lose_nothing() -> None:
    """Each command ends with an error of one line, and works once the fault is gone."""
    script = str(ROOT / "benchmarks" / "system_faults.py")
    words = [sys.executable, script, "--executions", "20", "--once", "import", "merge", "run"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("import", "merge", "run"):
        assert re.search(rf"{name}: [0-9]+ calls, 20 of [0-9]+ executions", done.stdout)
