"""Translation memory over the catalogs of a project and its TMX files.

Catalogs and TMX files are authoritative. The index in the cache folder, one for each language,
only saves reading unchanged files, and may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from pipeline.catalog import Catalog, catalog, entry_state, to_translations
from pipeline.core import (
    CatalogBusyError,
    CatalogError,
    MemoryMatch,
    PipelineError,
    State,
    system_error,
)
from pipeline.core.file_names import real_path
from pipeline.files import cache_dir, database_error, lasting_signature
from pipeline.memory import tmx
from pipeline.memory.concordance import Concordance, ConcordanceMatch, ConcordanceUnit
from pipeline.memory.index import MemoryIndex
from pipeline.memory.tmx import TmxUnit
from pipeline.project import Project

_VERSION = 4
_CATALOG, _TMX = 0, 1  # ranks: translations of the project come first
MARKUP_DIFFERS = 99
"""The similarity of texts that differ only in markup, in per cent."""
_LARGE_FILE = 20_000_000  # bytes; larger TMX files are reported before they are read


class TranslationMemory:
    """Finds approved translations; call `refresh` to update the index first."""

    def __init__(self, project: Project, folder: Path | None = None) -> None:
        """Keep the indexes of a project in `folder` [default: the cache folder]."""
        self._project = project
        root = hashlib.sha256(os.fsencode(real_path(project.root))).hexdigest()[:16]
        self._folder = (folder or cache_dir()) / root
        self._indexes: dict[str, MemoryIndex] = {}

    def refresh(
        self,
        language: str,
        on_read: Callable[[Path], None] | None = None,
        load: Callable[[Path], Catalog] = catalog.load,
    ) -> None:
        """Index the files of a language that have changed since the last call.

        `on_read` is called with each large TMX file before it is read; `load` parses a catalog.
        A damaged catalog counts as empty: the commands that edit it report the damage. Raises
        TmxError for a damaged TMX file, SettingsError for a named file that is missing,
        TrustError for files outside the project that the user has not agreed to, and
        PipelineError if the index cannot be written.
        """
        on_read = on_read or (lambda path: None)
        try:
            with self._index_errors(language):
                self._read_changed(language, on_read, load)
                if not self._index(language).is_mostly_unused():
                    return
        except _DamagedError:
            pass  # rebuilt from the catalogs and TMX files
        with self._index_errors(language):
            self._discard(language)
            self._read_changed(language, on_read, load)

    def exact(
        self, language: str, source: str, before: str = "", after: str = ""
    ) -> tuple[MemoryMatch, ...]:
        """Return the translations of a text, the best first.

        Order: equal texts before and after it, the project's own catalogs, frequency, path.
        """
        with self._index_errors(language):
            rows = self._index(language).exact(source, before, after)
        return tuple(MemoryMatch(source, t, Path(path).stem, 100, near) for t, path, near in rows)

    def same_words(self, language: str, source: str) -> tuple[MemoryMatch, ...]:
        """Return translations of texts that differ only in markup or in ß, the best first."""
        with self._index_errors(language):
            rows = self._index(language).same_words(source)
        return tuple(MemoryMatch(s, t, Path(path).stem, MARKUP_DIFFERS) for s, t, path in rows)

    def similar(
        self, language: str, source: str, min_percent: int = 70, limit: int = 5
    ) -> tuple[MemoryMatch, ...]:
        """Return translations of similar but different texts, the best first.

        The similarity in percent is 100 (1 - d / n), rounded down: d is the Levenshtein distance
        and n the length of the longer text (V. Levenshtein, 1966). Texts that differ only in
        markup or in ß have 99 per cent.
        """
        marked = self.same_words(language, source)[:limit] if min_percent <= MARKUP_DIFFERS else ()
        known = {match.source for match in marked}
        with self._index_errors(language):
            index = self._index(language)
            matches = [
                MemoryMatch(text, target, Path(path).stem, percent)
                for percent, text in index.similar(source, min_percent, limit)
                if text not in known
                for target, path, _ in index.exact(text, "", "")
            ]
        return (*marked, *matches)[:limit]

    def search(self, language: str, query: Concordance, limit: int) -> list[ConcordanceMatch]:
        """Return translations that contain a query in the German text or in the translation.

        Approved translations of texts that are no longer in their article come last.
        """
        with self._index_errors(language):
            return query.search(self._units(language), limit)

    def counts(self, language: str) -> dict[Path, int]:
        """Return the number of translations in each file."""
        with self._index_errors(language):
            return {Path(path): n for path, n in sorted(self._index(language).counts().items())}

    def path(self, language: str) -> Path:
        """Return the path of the index of a language."""
        return self._folder / f"memory-{_VERSION}-{language}.sqlite"

    def close(self) -> None:
        """Close all indexes."""
        for index in self._indexes.values():
            index.close()
        self._indexes = {}

    def _units(self, language: str) -> Iterator[ConcordanceUnit]:
        for source, target, path in self._index(language).units():
            yield ConcordanceUnit(source, target, Path(path).stem)
        for file in self._project.memory_catalogs(language):
            yield from _obsolete_units(Path(file))

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
        """Convert errors of the index in a `with` block to PipelineError with a hint."""
        path = self.path(language)
        try:
            yield
        except sqlite3.OperationalError as error:
            raise database_error(path, error) from error
        except sqlite3.DatabaseError as error:
            hint = "Delete it: the next run rebuilds it from the catalogs."
            raise _DamagedError(f"{path}: {error}", hint) from error
        except OSError as error:
            hint = "Set TRANSLATE_CACHE to a writable folder."
            raise system_error(f"{error.filename}", hint, error) from error

    def _read_changed(
        self, language: str, on_read: Callable[[Path], None], load: Callable[[Path], Catalog]
    ) -> None:
        index = self._index(language)
        signatures = index.signatures()
        changed = []
        for path in self._project.memory_catalogs(language):
            signature = lasting_signature(Path(path))
            if signatures.pop(path, "") != signature:
                changed.append((path, signature))
        files = {str(path): lasting_signature(path) for path in self._project.memory_files()}
        known = {path: signatures.pop(path, "") for path in files}
        gone = signatures
        if changed or gone:
            with index.transaction():
                for path, signature in changed:
                    with suppress(CatalogBusyError):  # What is known of it stays valid.
                        units = list(approved_units(Path(path), load))
                        index.replace(path, signature, _CATALOG, units)
                for path in gone:
                    index.remove(path)
        for path, signature in files.items():
            if known[path] != signature:
                if Path(path).stat().st_size > _LARGE_FILE:
                    on_read(Path(path))
                with index.transaction():
                    index.replace(path, signature, _TMX, tmx.read_tmx(Path(path), language))


class _DamagedError(PipelineError):
    """A damaged index."""


def approved_units(path: Path, load: Callable[[Path], Catalog] = catalog.load) -> Iterator[TmxUnit]:
    """Yield the approved translations of a catalog; none if it is damaged.

    Raises CatalogBusyError.
    """
    try:
        translations = load(path).translations
    except CatalogBusyError:
        raise
    except CatalogError:
        return
    around = neighbours([entry.source for entry in translations])
    for entry in translations:
        if entry.state is State.APPROVED:
            yield TmxUnit(entry.source, entry.target, *around[entry.source], path.stem)


def _obsolete_units(path: Path) -> Iterator[ConcordanceUnit]:
    """Yield the approved translations of obsolete entries; none if a catalog is damaged."""
    try:
        entries = catalog.load(path).entries
    except CatalogError:
        return
    for entry in entries:
        if entry.obsolete and entry_state(entry) is State.APPROVED:
            live = replace(entry, obsolete=False)
            for one in to_translations([live]):
                yield ConcordanceUnit(one.source, one.target, path.stem, obsolete=True)


def neighbours(sources: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """Map each text of a catalog, in order, to the texts before and after it."""
    around = zip(["", *sources], sources, [*sources[1:], ""], strict=False)
    return {source: (before, after) for before, source, after in around}
