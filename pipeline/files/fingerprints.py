"""Fingerprints of the inputs of catalogs, to skip work that is up to date.

They are an optimization: a file in the cache folder that may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from pipeline import __version__
from pipeline.core.file_names import real_path
from pipeline.core.input import parse_json
from pipeline.files.atomic import write_atomic
from pipeline.files.cache_dir import cache_dir


def digest(*parts: bytes) -> str:
    """Return a digest of byte strings and the tool's version, 32 hexadecimal digits."""
    whole = hashlib.sha256(__version__.encode())
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()[:32]


def file_signature(path: Path) -> str:
    """Return time, size and inode of a file; raises OSError if it is missing."""
    stat = path.stat()
    return f"{stat.st_mtime_ns} {stat.st_size} {stat.st_ino}"


class FingerprintStore:
    """The input digest and file signature of each task and catalog of a project."""

    def __init__(self, root: Path) -> None:
        project = hashlib.sha256(os.fsencode(real_path(root))).hexdigest()[:16]
        self._file = cache_dir() / project / "fingerprints.json"
        try:
            stored = parse_json(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            stored = {}
        self._entries: dict[str, list[str]] = stored if isinstance(stored, dict) else {}
        self._changed = False

    def matches(self, task: str, path: Path, inputs: str) -> bool:
        """Return whether a task was done with these inputs and the file is unchanged."""
        if not path.is_file():
            return False
        return self._entries.get(f"{task} {path}") == [inputs, file_signature(path)]

    def record(self, task: str, path: Path, inputs: str) -> None:
        """Record that a task is done for a file, as it is now, with these inputs."""
        self._entries[f"{task} {path}"] = [inputs, file_signature(path)]
        self._changed = True

    def close(self) -> None:
        """Store the fingerprints if any was recorded."""
        if self._changed:
            write_atomic(self._file, json.dumps(self._entries, indent=0).encode())
