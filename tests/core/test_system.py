"""How many cores a process may use, by its affinity and by the limits of its control groups."""

import os
from pathlib import Path

import pytest

from pipeline.core import system

CORES = 64


def limited(folder: Path, monkeypatch: pytest.MonkeyPatch, own: str, limits: dict[str, str]) -> int:
    """The cores on a machine with 64, for the kernel's files as they are given."""
    (folder / "self").write_text(own)
    for group, text in limits.items():
        (folder / group).mkdir(parents=True, exist_ok=True)
        (folder / group / "cpu.max").write_text(text)
    monkeypatch.setattr(system, "_OWN_CGROUP", folder / "self")
    monkeypatch.setattr(system, "_CGROUPS", folder)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(CORES)), raising=False)
    return system.usable_cores()


@pytest.mark.parametrize(
    ("own", "limits", "cores"),
    [
        ("0::/\n", {".": "200000 100000\n"}, 2),
        ("0::/\n", {".": "150000 100000\n"}, 2),
        ("0::/\n", {".": "5000 100000\n"}, 1),
        ("0::/\n", {".": "max 100000\n"}, CORES),
        ("0::/\n", {}, CORES),
        ("0::/slurm/job_1/step_0\n", {"slurm/job_1": "400000 100000\n"}, 4),
        ("0::/a/b\n", {"a": "300000 100000\n", "a/b": "max 100000\n"}, 3),
        ("0::/a/b\n", {"a": "800000 100000\n", "a/b": "100000 50000\n"}, 2),
        ("0::/\n", {".": "99900000 100000\n"}, CORES),
        ("3:cpu:/docker/1\n", {"docker/1": "100000 100000\n"}, CORES),
        ("0::/\n", {".": "1 0\n"}, CORES),
        ("0::/\n", {".": "\n"}, CORES),
        ("", {}, CORES),
    ],
)
def test_limits_of_control_groups(
    own: str,
    limits: dict[str, str],
    cores: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert limited(tmp_path, monkeypatch, own, limits) == cores


def test_this_process_may_use_a_core() -> None:
    assert 1 <= system.usable_cores() <= (os.cpu_count() or 1)
