"""One process at a time in a model's folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.core.errors import ModelError

LOCK = ".lock"


@contextmanager
def lock_file(
    home: Path, *, wait: bool, note: Callable[[str], None] = lambda text: None
) -> Iterator[None]:
    """Hold the folder `home` for this process; the lock ends with the process, however it ends.

    Another holder is told through `note` and waited for, or, with `wait` off, raises
    ModelError.
    """
    import fcntl

    path = home / LOCK
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                _wait(descriptor, home.name, wait, note)
            if not _is_still(descriptor, path):
                continue
            os.truncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
            yield
            return
        finally:
            os.close(descriptor)


def _wait(descriptor: int, name: str, wait: bool, note: Callable[[str], None]) -> None:
    import fcntl

    holder = os.pread(descriptor, 20, 0).decode("ascii", "replace") or "unknown"
    message = f"model {name} is being installed by another process (number {holder})"
    if not wait:
        raise ModelError(message, "Wait for it, or end that process.")
    note(f"{message}: waiting for it")
    fcntl.flock(descriptor, fcntl.LOCK_EX)


def _is_still(descriptor: int, path: Path) -> bool:
    # `remove` deletes the lock's file with the folder: a lock on a deleted file holds nothing.
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return False
