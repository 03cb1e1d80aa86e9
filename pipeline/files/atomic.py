"""Replace files as a whole or not at all.

Writers hold the lock of the folder (see `files.locks`). The lock binds this program alone:
whether another one changed a file meanwhile is checked right before the replacement.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.core.errors import PipelineError
from pipeline.files.locks import lock_directory

_PREFIX = ".translate-"  # of the temporary files
_WRITING, _READY = ".part", ".tmp"  # their endings: half written, complete
RESCUED = ".rescued"
"""The ending of a file that holds what a program saved while a writer was killed."""
_HERE, _NO_REPLACE, _EXCHANGE = -100, 1, 2  # AT_FDCWD and flags of renameat2(2)


class FileChangedError(Exception):
    """The file is no longer what it was when it was read: read it again."""


def write_atomic(path: Path, data: bytes) -> None:
    """Write a file as a whole, whoever else writes in its folder.

    Raises PipelineError where it cannot; the old file is then as it was.
    """
    with lock_directory(_real(path).parent):
        replace_file(path, data)


def replace_file(path: Path, data: bytes) -> None:
    """Write a file as a whole in a folder whose lock is held, or that no one else writes to."""
    real = _real(path)
    with _beside(real, data) as temporary:
        temporary.replace(real)


def replace_if_unchanged(path: Path, data: bytes, expected: bytes | None) -> None:
    """Put `data` in the place of a file that holds `expected` (None: where there is none).

    The lock of its folder must be held. Raises ChangedError where another program was
    quicker, whose file then stays, and PipelineError where the file cannot be written.
    """
    real = _real(path)
    with _beside(real, data) as temporary:
        try:
            if (real.read_bytes() if real.exists() else None) != expected:
                raise FileChangedError(path)
            if expected is not None:
                _swap_ready(temporary, real, data, expected)
            elif not _rename(temporary, real, _NO_REPLACE):
                temporary.replace(real)
        except (FileExistsError, FileNotFoundError):
            raise FileChangedError(path) from None


def move(old: Path, new: Path) -> None:
    """Give a file another name, in one step; its folder is made, and no file is replaced.

    Raises PipelineError where it cannot; the file is then where it was.
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
            f"{old}: cannot be moved to {new}: {error.strerror}", "Check both folders."
        ) from error


def is_temporary(path: Path) -> bool:
    """Whether a file is one that a writer makes beside the real one, or has left there."""
    return path.name.startswith(_PREFIX) and path.suffix in (_WRITING, _READY)


def _swap_ready(temporary: Path, path: Path, data: bytes, expected: bytes) -> None:
    """Swap under a name that tells, should this process die, what was going on.

    Between the two exchanges of `swap`, what another program just saved has the temporary
    name. So that name says which file it belongs to and what it may hold otherwise.
    """
    ready = path.with_name(f"{_mark(path)}{_digest(data)}-{_digest(expected)}{_READY}")
    temporary.rename(ready)
    try:
        exchange(ready, path, expected)
    finally:
        with suppress(OSError):
            ready.unlink(missing_ok=True)


def _mark(path: Path) -> str:
    """How the names of the complete temporary files of a file begin."""
    return f"{_PREFIX}{_digest(os.fsencode(path.name))}-"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _clear(folder: Path) -> None:
    """Remove what killed writers left; give back what another program saved meanwhile."""
    for left in filter(is_temporary, folder.iterdir()):
        marks = left.stem.removeprefix(_PREFIX).split("-")
        found = _digest(left.read_bytes()) if len(marks) == 3 else ""
        if not found or found in marks[1:]:
            left.unlink(missing_ok=True)
            continue
        # Neither what was to be written nor what that was made of: a save in that moment.
        path = next((p for p in folder.iterdir() if left.name.startswith(_mark(p))), None)
        if path is not None and _digest(path.read_bytes()) == marks[1]:
            left.replace(path)
        else:
            name = path.name if path else "catalog"
            left.rename(folder / f"{name}.{secrets.token_hex(4)}{RESCUED}")


def exchange(temporary: Path, path: Path, expected: bytes) -> None:
    """Replace a file by `temporary`, unless a program saves it in the same moment.

    The two change names in one step, so what was replaced can be looked at: if that is
    not `expected`, they change back and ChangedError is raised. Systems that cannot do
    that (it is a call of Linux) just rename.
    """
    ours = temporary.read_bytes()
    if not _rename(temporary, path, _EXCHANGE):
        temporary.replace(path)
    elif temporary.read_bytes() != expected:
        _rename(temporary, path, _EXCHANGE)
        if temporary.read_bytes() != ours:  # It was saved yet again: the last one stays.
            _rename(temporary, path, _EXCHANGE)
        raise FileChangedError(path)


def _rename(old: Path, new: Path, flag: int) -> bool:
    """Rename as the flag says, in one step; false where the system cannot do that."""
    import ctypes  # Only writers need it.

    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if call(_HERE, os.fsencode(old), _HERE, os.fsencode(new), flag) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.ENOSYS, errno.EINVAL, errno.EPERM):
        return False
    raise OSError(code, os.strerror(code), str(new))


def _real(path: Path) -> Path:
    """The file that a link points to; it is what is replaced."""
    return Path(os.path.realpath(path))


@contextmanager
def _beside(path: Path, data: bytes) -> Iterator[Path]:
    """Write `data` to a new file beside another, for a block that gives it that one's name.

    What a killed writer left is removed first. The new file has the old one's rights and,
    where allowed, its owner. It is on the disk before the block, its name after it.
    """
    if path.exists() and not os.access(path, os.W_OK):
        raise PipelineError(f"{path}: is read-only", "Make it writable, or leave it out.")
    temporary = path.with_name(f"{_PREFIX}{secrets.token_hex(8)}{_WRITING}")
    try:
        _clear(path.parent)
        _write_through(temporary, data, path)
        yield temporary
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
            with suppress(OSError):  # Only root may give files away.
                os.fchown(handle, old.st_uid, old.st_gid)
            os.fchmod(handle, old.st_mode & 0o7777)
        os.fsync(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
