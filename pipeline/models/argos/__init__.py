"""Argos packages: which are installed, by us or by `argospm`, and how they get here.

A package translates one language pair and is a folder with `metadata.json`, a CTranslate2
model and a SentencePiece or BPE model. Packages come from an index of the Argos format
(`ARGOS_PACKAGE_INDEX`) or from a file; their digest is recorded at the first installation.
"""

from __future__ import annotations

from pipeline.models.argos.install import SUFFIX, install, install_file
from pipeline.models.argos.package import KIND, ArgosPackage, argos_code, parse_pair
from pipeline.models.argos.store import (
    archive_digest,
    digest,
    find,
    installed_packages,
    remove,
    route,
    verified_path,
    verify,
)

__all__ = [
    "KIND",
    "SUFFIX",
    "ArgosPackage",
    "archive_digest",
    "argos_code",
    "digest",
    "find",
    "install",
    "install_file",
    "installed_packages",
    "parse_pair",
    "remove",
    "route",
    "verified_path",
    "verify",
]
