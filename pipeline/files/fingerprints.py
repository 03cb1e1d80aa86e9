"""Remembers from which inputs a catalog was extracted and filled, so as not to do it again.

Only an optimization: a file in the cache folder that may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from pipeline import __version__
from pipeline.files.atomic import write_atomic
from pipeline.files.cache_dir import cache_dir


def digest(*parts: bytes) -> str:
    """One digest of several byte strings, and of the tool's version."""
    whole = hashlib.sha256(__version__.encode())
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()[:32]


class FingerprintStore:
    """The input digest and the file signature of each catalog of a project.

    `root` is the project's folder.
    """

    def __init__(self, root: Path) -> None:
        digest = hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:16]
        self._file = cache_dir() / digest / "stamps.json"
        try:
            read = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            read = {}
        self._stamps: dict[str, list[str]] = read if isinstance(read, dict) else {}
        self._changed = False

    def matches(self, what: str, path: Path, inputs: str) -> bool:
        """Whether `what` was done to a catalog with these inputs, and nothing since."""
        return path.is_file() and self._stamps.get(f"{what} {path}") == [
            inputs,
            file_signature(path),
        ]

    def record(self, what: str, path: Path, inputs: str) -> None:
        """Note that `what` is done to a catalog, as it is now, with these inputs."""
        self._stamps[f"{what} {path}"] = [inputs, file_signature(path)]
        self._changed = True

    def close(self) -> None:
        """Write the notes down."""
        if self._changed:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self._file, json.dumps(self._stamps, indent=0).encode())


def file_signature(path: Path) -> str:
    """Return a string that changes when the file does: time, size and inode."""
    stat = path.stat()
    return f"{stat.st_mtime_ns} {stat.st_size} {stat.st_ino}"
