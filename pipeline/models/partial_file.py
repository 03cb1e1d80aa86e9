"""A file that a download appends to, with a journal of the bytes that are on the disk."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.filesize import decimal

from pipeline.core import ModelError
from pipeline.core.input import parse_json
from pipeline.files import atomic
from pipeline.files.system_calls import BINARY, sync_folder

SUFFIX = ".part"
JOURNAL_SUFFIX = ".part.json"
MARGIN_BYTES = 64 * 1024 * 1024
"""Disk space that a download leaves free."""


class DiskFullError(ModelError):
    """The disk is too small. Other sources are not tried."""


class PartialFile:
    """A partly downloaded file; `done` is the number of its bytes.

    - Bytes after the last `commit` are cut off after a crash.
    - `content` identifies the complete file: its digest, or its address if the digest is
      unknown. The beginning of another file is deleted.
    - `validators` are the HTTP validators (entity tag or date) of the file, by address.
    """

    def __init__(self, path: Path, content: str) -> None:
        self.path = path.with_name(path.name + SUFFIX)
        self._journal = path.with_name(path.name + JOURNAL_SUFFIX)
        self._content = content
        safe, self.validators = self._read_journal()
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | BINARY, 0o644)
        self._file = os.fdopen(descriptor, "r+b")
        if safe > os.fstat(descriptor).st_size:
            safe, self.validators = 0, {}
        self._safe = self.done = safe
        self.rollback()

    def __enter__(self) -> Self:
        """Return the file, which is closed at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file, and delete it if nothing was committed."""
        self._close()
        if not self._safe:
            self.discard()

    def expect(self, size: int, extra: int = 0) -> None:
        """Raise DiskFullError if the disk has no space for the complete file.

        `size` is its size, `extra` the space needed beside it, both in bytes.
        """
        folder = self.path.parent
        needed = max(0, size - self.done) + extra + MARGIN_BYTES
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise DiskFullError(
                f"not enough space in {folder}: {decimal(needed)} needed, {decimal(free)} free",
                "Free space there, or set TRANSLATE_MODELS to another folder.",
            )

    def append(self, data: bytes) -> None:
        """Append bytes without committing them."""
        self._file.write(data)
        self.done += len(data)

    def commit(self) -> None:
        """Write everything to the disk, so that it survives a crash."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._safe = self.done
        values = {"content": self._content, "bytes": self._safe, "validators": self.validators}
        atomic.replace_file(self._journal, json.dumps(values).encode())

    def rollback(self) -> None:
        """Cut off what was not committed."""
        self._file.seek(self._safe)
        self._file.truncate()
        self.done = self._safe

    def restart(self) -> None:
        """Delete all content and start again."""
        self.validators = {}
        self._safe = 0
        self.rollback()
        self.commit()

    def discard(self) -> None:
        """Delete the file and its journal."""
        self._close()
        self.path.unlink(missing_ok=True)
        self._journal.unlink(missing_ok=True)

    def finish(self, path: Path) -> None:
        """Rename the complete file to `path`."""
        self.commit()
        self._file.close()
        self.path.replace(path)
        self._journal.unlink()
        sync_folder(path.parent)

    def _close(self) -> None:
        # Bytes that did not fit on a full disk are not committed.
        with contextlib.suppress(OSError):
            self._file.close()

    @staticmethod
    def size_of(path: Path) -> int:
        """Return how many bytes of a file an unfinished download left."""
        try:
            return path.with_name(path.name + SUFFIX).stat().st_size
        except OSError:
            return 0

    def _read_journal(self) -> tuple[int, dict[str, str]]:
        try:
            values = parse_json(self._journal.read_text(encoding="utf-8"))
            if values["content"] == self._content:
                return max(0, int(values["bytes"])), dict(values["validators"])
        except (OSError, ValueError, TypeError, KeyError):
            pass
        return 0, {}
