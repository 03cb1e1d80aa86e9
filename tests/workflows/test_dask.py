"""Runs on a Dask cluster: the bytes of one process, also if workers are killed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.conftest import Translate
from tests.engines.loopback import Asked, Loopback, Reply
from tests.workflows.shard_project import (
    SOURCE_DATE,
    answer,
    outputs,
    use_server,
    write_project,
)

pytest.importorskip("distributed")

RUN = [sys.executable, "-m", "pipeline", "run"]


def workers_of(parent: int) -> list[int]:
    """Return the worker processes that a process has started."""
    found = []
    for thread in Path(f"/proc/{parent}/task").glob("*/children"):
        with suppress(OSError):
            for child in thread.read_text().split():
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
    return found


def kill_some(process: subprocess.Popen[str], server: Loopback, kills: int) -> int:
    """Kill a random worker whenever some more texts were drafted; return the number of kills."""
    chance = random.Random(1)
    killed, before = 0, 0
    until = time.monotonic() + 400
    while process.poll() is None and killed < kills and time.monotonic() < until:
        time.sleep(0.05)
        workers = workers_of(process.pid)
        if len(server.asked) < before + 6 or not workers:
            continue
        before = len(server.asked)
        with suppress(ProcessLookupError):
            os.kill(chance.choice(workers), signal.SIGKILL)
            killed += 1
    return killed


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds workers in /proc")
def test_killed_workers_change_no_byte(folder: Path) -> None:
    """Their articles are drafted by others; at most a chunk for each kill is drafted twice."""
    write_project(folder, 16)
    environment = os.environ | SOURCE_DATE

    def slow(asked: Asked) -> Reply:
        time.sleep(0.05)
        return answer(asked)

    with Loopback(slow) as server:
        use_server(folder, server.url)
        command = [*RUN, "--on", "dask", "--workers", "2", "--report", "report.json"]
        process = subprocess.Popen(
            command, cwd=folder, env=environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        killed = kill_some(process, server, 2)
        out, err = process.communicate(timeout=500)
        assert (process.returncode, killed) == (0, 2), err + out
        assert err.count("drafting with openai") == 1, "messages of workers arrive once"
        assert "16 of 16 articles drafted" in err
        made = outputs(folder)
        report = json.loads((folder / "report.json").read_bytes())
        assert sum(row["segments"] for row in report["catalogs"]) == 80
        assert sum(row["drafted"] for row in report["catalogs"]) == 80, "lost workers' drafts too"
        assert not list((folder / ".translate").glob("dask-*"))
        asked_by_dask = len(server.asked)

        for path in sorted((folder / "output").rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        cache = {"TRANSLATE_CACHE": str(folder.parent / "other")}
        subprocess.run(RUN, cwd=folder, env=environment | cache, check=True, capture_output=True)
        texts = len(server.asked) - asked_by_dask
    assert outputs(folder) == made
    assert asked_by_dask <= texts + (killed + 2) * 2 * 5, "two workers, chunks of two articles"


def test_a_refusal_is_reported_and_not_repeated(folder: Path, inside: Translate) -> None:
    """A server that refuses the key refuses it once, not once for each retry of Dask."""
    write_project(folder, 4)
    with Loopback(lambda asked: Reply({"error": {"message": "bad key"}}, 401)) as server:
        use_server(folder, server.url)
        done = inside("run", "--on", "dask", "--workers", "1")
        asked = len(server.asked)
    assert done.returncode == 3
    assert "401" in done.stderr or "bad key" in done.stderr
    assert asked <= 4 * 5, "each text once at most"


def test_a_missing_scheduler_may_come_back(folder: Path, inside: Translate) -> None:
    done = inside(
        "run", "--on", "dask", "--scheduler", "tcp://127.0.0.1:9",
        DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT="1s",
    )  # fmt: skip
    assert done.returncode == 75
    assert "127.0.0.1:9" in done.stderr


def test_options_of_a_cluster_need_it(inside: Translate) -> None:
    assert inside("run", "--workers", "2").returncode == 2
    assert inside("run", "--scheduler", "tcp://127.0.0.1:9").returncode == 2
