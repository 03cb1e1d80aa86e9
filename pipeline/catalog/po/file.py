"""PO files on the disk: read with their charset and byte order mark, changed in one step."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pipeline.catalog.po import parser
from pipeline.catalog.po.parser import PoSyntaxError, PoText
from pipeline.core.errors import CatalogError
from pipeline.files import atomic
from pipeline.files.locks import lock_directory

_CHARSET = re.compile(
    rb'^(?:msgstr[ \t]*)?"(?:[^"\n]*\\n)?Content-Type:[^"\n]*?charset=([^\s"\\;]+)',
    re.MULTILINE | re.IGNORECASE,
)
_CHARSET_FIELD = re.compile(r"^Content-Type:[^\n]*charset=([^\s;]+)", re.MULTILINE | re.IGNORECASE)
_MAX_ATTEMPTS = 100  # of another program saving the file in just the moment before we replace it

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PoFile:
    """A PO file as it was read: `data` are its bytes, `charset` is Python's name for it."""

    path: Path
    data: bytes
    charset: str
    text: PoText

    def encode(self, text: PoText) -> bytes:
        """The bytes that the file has with another text, in the charset that text names.

        Raises CatalogError for a letter that does not exist in it.
        """
        charset = _header_charset(text) or self.charset
        mark = codecs.BOM_UTF8 if self.data.startswith(codecs.BOM_UTF8) else b""
        try:
            return mark + text.render().encode(charset)
        except UnicodeEncodeError as error:
            raise CatalogError(
                f"{self.path}: {error.object[error.start]!r} does not exist in {charset}",
                f"Convert the file first: msgconv -t UTF-8 -o {self.path} {self.path}",
            ) from error


def read(path: Path) -> PoFile:
    """Read a PO file. Raises CatalogError, with file, line and cure, for one that is damaged."""
    return parse_bytes(path, read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """Read the bytes of a PO file. Raises CatalogError for one that cannot be opened."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CatalogError(f"{path}: no such file", "Make it with `translate extract`.") from error
    except OSError as error:
        raise CatalogError(f"{path}: {error.strerror}", "Check the path and its rights.") from error


def edit(
    path: Path, change: Callable[[PoFile | None], tuple[PoText, T]], *, create: bool = False
) -> T:
    """Change a PO file in one step: read, change, replace, with its folder locked.

    `change` gets the file as it is now (None where there is none, with `create`) and gives
    the new text and a result; it is called again if another program saved the file
    meanwhile. A text that is the same is not written. Raises CatalogError for a damaged
    file, PipelineError for one that cannot be written; the file is then as it was.
    """
    if not create and not path.exists():
        read(path)  # raises; to lock its folder would make the folder
    with lock_directory(Path(os.path.realpath(path)).parent):
        for _ in range(_MAX_ATTEMPTS):
            old = read(path) if path.exists() or not create else None
            text, result = change(old)
            data = old.encode(text) if old else text.render().encode()
            if old and data == old.data:
                return result
            with suppress(atomic.FileChangedError):
                atomic.replace_if_unchanged(path, data, old.data if old else None)
                return result
    raise CatalogError(f"{path}: changes all the time", "Close the program that writes it.")


def parse_bytes(path: Path, data: bytes) -> PoFile:
    """Read the bytes of a PO file; `path` is only told in messages. Raises CatalogError."""
    if not data.strip():
        raise CatalogError(
            f"{path}: is empty, as a file that another program could not finish",
            "Restore it, or delete it: `translate extract` makes it anew.",
        )
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise CatalogError(f"{path}:{line}: has a NUL byte", "Restore the file from a copy.")
    text, charset = _decode(path, data)
    try:
        read = parser.parse_po(text)
    except PoSyntaxError as error:
        raise CatalogError(f"{path}:{error.line}: {error.message}", error.hint) from error
    _check_unique(path, read)
    return PoFile(path, data, charset, read)


def _header_charset(text: PoText) -> str:
    """Python's name for the charset that a header names, "" for none that is known."""
    header = next((e for e in text.entries if e.source == "" and e.context is None), None)
    named = _CHARSET_FIELD.search(header.targets[0]) if header else None
    try:
        return codecs.lookup(named[1]).name if named else ""
    except LookupError:
        return ""


def _decode(path: Path, data: bytes) -> tuple[str, str]:
    charset = declared_charset(data)
    try:
        charset = codecs.lookup(charset).name
        return data.removeprefix(codecs.BOM_UTF8).decode(charset), charset
    except LookupError as error:
        hint = "Name the real one in its Content-Type line, UTF-8 as a rule."
        raise CatalogError(f"{path}: unknown charset {charset!r}", hint) from error
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = data.count(b"\n", 0, start) + 1
        raise CatalogError(
            f"{path}:{line}: not {charset}: byte 0x{data[start]:02x}",
            f"Save it as UTF-8, or convert it: msgconv -t UTF-8 -o {path} {path}",
        ) from error


def declared_charset(data: bytes) -> str:
    """The charset that a PO file says it has; UTF-8 where it says none."""
    match = _CHARSET.search(data)
    charset = match[1].decode("ascii", "replace") if match else "utf-8"
    return "utf-8" if charset == "CHARSET" else charset


def _check_unique(path: Path, text: PoText) -> None:
    seen: dict[tuple[str | None, str], int] = {}
    for entry in text.entries:
        first = seen.setdefault((entry.context, entry.source), entry.line)
        if first != entry.line:
            raise CatalogError(
                f"{path}:{entry.line}: the same msgid as on line {first}: {entry.source[:40]!r}",
                "Delete one of the two entries.",
            )
