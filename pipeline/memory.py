"""Approved translations of all catalogs of a project, to draft the same German again.

The catalogs are the truth; the index beside them (SQLite, in the cache folder) only spares
reading those that did not change, and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from pipeline import catalog
from pipeline.errors import CatalogError, PipelineError
from pipeline.model import State
from pipeline.project import Project

_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS catalogs (path TEXT PRIMARY KEY, stamp TEXT);
CREATE TABLE IF NOT EXISTS approved (language TEXT, source TEXT, target TEXT, path TEXT);
CREATE INDEX IF NOT EXISTS by_source ON approved (language, source);
CREATE INDEX IF NOT EXISTS by_path ON approved (path);
"""


@dataclass(frozen=True, slots=True)
class Match:
    """An approved translation of the same German text, and the catalog it stands in."""

    target: str
    catalog: str


class Memory:
    """Looks up approved translations; `refresh` brings the index up to date first."""

    def __init__(self, project: Project, folder: Path | None = None) -> None:
        """Open the index of a project below `folder` [default: the user's cache folder].

        Raises PipelineError where the folder cannot be written.
        """
        self._project = project
        root = hashlib.sha256(str(project.root.resolve()).encode()).hexdigest()[:16]
        path = (folder or cache_folder()) / root / f"memory-{_VERSION}.sqlite"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._index = _open(path)
        except (OSError, sqlite3.Error) as error:
            raise PipelineError(
                f"{path}: {error}", "Set TRANSLATE_CACHE to a folder that can be written."
            ) from error

    def refresh(self, language: str) -> None:
        """Read the catalogs of a language that changed since they were last read.

        A damaged one counts as empty here: who works on it says what is wrong with it.
        """
        known = dict(self._index.execute("SELECT path, stamp FROM catalogs"))
        present = set()
        for path in self._project.catalogs(language):
            stat = path.stat()
            stamp = f"{stat.st_mtime_ns} {stat.st_size} {stat.st_ino}"
            present.add(str(path))
            if known.get(str(path)) != stamp:
                self._read(path, language, stamp)
        folder = str(self._project.root / self._project.output_dir / language) + os.sep
        for path_text in known:
            if path_text.startswith(folder) and path_text not in present:
                self._forget(path_text)
        self._index.commit()

    def exact(self, language: str, source: str) -> Match | None:
        """Find the approved translation of a text: the most frequent, else the first by path."""
        row = self._index.execute(
            "SELECT target, min(path) FROM approved WHERE language = ? AND source = ?"
            " GROUP BY target ORDER BY count(*) DESC, min(path) LIMIT 1",
            (language, source),
        ).fetchone()
        return Match(row[0], Path(row[1]).stem) if row else None

    def close(self) -> None:
        """Close the index."""
        self._index.close()

    def _read(self, path: Path, language: str, stamp: str) -> None:
        self._forget(str(path))
        try:
            translations = catalog.load(path).translations
        except CatalogError:
            translations = ()
        self._index.executemany(
            "INSERT INTO approved VALUES (?, ?, ?, ?)",
            (
                (language, t.source, t.target, str(path))
                for t in translations
                if t.state is State.APPROVED
            ),
        )
        self._index.execute("INSERT INTO catalogs VALUES (?, ?)", (str(path), stamp))

    def _forget(self, path: str) -> None:
        self._index.execute("DELETE FROM approved WHERE path = ?", (path,))
        self._index.execute("DELETE FROM catalogs WHERE path = ?", (path,))


def cache_folder() -> Path:
    """Where caches live: $TRANSLATE_CACHE, or the user's cache folder."""
    return Path(os.environ.get("TRANSLATE_CACHE") or platformdirs.user_cache_dir("translate"))


def _open(path: Path) -> sqlite3.Connection:
    index = sqlite3.connect(path, timeout=60)
    try:
        index.executescript(_SCHEMA)
    except sqlite3.DatabaseError:
        # A damaged index is worth nothing: the catalogs make a new one.
        index.close()
        path.unlink()
        index = sqlite3.connect(path, timeout=60)
        index.executescript(_SCHEMA)
    return index
