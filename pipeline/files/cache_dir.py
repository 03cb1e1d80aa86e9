"""Where caches live: what can be made anew at any time, for all projects of a user."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def cache_dir() -> Path:
    """Give the folder: $TRANSLATE_CACHE, or the user's cache folder."""
    return Path(os.environ.get("TRANSLATE_CACHE") or platformdirs.user_cache_dir("translate"))
