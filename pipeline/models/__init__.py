"""Translation models: find, install, verify and remove them.

A model is pinned by size and SHA-256. It can have any number of sources; a file is accepted
only if it has that digest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.core.lazy_exports import lazy_exports
from pipeline.models.install import install, install_file

if TYPE_CHECKING:
    from pipeline.models.registry import (
        DRAFTS,
        MODELS,
        UNRATED,
        WEAK,
        Model,
        UrlSource,
        WheelSource,
        default_model,
        fitness,
    )
    from pipeline.models.store import (
        digest,
        find,
        installed_path,
        is_path,
        known_models,
        path_if_installed,
        remove,
        store_dir,
        verified_path,
        verify,
    )

__all__ = [
    "DRAFTS",
    "MODELS",
    "UNRATED",
    "WEAK",
    "Model",
    "UrlSource",
    "WheelSource",
    "default_model",
    "digest",
    "find",
    "fitness",
    "install",
    "install_file",
    "installed_path",
    "is_path",
    "known_models",
    "path_if_installed",
    "remove",
    "store_dir",
    "verified_path",
    "verify",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(
        __name__,
        {
            "registry": (
                "DRAFTS",
                "MODELS",
                "UNRATED",
                "WEAK",
                "Model",
                "UrlSource",
                "WheelSource",
                "default_model",
                "fitness",
            ),
            "store": (
                "digest",
                "find",
                "installed_path",
                "is_path",
                "known_models",
                "path_if_installed",
                "remove",
                "store_dir",
                "verified_path",
                "verify",
            ),
        },
    )
