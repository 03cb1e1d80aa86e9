"""Approved translations of all catalogs of a project, and of memory files from elsewhere.

The catalogs and TMX files are the truth; the index beside them (in the cache folder, one
per language) only spares reading those that did not change, and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Catalog
from pipeline.core.errors import CatalogError, PipelineError
from pipeline.core.types import MemoryMatch, State
from pipeline.files.cache_dir import cache_dir
from pipeline.files.fingerprints import file_signature
from pipeline.memory import tmx
from pipeline.memory.index import MemoryIndex
from pipeline.memory.tmx import TmxUnit
from pipeline.project import Project

_VERSION = 2
_CATALOG, _TMX = 0, 1  # ranks: a project's own translations go first
_LARGE_FILE = 20_000_000  # bytes of a TMX file whose reading takes long enough to tell of it


class TranslationMemory:
    """Looks up approved_units translations; `refresh` brings the index up to date first."""

    def __init__(self, project: Project, folder: Path | None = None) -> None:
        """Keep the index of a project below `folder` [default: the user's cache folder]."""
        self._project = project
        root = hashlib.sha256(str(project.root.resolve()).encode()).hexdigest()[:16]
        self._folder = (folder or cache_dir()) / root
        self._indexes: dict[str, MemoryIndex] = {}

    def refresh(
        self,
        language: str,
        on_read: Callable[[Path], None] | None = None,
        load: Callable[[Path], Catalog] = catalog.load,
    ) -> None:
        """Read the files of a language that changed since they were last read.

        `on_read` is called with a large TMX file before it is read; `load` parses a
        catalog. A damaged catalog counts
        as empty here: who works on it says what is wrong with it. Raises TmxError for a
        damaged TMX file, SettingsError for one that is named and missing, and
        PipelineError where the index cannot be written.
        """
        on_read = on_read or (lambda path: None)
        try:
            with self._index_errors(language):
                self._read_changed(language, on_read, load)
                if not self._index(language).is_mostly_unused():
                    return
        except _DamagedError:
            pass  # It is worth nothing: the files make a new one.
        with self._index_errors(language):
            self._discard(language)
            self._read_changed(language, on_read, load)

    def exact(
        self, language: str, source: str, before: str = "", after: str = ""
    ) -> tuple[MemoryMatch, ...]:
        """Find the translations of a text, the best first.

        One with the same texts before and after it goes before others, then one of the
        project's own catalogs, then the more frequent one, then the first by path.
        """
        with self._index_errors(language):
            rows = self._index(language).exact(source, before, after)
        return tuple(MemoryMatch(source, t, Path(path).stem, 100, near) for t, path, near in rows)

    def similar(
        self, language: str, source: str, min_percent: int = 70, limit: int = 5
    ) -> tuple[MemoryMatch, ...]:
        """Find translations of texts that are like one, but not the same, the best first.

        The percentage is 1 - d / n, rounded down: d is the Levenshtein distance, the number
        of letters to insert, delete or replace (V. Levenshtein, 1966), and n the length of
        the longer text. `min_percent` is the lowest that counts.
        """
        with self._index_errors(language):
            index = self._index(language)
            found = [
                MemoryMatch(text, target, Path(path).stem, percent)
                for percent, text in index.similar(source, min_percent, limit)
                for target, path, _ in index.exact(text, "", "")
            ]
        return tuple(found[:limit])

    def counts(self, language: str) -> dict[Path, int]:
        """How many translations every file has."""
        with self._index_errors(language):
            return {Path(path): n for path, n in sorted(self._index(language).counts().items())}

    def path(self, language: str) -> Path:
        """Where the index of a language is."""
        return self._folder / f"memory-{_VERSION}-{language}.sqlite"

    def close(self) -> None:
        """Close the index."""
        for index in self._indexes.values():
            index.close()
        self._indexes = {}

    def _index(self, language: str) -> MemoryIndex:
        if language not in self._indexes:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._indexes[language] = MemoryIndex(self.path(language))
        return self._indexes[language]

    def _discard(self, language: str) -> None:
        if language in self._indexes:
            self._indexes.pop(language).close()
        self.path(language).unlink(missing_ok=True)

    @contextmanager
    def _index_errors(self, language: str) -> Iterator[None]:
        """Turn faults of the index, in a `with` block, to errors with a cure."""
        path = self.path(language)
        try:
            yield
        except sqlite3.OperationalError as error:
            raise PipelineError(
                f"{path}: {error}",
                "Check the disk's free space and that no other translate works for long, "
                "or set TRANSLATE_CACHE to a folder that can be written.",
            ) from error
        except sqlite3.DatabaseError as error:
            hint = "Delete it: the next run makes it anew from the catalogs."
            raise _DamagedError(f"{path}: {error}", hint) from error
        except OSError as error:
            raise PipelineError(
                f"{error.filename}: {error.strerror}",
                "Set TRANSLATE_CACHE to a folder that can be written.",
            ) from error

    def _read_changed(
        self, language: str, on_read: Callable[[Path], None], load: Callable[[Path], Catalog]
    ) -> None:
        index = self._index(language)
        signatures = index.signatures()
        catalogs = {str(path): file_signature(path) for path in self._project.catalogs(language)}
        files = {str(path): file_signature(path) for path in self._project.memory_files()}
        changed = [
            path for path, signature in catalogs.items() if signatures.get(path) != signature
        ]
        gone = signatures.keys() - catalogs.keys() - files.keys()
        if changed or gone:
            with index.transaction():
                for path in changed:
                    units = approved_units(Path(path), load)
                    index.replace(path, catalogs[path], _CATALOG, units)
                for path in gone:
                    index.remove(path)
        for path, signature in files.items():
            if signatures.get(path) != signature:
                if Path(path).stat().st_size > _LARGE_FILE:
                    on_read(Path(path))
                with index.transaction():
                    index.replace(path, signature, _TMX, tmx.read_tmx(Path(path), language))


class _DamagedError(PipelineError):
    """The index is damaged."""


def approved_units(path: Path, load: Callable[[Path], Catalog] = catalog.load) -> Iterator[TmxUnit]:
    """Yield the approved_units translations of a catalog; a damaged one has none."""
    try:
        translations = load(path).translations
    except CatalogError:
        return
    around = neighbours([entry.source for entry in translations])
    for entry in translations:
        if entry.state is State.APPROVED:
            yield TmxUnit(entry.source, entry.target, *around[entry.source], path.stem)


def neighbours(sources: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """Map the texts of a catalog, in its order, to the texts before and after each."""
    around = zip(["", *sources], sources, [*sources[1:], ""], strict=False)
    return {source: (before, after) for before, source, after in around}
