"""The whole job under faults, as `benchmarks/fault_injection.py` tests it at length."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SFTP_SERVER = "/usr/lib/openssh/sftp-server"


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


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"), reason="needs Linux and cc")
def test_file_systems_that_lack_something() -> None:
    """Without locks, a command changes nothing and says so; everything else is optional."""
    script = str(ROOT / "benchmarks" / "system_faults.py")
    words = [sys.executable, script, "--file-systems", "import", "merge"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    ends = dict(re.findall(r"^(no .*|neither .*): exit codes {'import': (\d+)", done.stdout, re.M))
    assert {name.partition(" (")[0]: code for name, code in ends.items() if code != "0"} == {
        "no locks": "3",
    }
    assert ends["no locks (NFS without a lock manager)"] == "75"


@pytest.mark.skipif(
    not (shutil.which("sshfs") and Path(SFTP_SERVER).exists() and os.access("/dev/fuse", os.W_OK)),
    reason="needs sshfs and an SFTP server",
)
def test_two_machines_on_a_network_file_system() -> None:
    """Shards need no common locks, and a save on the other machine is kept."""
    script = str(ROOT / "benchmarks" / "network_files.py")
    words = [sys.executable, script, "4", "--sftp-server", SFTP_SERVER]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
