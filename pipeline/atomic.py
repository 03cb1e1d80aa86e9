"""Files replaced as a whole or not at all, and a lock so that writers take turns.

The lock is on the folder (`flock`): it leaves no lock file, and the system lets it go when
its holder dies, however that happens. It binds this program alone; whether another one
changed a file meanwhile is looked up right before the file is replaced.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import PipelineError

WAIT = 30.0  # seconds to wait for another writer, who needs milliseconds
_PAUSE = 0.02  # seconds between two tries
_PREFIX = ".translate-"  # of the temporary files


class ChangedError(Exception):
    """The file is no longer what it was when it was read: read it again."""


@contextmanager
def lock(folder: Path, wait: float = WAIT) -> Iterator[None]:
    """Hold the lock of a folder, made if it is missing, for a `with` block.

    Raises PipelineError where it cannot be had within `wait` seconds.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise PipelineError(f"{folder}: {error.strerror}", "Check the folder's rights.") from error
    try:
        _acquire(handle, folder, time.monotonic() + wait)
        yield
    finally:
        os.close(handle)


def _acquire(handle: int, folder: Path, deadline: float) -> None:
    while True:
        try:
            return fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise PipelineError(
                    f"{folder}: another translate has been writing there for long",
                    "Wait until it is done, or end it.",
                ) from None
        except OSError as error:
            raise PipelineError(
                f"{folder}: cannot be locked: {error.strerror}",
                "Keep the project on a file system that has locks.",
            ) from error
        time.sleep(_PAUSE)


def write(path: Path, data: bytes) -> None:
    """Write a file as a whole, whoever else writes in its folder.

    Raises PipelineError where it cannot; the old file is then as it was.
    """
    real = Path(os.path.realpath(path))
    with lock(real.parent):
        replace(real, data)


def replace(path: Path, data: bytes, unchanged: Callable[[], bool] = lambda: True) -> None:
    """Put `data` in the place of a file, with the lock of its folder held.

    What a killed writer left is removed first. The new file has the old one's rights and,
    where allowed, its owner; a link is followed. It is on the disk before it gets the name.
    `unchanged` is asked at the last moment; where it says no, raises ChangedError. Raises
    PipelineError where the file cannot be written.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not os.access(path, os.W_OK):
        raise PipelineError(f"{path}: is read-only", "Make it writable, or leave it out.")
    temporary = path.with_name(f"{_PREFIX}{secrets.token_hex(8)}.tmp")
    try:
        for left in path.parent.glob(f"{_PREFIX}*.tmp"):
            left.unlink(missing_ok=True)
        _write_through(temporary, data, path)
        if not unchanged():
            raise ChangedError(path)
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        hint = "The file is as it was. Check the disk's free space and the folder's rights."
        raise PipelineError(f"{path}: cannot write: {error.strerror}", hint) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _write_through(temporary: Path, data: bytes, path: Path) -> None:
    """Write a new file, with the rights of `path`, down to the disk."""
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        with suppress(FileNotFoundError):
            old = path.stat()
            with suppress(PermissionError):
                os.fchown(handle, old.st_uid, old.st_gid)
            os.fchmod(handle, old.st_mode & 0o7777)
        os.fsync(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
