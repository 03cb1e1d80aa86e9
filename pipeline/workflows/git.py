"""Read from git, where a project has a repository."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

__all__ = ["read_blobs", "run_git"]


def run_git(
    folder: Path, *words: str, stdin: bytes | None = None, max_seconds: float = 120
) -> bytes:
    """Return the output of git in a folder, nothing if git has none or fails."""
    # A copied `.git/config` must not name a program that git runs.
    safe = ("-c", "core.fsmonitor=false", "-c", "log.showSignature=false")
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *safe, *words],
            input=stdin,
            capture_output=True,
            check=False,
            timeout=max_seconds,
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return b""
    return done.stdout if done.returncode == 0 else b""


def read_blobs(folder: Path, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of objects, in order; those that do not exist are skipped."""
    if not names:
        return
    data = run_git(folder, "cat-file", "--batch", stdin="\n".join(names).encode() + b"\n")
    start = 0
    for name in names:
        end = data.find(b"\n", start)
        header = data[start:end].split()
        if len(header) != 3 or not header[2].isdigit():
            start = end + 1
            continue
        size = int(header[2])
        yield name, data[end + 1 : end + 1 + size]
        start = end + 1 + size + 1
