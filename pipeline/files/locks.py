"""Advisory locks (flock(2)) on folders and files.

The system releases a lock when its holder ends, even if the holder is killed. A lock on a
folder needs no lock file. Locks bind translate alone: other programs ignore them.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.core import PipelineError

TIMEOUT_SECONDS = 30.0
"""How long `lock_directory` waits by default. Writers hold a lock for milliseconds."""

_POLL_SECONDS = 0.02


@contextmanager
def lock_directory(folder: Path, timeout: float = TIMEOUT_SECONDS) -> Iterator[None]:
    """Hold the lock of a folder, which is created if it is missing.

    Raises PipelineError if the lock is not acquired within `timeout` seconds.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise PipelineError(
            f"{folder}: {error.strerror}", "Check the folder's permissions."
        ) from error
    try:
        if not _acquire(descriptor, folder, timeout):
            raise PipelineError(
                f"{folder}: locked by another translate process",
                "Wait until that process is done, or stop it.",
            )
        yield
    finally:
        os.close(descriptor)


@contextmanager
def lock_file(path: Path, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of a lock file, which contains the process ID of its holder.

    If another process holds the lock, `on_wait` is called with that process ID ("unknown"
    if the file does not contain it). An exception it raises gives up; otherwise the wait has
    no limit. The holder may delete the file with its folder; both are then created again.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            if not _acquire(descriptor, path, 0.0):
                on_wait(os.pread(descriptor, 20, 0).decode("ascii", "replace") or "unknown")
                _acquire(descriptor, path, None)
            if not _is_linked(descriptor, path):
                path.parent.mkdir(parents=True, exist_ok=True)
                continue
            os.truncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
            yield
            return
        finally:
            os.close(descriptor)


def _acquire(descriptor: int, path: Path, timeout: float | None) -> bool:
    """Return whether the lock was acquired within `timeout` seconds (None: no limit)."""
    try:
        if timeout is None:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            return True
        deadline = time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
            time.sleep(_POLL_SECONDS)
    except OSError as error:
        raise PipelineError(
            f"{path}: cannot be locked: {error.strerror}",
            "Use a file system that supports locks.",
        ) from error


def _is_linked(descriptor: int, path: Path) -> bool:
    """Whether `path` still names the open file. A lock on a deleted file excludes nobody."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
