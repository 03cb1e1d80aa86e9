"""Locks on folders and files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.core import RetryLaterError, waiting
from pipeline.files.locks import lock_directory, lock_file

SCRIPT = """
import sys, time
from pathlib import Path
from pipeline.files.locks import lock_directory
with lock_directory(Path(sys.argv[1])):
    print(flush=True)
    time.sleep(60)
"""


def test_a_writer_that_hangs_is_reported(tmp_path: Path) -> None:
    """The wait has a limit and ends with an error."""
    message = pytest.raises(RetryLaterError, match="another translate")
    with lock_directory(tmp_path), message, lock_directory(tmp_path, timeout=0.05):
        pass


def test_a_wait_names_the_holder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long wait is reported once, and the error names the process too."""
    said: list[str] = []
    monkeypatch.setattr(waiting, "_reporter", said.append)
    monkeypatch.setattr(waiting, "REPORT_AFTER", 0.05)
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, tmp_path], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"\n"
        locked = pytest.raises(RetryLaterError, match=f"process ID {holder.pid}")
        with locked as caught, lock_directory(tmp_path, 0.3):
            pass
        holder.kill()
    assert caught.value.exit_code == 75
    assert len(said) == 1
    assert f"process ID {holder.pid}" in said[0]


def test_a_dead_writer_holds_nothing_up(tmp_path: Path) -> None:
    """The system releases the lock of a killed process."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, tmp_path], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"\n"
        holder.kill()
        holder.wait()
    with lock_directory(tmp_path, 1.0):
        pass


def test_a_lock_file_names_its_holder(tmp_path: Path) -> None:
    """A waiting process gets the process ID of the holder, and can give up."""
    path = tmp_path / ".lock"

    class GiveUpError(Exception):
        pass

    def give_up(holder: str) -> None:
        raise GiveUpError(holder)

    refused = pytest.raises(GiveUpError, match=str(os.getpid()))
    with lock_file(path, give_up), refused, lock_file(path, give_up):
        pass
    with lock_file(path, give_up):
        assert path.read_text() == str(os.getpid())


def test_a_file_that_was_deleted_is_locked_anew(tmp_path: Path) -> None:
    """The holder may delete the folder, whose lock then excludes nobody."""
    folder = tmp_path / "model"
    folder.mkdir()
    path = folder / ".lock"
    with lock_file(path, pytest.fail):
        path.unlink()
        folder.rmdir()
        folder.mkdir()
        with lock_file(path, pytest.fail):
            assert path.read_text() == str(os.getpid())
