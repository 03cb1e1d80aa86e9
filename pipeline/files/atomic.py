"""Replace files atomically: after a crash, a file has its old or its new content.

Writers hold the lock of the folder (see `files.locks`) while they replace files. Several files are
written as a group: all contents are written to the disk, then all files are renamed, and the names
in each folder are written to the disk once. This costs a fraction of the time, because the disk
writes many files together. `files.exchange` explains how the saves of other programs survive.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.core import PipelineError, system_error
from pipeline.core.file_names import real_path
from pipeline.files.exchange import (
    RESCUED,
    Exchange,
    FileChangedError,
    clean_up,
    create_temporary,
    exchange,
    is_temporary,
    place_new,
    restore_missing,
    settle_folder,
)
from pipeline.files.locks import lock_directory
from pipeline.files.system_calls import (
    NO_REPLACE,
    copy_owner,
    make_folder,
    rename_with,
    sync_files,
    sync_folder,
)
from pipeline.files.writers import note_own_write

__all__ = [
    "RESCUED",
    "FileChangedError",
    "WriteGroup",
    "exchange",
    "is_temporary",
    "move",
    "replace_file",
    "replace_if_unchanged",
    "restore_missing",
    "settle_folder",
    "write_atomic",
]

_MAX_FILES = 64
_MAX_BYTES = 16_000_000
"""The size of a group, in which each file is open until all are written."""

_HINT = "Nothing is lost. Check the free space and the folder's permissions."


def write_atomic(path: Path, data: bytes) -> None:
    """Replace a file under the lock of its folder; create it with its folder if missing.

    Raises PipelineError on failure; the old file is then unchanged.
    """
    with lock_directory(real_path(path).parent):
        replace_file(path, data)


def replace_file(path: Path, data: bytes) -> None:
    """Replace a file. The caller holds the lock of the folder or is its only writer.

    Raises PipelineError on failure; the old file is then unchanged.
    """
    _replace_one(path, data, None, conditional=False)


def replace_if_unchanged(path: Path, data: bytes, expected: bytes | None) -> None:
    """Replace a file that contains `expected` (None: create a file that does not exist).

    The caller holds the lock of the folder. Raises FileChangedError if another program
    changed the file or is writing it; the file then stays. Raises PipelineError if it cannot
    be written.
    """
    _replace_one(path, data, expected, conditional=True)


def move(old: Path, new: Path) -> None:
    """Rename a file in one step. Creates the folder, and never replaces a file.

    Raises PipelineError on failure; the file then keeps its name.
    """
    try:
        make_folder(new.parent)
        if not rename_with(old, new, NO_REPLACE):
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


class WriteGroup:
    """New contents of files, which `commit` writes to the disk together.

    The contents are staged in temporary files, without a lock, and compared with the expected
    content when they replace the files. What is not committed is discarded at the end of the
    `with` block.
    """

    def __init__(self) -> None:
        self._staged: list[_Staged] = []
        self._failed: list[Path] = []
        self._bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.discard()

    @property
    def is_full(self) -> bool:
        """Whether the group should be committed before more files are added."""
        return len(self._staged) >= _MAX_FILES or self._bytes >= _MAX_BYTES

    def replace(self, path: Path, data: bytes) -> None:
        """Add a file to replace, whatever it contains."""
        self._add(path, data, None, conditional=False)

    def replace_if_unchanged(self, path: Path, data: bytes, expected: bytes | None) -> None:
        """Add a file as in the function of this name."""
        self._add(path, data, expected, conditional=True)

    def commit(self) -> list[Path]:
        """Replace all files; return those that failed, which are unchanged.

        A file fails if it cannot be written, or if it changed meanwhile. The caller writes it
        alone, which raises the error. Raises PipelineError for a folder that cannot be written.
        """
        try:
            _sync(self._staged)
            folders: dict[Path, list[_Staged]] = {}
            for one in self._staged:
                folders.setdefault(one.real.parent, []).append(one)
            for folder, members in folders.items():
                with lock_directory(folder), _system_errors(folder):
                    clean_up(folder)
                    _place(members)
            return self._failed + [one.path for one in self._staged if one.error]
        finally:
            self.discard()

    def _add(self, path: Path, data: bytes, expected: bytes | None, *, conditional: bool) -> None:
        try:
            real = real_path(path)
            make_folder(real.parent)
            staged = _Staged.write(path, real, data, expected, conditional=conditional)
        except (OSError, PipelineError):
            self._failed.append(path)
        else:
            self._staged.append(staged)
            self._bytes += len(data) + len(expected or b"")

    def discard(self) -> None:
        """Delete the temporary files of what is not committed."""
        for one in self._staged:
            one.discard()
        self.__init__()  # type: ignore[misc]


@dataclass(slots=True)
class _Staged:
    """A complete temporary file that is to replace the file `real`.

    `descriptor` is open, and locks it, until it is on the disk.
    """

    path: Path
    real: Path
    temporary: Path
    descriptor: int
    data: bytes
    expected: bytes | None
    conditional: bool
    error: Exception | None = None
    exchange: Exchange | None = None

    @classmethod
    def write(
        cls, path: Path, real: Path, data: bytes, expected: bytes | None, *, conditional: bool
    ) -> Self:
        """Write a temporary file with the permissions of the old one and, if allowed, its owner.

        Raises OSError, and PipelineError for a read-only file.
        """
        with suppress(FileNotFoundError):
            if not os.access(real, os.W_OK) and real.exists():
                raise PipelineError(f"{path}: is read-only", "Make it writable.")
        temporary, descriptor = create_temporary(real)
        staged = cls(path, real, temporary, descriptor, data, expected, conditional)
        with ExitStack() as undo:
            undo.callback(staged.discard)
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
            with suppress(FileNotFoundError):
                copy_owner(descriptor, real.stat())
            undo.pop_all()
        return staged

    def release(self) -> None:
        """Close the temporary file: a program that has a file open counts as its writer."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1

    def discard(self) -> None:
        """Delete the temporary file unless it replaced the other."""
        self.release()
        with suppress(OSError):
            self.temporary.unlink(missing_ok=True)

    def attempt(self, step: Callable[[], None]) -> bool:
        """Call `place`, or `confirm` of the exchange, and note its error; return its success."""
        try:
            step()
        except OSError as error:
            lost = isinstance(error, FileExistsError | FileNotFoundError)
            self.error = FileChangedError(self.path) if lost and self.conditional else error
        except FileChangedError as error:
            self.error = error
        return self.error is None

    def place(self) -> None:
        """Rename the temporary file; the caller then writes the names of the folder to the disk.

        Raises FileChangedError and OSError.
        """
        self.release()
        if not self.conditional:
            self.temporary.replace(self.real)
            return
        if (self.real.read_bytes() if self.real.exists() else None) != self.expected:
            raise FileChangedError(self.path)
        if self.expected is None:
            place_new(self.temporary, self.real)
        else:
            self.exchange = Exchange(self.temporary, self.real, self.data, self.expected)
            self.exchange.begin()


def _replace_one(path: Path, data: bytes, expected: bytes | None, *, conditional: bool) -> None:
    """Replace a file in a locked folder; removes temporary files of killed writers first."""
    real = real_path(path)
    with _system_errors(path):
        clean_up(real.parent)
        staged = _Staged.write(path, real, data, expected, conditional=conditional)
        try:
            _sync([staged])
            _place([staged])
            if staged.error:
                raise staged.error
        finally:
            staged.discard()


@contextmanager
def _system_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise system_error(f"{path}: cannot write", _HINT, error) from error


def _sync(staged: Sequence[_Staged]) -> None:
    """Write the contents of temporary files to the disk, and note what failed."""
    errors = sync_files([one.descriptor for one in staged])
    for one, error in zip(staged, errors, strict=True):
        one.error = error


def _place(staged: Sequence[_Staged]) -> None:
    """Replace the files of a locked folder, and note what failed; raises OSError."""
    try:
        placed = [one for one in staged if not one.error and one.attempt(one.place)]
        if placed:
            sync_folder(placed[0].real.parent)
        for one in placed:
            if one.exchange is not None:
                one.attempt(one.exchange.confirm)
    finally:
        # Also after Ctrl-C: what is left may be the save of another program.
        for one in staged:
            if one.exchange is not None:
                one.exchange.close()
    for one in placed:
        if not one.error and one.conditional:
            note_own_write(one.real)
