"""Translation models: which there are, where they are kept, how they get there.

A model is pinned by size and SHA-256. Any number of sources may carry it; whichever
answers, the assembled file must have the digest.
"""

from __future__ import annotations

from pipeline.models.install import install, install_own
from pipeline.models.registry import (
    DRAFTS,
    MODELS,
    UNRATED,
    WEAK,
    Model,
    UrlSource,
    WheelSource,
    default,
    fitness,
)
from pipeline.models.store import (
    digest,
    find,
    folder,
    installed,
    installed_models,
    installed_path,
    remove,
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
    "default",
    "digest",
    "find",
    "fitness",
    "folder",
    "install",
    "install_own",
    "installed",
    "installed_models",
    "installed_path",
    "remove",
    "verified_path",
    "verify",
]
