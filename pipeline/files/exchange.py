"""Exchange a file with a new version without losing what another program saves meanwhile.

Other programs ignore our locks, so a file is compared with its expected content right before it
is replaced, under a lease (see `files.writers`). On Linux, the two files are exchanged in one step
(renameat2(2)), which also detects a save in that moment. The names of temporary files contain
digests, from which the next writer recovers after a crash.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
from contextlib import closing, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pipeline.core import PipelineError, system_error
from pipeline.core.file_names import real_path
from pipeline.files.locks import lock_directory
from pipeline.files.system_calls import BINARY, EXCHANGE, NO_REPLACE, sync_folder, try_lock
from pipeline.files.system_calls import rename_with as _rename
from pipeline.files.writers import Lease

__all__ = [
    "RESCUED",
    "Exchange",
    "FileChangedError",
    "clean_up",
    "create_temporary",
    "exchange",
    "is_temporary",
    "place_new",
    "restore_missing",
    "settle_folder",
]

_PREFIX = ".translate-"
"""Start of the names of temporary files."""

_WRITING, _READY, _OLD = ".part", ".tmp", ".old"
"""Their suffixes: incomplete, complete, and the replaced file."""

RESCUED = ".rescued"
"""The suffix of a file that another program saved in the moment a writer was killed."""

_MAX_NAME = 255  # bytes, in most file systems
_MAX_ATTEMPTS = 100
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY


class FileChangedError(Exception):
    """A file changed after it was read. Read it again."""


class Exchange:
    """The replacement of a file by a temporary one, in steps, for a caller that locks the folder.

    After `begin`, the caller writes the names in the folder to the disk, then calls `confirm`;
    in any case, it calls `close`. Both steps raise FileChangedError if the file does not contain
    `expected`, or if another program is writing it: its content then stays.
    """

    def __init__(self, temporary: Path, path: Path, data: bytes, expected: bytes) -> None:
        self._path, self._expected = path, expected
        # Between the two renames of an undone exchange, the content that another program just
        # saved has the temporary name: the digests identify it after a crash.
        self._names = _Names(_digest(os.fsencode(path.name)), _digest(data), _digest(expected))
        self._temporary = temporary
        self._ready = path.with_name(f"{self._names}{_READY}")
        self._swap: _Swap | None = None

    def begin(self) -> None:
        """Exchange the two files; raises FileChangedError or OSError."""
        self._temporary.rename(self._ready)
        self._swap = _Swap(self._ready, self._path, self._expected)
        self._swap.begin()

    def confirm(self) -> None:
        """Undo the exchange if a program opened the file meanwhile; raises FileChangedError."""
        assert self._swap is not None
        self._swap.confirm()

    def close(self) -> None:
        """Delete the replaced file, or restore it if it is the save of another program."""
        if self._swap is not None:
            self._swap.close()
        for leftover in (self._ready, _old_name(self._ready, self._path)):
            with suppress(OSError):
                if leftover is not None and leftover.exists():
                    _settle(leftover, self._path, self._names)


class _Swap:
    """An exchange of two names under a lease on the replaced file, which `close` releases."""

    def __init__(self, temporary: Path, path: Path, expected: bytes) -> None:
        self._temporary, self._path, self._expected = temporary, path, expected
        self._ours = b""
        self._is_swapped = False
        self._lease = Lease(path)

    def begin(self) -> None:
        self._ours = self._temporary.read_bytes()
        self._lease.__enter__()
        if self._lease.has_writer:
            raise FileChangedError(self._path)
        if not _swap(self._temporary, self._path):
            self._temporary.replace(self._path)
            return
        self._is_swapped = True
        if self._temporary.read_bytes() != self._expected:
            self._undo()

    def confirm(self) -> None:
        """Undo the exchange if a program is waiting to open the file."""
        if self._is_swapped and self._lease.is_broken():
            self._undo()

    def close(self) -> None:
        self._lease.close()

    def _undo(self) -> None:
        self._is_swapped = False
        _swap(self._temporary, self._path)
        if self._temporary.read_bytes() != self._ours:  # Saved once more: the latest save stays.
            _swap(self._temporary, self._path)
        raise FileChangedError(self._path)


def exchange(temporary: Path, path: Path, expected: bytes) -> None:
    """Replace a file by `temporary`, even if another program saves it in that moment.

    The two files exchange their names. If the replaced file does not contain `expected`, or
    a program opens it for writing, they are exchanged back and FileChangedError is raised.
    The name of the file is on the disk then. If the system can neither exchange nor link
    files, they are renamed without this check.
    """
    with closing(_Swap(temporary, path, expected)) as swap:
        swap.begin()
        sync_folder(path.parent)  # Meanwhile, a program that is opening the file shows up.
        swap.confirm()


def place_new(temporary: Path, path: Path) -> None:
    """Rename a temporary file; raises FileExistsError if the new name exists."""
    if not _rename(temporary, path, NO_REPLACE):
        _link_or_replace(temporary, path)


def create_temporary(path: Path) -> tuple[Path, int]:
    """Create a temporary file beside `path`; return its name and descriptor; raises OSError.

    Other writers delete it only after the descriptor is closed, which unlocks it.
    """
    for _ in range(_MAX_ATTEMPTS):
        temporary = path.with_name(f"{_PREFIX}{secrets.token_hex(8)}{_WRITING}")
        descriptor = os.open(temporary, _CREATE, 0o666)
        if try_lock(descriptor) and os.fstat(descriptor).st_nlink:
            return temporary, descriptor
        os.close(descriptor)  # Another writer took it for a leftover in this moment.
    raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN), str(path))


def is_temporary(path: Path) -> bool:
    """Return whether a file is the temporary file of a writer."""
    return path.name.startswith(_PREFIX) and path.suffix in (_WRITING, _READY, _OLD)


def restore_missing(path: Path, *, locked: bool = False) -> None:
    """Restore a file that a killed writer was replacing.

    While a file is replaced, it is missing for a moment if the file system cannot exchange
    two files. Waits for the writer if it is still running, unless the caller has `locked` the
    folder.
    """
    real = real_path(path)
    pattern = re.compile(rf"{re.escape(_PREFIX)}.*~{re.escape(real.name)}{re.escape(_OLD)}")
    try:
        if any(pattern.fullmatch(p.name) for p in real.parent.iterdir()):
            with nullcontext() if locked else lock_directory(real.parent):
                clean_up(real.parent)
    except OSError as error:
        hint = "Check the folder's permissions."
        raise system_error(f"{path}: cannot be restored", hint, error) from error


def settle_folder(folder: Path) -> None:
    """Finish what killed writers left in a folder, which may hold the save of another program.

    Any later write does so too; this is for a command that has nothing to write. A folder that
    cannot be written, or does not exist, is left alone.
    """
    try:
        with os.scandir(folder) as entries:
            is_left = any(entry.name.startswith(_PREFIX) for entry in entries)
        if is_left:
            real = real_path(folder)
            with lock_directory(real):
                clean_up(real)
    except (OSError, PipelineError):
        return  # whoever writes there reports it


@dataclass(frozen=True, slots=True)
class _Names:
    """Digests in the name of a temporary file: of the target's name, its new and old content."""

    target: str
    new: str
    old: str

    @classmethod
    def parse(cls, leftover: Path) -> Self | None:
        """Return the digests in a file name, None without them."""
        digests = leftover.name.removeprefix(_PREFIX).partition(".")[0].partition("~")[0].split("-")
        return cls(*digests) if len(digests) == 3 else None

    def __str__(self) -> str:
        return f"{_PREFIX}{self.target}-{self.new}-{self.old}"


def _old_name(ready: Path, path: Path) -> Path | None:
    """Return the temporary name of a replaced file, which contains its own name.

    None if that is too long.
    """
    name = f"{ready.stem}~{path.name}{_OLD}"
    return path.with_name(name) if len(os.fsencode(name)) <= _MAX_NAME else None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def clean_up(folder: Path) -> None:
    """Delete temporary files of killed writers; restore what another program had saved."""
    for leftover in filter(is_temporary, list(folder.iterdir())):
        names = _Names.parse(leftover)
        if names is None:
            _delete_unlocked(leftover)
            continue
        if leftover.suffix == _OLD:
            path: Path | None = folder / leftover.stem.partition("~")[2]
        else:
            digests = ((p, _digest(os.fsencode(p.name))) for p in folder.iterdir())
            path = next((p for p, digest in digests if digest == names.target), None)
        _settle(leftover, path, names)


def _delete_unlocked(leftover: Path) -> None:
    """Delete a temporary file unless its writer is still running, which locks it."""
    try:
        descriptor = os.open(leftover, os.O_RDWR | BINARY)
    except (FileNotFoundError, PermissionError):  # deleted meanwhile, or another user's
        return
    try:
        if try_lock(descriptor):
            leftover.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _settle(leftover: Path, path: Path | None, names: _Names) -> None:
    """Delete a temporary file, or restore it if it holds what another program saved.

    `path` is the file it was made for, None if that is gone.
    """
    if path is not None and path.exists() and path.samefile(leftover):
        leftover.unlink()
        return
    with Lease(leftover) as lease:
        # A program that was opening the file when it was replaced writes to it here.
        is_open = lease.has_writer or lease.is_broken()
        if not is_open and _digest(leftover.read_bytes()) in (names.new, names.old):
            if leftover.suffix == _OLD and path is not None and not path.exists():
                _link_or_replace(leftover, path)
            leftover.unlink(missing_ok=True)
        elif path is not None and path.exists() and _digest(path.read_bytes()) == names.new:
            leftover.replace(path)
        elif path is not None and leftover.suffix == _OLD and not path.exists():
            leftover.rename(path)
        else:
            name = path.name if path else "catalog"
            leftover.rename(leftover.with_name(f"{name}.{secrets.token_hex(4)}{RESCUED}"))


def _swap(temporary: Path, path: Path) -> bool:
    """Exchange the names of two files; return False if the system does not support it.

    Without renameat2(2), the file is renamed first, and the new one linked to its name, which
    fails if another program saves the file meanwhile.
    """
    if _rename(temporary, path, EXCHANGE):
        return True
    old = _old_name(temporary, path)
    if old is None:
        return False
    path.rename(old)
    try:
        path.hardlink_to(temporary)
    except FileExistsError:  # Saved meanwhile: that save stays.
        raise FileChangedError(path) from None
    except OSError:
        if path.exists():
            raise FileChangedError(path) from None
        old.rename(path)
        return False
    temporary.unlink()
    old.rename(temporary)
    return True


def _link_or_replace(old: Path, new: Path) -> None:
    """Rename a file; raises FileExistsError if the new name exists.

    Without support for hard links, a file created in that moment is replaced.
    """
    try:
        new.hardlink_to(old)
    except FileExistsError:
        raise
    except OSError:
        if new.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(new)) from None
        old.rename(new)
    else:
        old.unlink()
