"""Estimates of the memory of models, limits of the system, and models that do not fit."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.engines import memory_limits
from pipeline.engines.argos.engine import package_memory
from pipeline.engines.argos.model import ArgosSettings
from tests.conftest import Translate

GIBI = 1 << 30


def machine(root: Path, **files: str) -> Path:
    """The files of a Linux machine with 6 GiB free and 2 GiB of swap; `files` are further ones."""
    meminfo = "MemTotal:  16777216 kB\nMemAvailable:  6291456 kB\nSwapFree:  2097152 kB\n"
    for name, text in ({"proc/meminfo": meminfo} | files).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def group(folder: str, most: str, used: int, cached: int = 0) -> dict[str, str]:
    """The files of a control group."""
    return {
        f"{folder}/memory.max": f"{most}\n",
        f"{folder}/memory.current": f"{used}\n",
        f"{folder}/memory.stat": f"anon 1\ninactive_file {cached}\nactive_file 0\n",
    }


def test_the_machine_leaves_what_is_available_and_swap(tmp_path: Path) -> None:
    """As the kernel states it."""
    free = memory_limits.available(machine(tmp_path))
    assert free == memory_limits.AvailableMemory(8 * GIBI, "this machine")


def test_the_limit_of_a_container_counts(tmp_path: Path) -> None:
    """Less what is used; files that the kernel holds in memory are dropped first."""
    files = group("sys/fs/cgroup", str(2 * GIBI), GIBI, cached=GIBI // 2)
    root = machine(tmp_path, **files, **{"proc/self/cgroup": "0::/\n"})
    assert memory_limits.available(root) == memory_limits.AvailableMemory(
        3 * GIBI // 2, "the limit in /sys/fs/cgroup/memory.max"
    )


def test_the_limit_of_a_group_around_counts(tmp_path: Path) -> None:
    """A group without a limit of its own has that of the one that it is in."""
    files = group("sys/fs/cgroup/user", str(GIBI), 0) | group("sys/fs/cgroup/user/me", "max", 5)
    root = machine(tmp_path, **files, **{"proc/self/cgroup": "0::/user/me\n"})
    assert memory_limits.available(root) == memory_limits.AvailableMemory(
        GIBI, "the limit in /sys/fs/cgroup/user/memory.max"
    )


def test_the_limit_of_an_older_kernel_counts(tmp_path: Path) -> None:
    """Control groups had other files before."""
    folder = "sys/fs/cgroup/memory/me"
    files = {
        "proc/self/cgroup": "3:cpu,cpuacct:/\n2:memory:/me\n0::/\n",
        f"{folder}/memory.limit_in_bytes": str(GIBI),
        f"{folder}/memory.usage_in_bytes": "0",
    }
    free = memory_limits.available(machine(tmp_path, **files))
    assert free == memory_limits.AvailableMemory(
        GIBI, f"the limit in /{folder}/memory.limit_in_bytes"
    )


def test_a_system_that_does_not_tell_refuses_nothing(tmp_path: Path) -> None:
    """There is no such file elsewhere than on Linux."""
    assert memory_limits.available(tmp_path) is None


def test_ulimit_counts() -> None:
    """In a process that may map 3 GiB, less than that is free."""
    code = "from pipeline.engines.memory_limits import available as a; print(a().bytes, a().limit)"
    limit = f"--as={3 * GIBI}"
    done = subprocess.run(
        ["prlimit", limit, sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    free, _, name = done.stdout.strip().partition(" ")
    assert name == "ulimit -v"
    assert 0 < int(free) < 3 * GIBI


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="the system does not tell")
def test_a_model_too_large_is_refused_before_it_is_loaded(
    folder: Path, translate: Translate
) -> None:
    """A terabyte of holes: one line with what it needs, what is free and the cure."""
    model = folder / "huge.gguf"
    with model.open("wb") as file:
        file.write(b"GGUF")
        file.truncate(1 << 40)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    words = ("--engine", "llama", "--model", str(model))
    done = translate("text", "--to", "en", *words, text="Er kam.\n", TRANSLATE_CACHE=str(folder))
    assert done.returncode == 3
    assert "model huge needs about 1.3 TB of memory" in done.stderr
    assert "leaves" in done.stderr
    assert "smaller model" in done.stderr
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(before, 1 << 19)


def test_more_computed_at_once_needs_more() -> None:
    """So that fewer threads and smaller batches are a cure."""
    one = package_memory(10**8, ArgosSettings(threads=1))
    assert one < package_memory(10**8, ArgosSettings(threads=4))
    assert package_memory(10**8, ArgosSettings(threads=1, batch_tokens=512)) < one < GIBI


def test_a_package_too_large_is_refused(folder: Path, translate: Translate, tmp_path: Path) -> None:
    """Where a process may take less than the batches need."""
    from pipeline.models import argos
    from tests.models.argos import DE_EN

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRANSLATE_MODELS", str(tmp_path / "models"))
        argos.install_file(str(DE_EN))
    (folder / "translate.toml").write_text(
        'languages = ["en"]\n[engines.argos]\nthreads = 64\nbatch_tokens = 1048576\n',
        encoding="utf-8",
    )
    models = {"TRANSLATE_MODELS": str(tmp_path / "models")}
    done = translate("text", "--to", "en", text="Er kam.\n", **models)
    assert done.returncode == 3
    assert "package de-en needs about 2.0 TB of memory" in done.stderr
    assert "`batch_tokens` in [engines.argos]" in done.stderr
