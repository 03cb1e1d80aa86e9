"""Remembers what engines answered, so that nobody waits twice for the same.

Only an optimization: one file in the cache folder, for all projects, that may be deleted at
any time. Where it cannot be read or written, work goes on without it. An answer is found
again by a digest of all that it depends on: engine, model, version, settings, language and
the whole request. Only answers that were fit to become drafts are kept.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import TypeVar

from pipeline import __version__
from pipeline.engines.base import (
    Engine,
    EngineConfig,
    EngineInfo,
    TranslationRequest,
    TranslationResult,
    settings_key,
)
from pipeline.files.cache_dir import cache_dir

MOST = 100_000
"""How many answers are kept; the oldest go first."""

LONGEST = 20_000
"""Characters of the longest text and answer that are kept."""

WAIT = 5.0
"""Seconds to wait for another process that writes."""

_FILE = "answers-1.sqlite"
_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS answers (id INTEGER PRIMARY KEY, key BLOB UNIQUE, text BLOB, kept TEXT);
CREATE INDEX IF NOT EXISTS answers_by_text ON answers (text);
"""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """An answer, who gave it, and the messages of the flaws that it was kept in spite of."""

    result: TranslationResult
    engine_info: EngineInfo
    issues: tuple[str, ...] = ()


class ResponseCache:
    """The answers of all engines; closed with `close`.

    `told` is called with a sentence, once at most, where the file is of no use. Without
    `reading`, nothing is found, and what is asked anew takes the place of what was kept.
    """

    def __init__(self, told: Callable[[str], None], *, reading: bool = True) -> None:
        self._told, self._reading = told, reading
        self._path = cache_dir() / _FILE
        self._db: sqlite3.Connection | None = None
        self._useless = False

    def for_engine(self, engine: Engine, language: str, setup: EngineConfig) -> CacheScope | None:
        """The answers of an engine, opened with `setup`; None where they cannot be told apart.

        A server's version is not known before it was asked: there, its address stands for it.
        """
        settings = settings_key(engine, setup, language)
        if settings is None:
            return None
        identity = engine.identity(language)
        who = [identity.engine, identity.host] if identity.host else asdict(identity)
        return CacheScope(self, [__version__, who, setup.model, settings, language])

    def get(self, key: bytes) -> CachedResponse | None:
        """Find what was kept under a key."""
        if not self._reading:
            return None
        select = "SELECT kept FROM answers WHERE key = ?"
        row = self._attempt(lambda db: db.execute(select, (key,)).fetchone(), None)
        try:
            return _decode(row[0]) if row else None
        except (ValueError, TypeError, KeyError):  # of another version, or damaged
            return None

    def put(self, key: bytes, text: str, kept: CachedResponse) -> None:
        """Keep an answer to a request with `text`, and drop the oldest ones beyond `MOST`.

        The other translations that come with it are not kept.
        """
        if max(len(text), len(kept.result.text)) > LONGEST:
            return
        value = _encode(kept)

        def write(db: sqlite3.Connection) -> None:
            columns = (key, _digest(text), value)
            db.execute("INSERT OR REPLACE INTO answers (key, text, kept) VALUES (?, ?, ?)", columns)
            db.execute("DELETE FROM answers WHERE id <= (SELECT max(id) FROM answers) - ?", (MOST,))

        self._attempt(write, None)

    def invalidate(self, texts: Iterable[str]) -> None:
        """Forget all answers to some texts, so that they are asked for anew."""
        rows = [(_digest(text),) for text in texts]
        if self._path.exists():
            delete = "DELETE FROM answers WHERE text = ?"
            self._attempt(lambda db: db.executemany(delete, rows), None)

    def close(self) -> None:
        """Close the file."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _attempt(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """Do something with the file; where that fails, it is left alone from then on."""
        if self._useless:
            return otherwise
        try:
            if self._db is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._db = sqlite3.connect(self._path, timeout=WAIT, isolation_level=None)
                _prepare(self._db)
            return work(self._db)
        except (sqlite3.Error, OSError) as error:
            self._useless = True
            self._give_up(error)
            return otherwise

    def _give_up(self, error: Exception) -> None:
        try:
            self.close()
            # Damaged, and not merely full, locked or forbidden: the next run begins anew.
            if type(error) is sqlite3.DatabaseError:
                for end in ("", "-wal", "-shm"):
                    self._path.with_name(_FILE + end).unlink(missing_ok=True)
        except (sqlite3.Error, OSError):
            pass  # It is given up anyway.
        self._told(f"{self._path}: {error}: this run does without the cache of answers")


class CacheScope:
    """The answers of one engine, as it is set up, in one language."""

    def __init__(self, cache: ResponseCache, of: list[object]) -> None:
        self._cache, self._of = cache, of

    def get(self, request: TranslationRequest) -> CachedResponse | None:
        """What was answered to a request."""
        return self._cache.get(self._key(request))

    def put(self, request: TranslationRequest, kept: CachedResponse) -> None:
        """Keep what came of a request in the end, be it after further questions."""
        self._cache.put(self._key(request), request.text, kept)

    def _key(self, request: TranslationRequest) -> bytes:
        whole = [*self._of, asdict(request)]
        return _digest(json.dumps(whole, sort_keys=True, separators=(",", ":")))


def _prepare(db: sqlite3.Connection) -> None:
    """Make the tables; raises sqlite3.Error.

    Two processes that make the file at once may each hold what the other needs. SQLite tells
    one of them at once that the file is locked, whatever its time-out; it has to try again.
    """
    until = time.monotonic() + WAIT
    while True:
        try:
            db.executescript(_SCHEMA)
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)


def _encode(response: CachedResponse) -> str:
    """Return the stored form. Its names belong to the file, not to the classes."""
    result = response.result
    return json.dumps(
        {
            "answer": {
                "text": result.text,
                "complete": result.complete,
                "refused": result.rejection_reason,
                "confidence": result.confidence,
            },
            "by": asdict(response.engine_info),
            "flaws": response.issues,
        }
    )


def _decode(stored: str) -> CachedResponse:
    """Raise ValueError, TypeError or KeyError for a row that `_encode` did not write."""
    value = json.loads(stored)
    answer = value["answer"]
    result = TranslationResult(
        answer["text"], answer["complete"], answer["refused"], answer["confidence"]
    )
    return CachedResponse(result, EngineInfo(**value["by"]), tuple(value["flaws"]))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
