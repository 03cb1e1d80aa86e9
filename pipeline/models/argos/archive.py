"""Unpack an `.argosmodel` file: a zip archive from strangers, trusted in nothing."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from pipeline.core.errors import ModelError
from pipeline.models.argos.package import BPE, METADATA, MODEL, SENTENCEPIECE
from pipeline.models.store import CHUNK_BYTES

MAX_BYTES = 4 << 30
"""What a package may unpack to at most."""

MAX_FILES = 10_000
_REQUIRED_FILES = {METADATA, SENTENCEPIECE, BPE, "README.md", "LICENSE"}


def unpack(file: Path, folder: Path, max_bytes: int = MAX_BYTES) -> None:
    """Unpack what translating needs of a package into the empty `folder`.

    Folders for other programs (stanza, spacy, minisbd) are left out. Raises ModelError for
    an archive that is damaged, leads out of its folder, holds links, or unpacks to more than
    `max_bytes`; what was unpacked until then is in `folder`.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            for entry, inside in _entries(archive, max_bytes):
                path = folder / inside
                path.parent.mkdir(parents=True, exist_ok=True)
                _copy(archive, entry, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelError(f"{file.name} is not a sound .argosmodel file: {error}") from error
    except UnicodeError as error:
        raise ModelError(f"{file.name}: a name in it cannot be read") from error


def _entries(
    archive: zipfile.ZipFile, max_bytes: int
) -> list[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """The entries to unpack and where; all are looked at before the first is unpacked."""
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise ModelError(f"has {len(entries):,} files: no package has that many")
    size = sum(entry.file_size for entry in entries)
    if size > max_bytes:
        raise ModelError(f"unpacks to {size:,} bytes, more than {max_bytes:,}")
    selected: dict[PurePosixPath, zipfile.ZipInfo] = {}
    roots = set()
    for entry in entries:
        path = _checked_path(entry)
        roots.add(path.parts[0])
        inside = PurePosixPath(*path.parts[1:])
        if entry.is_dir() or not (str(inside) in _REQUIRED_FILES or inside.parts[:1] == (MODEL,)):
            continue
        if inside in selected:
            raise ModelError(f"holds {entry.filename!r} twice")
        selected[inside] = entry
    if len(roots) != 1:
        raise ModelError("does not hold one folder, as packages do")
    return [(entry, inside) for inside, entry in selected.items()]


def _checked_path(entry: zipfile.ZipInfo) -> PurePosixPath:
    name = entry.filename
    path = PurePosixPath(name)
    if path.is_absolute() or "\\" in name or ":" in name or "\0" in name or ".." in path.parts:
        raise ModelError(f"holds {name!r}, which leads out of its folder")
    if not path.parts:
        raise ModelError("holds a file without a name")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ModelError(f"holds {name!r}, which is a link or a device")
    return path


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    # zipfile reads no further than the size just summed up, whatever the data unpack to.
    with archive.open(entry) as source, path.open("xb") as target:
        while chunk := source.read(CHUNK_BYTES):
            target.write(chunk)
