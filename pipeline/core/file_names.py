"""File names: real paths, and names that no catalog, system or terminal can hold.

Names of articles become names of catalogs and references in them. A project is shared between
systems, so that a name must be possible on all of them.

Windows: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path, PurePath

from pipeline.core.errors import SettingsError
from pipeline.core.terminal import has_unsafe_characters

__all__ = ["find_name_problem", "portable_key", "real_path", "user_path"]

_SURROGATE = re.compile("[\ud800-\udfff]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)


def real_path(path: Path) -> Path:
    """Return the absolute path without symbolic links; a loop of links stays as it is.

    `Path.resolve` raises RuntimeError for a loop.
    """
    return Path(os.path.realpath(path))


def user_path(text: str, name: str) -> Path:
    """Return a path that the user wrote, with `~` expanded; `name` says where, for messages.

    Raises SettingsError for the home of an unknown user.
    """
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise SettingsError(f"{name}: {text}: no such user", f"Correct {name}.") from None


def find_name_problem(name: PurePath) -> str:
    """Return why a relative path is no name for a file of a project, "" if it is one."""
    text = name.as_posix()
    if _SURROGATE.search(text):
        return "the name is not valid UTF-8"
    if has_unsafe_characters(text) or "\n" in text or "\t" in text:
        return "the name contains a line break or another control character"
    for part in name.parts:
        if _RESERVED.fullmatch(part.partition(".")[0].rstrip()):
            return f"{part} is a reserved name on Windows"
        if part.endswith((".", " ")) and part not in (".", ".."):
            return f"{part!r} ends with a dot or space, which Windows removes"
    return ""


def portable_key(name: PurePath) -> str:
    """Return a key that is equal for names that are the same file on some systems.

    macOS and Windows ignore case; macOS also ignores the normal form of Unicode.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name.as_posix()).lower())
