"""The cache folder, shared by all projects; it may be deleted at any time."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from pipeline.core import PipelineError, RetryLaterError
from pipeline.core.file_names import user_path

_RETRYABLE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL)
_PRIMARY_CODE = 0xFF  # mask of an extended result code


def cache_dir() -> Path:
    """Return $TRANSLATE_CACHE (`~` is expanded), or the user's cache folder.

    Raises SettingsError for the home of an unknown user.
    """
    configured = os.environ.get("TRANSLATE_CACHE")
    if configured:
        return user_path(configured, "TRANSLATE_CACHE")
    import platformdirs

    return Path(platformdirs.user_cache_dir("translate"))


def database_error(path: Path, error: sqlite3.OperationalError) -> PipelineError:
    """Return the error for a database in the cache folder that SQLite cannot use.

    It reports a file system without locks as "locking protocol", after ten seconds.
    """
    code = error.sqlite_errorcode & _PRIMARY_CODE
    kind = RetryLaterError if code in _RETRYABLE else PipelineError
    reason = f"cannot be locked ({error})" if code == sqlite3.SQLITE_PROTOCOL else str(error)
    hint = "Free disk space, or set TRANSLATE_CACHE to a writable folder on a local disk."
    return kind(f"{path}: {reason}", hint)
