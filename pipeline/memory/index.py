"""Inverted index of translated texts, for exact and similarity lookups.

The index lists the texts of each word. A lookup reads the lists of the rarest words of a text,
and compares the texts that share most of them by edit distance. Lists of very common words are
cut off; short texts, which may have no other words, are also listed by pairs of neighbouring
words. A lookup therefore reads a bounded number of entries, whatever the size of the index.

The file is a cache: it may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from heapq import nlargest
from math import log
from pathlib import Path
from typing import Any
from zlib import crc32

from pipeline.core import RetryLaterError
from pipeline.core.waiting import Wait
from pipeline.files import describe_process, lock_holder
from pipeline.memory.markup import comparable
from pipeline.memory.tmx import TmxUnit

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (id INTEGER PRIMARY KEY, path TEXT UNIQUE, stamp TEXT, rank INT);
CREATE TABLE IF NOT EXISTS texts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key INT, text TEXT, plain INT);
CREATE INDEX IF NOT EXISTS texts_by_key ON texts (key);
CREATE INDEX IF NOT EXISTS texts_by_plain ON texts (plain) WHERE plain IS NOT NULL;
CREATE TABLE IF NOT EXISTS units (
    id INTEGER PRIMARY KEY, digest INT, file INT, text INT, target TEXT, before INT, after INT);
CREATE INDEX IF NOT EXISTS units_by_text ON units (text);
CREATE INDEX IF NOT EXISTS units_by_file ON units (file);
CREATE TABLE IF NOT EXISTS words (word INTEGER PRIMARY KEY, texts BLOB);
"""
_MAX_LIST = 20_000  # texts in the list of a word; more common words are cut off
_MAX_ENTRIES_READ = 8_000  # list entries that a lookup reads in addition to the rarest word
_MAX_COMPARED = 400  # texts that a lookup compares by edit distance
_SHORT_TEXT = 8  # words; shorter texts are listed by pairs of words too
_MAX_PENDING = 6_000_000  # list entries buffered in memory
_UNUSED_ALLOWANCE = 10_000  # texts without a translation to tolerate
_STEM_LENGTH = 5  # letters; approximates the stem, as inflection changes endings
_WORD = re.compile(r"\w+")
_ENTRY_BYTES = array("I").itemsize  # bytes
_MAX_WORDS = 900  # keys of a text to look up, in case a segment is a whole page
_EPSILON = 1e-9  # 0.7 is slightly less than seven tenths in binary

_TIMEOUT = 20.0  # seconds to wait for a process that locks the file; with start-up below 30
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_PRIMARY_CODE = 0xFF  # mask of an extended result code

Row = tuple[str, str, int]
"""A translation, the path of its file, and the number of equal neighbours (0 to 2)."""


class _Connection(sqlite3.Connection):
    """A connection that waits for a lock as all of this program does: reported, and bounded."""

    path: Path

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        """Execute a statement when no other process locks the file."""
        return self._unlocked(lambda: super(_Connection, self).execute(*arguments))

    def executemany(self, *arguments: Any) -> sqlite3.Cursor:
        """Execute a statement for many values when no other process locks the file."""
        return self._unlocked(lambda: super(_Connection, self).executemany(*arguments))

    def executescript(self, script: str) -> sqlite3.Cursor:
        """Execute statements, which may be repeated, when no other process locks the file."""
        return self._unlocked(lambda: super(_Connection, self).executescript(script))

    def _unlocked(self, call: Callable[[], sqlite3.Cursor]) -> sqlite3.Cursor:
        wait = None
        while True:
            try:
                return call()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & _PRIMARY_CODE not in _LOCKED:
                    raise
            wait = wait or Wait(lambda: f"{self._holder()}, which locks {self.path}", _TIMEOUT)
            if not wait.pause():
                raise RetryLaterError(
                    f"{self.path}: locked by {self._holder()} for {_TIMEOUT:.0f} s",
                    "Wait until that process is done, or stop it.",
                )

    def _holder(self) -> str:
        process = lock_holder(self.path)
        return describe_process(process) if process else "another process"


class MemoryIndex:
    """The index of one language, an SQLite file.

    Raises `sqlite3.Error`, and RetryLaterError if another process locks the file for 20 seconds.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the index."""
        self._db = sqlite3.connect(path, timeout=0.0, isolation_level=None, factory=_Connection)
        self._db.path = path
        self._pending: dict[int, array[int]] = {}
        self._pending_entries = 0
        self._db.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Change the index atomically, and exclusively among processes."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._flush()
            self._db.execute("COMMIT")
        finally:
            self._pending, self._pending_entries = {}, 0
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def is_mostly_unused(self) -> bool:
        """Return whether most texts have no translation any more."""
        texts = self._db.execute("SELECT max(id) FROM texts").fetchone()[0] or 0
        units = self._db.execute("SELECT count(*) FROM units").fetchone()[0]
        return bool(texts > 2 * units + _UNUSED_ALLOWANCE)

    def signatures(self) -> dict[str, str]:
        """Return the indexed files and their signatures."""
        return dict(self._db.execute("SELECT path, stamp FROM files"))

    def counts(self) -> dict[str, int]:
        """Return the number of units of each file."""
        return dict(
            self._db.execute(
                "SELECT path, (SELECT count(*) FROM units WHERE file = files.id) FROM files"
            )
        )

    def units(self) -> Iterator[tuple[str, str, str]]:
        """Yield all translations as (text, translation, path), the project's catalogs first."""
        yield from self._db.execute(
            "SELECT texts.text, target, path FROM units"
            " JOIN texts ON texts.id = units.text JOIN files ON files.id = units.file"
            " ORDER BY rank, path, units.id"
        )

    def replace(self, path: str, stamp: str, rank: int, units: Iterable[TmxUnit]) -> None:
        """Replace the units of a file; only new and removed units are costly.

        Translations of files with a lower `rank` come first.
        """
        file = self._file_id(path, stamp, rank)
        old: dict[int, list[int]] = {}
        for row, known in self._db.execute("SELECT id, digest FROM units WHERE file = ?", (file,)):
            old.setdefault(known, []).append(row)
        for unit in units:
            digest = text_hash("\0".join((unit.source, unit.target, unit.before, unit.after)))
            if same := old.get(digest):
                same.pop()
                continue
            self._db.execute(
                "INSERT INTO units VALUES (NULL, ?, ?, ?, ?, ?, ?)",
                (
                    digest,
                    file,
                    self._text_id(unit.source),
                    unit.target,
                    _neighbour_hash(unit.before),
                    _neighbour_hash(unit.after),
                ),
            )
        removed = ((row,) for rows in old.values() for row in rows)
        self._db.executemany("DELETE FROM units WHERE id = ?", removed)

    def remove(self, path: str) -> None:
        """Remove a file."""
        self._db.execute(
            "DELETE FROM units WHERE file = (SELECT id FROM files WHERE path = ?)", (path,)
        )
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))

    def exact(self, source: str, before: str, after: str) -> list[Row]:
        """Return the translations of a text, the best first.

        Order: equal neighbours, rank of the file, frequency, path.
        """
        rows = self._db.execute(
            "SELECT target, min(path),"
            " max(coalesce(before = ?, 0) + coalesce(after = ?, 0)) AS near FROM texts"
            " JOIN units ON units.text = texts.id JOIN files ON files.id = units.file"
            " WHERE key = ? AND texts.text = ?"
            " GROUP BY target ORDER BY near DESC, min(rank), count(*) DESC, min(path), target",
            (_neighbour_hash(before), _neighbour_hash(after), text_hash(source), source),
        )
        return rows.fetchall()

    def same_words(self, source: str) -> list[tuple[str, str, str]]:
        """Return (text, translation, path) of texts that differ only in markup or ß, best first.

        Order: rank of the file, frequency, path.
        """
        key = text_hash(comparable(source))
        rows = self._db.execute(
            "SELECT texts.text, target, min(path) FROM texts"
            " JOIN units ON units.text = texts.id JOIN files ON files.id = units.file"
            " WHERE (plain = ? OR key = ?) AND texts.text != ?"
            " GROUP BY texts.text, target"
            " ORDER BY min(rank), count(*) DESC, min(path), texts.text, target",
            (key, key, source),
        )
        return rows.fetchall()

    def similar(self, source: str, min_percent: int, limit: int) -> list[tuple[int, str]]:
        """Return similar but different texts as (percent, text), the best first."""
        from rapidfuzz import process
        from rapidfuzz.distance import Levenshtein

        candidates = self._candidates(source)
        placeholders = ",".join("?" * len(candidates))
        rows = self._db.execute(
            f"SELECT text FROM texts WHERE id IN ({placeholders})"
            " AND EXISTS (SELECT 1 FROM units WHERE units.text = texts.id)",
            candidates,
        )
        texts = [text for (text,) in rows if text != source]
        scored = process.extract(
            source,
            texts,
            scorer=Levenshtein.normalized_similarity,
            score_cutoff=min_percent / 100 - _EPSILON,
            limit=None,
        )
        ranked = sorted((-score, text) for text, score, _ in scored)
        return [(min(int(-score * 100 + _EPSILON), 99), text) for score, text in ranked[:limit]]

    def _candidates(self, source: str) -> list[int]:
        """Return at most `_MAX_COMPARED` texts that share the rarest words."""
        keys = sorted(_index_keys(source))[:_MAX_WORDS]
        placeholders = ",".join("?" * len(keys))
        sizes = self._db.execute(
            f"SELECT length(texts), word FROM words WHERE word IN ({placeholders})",
            keys,
        ).fetchall()
        scores: dict[int, float] = {}
        read = 0
        for size, word in sorted(sizes):
            read += size // _ENTRY_BYTES
            if scores and read > _MAX_ENTRIES_READ:
                break
            weight = log(2 * _MAX_LIST * _ENTRY_BYTES / size)
            for text in self._read_list(word):
                scores[text] = scores.get(text, 0.0) + weight
        return nlargest(_MAX_COMPARED, scores, key=lambda text: (scores[text], -text))

    def _read_list(self, word: int) -> array[int]:
        texts = array("I")
        row = self._db.execute("SELECT texts FROM words WHERE word = ?", (word,)).fetchone()
        if row:
            texts.frombytes(row[0])
        return texts

    def _file_id(self, path: str, stamp: str, rank: int) -> int:
        self._db.execute(
            "INSERT INTO files VALUES (NULL, ?, ?, ?)"
            " ON CONFLICT (path) DO UPDATE SET stamp = excluded.stamp, rank = excluded.rank",
            (path, stamp, rank),
        )
        row = self._db.execute("SELECT id FROM files WHERE path = ?", (path,)).fetchone()
        return int(row[0])

    def _text_id(self, text: str) -> int:
        """Return the id of a text; insert it if it is new.

        A text outlives its last translation, which may come back with an edit.
        """
        known = self._db.execute(
            "SELECT id FROM texts WHERE key = ? AND text = ?", (text_hash(text), text)
        ).fetchone()
        if known:
            return int(known[0])
        number = self._db.execute(
            "INSERT INTO texts VALUES (NULL, ?, ?, ?)", (text_hash(text), text, _plain_hash(text))
        ).lastrowid
        assert number is not None
        for word in _index_keys(text):
            texts = self._pending.get(word)
            if texts is None:
                self._pending[word] = array("I", (number,))
            else:
                texts.append(number)
            self._pending_entries += 1
        if self._pending_entries > _MAX_PENDING:
            self._flush()
        return number

    def _flush(self) -> None:
        """Write the pending word lists."""
        for word in sorted(self._pending):
            texts = self._read_list(word)
            if len(texts) < _MAX_LIST:
                texts.extend(self._pending[word][: _MAX_LIST - len(texts)])
                self._db.execute("REPLACE INTO words VALUES (?, ?)", (word, texts.tobytes()))
        self._pending, self._pending_entries = {}, 0


def text_hash(text: str) -> int:
    """Hash a text to 64 bits, equally in every process."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _plain_hash(text: str) -> int | None:
    """Return the hash of a text without its markup and ß, None if it has none."""
    plain = comparable(text)
    return text_hash(plain) if plain != text else None


def _neighbour_hash(text: str) -> int | None:
    return text_hash(text) if text else None


def _index_keys(text: str) -> set[int]:
    """Return the keys of a text: its stemmed words, and pairs of them if it is short."""
    words: Sequence[int] = [_word_key(word) for word in _WORD.findall(text)]
    if len(words) > _SHORT_TEXT:
        return set(words)
    pairs = zip([0, *words], [*words, 0], strict=True)
    return {*words, *((31 * one + 17 * other + 7) % (1 << 32) for one, other in pairs)}


@lru_cache(1 << 16)
def _word_key(word: str) -> int:
    return crc32(word.replace("ß", "ss")[:_STEM_LENGTH].casefold().encode("utf-8", "surrogatepass"))
