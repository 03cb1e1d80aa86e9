"""Replace files atomically: after a crash, a file has its old or its new content.

Writers hold the lock of the folder (see `files.locks`). Other programs ignore that lock, so
a file is compared with its expected content right before it is replaced. On Linux, the two
files are exchanged in one step (renameat2(2)), which also detects a save in that moment.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.core import PipelineError
from pipeline.files.locks import lock_directory

__all__ = [
    "RESCUED",
    "FileChangedError",
    "exchange",
    "is_temporary",
    "move",
    "replace_file",
    "replace_if_unchanged",
    "write_atomic",
]

_PREFIX = ".translate-"  # Start of the names of temporary files.
_WRITING, _READY = ".part", ".tmp"  # Their suffixes: incomplete, complete.
RESCUED = ".rescued"
"""The suffix of a file that another program saved in the moment a writer was killed."""
_AT_FDCWD, _NO_REPLACE, _EXCHANGE = -100, 1, 2  # Arguments of renameat2(2).


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


def replace_if_unchanged(path: Path, data: bytes, expected: bytes | None) -> None:
    """Replace a file that contains `expected` (None: create a file that does not exist).

    The caller holds the lock of the folder. Raises FileChangedError if another program
    changed the file, which then stays, and PipelineError if it cannot be written.
    """
    real = _real(path)
    with _temporary_file(real, data) as temporary:
        try:
            if (real.read_bytes() if real.exists() else None) != expected:
                raise FileChangedError(path)
            if expected is not None:
                _exchange_recoverably(temporary, real, data, expected)
            elif not _rename(temporary, real, _NO_REPLACE):
                temporary.replace(real)
        except (FileExistsError, FileNotFoundError):
            raise FileChangedError(path) from None


def move(old: Path, new: Path) -> None:
    """Rename a file in one step. Creates the folder, and never replaces a file.

    Raises PipelineError on failure; the file then keeps its name.
    """
    try:
        new.parent.mkdir(parents=True, exist_ok=True)
        if not _rename(old, new, _NO_REPLACE):
            if new.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(new))
            old.rename(new)
        for folder in {new.parent, old.parent}:
            _sync_folder(folder)
    except OSError as error:
        raise PipelineError(
            f"{old}: cannot be moved to {new}: {error.strerror}",
            "Check the permissions of both folders.",
        ) from error


def is_temporary(path: Path) -> bool:
    """Return whether a file is the temporary file of a writer."""
    return path.name.startswith(_PREFIX) and path.suffix in (_WRITING, _READY)


def _exchange_recoverably(temporary: Path, path: Path, data: bytes, expected: bytes) -> None:
    """Exchange under a name from which the next writer can recover after a crash.

    Between the two renames of `exchange`, the content another program just saved has the
    temporary name. So the name contains digests of the file's name, `data` and `expected`.
    """
    ready = path.with_name(f"{_ready_prefix(path)}{_digest(data)}-{_digest(expected)}{_READY}")
    temporary.rename(ready)
    keep = False
    try:
        exchange(ready, path, expected)
    except OSError:
        # If the second rename failed, this is the save of another program: see `_clean_up`.
        with suppress(OSError):
            keep = ready.read_bytes() != data
        raise
    finally:
        if not keep:
            with suppress(OSError):
                ready.unlink()


def _ready_prefix(path: Path) -> str:
    """Return the start of the names of a file's complete temporary files."""
    return f"{_PREFIX}{_digest(os.fsencode(path.name))}-"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _clean_up(folder: Path) -> None:
    """Delete temporary files of killed writers; restore what another program had saved."""
    for leftover in filter(is_temporary, folder.iterdir()):
        digests = leftover.stem.removeprefix(_PREFIX).split("-")
        found = _digest(leftover.read_bytes()) if len(digests) == 3 else ""
        if not found or found in digests[1:]:
            leftover.unlink(missing_ok=True)
            continue
        # Neither the new nor the expected content: another program saved in that moment.
        path = next(
            (p for p in folder.iterdir() if leftover.name.startswith(_ready_prefix(p))), None
        )
        if path is not None and _digest(path.read_bytes()) == digests[1]:
            leftover.replace(path)
        else:
            name = path.name if path else "catalog"
            leftover.rename(folder / f"{name}.{secrets.token_hex(4)}{RESCUED}")


def exchange(temporary: Path, path: Path, expected: bytes) -> None:
    """Replace a file by `temporary`, even if another program saves it in that moment.

    The two files exchange their names in one step. If the replaced file does not contain
    `expected`, they are exchanged back and FileChangedError is raised. Systems other than
    Linux rename without this check.
    """
    ours = temporary.read_bytes()
    if not _rename(temporary, path, _EXCHANGE):
        temporary.replace(path)
    elif temporary.read_bytes() != expected:
        _rename(temporary, path, _EXCHANGE)
        if temporary.read_bytes() != ours:  # Saved once more: the latest save stays.
            _rename(temporary, path, _EXCHANGE)
        raise FileChangedError(path)


def _rename(old: Path, new: Path, flag: int) -> bool:
    """Call renameat2 with a flag; return False if the system does not support it."""
    import ctypes  # Readers never need it.

    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(_AT_FDCWD, os.fsencode(old), _AT_FDCWD, os.fsencode(new), flag) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.EPERM):
        return False
    raise OSError(code, os.strerror(code), str(new))


def _real(path: Path) -> Path:
    """Resolve links: their target is replaced, not the link."""
    return Path(os.path.realpath(path))


@contextmanager
def _temporary_file(path: Path, data: bytes) -> Iterator[Path]:
    """Write `data` to a temporary file beside `path`, which the block renames.

    The new file gets the permissions of the old one and, if allowed, its owner. Its content
    is on the disk before the block, its name after it. Temporary files of killed writers are
    removed first.
    """
    if path.exists() and not os.access(path, os.W_OK):
        raise PipelineError(f"{path}: is read-only", "Make it writable.")
    temporary = path.with_name(f"{_PREFIX}{secrets.token_hex(8)}{_WRITING}")
    try:
        _clean_up(path.parent)
        _write_through(temporary, data, path)
        yield temporary
        _sync_folder(path.parent)
    except OSError as error:
        hint = "The old file is unchanged. Check the free space and the folder's permissions."
        raise PipelineError(f"{path}: cannot write: {error.strerror}", hint) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _write_through(temporary: Path, data: bytes, path: Path) -> None:
    """Write a new file to the disk, with the permissions of `path`."""
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        with suppress(FileNotFoundError):
            old = path.stat()
            with suppress(OSError):  # Only root may change the owner.
                os.fchown(handle, old.st_uid, old.st_gid)
            os.fchmod(handle, old.st_mode & 0o7777)
        os.fsync(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
