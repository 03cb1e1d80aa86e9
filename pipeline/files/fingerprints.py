"""Fingerprints of the inputs of catalogs, to skip work that is up to date.

They are an optimization: an SQLite file in the cache folder that may be deleted at any time, and
that several processes may use.

A file is unchanged if its times, size and inode are the same, and it was not changed in the moment
before they were read: a file system may give two changes in a row the same time. Otherwise the
content is compared, so that a copy or a fresh checkout counts as unchanged (as in Git's index:
Documentation/technical/racy-git.txt).
"""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG

from pipeline import __version__
from pipeline.core import PipelineError
from pipeline.files.cache_dir import cache_dir, database_error

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS files (
    task TEXT, path TEXT, inputs TEXT, note TEXT, stamp TEXT, settled INT, content BLOB,
    PRIMARY KEY (task, path)) WITHOUT ROWID;
"""
_FILE = "fingerprints-2.sqlite"
_TIMEOUT = 30.0  # seconds to wait for a process that writes
_MAX_PENDING = 500  # rows kept in memory before they are written together
_SETTLE_SECONDS = 2.0  # more than the resolution of the times of any file system
_CONTENT = "content"


def digest(*parts: bytes) -> str:
    """Return a digest of byte strings and the tool's version, 32 hexadecimal digits."""
    whole = hashlib.sha256(__version__.encode())
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()[:32]


def file_signature(path: Path) -> str:
    """Return time, size and inode of a file; raises OSError if it is missing."""
    stat = path.stat()
    return f"{stat.st_mtime_ns} {stat.st_size} {stat.st_ino}"


def lasting_signature(path: Path) -> str:
    """Return a signature to compare later; raises OSError.

    That of a file which just changed contains its digest: the next change may have the same time
    and size.
    """
    stamp, settled = _stamp(path.stat())
    return stamp if settled else f"{stamp} {hashlib.sha256(path.read_bytes()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class FileState:
    """The content of a file, as SHA-256, its times, and whether it was long unchanged then."""

    content: bytes
    stamp: str = ""
    settled: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """The state of a file after a task: inputs of the task, a note, times and content."""

    inputs: str
    note: str
    stamp: str
    settled: bool
    content: bytes


class FingerprintStore:
    """The input digest and the state of the file, for each task and catalog of a project."""

    def __init__(self, root: Path) -> None:
        project = hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()[:16]
        self._file = cache_dir() / project / _FILE
        self._pending: dict[tuple[str, str], _Row] = {}
        self._db: sqlite3.Connection | None = None

    def matches(self, task: str, path: Path | str, inputs: str) -> bool:
        """Return whether a task was done with these inputs and the file is unchanged."""
        return self.note(task, path, inputs) is not None

    def note(self, task: str, path: Path | str, inputs: str) -> str | None:
        """Return the note of a task that was done with these inputs; None if `matches` fails."""
        key = task, str(path)
        row = self._row(key)
        if row is None or row.inputs != inputs:
            return None
        current = self._verified(key, row)
        return current.note if current else None

    def record(self, task: str, path: Path | str, inputs: str, note: str = "") -> None:
        """Record that a task is done for a file, as it is now, with these inputs."""
        key = task, str(path)
        stamp, settled, content = _state(key[1])
        self._put(key, _Row(inputs, note, stamp, settled, content))

    def record_written(
        self, task: str, path: Path | str, inputs: str, content: bytes, note: str = ""
    ) -> None:
        """Record that a task is done for a file, when its content has this SHA-256.

        The next run reads the file once, so a save after the write is noticed.
        """
        self._put((task, str(path)), _Row(inputs, note, "", False, content))

    def matches_content(self, task: str, path: Path | str, inputs: str, content: bytes) -> bool:
        """Return whether a task was done with these inputs for a content, given as SHA-256."""
        row = self._row((task, str(path)))
        return row is not None and (row.inputs, row.content) == (inputs, content)

    def known_content(self, path: Path | str) -> bytes | None:
        """Return the SHA-256 of a file that is unchanged since `read_content`, otherwise None."""
        key = _CONTENT, str(path)
        row = self._row(key)
        current = self._verified(key, row) if row else None
        return current.content if current else None

    def record_content(self, path: Path | str, state: FileState) -> None:
        """Record the state that `read_state` returned for `known_content`."""
        self._put((_CONTENT, str(path)), _Row("", "", state.stamp, state.settled, state.content))

    def close(self) -> None:
        """Store what was recorded, and close the file."""
        self.flush()
        if self._db is not None:
            self._db.close()
            self._db = None

    def _verified(self, key: tuple[str, str], row: _Row) -> _Row | None:
        """Return the row of a file that is unchanged, with its present times."""
        try:
            stamp, settled = _stamp(os.stat(key[1]))  # noqa: PTH116 - this is the inner loop
            if stamp == row.stamp and row.settled:
                return row
            stamp, settled, content = _state(key[1])
        except OSError:
            return None
        if content != row.content:
            return None
        if (stamp, settled) != (row.stamp, row.settled):
            self._put(key, replace(row, stamp=stamp, settled=settled))
        return row

    def _row(self, key: tuple[str, str]) -> _Row | None:
        if key in self._pending:
            return self._pending[key]
        if self._db is None and not self._file.exists():
            return None
        select = "SELECT inputs, note, stamp, settled, content FROM files WHERE task=? AND path=?"
        with self._errors():
            found = self._open().execute(select, key).fetchone()
            if not found:
                return None
            inputs, note, stamp, settled, content = found
            return _Row(inputs, note, stamp, bool(settled), content)
        return None

    def _put(self, key: tuple[str, str], row: _Row) -> None:
        self._pending[key] = row
        if len(self._pending) >= _MAX_PENDING:
            self.flush()

    def flush(self) -> None:
        """Store what was recorded."""
        if not self._pending:
            return
        rows = [
            (*key, row.inputs, row.note, row.stamp, row.settled, row.content)
            for key, row in self._pending.items()
        ]
        self._pending = {}
        with self._errors():
            db = self._open()
            db.execute("BEGIN IMMEDIATE")
            db.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            db.execute("COMMIT")

    def _open(self) -> sqlite3.Connection:
        if self._db is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self._file, timeout=_TIMEOUT, isolation_level=None)
            self._db.executescript(_SCHEMA)
        return self._db

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Delete a damaged file, whose fingerprints are lost, and convert other errors."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise database_error(self._file, error) from error
        except (sqlite3.DatabaseError, TypeError, ValueError):
            self._discard()
        except OSError as error:
            hint = "Set TRANSLATE_CACHE to a writable folder."
            raise PipelineError(f"{error.filename}: {error.strerror}", hint) from error

    def _discard(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None
        for end in ("", "-wal", "-shm"):
            self._file.with_name(_FILE + end).unlink(missing_ok=True)


def read_state(path: Path, read: Callable[[], bytes]) -> tuple[bytes, FileState]:
    """Return the content of a file from `read`, and its state."""
    try:
        stamp, settled = _stamp(path.stat())  # before it is read: a later change is noticed
    except OSError:
        stamp, settled = "", False
    data = read()
    return data, FileState(hashlib.sha256(data).digest(), stamp, settled)


def _stamp(status: os.stat_result) -> tuple[str, bool]:
    """Return the times, size and inode of a file, and whether it is long unchanged.

    The second time changes with every change on POSIX, also if a program resets the first.
    """
    stamp = f"{status.st_mtime_ns} {status.st_ctime_ns} {status.st_size} {status.st_ino}"
    return stamp, time.time() - max(status.st_mtime, status.st_ctime) > _SETTLE_SECONDS


def _state(path: str) -> tuple[str, bool, bytes]:
    """Return the stamp of a file, whether it is long unchanged, and the digest of its content."""
    status = os.stat(path)  # noqa: PTH116
    if not S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "is no file", path)
    stamp, settled = _stamp(status)
    with open(path, "rb") as stream:  # noqa: PTH123
        content = hashlib.sha256(stream.read()).digest()
    return stamp, settled, content
