"""The whole job under faults, as `benchmarks/fault_injection.py` tests it at length."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_killed_runs_and_full_disks_lose_nothing() -> None:
    """Runs killed beside a translator at work are finished by the next one, nothing is lost."""
    words = [sys.executable, str(ROOT / "benchmarks" / "fault_injection.py"), "4", "3"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"[1-9][0-9]* saves beside; 0 texts of the translator lost", done.stdout)
