"""Replace files atomically: after a crash, a file has its old or its new content.

Writers hold the lock of the folder (see `files.locks`). Other programs ignore that lock, so
a file is compared with its expected content right before it is replaced, under a lease (see
`files.writers`). On Linux, the two files are exchanged in one step (renameat2(2)), which also
detects a save in that moment.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pipeline.core import PipelineError, system_error
from pipeline.files.locks import lock_directory
from pipeline.files.system_calls import BINARY, EXCHANGE, NO_REPLACE, copy_owner, sync_folder
from pipeline.files.system_calls import rename_with as _rename
from pipeline.files.writers import Lease, note_own_write

__all__ = [
    "RESCUED",
    "FileChangedError",
    "exchange",
    "is_temporary",
    "move",
    "replace_file",
    "replace_if_unchanged",
    "restore_missing",
    "write_atomic",
]

_PREFIX = ".translate-"
"""Start of the names of temporary files."""

_WRITING, _READY, _OLD = ".part", ".tmp", ".old"
"""Their suffixes: incomplete, complete, and the replaced file."""

RESCUED = ".rescued"
"""The suffix of a file that another program saved in the moment a writer was killed."""

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY
_MAX_NAME = 255  # bytes, in most file systems


class FileChangedError(Exception):
    """A file changed after it was read. Read it again."""


def write_atomic(path: Path, data: bytes) -> None:
    """Replace a file under the lock of its folder; create it with its folder if missing.

    Raises PipelineError on failure; the old file is then unchanged.
    """
    with lock_directory(_real(path).parent):
        replace_file(path, data)


def replace_file(path: Path, data: bytes) -> None:
    """Replace a file. The caller holds the lock of the folder or is its only writer.

    Raises PipelineError on failure; the old file is then unchanged.
    """
    real = _real(path)
    with _temporary_file(real, data) as temporary:
        temporary.replace(real)
        sync_folder(real.parent)


def replace_if_unchanged(path: Path, data: bytes, expected: bytes | None) -> None:
    """Replace a file that contains `expected` (None: create a file that does not exist).

    The caller holds the lock of the folder. Raises FileChangedError if another program
    changed the file or is writing it; the file then stays. Raises PipelineError if it cannot
    be written.
    """
    real = _real(path)
    with _temporary_file(real, data) as temporary:
        try:
            if (real.read_bytes() if real.exists() else None) != expected:
                raise FileChangedError(path)
            if expected is not None:
                _exchange_recoverably(temporary, real, data, expected)
            else:
                if not _rename(temporary, real, NO_REPLACE):
                    _link_or_replace(temporary, real)
                sync_folder(real.parent)
        except (FileExistsError, FileNotFoundError):
            raise FileChangedError(path) from None
    note_own_write(real)


def move(old: Path, new: Path) -> None:
    """Rename a file in one step. Creates the folder, and never replaces a file.

    Raises PipelineError on failure; the file then keeps its name.
    """
    try:
        new.parent.mkdir(parents=True, exist_ok=True)
        if not _rename(old, new, NO_REPLACE):
            if new.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(new))
            old.rename(new)
        for folder in {new.parent, old.parent}:
            sync_folder(folder)
    except OSError as error:
        raise PipelineError(
            f"{old}: cannot be moved to {new}: {error.strerror}",
            "Check the permissions of both folders.",
        ) from error


def is_temporary(path: Path) -> bool:
    """Return whether a file is the temporary file of a writer."""
    return path.name.startswith(_PREFIX) and path.suffix in (_WRITING, _READY, _OLD)


def restore_missing(path: Path, *, locked: bool = False) -> None:
    """Restore a file that a killed writer was replacing.

    While a file is replaced, it is missing for a moment if the file system cannot exchange
    two files. Waits for the writer if it is still running, unless the caller has `locked` the
    folder.
    """
    real = _real(path)
    pattern = re.compile(rf"{re.escape(_PREFIX)}.*~{re.escape(real.name)}{re.escape(_OLD)}")
    try:
        if any(pattern.fullmatch(p.name) for p in real.parent.iterdir()):
            with nullcontext() if locked else lock_directory(real.parent):
                _clean_up(real.parent)
    except OSError as error:
        hint = "Check the folder's permissions."
        raise system_error(f"{path}: cannot be restored", hint, error) from error


def _exchange_recoverably(temporary: Path, path: Path, data: bytes, expected: bytes) -> None:
    """Exchange under a name from which the next writer can recover after a crash.

    Between the two renames of `exchange`, the content another program just saved has the
    temporary name. So the name contains digests of the file's name, `data` and `expected`.
    """
    names = _Names(_digest(os.fsencode(path.name)), _digest(data), _digest(expected))
    ready = path.with_name(f"{names}{_READY}")
    temporary.rename(ready)
    try:
        exchange(ready, path, expected)
    finally:
        # Also after Ctrl-C: what is left may be the save of another program.
        for leftover in (ready, _old_name(ready, path)):
            with suppress(OSError):
                if leftover is not None and leftover.exists():
                    _settle(leftover, path, names)


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


def _clean_up(folder: Path) -> None:
    """Delete temporary files of killed writers; restore what another program had saved."""
    for leftover in filter(is_temporary, list(folder.iterdir())):
        names = _Names.parse(leftover)
        if names is None:
            leftover.unlink(missing_ok=True)
            continue
        if leftover.suffix == _OLD:
            path: Path | None = folder / leftover.stem.partition("~")[2]
        else:
            digests = ((p, _digest(os.fsencode(p.name))) for p in folder.iterdir())
            path = next((p for p, digest in digests if digest == names.target), None)
        _settle(leftover, path, names)


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


def exchange(temporary: Path, path: Path, expected: bytes) -> None:
    """Replace a file by `temporary`, even if another program saves it in that moment.

    The two files exchange their names. If the replaced file does not contain `expected`, or
    a program opens it for writing, they are exchanged back and FileChangedError is raised.
    The name of the file is on the disk then. If the system can neither exchange nor link
    files, they are renamed without this check.
    """
    ours = temporary.read_bytes()
    with Lease(path) as lease:
        if lease.has_writer:
            raise FileChangedError(path)
        if not _swap(temporary, path):
            temporary.replace(path)
            sync_folder(path.parent)
            return
        if temporary.read_bytes() == expected:
            sync_folder(path.parent)  # Meanwhile, a program that is opening the file shows up.
            if not lease.is_broken():
                return
        _swap(temporary, path)
        if temporary.read_bytes() != ours:  # Saved once more: the latest save stays.
            _swap(temporary, path)
        raise FileChangedError(path)


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


def _real(path: Path) -> Path:
    """Resolve links: their target is replaced, not the link."""
    return Path(os.path.realpath(path))


@contextmanager
def _temporary_file(path: Path, data: bytes) -> Iterator[Path]:
    """Write `data` to a temporary file beside `path`, which the block renames.

    The new file gets the permissions of the old one and, if allowed, its owner. Its content
    is on the disk before the block; the block writes its name to the disk. Temporary files of
    killed writers are removed first.
    """
    if path.exists() and not os.access(path, os.W_OK):
        raise PipelineError(f"{path}: is read-only", "Make it writable.")
    temporary = path.with_name(f"{_PREFIX}{secrets.token_hex(8)}{_WRITING}")
    try:
        _clean_up(path.parent)
        _write_through(temporary, data, path)
        yield temporary
    except OSError as error:
        hint = "Nothing is lost. Check the free space and the folder's permissions."
        raise system_error(f"{path}: cannot write", hint, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _write_through(temporary: Path, data: bytes, path: Path) -> None:
    """Write a new file to the disk, with the permissions of `path`."""
    handle = os.open(temporary, _CREATE, 0o666)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        with suppress(FileNotFoundError):
            copy_owner(handle, path.stat())
        os.fsync(handle)
