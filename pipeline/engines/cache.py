"""Cache of engine responses, shared by all projects of a user.

It only saves time: one SQLite file in the cache folder, which may be deleted at any time. If
the file cannot be used, work continues without it. The key is a digest of everything that
affects a response: engine, model, version, settings, language and the whole request. Only
responses that became drafts are stored.
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
from pipeline.core.input import parse_json
from pipeline.engines.base import (
    Engine,
    EngineConfig,
    EngineInfo,
    Signals,
    TranslationRequest,
    TranslationResult,
    settings_key,
)
from pipeline.files import cache_dir

MAX_ENTRIES = 100_000
"""Maximum number of responses; the oldest are deleted first."""

MAX_CHARACTERS = 20_000
"""Maximum length of a stored text or response."""

LOCK_TIMEOUT = 3.0
"""Time limit for waiting for another process that writes, in seconds."""

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
    """A result, the engine that returned it, and the messages of its issues."""

    result: TranslationResult
    engine_info: EngineInfo
    issues: tuple[str, ...] = ()


class ResponseCache:
    """The responses of all engines.

    `on_warning` is called at most once, with a sentence, if the file cannot be used. With
    `reading=False`, `get` finds nothing and `put` replaces older responses.
    """

    def __init__(self, on_warning: Callable[[str], None], *, reading: bool = True) -> None:
        self._on_warning, self._reading = on_warning, reading
        self._path = cache_dir() / _FILE
        self._db: sqlite3.Connection | None = None
        self._disabled = False

    def for_engine(self, engine: Engine, language: str, config: EngineConfig) -> CacheScope | None:
        """Return the responses of an engine opened with `config`; None if it cannot be cached.

        The version of a server is unknown before the first request: its address replaces it.
        """
        settings = settings_key(engine, config, language)
        if settings is None:
            return None
        identity = engine.identity(language)
        who = [identity.engine, identity.host] if identity.host else asdict(identity)
        return CacheScope(self, [__version__, who, config.model, settings, language])

    def get(self, key: bytes) -> CachedResponse | None:
        """Return the response stored under a key."""
        if not self._reading:
            return None
        select = "SELECT kept FROM answers WHERE key = ?"
        row = self._execute(lambda db: db.execute(select, (key,)).fetchone(), None)
        try:
            return _decode(row[0]) if row else None
        except (ValueError, TypeError, KeyError):  # of another version, or damaged
            return None

    def put(self, key: bytes, text: str, response: CachedResponse) -> None:
        """Store the response to a request with `text`, without its alternatives.

        Deletes the oldest responses beyond `MAX_ENTRIES`.
        """
        if max(len(text), len(response.result.text)) > MAX_CHARACTERS:
            return
        value = _encode(response)

        def write(db: sqlite3.Connection) -> None:
            columns = (key, _digest(text), value)
            db.execute("INSERT OR REPLACE INTO answers (key, text, kept) VALUES (?, ?, ?)", columns)
            db.execute(
                "DELETE FROM answers WHERE id <= (SELECT max(id) FROM answers) - ?", (MAX_ENTRIES,)
            )

        self._execute(write, None)

    def invalidate(self, texts: Iterable[str]) -> None:
        """Delete all responses for the given texts."""
        rows = [(_digest(text),) for text in texts]
        if self._path.exists():
            delete = "DELETE FROM answers WHERE text = ?"
            self._execute(lambda db: db.executemany(delete, rows), None)

    def close(self) -> None:
        """Close the database."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _execute(self, operation: Callable[[sqlite3.Connection], T], default: T) -> T:
        """Run an operation on the database; the first failure disables the cache."""
        if self._disabled:
            return default
        try:
            if self._db is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._db = sqlite3.connect(self._path, timeout=LOCK_TIMEOUT, isolation_level=None)
                _create_tables(self._db)
            return operation(self._db)
        except (sqlite3.Error, OSError) as error:
            self._disabled = True
            self._disable(error)
            return default

    def _disable(self, error: Exception) -> None:
        try:
            self.close()
            # The file is damaged, not merely full, locked or forbidden: the next run replaces it.
            if type(error) is sqlite3.DatabaseError:
                for end in ("", "-wal", "-shm"):
                    self._path.with_name(_FILE + end).unlink(missing_ok=True)
        except (sqlite3.Error, OSError):
            pass  # The cache is disabled in any case.
        self._on_warning(f"{self._path}: {error}: this run does not use the response cache")


class CacheScope:
    """The responses of one engine with one configuration, in one language."""

    def __init__(self, cache: ResponseCache, scope: list[object]) -> None:
        self._cache, self._scope = cache, scope

    def get(self, request: TranslationRequest) -> CachedResponse | None:
        """Return the response to a request."""
        return self._cache.get(self._key(request))

    def put(self, request: TranslationRequest, response: CachedResponse) -> None:
        """Store the final response to a request, possibly after retries."""
        self._cache.put(self._key(request), request.text, response)

    def _key(self, request: TranslationRequest) -> bytes:
        fields = asdict(request)
        if not request.style:  # Earlier responses keep their keys.
            del fields["style"]
        whole = [*self._scope, fields]
        return _digest(json.dumps(whole, sort_keys=True, separators=(",", ":")))


def _create_tables(db: sqlite3.Connection) -> None:
    """Create the tables; raises sqlite3.Error.

    Two processes that create the file concurrently may deadlock. SQLite then reports a locked
    file to one of them immediately, regardless of its time-out, and expects a retry.
    """
    until = time.monotonic() + LOCK_TIMEOUT
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
                **({"tagged": result.tagged} if result.tagged else {}),
                "signals": asdict(result.signals) if result.signals else None,
            },
            "by": asdict(response.engine_info),
            "flaws": response.issues,
        }
    )


def _decode(stored: str) -> CachedResponse:
    """Raise ValueError, TypeError or KeyError for a row that `_encode` did not write."""
    value = parse_json(stored)
    answer = value["answer"]
    signals = answer.get("signals")  # earlier responses have none
    result = TranslationResult(
        answer["text"],
        answer["complete"],
        answer["refused"],
        answer["confidence"],
        tagged=answer.get("tagged", ""),
        signals=Signals(**signals) if signals else None,
    )
    return CachedResponse(result, EngineInfo(**value["by"]), tuple(value["flaws"]))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
