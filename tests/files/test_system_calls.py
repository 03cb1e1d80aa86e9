"""The program without the system calls that only some platforms have."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BLOCK = """
import importlib.abc, os, sys

MISSING = ("fcntl", "resource", "termios", "tty", "pwd", "grp", "syslog")

class Blocked(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in MISSING:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

import multiprocessing, subprocess, tempfile, shutil  # use them where the system has them
for name in MISSING:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Blocked())
for name in ("sched_getaffinity", "fchown", "fchmod", "pread", "pwrite", "major", "minor", "fork",
             "O_NONBLOCK", "O_DIRECTORY", "O_NOFOLLOW", "statvfs", "mkfifo"):
    if hasattr(os, name):
        delattr(os, name)
"""
"""Makes Linux poorer than Windows, for what is imported or called afterwards."""

IMPORT = """
import pkgutil, importlib, pipeline
for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
    if module.name != "pipeline.__main__":
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as error:
            # Optional: llama.cpp and uvicorn are not installed everywhere.
            assert error.name not in MISSING, module.name
"""

LOCKS = """
import errno, types
held = {}
def locking(descriptor, mode, size):
    inode = os.fstat(descriptor).st_ino
    place = inode, os.lseek(descriptor, 0, os.SEEK_CUR)
    try:  # a lock ends when its file is closed
        if os.fstat(held.get(place, -1)).st_ino != inode:
            held.pop(place, None)
    except OSError:
        held.pop(place, None)
    if mode == 2 and held.setdefault(place, descriptor) != descriptor:
        raise OSError(errno.EACCES, "Permission denied")
sys.modules["msvcrt"] = types.SimpleNamespace(LK_NBLCK=2, LK_UNLCK=0, locking=locking)
"""
"""Stands for the module of Windows: within this process, a byte has one holder."""


def run(
    code: str, *words: str | Path, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", BLOCK + code, *words], cwd=folder, capture_output=True, text=True
    )


def test_every_module_can_be_imported() -> None:
    """No module needs at import what Windows does not have."""
    done = run(IMPORT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "words", [("extract",), ("status",), ("check", "--allow-empty"), ("build", "--allow-missing")]
)
def test_commands_work(folder: Path, words: tuple[str, ...]) -> None:
    """Articles are extracted, checked and built with the locks of Windows."""
    (folder / "glossary" / "de-en.csv").unlink()
    main = "\nfrom pipeline.cli.main import main; sys.argv[0] = 'translate'; main()"
    assert run(LOCKS + main, "extract", folder=folder).returncode == 0
    done = run(LOCKS + main, *words, folder=folder)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stdout + done.stderr
    assert len(list((folder / "output").rglob("*.po"))) == 2
    assert not list((folder / "output").rglob("*lock*"))


def test_a_lock_excludes_others(folder: Path, tmp_path: Path) -> None:
    """Also with the locks of Windows, a second lock on a folder waits and gives up."""
    code = """
from pathlib import Path
from pipeline.core import RetryLaterError
from pipeline.files.locks import lock_directory
with lock_directory(Path(sys.argv[1])), lock_directory(Path(sys.argv[2])):
    try:
        with lock_directory(Path(sys.argv[1]), 0.1): pass
    except RetryLaterError as error:
        print(error)
"""
    done = run(LOCKS + code, tmp_path / "a", tmp_path / "b")
    assert "locked by another translate process" in done.stdout, done.stderr
