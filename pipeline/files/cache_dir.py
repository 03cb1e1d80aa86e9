"""Where caches live: what can be made anew at any time, for all projects of a user."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def cache_dir() -> Path:
    """Return $TRANSLATE_CACHE, or the user's cache folder."""
    chosen = os.environ.get("TRANSLATE_CACHE")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_cache_dir("translate"))
