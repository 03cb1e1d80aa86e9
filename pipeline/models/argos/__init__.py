"""Argos packages: find, install, verify and remove them.

A package translates one language pair. It is a folder with `metadata.json`, a CTranslate2
model and a SentencePiece or BPE model. Packages are installed from an Argos package index
(`ARGOS_PACKAGE_INDEX`) or a file; those of `argospm` are found too. The digest of a package is
recorded at its first installation, because Argos publishes none.
"""

from __future__ import annotations

from pipeline.models.argos.install import SUFFIX, install, install_file
from pipeline.models.argos.package import (
    BPE_FILE,
    KIND,
    LABEL,
    MODEL_FOLDER,
    SENTENCEPIECE_FILE,
    ArgosPackage,
    argos_code,
    parse_pair,
)
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
    "BPE_FILE",
    "KIND",
    "LABEL",
    "MODEL_FOLDER",
    "SENTENCEPIECE_FILE",
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
