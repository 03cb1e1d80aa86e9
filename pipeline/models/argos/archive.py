"""Unpack `.argosmodel` files, zip archives that are not trusted."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from pipeline.core import ModelError
from pipeline.models.argos.package import BPE_FILE, METADATA_FILE, MODEL_FOLDER, SENTENCEPIECE_FILE
from pipeline.models.store import CHUNK_BYTES

MAX_BYTES = 4 << 30
"""The maximum size of an unpacked package."""

MAX_FILES = 10_000
_REQUIRED_FILES = {METADATA_FILE, SENTENCEPIECE_FILE, BPE_FILE, "README.md", "LICENSE"}


def unpack(file: Path, folder: Path, max_bytes: int = MAX_BYTES) -> None:
    """Unpack the files of a package that translation needs into the empty `folder`.

    Folders for other programs (stanza, spacy, minisbd) are skipped. Raises ModelError for an
    archive that is damaged, has paths outside its folder or links, or unpacks to more than
    `max_bytes`. Some files may then be unpacked already.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            for entry, inside in _entries(archive, max_bytes):
                path = folder / inside
                path.parent.mkdir(parents=True, exist_ok=True)
                _copy(archive, entry, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelError(f"not a valid .argosmodel file: {error}") from error
    except UnicodeError as error:
        raise ModelError("contains an unreadable file name") from error


def _entries(
    archive: zipfile.ZipFile, max_bytes: int
) -> list[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """Return the entries to unpack with their paths, after checking all entries."""
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise ModelError(f"has {len(entries):,} files, more than {MAX_FILES:,}")
    size = sum(entry.file_size for entry in entries)
    if size > max_bytes:
        raise ModelError(f"unpacks to {size:,} bytes, more than {max_bytes:,}")
    selected: dict[PurePosixPath, zipfile.ZipInfo] = {}
    roots = set()
    for entry in entries:
        path = _checked_path(entry)
        roots.add(path.parts[0])
        inside = PurePosixPath(*path.parts[1:])
        if entry.is_dir() or not (
            str(inside) in _REQUIRED_FILES or inside.parts[:1] == (MODEL_FOLDER,)
        ):
            continue
        if inside in selected:
            raise ModelError(f"contains {entry.filename!r} twice")
        selected[inside] = entry
    if len(roots) != 1:
        raise ModelError("does not contain exactly one folder")
    return [(entry, inside) for inside, entry in selected.items()]


def _checked_path(entry: zipfile.ZipInfo) -> PurePosixPath:
    name = entry.filename
    path = PurePosixPath(name)
    if path.is_absolute() or "\\" in name or ":" in name or "\0" in name or ".." in path.parts:
        raise ModelError(f"contains {name!r}, a path outside its folder")
    if not path.parts:
        raise ModelError("contains a file without a name")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ModelError(f"contains {name!r}, a link or a device")
    return path


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    # zipfile never returns more bytes than the size checked before.
    with archive.open(entry) as source, path.open("xb") as target:
        while chunk := source.read(CHUNK_BYTES):
            target.write(chunk)
