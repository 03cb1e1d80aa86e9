"""The file a download grows in, with a journal of how much of it is safely on the disk."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.filesize import decimal

from pipeline.core.errors import ModelError
from pipeline.files import atomic

SUFFIX = ".part"
JOURNAL_SUFFIX = ".part.json"
MARGIN_BYTES = 64 * 1024 * 1024
"""Room on the disk that a download leaves to others."""


class DiskFullError(ModelError):
    """The disk is too small: no other source can help."""


class PartialFile:
    """The beginning of a file that is being fetched; `done` counts its bytes.

    Only what `commit` has confirmed is relied upon after a crash: everything behind it
    is cut off. `content` says what the file will be (a digest, or an address where no
    digest is known): a beginning of anything else is thrown away. `validators` holds what HTTP
    servers gave, by address, to tell one version of their file from another.
    """

    def __init__(self, path: Path, content: str) -> None:
        self.path = path.with_name(path.name + SUFFIX)
        self._journal = path.with_name(path.name + JOURNAL_SUFFIX)
        self._content = content
        safe, self.validators = self._read_journal()
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        self._file = os.fdopen(descriptor, "r+b")
        if safe > os.fstat(descriptor).st_size:
            safe, self.validators = 0, {}
        self._safe = self.done = safe
        self.rollback()

    def __enter__(self) -> Self:
        """Close the file at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file; where nothing of it is confirmed, nothing is left behind."""
        self._close()
        if not self._safe:
            self.discard()

    def expect(self, size: int, extra: int = 0) -> None:
        """Make sure that there is room for a file of `size` bytes and `extra` ones beside it.

        Raises DiskFullError where there is not.
        """
        folder = self.path.parent
        needed = max(0, size - self.done) + extra + MARGIN_BYTES
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise DiskFullError(
                f"not enough room in {folder}: {decimal(needed)} needed, {decimal(free)} free",
                "Make room there, or keep models elsewhere: set TRANSLATE_MODELS to a folder.",
            )

    def append(self, data: bytes) -> None:
        """Write bytes at the end, not yet confirmed."""
        self._file.write(data)
        self.done += len(data)

    def commit(self) -> None:
        """Confirm what was written: it will still be there after a crash."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._safe = self.done
        values = {"content": self._content, "bytes": self._safe, "validators": self.validators}
        atomic.replace_file(self._journal, json.dumps(values).encode())

    def rollback(self) -> None:
        """Cut off what was not confirmed."""
        self._file.seek(self._safe)
        self._file.truncate()
        self.done = self._safe

    def restart(self) -> None:
        """Throw everything away and begin anew."""
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
        """Give the complete file its name, in one step that a crash cannot halve."""
        self.commit()
        self._file.close()
        self.path.replace(path)
        self._journal.unlink()
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _close(self) -> None:
        # What did not fit on a full disk is not confirmed anyway.
        with contextlib.suppress(OSError):
            self._file.close()

    @staticmethod
    def size_of(path: Path) -> int:
        """How many bytes of a file an unfinished download has left."""
        try:
            return path.with_name(path.name + SUFFIX).stat().st_size
        except OSError:
            return 0

    def _read_journal(self) -> tuple[int, dict[str, str]]:
        try:
            values = json.loads(self._journal.read_text(encoding="utf-8"))
            if values["content"] == self._content:
                return max(0, int(values["bytes"])), dict(values["validators"])
        except (OSError, ValueError, TypeError, KeyError):
            pass
        return 0, {}
