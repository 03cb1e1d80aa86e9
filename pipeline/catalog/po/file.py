"""PO files on disk: read with charset and byte order mark, edited atomically."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

from pipeline.catalog.po import parser
from pipeline.catalog.po.parser import EntryKey, PoSyntaxError, PoText
from pipeline.core import CatalogBusyError, CatalogError, PipelineError
from pipeline.core.input import read_bytes as read_file
from pipeline.files import FileBusyError, atomic, lock_directory, read_settled

__all__ = ["Change", "EditGroup", "FileEdit", "PoFile", "edit", "parse_bytes", "read"]

_CHARSET = re.compile(
    rb'^(?:msgstr[ \t]*)?"(?:[^"\n]*\\n)?Content-Type:[^"\n]*?charset=([^\s"\\;]+)',
    re.MULTILINE | re.IGNORECASE,
)
_CHARSET_FIELD = re.compile(r"^Content-Type:[^\n]*charset=([^\s;]+)", re.MULTILINE | re.IGNORECASE)
_MAX_ATTEMPTS = 100  # in case another program saves the file right before it is replaced

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PoFile:
    """A PO file as read; `charset` is the name of the Python codec."""

    path: Path
    data: bytes
    charset: str
    text: PoText

    def encode(self, text: PoText) -> bytes:
        """Encode another text in the charset that its header names.

        Raises CatalogError for a character that the charset does not have.
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


Change: TypeAlias = Callable[[PoFile | None], tuple[PoText, T]]
"""Returns the new text of a file (None: it does not exist), and a result."""


def read(path: Path) -> PoFile:
    """Read a PO file; raises CatalogError, with file, line and hint, if it is damaged."""
    return parse_bytes(path, read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """Read the bytes of a PO file when no other program is writing it.

    Raises CatalogError if it cannot be opened, and CatalogBusyError if another program keeps
    it open for writing.
    """

    if path.parent.is_dir() and not path.exists():
        atomic.restore_missing(path)

    def read() -> bytes:
        return read_file(path, CatalogError, missing_hint="Run `translate extract` to create it.")

    try:
        return read_settled(path, read)
    except FileBusyError as error:
        raise CatalogBusyError(error.message, error.hint) from None


def edit(path: Path, change: Change[T], *, create: bool = False) -> T:
    """Read, change and replace a PO file atomically, with its folder locked.

    `change` receives the file (None if it does not exist, with `create`) and returns the new text
    and a result. It is called again if another program saves the file meanwhile. An unchanged text
    is not written. Raises CatalogError if the file is damaged and PipelineError if it cannot be
    written; the file is then unchanged.
    """
    return _edit(path, change, create=create).result


@dataclass(frozen=True, slots=True)
class FileEdit(Generic[T]):
    """A finished edit: its result, and the bytes of the file before (None: none) and after."""

    path: Path
    result: T
    before: bytes | None
    after: bytes


class EditGroup(Generic[T]):
    """Edits as those of `edit`, but written to the disk together (`files.WriteGroup`).

    No folder is locked while a file is read and changed. A file that changed until it is
    replaced is edited again on its own.
    """

    def __init__(self) -> None:
        self._writes = atomic.WriteGroup()
        self._edits: dict[Path, tuple[Change[T], bool, FileEdit[T] | None]] = {}

    @property
    def is_full(self) -> bool:
        """Whether the group should be committed before more edits are added."""
        return self._writes.is_full

    def edit(self, path: Path, change: Change[T], *, create: bool = False) -> None:
        """Add an edit of another file."""
        if path in self._edits:
            raise ValueError(f"{path} is in this group already")
        prepared = None
        with suppress(PipelineError):  # `commit` edits the file alone, which raises the error
            if create or path.exists():
                old = read(path) if path.exists() or not create else None
                prepared = _prepare(path, change, old)
                if prepared.after != prepared.before:
                    self._writes.replace_if_unchanged(path, prepared.after, prepared.before)
        self._edits[path] = change, create, prepared

    def commit(self) -> list[FileEdit[T] | PipelineError]:
        """Write all files; return the edits in order, with the error of those that failed.

        Raises PipelineError for a folder that cannot be written.
        """
        with self._writes as writes:
            failed = set(writes.commit())
        edits, self._edits = self._edits, {}
        return [
            prepared if prepared and path not in failed else _edit_alone(path, change, create)
            for path, (change, create, prepared) in edits.items()
        ]

    def discard(self) -> None:
        """Forget all edits since the last commit."""
        self._writes.discard()
        self._edits = {}


def _edit_alone(path: Path, change: Change[T], create: bool) -> FileEdit[T] | PipelineError:
    try:
        return _edit(path, change, create=create)
    except PipelineError as error:
        return error


def _edit(path: Path, change: Change[T], *, create: bool) -> FileEdit[T]:
    if not create and not path.exists():
        read(path)  # raises; locking would create the folder
    with lock_directory(Path(os.path.realpath(path)).parent):
        if not path.exists():
            atomic.restore_missing(path, locked=True)
        for _ in range(_MAX_ATTEMPTS):
            edited = _prepare(path, change, read(path) if path.exists() or not create else None)
            if edited.after == edited.before:
                return edited
            with suppress(atomic.FileChangedError):
                atomic.replace_if_unchanged(path, edited.after, edited.before)
                return edited
    raise CatalogBusyError(
        f"{path}: another program keeps changing it", "Close the program that writes it."
    )


def _prepare(path: Path, change: Change[T], old: PoFile | None) -> FileEdit[T]:
    text, result = change(old)
    data = old.encode(text) if old else text.render().encode()
    return FileEdit(path, result, old.data if old else None, data)


def parse_bytes(path: Path, data: bytes) -> PoFile:
    """Parse the bytes of a PO file; `path` is used in messages. Raises CatalogError."""
    if not data.strip():
        raise CatalogError(
            f"{path}: is empty (another program may have failed to write it)",
            "Restore it from a copy, or delete it and run `translate extract`.",
        )
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise CatalogError(f"{path}:{line}: contains a NUL byte", "Restore the file from a copy.")
    text, charset = _decode(path, data)
    try:
        read = parser.parse_po(text)
    except PoSyntaxError as error:
        raise CatalogError(f"{path}:{error.line}: {error.message}", error.hint) from error
    _check_unique(path, read)
    return PoFile(path, data, charset, read)


def _header_charset(text: PoText) -> str:
    """Return the codec name of the header's charset, "" if none is known."""
    header = next((e for e in text.entries if e.source == "" and e.context is None), None)
    named = _CHARSET_FIELD.search(header.targets[0]) if header else None
    try:
        return codec_name(named[1]) if named else ""
    except LookupError:
        return ""


def _decode(path: Path, data: bytes) -> tuple[str, str]:
    charset = declared_charset(data)
    try:
        charset = codec_name(charset)
        return data.removeprefix(codecs.BOM_UTF8).decode(charset), charset
    except LookupError as error:
        hint = "Correct the charset in the Content-Type line (usually UTF-8)."
        raise CatalogError(f"{path}: unknown charset {charset!r}", hint) from error
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        line = data.count(b"\n", 0, start) + 1
        raise CatalogError(
            f"{path}:{line}: not {charset}: byte 0x{data[start]:02x}",
            f"Save it as UTF-8, or convert it: msgconv -t UTF-8 -o {path} {path}",
        ) from error


def codec_name(charset: str) -> str:
    """Return the name of the text codec for a charset; raises LookupError."""
    try:
        name = codecs.lookup(charset).name
        b"..".decode(name, "ignore")  # rot13 and others are not for text
    except ValueError as error:  # a NUL in the name, or a codec that decodes nothing
        raise LookupError(charset) from error
    return name


def declared_charset(data: bytes) -> str:
    """Return the charset that a PO file declares [default: UTF-8]."""
    match = _CHARSET.search(data)
    charset = match[1].decode("ascii", "replace") if match else "utf-8"
    return "utf-8" if charset == "CHARSET" else charset


def _check_unique(path: Path, text: PoText) -> None:
    seen: dict[EntryKey, int] = {}
    for entry in text.entries:
        first = seen.setdefault(entry.key, entry.line)
        if first != entry.line:
            raise CatalogError(
                f"{path}:{entry.line}: duplicate msgid, first on line {first}: "
                f"{entry.source[:40]!r}",
                "Delete one of the two entries.",
            )
