"""An index of many translated texts, found by text or by likeness: a file that may be lost.

For every word the index lists the texts that have it. A text is looked for by its rarest
words; those that share the most of them are compared letter by letter. Words that stand in
too many texts say nothing and are not listed further; in short texts, which may have no
others, pairs of neighbouring words are listed too. So a look-up reads a bounded number of
entries, however large the index is.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from heapq import nlargest
from math import log
from pathlib import Path
from zlib import crc32

from pipeline.memory.tmx import TmxUnit

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (id INTEGER PRIMARY KEY, path TEXT UNIQUE, stamp TEXT, rank INT);
CREATE TABLE IF NOT EXISTS texts (id INTEGER PRIMARY KEY AUTOINCREMENT, key INT, text TEXT);
CREATE INDEX IF NOT EXISTS texts_by_key ON texts (key);
CREATE TABLE IF NOT EXISTS units (
    id INTEGER PRIMARY KEY, digest INT, file INT, text INT, target TEXT, before INT, after INT);
CREATE INDEX IF NOT EXISTS units_by_text ON units (text);
CREATE INDEX IF NOT EXISTS units_by_file ON units (file);
CREATE TABLE IF NOT EXISTS words (word INTEGER PRIMARY KEY, texts BLOB);
"""
_LOCK_TIMEOUT = 600.0  # seconds for another process that builds the index
_MAX_LIST = 20_000  # texts; a word in more of them is not listed further
_MAX_ENTRIES_READ = (
    8_000  # entries of word lists that a look-up reads, beyond those of the rarest word
)
_MAX_COMPARED = 400  # texts that a look-up compares letter by letter
_SHORT_TEXT = 8  # words; texts up to this length are listed by pairs of words too
_MAX_PENDING = 6_000_000  # entries of word lists that are kept in memory while texts are added
_UNUSED_ALLOWANCE = 10_000  # texts without a translation that are no matter
_STEM_LENGTH = 5  # letters of a word that count: endings change with every inflection
_WORD = re.compile(r"\w+")
_ENTRY_BYTES = array("I").itemsize  # bytes
_MAX_WORDS = 900  # of a text that are looked up, for a page in one segment
_EPSILON = 1e-9  # 0.7 is stored as a little less than seven tenths

Row = tuple[str, str, int]
"""A translation, the path of its file, and how many of its neighbours are those asked for."""


class MemoryIndex:
    """The index of one language in an SQLite file; `sqlite3.Error` passes through."""

    def __init__(self, path: Path) -> None:
        """Open the index at `path`, or make it."""
        self._db = sqlite3.connect(path, timeout=_LOCK_TIMEOUT, isolation_level=None)
        self._pending: dict[int, array[int]] = {}
        self._pending_entries = 0
        self._db.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Change the index in a `with` block, when no other process does: all or nothing."""
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
        """Close the index."""
        self._db.close()

    def is_mostly_unused(self) -> bool:
        """Whether most of its texts have lost their translations: a new index is smaller."""
        texts = self._db.execute("SELECT max(id) FROM texts").fetchone()[0] or 0
        units = self._db.execute("SELECT count(*) FROM units").fetchone()[0]
        return bool(texts > 2 * units + _UNUSED_ALLOWANCE)

    def signatures(self) -> dict[str, str]:
        """The files that were read, and the stamp that each had."""
        return dict(self._db.execute("SELECT path, stamp FROM files"))

    def counts(self) -> dict[str, int]:
        """How many units each file has."""
        return dict(
            self._db.execute(
                "SELECT path, (SELECT count(*) FROM units WHERE file = files.id) FROM files"
            )
        )

    def replace(self, path: str, stamp: str, rank: int, units: Iterable[TmxUnit]) -> None:
        """Take in a file, as it is now; only units that are new or removed cost much.

        Translations of a file with a lower `rank` go before others.
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
                    digest, file, self._text_id(unit.source), unit.target,
                    _neighbour_hash(unit.before), _neighbour_hash(unit.after),
                ),
            )  # fmt: skip
        removed = ((row,) for rows in old.values() for row in rows)
        self._db.executemany("DELETE FROM units WHERE id = ?", removed)

    def remove(self, path: str) -> None:
        """Drop a file."""
        self._db.execute(
            "DELETE FROM units WHERE file = (SELECT id FROM files WHERE path = ?)", (path,)
        )
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))

    def exact(self, source: str, before: str, after: str) -> list[Row]:
        """Find the translations of a text, the best first.

        That with the same neighbours goes before others, then that of the file with the
        lower rank, then the more frequent one, then the first by path.
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

    def similar(self, source: str, min_percent: int, limit: int) -> list[tuple[int, str]]:
        """Find texts like one, but not the same, as pairs (percent, text), the best first."""
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
        found = process.extract(
            source, texts, scorer=Levenshtein.normalized_similarity,
            score_cutoff=min_percent / 100 - _EPSILON, limit=None,
        )  # fmt: skip
        ranked = sorted((-score, text) for text, score, _ in found)
        return [(min(int(-score * 100 + _EPSILON), 99), text) for score, text in ranked[:limit]]

    def _candidates(self, source: str) -> list[int]:
        """The texts that share the rarest words with one, at most `_MAX_COMPARED` of them."""
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
        """The number of a text, which gets one if it is new.

        A text stays when its last translation goes: it may come back with an edit.
        """
        known = self._db.execute(
            "SELECT id FROM texts WHERE key = ? AND text = ?", (text_hash(text), text)
        ).fetchone()
        if known:
            return int(known[0])
        number = self._db.execute(
            "INSERT INTO texts VALUES (NULL, ?, ?)", (text_hash(text), text)
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
        """Add the word lists that are kept in memory to those in the file."""
        for word in sorted(self._pending):
            texts = self._read_list(word)
            if len(texts) < _MAX_LIST:
                texts.extend(self._pending[word][: _MAX_LIST - len(texts)])
                self._db.execute("REPLACE INTO words VALUES (?, ?)", (word, texts.tobytes()))
        self._pending, self._pending_entries = {}, 0


def text_hash(text: str) -> int:
    """A number for a text, of 64 bits, that is another for nearly every other text."""
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _neighbour_hash(text: str) -> int | None:
    return text_hash(text) if text else None


def _index_keys(text: str) -> set[int]:
    """What a text is listed by: its words, without endings, and pairs of them if it is short."""
    words: Sequence[int] = [_word_key(word) for word in _WORD.findall(text)]
    if len(words) > _SHORT_TEXT:
        return set(words)
    pairs = zip([0, *words], [*words, 0], strict=True)
    return {*words, *((31 * one + 17 * other + 7) % (1 << 32) for one, other in pairs)}


@lru_cache(1 << 16)
def _word_key(word: str) -> int:
    return crc32(word[:_STEM_LENGTH].casefold().encode("utf-8", "surrogatepass"))
