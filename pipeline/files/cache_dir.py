"""The cache folder, shared by all projects; it may be deleted at any time."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.core.file_names import user_path


def cache_dir() -> Path:
    """Return $TRANSLATE_CACHE (`~` is expanded), or the user's cache folder.

    Raises SettingsError for the home of an unknown user.
    """
    configured = os.environ.get("TRANSLATE_CACHE")
    if configured:
        return user_path(configured, "TRANSLATE_CACHE")
    import platformdirs

    return Path(platformdirs.user_cache_dir("translate"))
