"""System calls that differ between Linux, macOS and Windows.

| | Linux | macOS | Windows |
|---|---|---|---|
| lock | flock(2) | flock(2) | a byte behind the end of a file (`LockFile`) |
| lock of a folder | the folder | the folder | a file in the cache folder |
| exchange two files | renameat2(2) | no | no |
| see writers | leases, fcntl(2) | no | no: an open file cannot be replaced |
| write names to the disk | fsync(2) of the folder | the same | done by the system |

Nothing here is imported or called unless the platform has it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import signal
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Thread

from pipeline.core.file_names import real_path
from pipeline.files.cache_dir import cache_dir

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = [
    "BINARY",
    "EXCHANGE",
    "NO_REPLACE",
    "copy_owner",
    "has_leases",
    "is_lease_held",
    "make_folder",
    "open_folder_lock",
    "rename_with",
    "set_read_lease",
    "sync_files",
    "sync_folder",
    "try_lock",
]

BINARY: int = getattr(os, "O_BINARY", 0)
"""The flag with which `os.open` changes no line ends on Windows."""

_AT_FDCWD, NO_REPLACE, EXCHANGE = -100, 1, 2
"""Arguments of renameat2(2)."""

_SYNC_THREADS = 8

_LOCKED_BYTE = 1 << 30
"""The byte that stands for a file on Windows, where a locked byte cannot be read."""


def open_folder_lock(folder: Path) -> int:
    """Open what is locked for a folder; raises OSError."""
    if fcntl is not None:
        return os.open(folder, os.O_RDONLY)
    name = hashlib.sha256(os.fsencode(real_path(folder))).hexdigest()[:16]
    path = cache_dir() / "locks" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT | BINARY, 0o600)


def try_lock(descriptor: int) -> bool:
    """Return whether the lock on an open file was acquired, without waiting; raises OSError."""
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            windows = import_module("msvcrt")
            position = os.lseek(descriptor, 0, os.SEEK_CUR)
            os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
            try:
                windows.locking(descriptor, windows.LK_NBLCK, 1)
            finally:
                os.lseek(descriptor, position, os.SEEK_SET)
    except OSError as error:
        if isinstance(error, BlockingIOError) or (
            fcntl is None and error.errno in (errno.EACCES, errno.EDEADLK)
        ):
            return False
        raise
    return True


def has_leases() -> bool:
    """Return whether the system shows programs that have a file open for writing."""
    return hasattr(fcntl, "F_SETLEASE")


def set_read_lease(descriptor: int) -> None:
    """Take a read lease; raises BlockingIOError if the file is open for writing, or OSError.

    The default signal of a broken lease, SIGIO, would end the process.
    """
    fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)


def is_lease_held(descriptor: int) -> bool:
    """Return whether no program waits to open a file for writing that this process leased."""
    return fcntl.fcntl(descriptor, fcntl.F_GETLEASE) == fcntl.F_RDLCK


def rename_with(old: Path, new: Path, flag: int) -> bool:
    """Call renameat2 with a flag; return False if the system does not support it.

    Raises OSError if the files cannot be renamed.
    """
    call = _renameat2()
    if call is None:
        return False
    import ctypes

    if call(_AT_FDCWD, os.fsencode(old), _AT_FDCWD, os.fsencode(new), flag) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.EPERM):
        return False
    raise OSError(code, os.strerror(code), str(new))


@cache
def _renameat2() -> Callable[..., int] | None:
    """Return the system call, None if there is none; each load of a library takes memory."""
    if os.name != "posix":
        return None
    import ctypes  # Readers never need it.

    call: Callable[..., int] | None
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return call


def copy_owner(descriptor: int, old: os.stat_result) -> None:
    """Give an open file the permissions of another and, if allowed, its owner.

    Permissions that it has already are not set: a file system without them may forbid it.
    """
    if hasattr(os, "fchown"):
        with suppress(OSError):  # Only root may change the owner.
            os.fchown(descriptor, old.st_uid, old.st_gid)
    mode = old.st_mode & 0o7777
    if hasattr(os, "fchmod") and os.fstat(descriptor).st_mode & 0o7777 != mode:
        os.fchmod(descriptor, mode)


def make_folder(folder: Path) -> None:
    """Create a folder and its parents, and write their names to the disk; raises OSError."""
    missing = []
    while not folder.is_dir() and folder != folder.parent:
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir(exist_ok=True)
        sync_folder(new.parent)


def sync_files(descriptors: Sequence[int]) -> list[OSError | None]:
    """Write open files to the disk; return the error of each, or None.

    Several threads wait for the disk: the file system then writes many files in one transaction.
    """
    errors: list[OSError | None] = [None] * len(descriptors)
    pending = deque(enumerate(descriptors))

    def sync() -> None:
        with suppress(IndexError):  # nothing is pending
            while True:
                number, descriptor = pending.popleft()
                try:
                    os.fsync(descriptor)
                except OSError as error:
                    errors[number] = error

    others = [Thread(target=sync) for _ in range(min(_SYNC_THREADS, len(descriptors)) - 1)]
    with suppress(RuntimeError):  # no more threads are allowed: fewer do the work
        for thread in others:
            thread.start()
    sync()
    for thread in filter(Thread.is_alive, others):
        thread.join()
    return errors


def sync_folder(folder: Path) -> None:
    """Write the names in a folder to the disk, unless the file system cannot do that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)
