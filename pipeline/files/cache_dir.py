"""The cache folder, shared by all projects; it may be deleted at any time."""

from __future__ import annotations

import os
from pathlib import Path


def cache_dir() -> Path:
    """Return $TRANSLATE_CACHE (`~` is expanded), or the user's cache folder."""
    configured = os.environ.get("TRANSLATE_CACHE")
    if configured:
        return Path(configured).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("translate"))
