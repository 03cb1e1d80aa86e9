"""Advisory locks on folders and files (see `files.system_calls`).

The system releases a lock when its holder ends, even if the holder is killed. A lock on a
folder needs no lock file. Locks bind translate alone: other programs ignore them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.core import RetryLaterError, system_error
from pipeline.core.waiting import TIMEOUT, Wait
from pipeline.files.system_calls import BINARY, make_folder, open_folder_lock, try_lock

_INSTALLATION_TIMEOUT = 3600.0
"""How long `lock_file` waits: another process may be fetching a large model."""


@contextmanager
def lock_directory(folder: Path, timeout: float = TIMEOUT) -> Iterator[None]:
    """Hold the lock of a folder, which is created if it is missing.

    Raises RetryLaterError if the lock is not acquired within `timeout` seconds, and
    PipelineError if the folder cannot be locked.
    """
    try:
        make_folder(folder)
        descriptor = open_folder_lock(folder)
    except OSError as error:
        hint = "Check the disk and the folder's permissions."
        raise system_error(f"{folder}", hint, error) from error
    try:
        wait = Wait(lambda: f"{_other(folder)}, which locks {folder}", timeout)
        while not _acquire(descriptor, folder):
            if not wait.pause():
                raise RetryLaterError(
                    f"{folder}: locked by {_other(folder)}",
                    "Wait until that process is done, or stop it.",
                )
        yield
    finally:
        os.close(descriptor)


@contextmanager
def lock_file(path: Path, on_wait: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of a lock file, which contains the process ID of its holder.

    If another process holds the lock, `on_wait` is called with that process ID ("unknown"
    if the file does not contain it). An exception it raises gives up; otherwise
    RetryLaterError is raised after an hour. The holder may delete the file with its folder;
    both are then created again.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | BINARY, 0o644)
        try:
            if not _acquire(descriptor, path):
                os.lseek(descriptor, 0, os.SEEK_SET)
                on_wait(os.read(descriptor, 20).decode("ascii", "replace") or "unknown")
                wait = Wait(lambda: f"{_other(path)}, which locks {path}", _INSTALLATION_TIMEOUT)
                while not _acquire(descriptor, path):
                    if not wait.pause():
                        raise RetryLaterError(
                            f"{path}: locked by {_other(path)} for an hour",
                            "Wait until that process is done, or stop it.",
                        )
            if not _is_linked(descriptor, path):
                path.parent.mkdir(parents=True, exist_ok=True)
                continue
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, str(os.getpid()).encode())
            yield
            return
        finally:
            os.close(descriptor)


def _other(path: Path) -> str:
    holder = lock_holder(path)
    return "another translate process" + (f" (process ID {holder})" if holder else "")


def lock_holder(path: Path) -> int | None:
    """Return the ID of the process that locks a file or folder, None if it is not known.

    /proc/locks (proc(5)) lists the process, and device and inode of the file. Locks of other
    machines on a network file system are not listed.
    """
    with suppress(OSError, ValueError, AttributeError):  # Windows has no device numbers
        status = path.stat()
        device = f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}:{status.st_ino}"
        for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
            words = line.split()
            if device in words and "->" not in words and "LEASE" not in words:
                process = int(words[words.index(device) - 1])
                return process if process > 0 else None
    return None


def _acquire(descriptor: int, path: Path) -> bool:
    """Return whether the lock was acquired, without waiting."""
    try:
        return try_lock(descriptor)
    except OSError as error:
        hint = (
            "Use a file system that supports locks. On NFS, start its lock service, or mount it "
            "with local_lock=flock if no other machine writes there."
        )
        raise system_error(f"{path}: cannot be locked", hint, error) from error


def _is_linked(descriptor: int, path: Path) -> bool:
    """Whether `path` still names the open file. A lock on a deleted file excludes nobody."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
