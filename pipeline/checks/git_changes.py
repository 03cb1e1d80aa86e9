"""The entries of catalogs that changed since a git revision."""

from __future__ import annotations

import re
import subprocess
from bisect import bisect_right
from functools import cached_property
from pathlib import Path

from pipeline.core import SettingsError
from pipeline.core.file_names import real_path

__all__ = ["Changes"]

_HUNK = re.compile(rb"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


class Changes:
    """The changed lines of files since a revision; git is called once for every file."""

    def __init__(self, revision: str, folder: Path) -> None:
        """`folder` is in the working tree. Raises SettingsError for an unknown revision."""
        self._folder = folder
        if revision.startswith("-"):
            raise SettingsError(
                f"{revision}: not a revision", "Name a commit, for example origin/main."
            )
        self._revision = self._git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        if not self._revision:
            raise SettingsError(
                f"git has no revision {revision!r}",
                "Fetch it first (in CI: a full clone, fetch-depth: 0), or name another.",
            )
        self._files: dict[Path, _File] = {}

    def touched(self, path: Path) -> bool:
        """Return whether a file changed."""
        return self._file(path).is_changed

    def holds(self, path: Path, line: int) -> bool:
        """Return whether the entry at `line` (from 1; 0: the whole file) changed."""
        file = self._file(path)
        return file.is_changed and (line == 0 or file.has(line))

    def _file(self, path: Path) -> _File:
        path = real_path(path)
        if path not in self._files:
            revision = self._revision.decode().strip()
            known = self._git("ls-files", "--", str(path))
            options = ("--unified=0", "--no-color", "--no-ext-diff", "--no-textconv")
            diff = self._git("diff", *options, revision, "--", str(path))
            self._files[path] = _File(path, diff, new=not known.strip())
        return self._files[path]

    def _git(self, *words: str) -> bytes:
        try:
            done = subprocess.run(
                # A copied `.git/config` must not name a program that git runs.
                ["git", "-C", str(self._folder), "-c", "core.fsmonitor=false", *words],
                capture_output=True,
                check=False,
            )
        except FileNotFoundError as error:
            raise SettingsError("git is not installed", "--changed-since needs it.") from error
        if done.returncode and words[0] != "rev-parse":
            message = done.stderr.decode(errors="replace").strip().splitlines()
            raise SettingsError(
                f"git {words[0]}: {message[-1] if message else 'failed'}",
                "--changed-since works in a git working tree.",
            )
        return done.stdout


class _File:
    def __init__(self, path: Path, diff: bytes, *, new: bool) -> None:
        self._path, self._diff, self._new = path, diff, new

    @property
    def is_changed(self) -> bool:
        return self._new or bool(self._diff)

    @cached_property
    def _lines(self) -> set[int]:
        """The changed lines; if lines were only removed, the lines around the gap."""
        found: set[int] = set()
        for start, count in _HUNK.findall(self._diff):
            first, number = int(start), int(count or 1)
            found |= set(range(first, first + number)) if number else {first, first + 1}
        return found

    @cached_property
    def _text(self) -> list[bytes]:
        return self._path.read_bytes().split(b"\n")

    def _is_blank(self, line: int) -> bool:
        return not (0 < line <= len(self._text) and self._text[line - 1].strip())

    @cached_property
    def _starts(self) -> list[int]:
        """The first lines of paragraphs; an entry of a catalog is a paragraph."""
        return [
            number
            for number in range(1, len(self._text) + 1)
            if not self._is_blank(number) and self._is_blank(number - 1)
        ]

    @cached_property
    def _changed_starts(self) -> set[int]:
        # A blank line belongs to no entry: before a gap, it says nothing of the entry above.
        return {self._start(line) for line in self._lines if not self._is_blank(line)}

    def has(self, line: int) -> bool:
        return self._new or self._start(line) in self._changed_starts

    def _start(self, line: int) -> int:
        at = bisect_right(self._starts, line)
        return self._starts[at - 1] if at else 0
