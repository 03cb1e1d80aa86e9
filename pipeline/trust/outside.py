"""Files outside of a project that its settings or symbolic links lead to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from pipeline.core import SettingsError
from pipeline.core.file_names import user_path

__all__ = ["FilePattern", "linked_outside"]

_WILDCARD = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class FilePattern:
    """A path with wildcards: the folder without wildcards, and the rest.

    Without a rest, `folder` is the path of a file.
    """

    folder: Path
    rest: str = ""

    @classmethod
    def parse(cls, setting: str, pattern: str, root: Path) -> FilePattern:
        """Parse the value of a setting, relative to `root`. Raises SettingsError."""
        parts = user_path(pattern, f"the setting {setting}").parts
        fixed = list(takewhile(lambda part: not _WILDCARD.search(part), parts))
        rest = parts[len(fixed) :]
        malformed = any("**" in part and part != "**" for part in rest)
        if "\0" in pattern or ".." in rest or malformed:
            raise SettingsError(
                f"{setting}: {pattern!r} is not a path or pattern",
                'Write a path such as "tm/*.tmx" or "~/shared/**/*.tmx".',
            )
        return cls(root.joinpath(*fixed), "/".join(rest))

    def location_outside(self, root: Path) -> str:
        """Return the real place of the pattern if it is outside of `root`, otherwise ""."""
        real = os.path.realpath(self.folder)
        if Path(real).is_relative_to(os.path.realpath(root)):
            return ""
        return os.path.join(real, self.rest) if self.rest else real  # noqa: PTH118

    def files(self) -> list[Path]:
        """Return the files that match, in order."""
        named = self.folder.glob(self.rest) if self.rest else [self.folder]
        return sorted(path for path in named if path.is_file())


def linked_outside(root: Path, paths: Iterable[Path]) -> Iterator[str]:
    """Yield the real paths of files that symbolic links lead out of `root` to.

    Only the files and the folders between them and `root` are looked at.
    """
    real_root = os.path.realpath(root)
    folders: dict[Path, bool] = {}
    for path in paths:
        if path.parent not in folders:
            real = os.path.realpath(path.parent)
            folders[path.parent] = Path(real).is_relative_to(real_root)
        if folders[path.parent] and not path.is_symlink():
            continue
        found = os.path.realpath(path)
        if not Path(found).is_relative_to(real_root):
            yield found
