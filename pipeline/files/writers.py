"""Detect programs that are writing a file, for example an editor that saves in place.

An editor that truncates a file and writes it anew leaves an incomplete file for a while. If the
file is replaced meanwhile, the editor writes to a file without a name, and its save is lost.

Linux grants a read lease (fcntl(2), F_SETLEASE) only if no program has the file open for writing.
While the lease is held, a program that opens the file for writing waits, and the holder can see
that. Elsewhere, and on network file systems, a file counts as being written until it has not
changed for a second; a longer pause of the writer cannot be detected there.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.core import RetryLaterError
from pipeline.core.waiting import TIMEOUT, Wait, report
from pipeline.files.system_calls import has_leases, is_lease_held, set_read_lease

__all__ = [
    "FileBusyError",
    "Lease",
    "describe_process",
    "describe_writer",
    "note_own_write",
    "read_settled",
]

_SETTLE_SECONDS = 1.0
"""How long a file must be unchanged if leases are not available."""

_SHARED = ("nfs", "cifs", "smb", "fuse.", "9p", "ceph", "afs", "glusterfs", "lustre", "virtiofs")
"""File systems on which programs of other machines may write."""

_Identity = tuple[int, int, int, int]
"""Device, inode, size and modification time in nanoseconds."""

_own_writes: set[_Identity] = set()
_first_seen: dict[_Identity, float] = {}


class FileBusyError(RetryLaterError):
    """Another program keeps a file open for writing, or keeps changing it."""


class Lease:
    """A read lease on a file, held during a `with` block.

    `has_writer` is True if a program has the file open for writing, and None if the system
    does not show it. A missing file, a device or a pipe has no writer.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1
        self._is_held = False
        self.has_writer: bool | None = False

    def __enter__(self) -> Self:
        if not has_leases():  # Windows could not replace a file that is open here.
            self.has_writer = None if self._path.is_file() else False
            return self
        with suppress(OSError):
            self._descriptor = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
        if self._descriptor < 0:
            return self
        status = os.fstat(self._descriptor)
        if stat.S_ISREG(status.st_mode):
            granted = _set_lease(self._descriptor, status.st_dev)
            self._is_held = granted is True
            self.has_writer = None if granted is None else not granted
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the lease."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def is_broken(self) -> bool:
        """Return whether a program is waiting to open the file for writing."""
        return self._is_held and not is_lease_held(self._descriptor)


def read_settled(path: Path, read: Callable[[], bytes], timeout: float = TIMEOUT) -> bytes:
    """Return the result of `read` while no other program is writing the file.

    Waits for a program that is writing it. Raises FileBusyError after `timeout` seconds. If
    the system does not show writers, waits until the file has not changed for a second, and
    reports that.
    """
    wait = Wait(lambda: f"{describe_writer(path)} to finish writing {path}", timeout)
    was_fresh = False
    while True:
        with Lease(path) as lease:
            before = _identity(path)
            is_fresh = lease.has_writer is None and before is not None and _is_fresh(before)
            was_fresh |= is_fresh
            if not lease.has_writer and not is_fresh:
                data = read()
                if _identity(path) == before:
                    if was_fresh:
                        report(
                            f"{path}: changed a moment ago, and this file system does not show "
                            "whether that save is complete. Do not save while translate runs"
                        )
                    return data
        if not wait.pause():
            raise FileBusyError(
                f"{path}: open for writing in {describe_writer(path)}",
                "Save and close it there, then run the command again.",
            )


def note_own_write(path: Path) -> None:
    """Remember that this process has written a file, which is therefore complete."""
    if identity := _identity(path):
        _own_writes.add(identity)


def describe_writer(path: Path) -> str:
    """Name the program that has a file open for writing, as far as the system shows it."""
    for process in _processes():
        with suppress(OSError), os.scandir(f"/proc/{process}/fd") as descriptors:
            for each in descriptors:
                if path.samefile(each.path) and _is_writable(process, each.name):
                    return describe_process(process)
    return "another program"


def describe_process(process: int) -> str:
    """Return the name and the ID of a process."""
    try:
        name = Path(f"/proc/{process}/comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        name = ""
    return f"{name} (process ID {process})" if name else f"process ID {process}"


def _processes() -> list[int]:
    try:
        return sorted(int(p.name) for p in Path("/proc").iterdir() if p.name.isdecimal())
    except OSError:
        return []


def _is_writable(process: int, descriptor: str) -> bool:
    """Return whether a descriptor of a process is open for writing (proc(5), fdinfo)."""
    info = Path(f"/proc/{process}/fdinfo/{descriptor}").read_text(encoding="ascii")
    flags = next((line.split()[1] for line in info.splitlines() if line.startswith("flags:")), "0")
    return int(flags, 8) & os.O_ACCMODE != os.O_RDONLY


def _set_lease(descriptor: int, device: int) -> bool | None:
    """Take a read lease; return False if the file is open for writing, None if not known."""
    if _is_shared(device):
        return None
    try:
        set_read_lease(descriptor)
    except BlockingIOError:
        return False
    except OSError:
        return None  # a file of another user, or a file system without leases
    return True


@cache
def _is_shared(device: int) -> bool:
    """Return whether other machines may write to a device (proc(5), mountinfo)."""
    name = f"{os.major(device)}:{os.minor(device)}"
    try:
        lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    for line in lines.splitlines():
        mount, _, source = line.partition(" - ")
        if mount.split()[2] == name:
            return source.startswith(_SHARED)
    return False


def _identity(path: Path) -> _Identity | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _is_fresh(identity: _Identity) -> bool:
    """Return whether another program may still be changing a file.

    The clock of a file server may differ, so a file that stays the same while this process
    watches it is not fresh either.
    """
    now, changed = time.monotonic(), identity[3] / 1e9
    if identity in _own_writes or time.time() - changed >= _SETTLE_SECONDS:
        return False
    return now - _first_seen.setdefault(identity, now) < _SETTLE_SECONDS
