"""Install models from a list or a folder, completely or not at all."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from rich.filesize import decimal

from pipeline.core import ModelError
from pipeline.core.input import read_bytes
from pipeline.models import store
from pipeline.models.firefox import records
from pipeline.models.firefox.package import PREFIX, FirefoxModel, ModelName, Role, is_complete
from pipeline.models.firefox.records import NO_SETTINGS, FileOffer, ListSettings, ModelOffer
from pipeline.models.firefox.store import Record, find, home, write_record
from pipeline.models.install import MessageCallback
from pipeline.models.partial_file import DiskFullError, PartialFile
from pipeline.models.registry import Model, UrlSource

_INCOMING = ".incoming-"
_DOWNLOADS = ".downloads"
_RECORDS_FILE = "records.json"
_ZSTD_CHUNK_BYTES = 1024
"""Bytes decompressed at once: each four of them can become 128 KiB."""

_ZSTD_MAGIC, _GZIP_MAGIC = b"\x28\xb5\x2f\xfd", b"\x1f\x8b"
_FILE_NAMES = {
    Role.MODEL: r"model\..*bin",
    Role.SHORTLIST: r"lex\..*bin",
    Role.VOCABULARY: r"vocab\..*spm",
    Role.SOURCE_VOCABULARY: r"srcvocab\..*spm",
    Role.TARGET_VOCABULARY: r"trgvocab\..*spm",
}


class RejectedAttachmentError(ModelError):
    """A file is complete but wrong. Resuming its download cannot fix it."""


def install(
    name: ModelName,
    on_progress: store.ProgressCallback = lambda done, total: None,
    on_message: MessageCallback = lambda text: None,
    *,
    offers: list[ModelOffer] | None = None,
    settings: ListSettings = NO_SETTINGS,
) -> list[FirefoxModel]:
    """Install the best model of a pair from the list, or the two that pivot through English.

    `offers` is the list if it was read already, `settings` are those of the project.
    `on_progress` is called with the bytes done and the total of all files of a model. Raises
    ModelError if the list or a file cannot be downloaded, or a file is rejected; nothing of that
    model is kept.
    """
    from pipeline.models import download

    _require_zstd()
    offered = records.list_offers(download.get, settings) if offers is None else offers
    chosen = records.select_offers(offered, name, settings)
    if len(chosen) > 1:
        pairs = " and ".join(offer.id for offer in chosen)
        on_message(f"there is no {PREFIX}{name.pair} model: {pairs} instead")
    return [_install_offer(offer, on_progress, on_message) for offer in chosen]


def install_folder(
    name: ModelName, folder: Path, on_message: MessageCallback = lambda text: None
) -> FirefoxModel:
    """Install a model from the files in a folder, compressed or not.

    If the folder is a mirror (with `records.json`), the digests of the list are required.
    Otherwise they are recorded. Raises ModelError if files are missing or rejected.
    """
    if not folder.is_dir():
        raise ModelError(
            f"{folder}: no such folder", "Name the folder with the files of the model."
        )
    if (folder / _RECORDS_FILE).is_file():
        data = read_bytes(folder / _RECORDS_FILE, ModelError)
        try:
            offered = records.parse_records(data, "http://localhost/")
        except ModelError as error:
            raise ModelError(f"{folder / _RECORDS_FILE} {error.message}", error.hint) from error
        (offer, *others) = records.select_offers(offered, name)
        if others:
            raise ModelError(
                f"{folder} has no model for {name.pair}",
                f"Install both models through English: {offer.id} and {others[0].id}.",
            )
        paths = {file: folder / unquote(file.urls[-1].removeprefix("http://localhost/"))
                 for file in offer.files}  # fmt: skip
        with _incoming(on_message) as place:
            for file, path in paths.items():
                _require_file(path, file)
                _unpack(path, place / file.role.file, file.content_sha256)
            return _move_into_store(offer, place, str(folder), published=True)
    found = _find_files(folder)
    offer = ModelOffer(
        name.source, name.target, name.architecture or "unknown", name.version or "0", (), ""
    )
    with _incoming(on_message) as place:
        for role, path in found.items():
            _unpack(path, place / role.file, "")
        return _move_into_store(offer, place, str(folder), published=False)


def _install_offer(
    offer: ModelOffer, on_progress: store.ProgressCallback, on_message: MessageCallback
) -> FirefoxModel:
    """Download and verify the files of an offer; the model is in the store afterwards."""
    known = find(offer.id)
    if known and (known.version, known.architecture) == (offer.version, offer.architecture):
        on_message(f"{known.id} {known.version} is already installed")
        return known
    on_message(
        f"downloading {offer.id} {offer.version} {offer.architecture} ({decimal(offer.size)})"
    )
    downloads = home(_DOWNLOADS)
    with store.errors_named(downloads):
        downloads.mkdir(parents=True, exist_ok=True)
        with store.lock(downloads, "a Firefox model", on_message):
            done, parts = 0, []
            for file in offer.files:
                parts.append(_download(offer, file, done, on_progress, on_message))
                done += file.size
            try:
                with _incoming(on_message) as place:
                    for file, path in zip(offer.files, parts, strict=True):
                        _unpack(path, place / file.role.file, file.content_sha256)
                    return _move_into_store(offer, place, offer.origin, published=True)
            finally:
                for path in parts:
                    path.unlink(missing_ok=True)


def _download(
    offer: ModelOffer,
    file: FileOffer,
    before: int,
    on_progress: store.ProgressCallback,
    on_message: MessageCallback,
) -> Path:
    """Download an attachment from the first address that has it; `before` counts earlier files."""
    failures: list[str] = []
    for url in file.urls:
        try:
            return _download_from(url, file, lambda done, _: on_progress(before + done, offer.size))
        except DiskFullError:
            raise
        except ModelError as error:
            failures.append(f"{UrlSource(url)}: {error.message}")
            if url != file.urls[-1]:
                on_message(failures[-1])
    raise ModelError(
        f"{offer.id} could not be installed: {file.role.value}: {'; '.join(failures)}",
        "Check the network, or install from files: "
        f"translate models install {offer.id} --from FOLDER",
    )


def _download_from(url: str, file: FileOffer, on_progress: store.ProgressCallback) -> Path:
    """Download an attachment, resuming an earlier attempt, and verify its digest."""
    from pipeline.models import download

    path = home(_DOWNLOADS) / file.sha256
    if path.is_file():
        path.unlink()  # left by a kill before it was unpacked
    with PartialFile(path, file.sha256) as part:
        resumed_at = part.done
        part.expect(file.size)
        if part.done < file.size:
            model = Model(file.role.value, path.name, file.size, file.sha256)
            download.fetch(url, model, part, on_progress)
        if store.file_digest(part.path) == file.sha256:
            part.finish(path)
            return path
        part.discard()
    if resumed_at:
        # The first bytes may come from another address: download this one alone.
        return _download_from(url, file, on_progress)
    raise RejectedAttachmentError("sends a different file: its SHA-256 is not that of the list")


def _require_file(path: Path, file: FileOffer) -> None:
    if not path.is_file():
        raise ModelError(f"{path}: no such file", "Copy it from the mirror.")
    if store.file_digest(path) != file.sha256:
        raise RejectedAttachmentError(
            f"{path}: its SHA-256 is not that of the list", "Copy it again."
        )


def _find_files(folder: Path) -> dict[Role, Path]:
    """Return the files of a model by Mozilla's names; raises ModelError if some are missing."""
    found: dict[Role, Path] = {}
    for path in sorted(folder.iterdir()):
        for role, pattern in _FILE_NAMES.items():
            if path.is_file() and re.fullmatch(rf"{pattern}(\.zst|\.gz)?", path.name):
                if role in found:
                    raise ModelError(
                        f"{folder} has two files for one role: {found[role].name}, {path.name}",
                        "Keep the files of one model in a folder.",
                    )
                found[role] = path
    if not is_complete(set(found)):
        raise ModelError(
            f"{folder} has no complete model",
            "It needs model.*.bin and vocab.*.spm (or srcvocab.* and trgvocab.*), "
            "also compressed (.zst, .gz).",
        )
    return found


def _unpack(source: Path, target: Path, sha256: str) -> None:
    """Decompress a file to `target`; raises RejectedAttachmentError for a wrong digest."""
    try:
        with source.open("rb") as file, target.open("xb") as out:
            magic = file.read(4)
            file.seek(0)
            for chunk in _content(file, magic):
                out.write(chunk)
                if out.tell() > records.MAX_FILE_BYTES:
                    raise RejectedAttachmentError(
                        f"{source.name} unpacks to more than {records.MAX_FILE_BYTES:,} bytes"
                    )
            out.flush()
            os.fsync(out.fileno())
    except (EOFError, gzip.BadGzipFile) as error:
        raise RejectedAttachmentError(f"{source.name} cannot be decompressed: {error}") from error
    if sha256 and store.file_digest(target) != sha256:
        raise RejectedAttachmentError(
            f"{source.name} has the wrong content: its SHA-256 after decompression is not "
            "that of the list",
            "Report this to the publisher of the list.",
        )


def _content(file: BinaryIO, magic: bytes) -> Iterator[bytes]:
    """Yield the content of a file, decompressed if it is compressed."""
    if magic != _ZSTD_MAGIC:
        stream = gzip.GzipFile(fileobj=file) if magic.startswith(_GZIP_MAGIC) else file
        while chunk := stream.read(store.CHUNK_BYTES):
            yield chunk
        return
    import zstandard

    # Not a stream reader: at the end of a file that was cut off, it raises no error.
    unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj()
    try:
        while not unpacker.eof and (chunk := file.read(_ZSTD_CHUNK_BYTES)):
            yield unpacker.decompress(chunk)
    except zstandard.ZstdError as error:
        raise EOFError(str(error)) from error
    if not unpacker.eof:
        raise EOFError("it ends early")


@contextmanager
def _incoming(on_message: MessageCallback) -> Iterator[Path]:
    """Lock the models and return an empty folder, which is deleted if the block fails."""
    _require_zstd()
    top = home("")
    with store.errors_named(top):
        top.mkdir(parents=True, exist_ok=True)
        with store.lock(top, "a Firefox model", on_message):
            for leftover in top.glob(f"{_INCOMING}*"):
                shutil.rmtree(leftover, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix=_INCOMING, dir=top) as name:
                place = Path(name) / "files"
                place.mkdir()
                yield place


def _move_into_store(
    offer: ModelOffer, place: Path, origin: str, *, published: bool
) -> FirefoxModel:
    """Move a folder of verified files into the store, then write its record."""
    final = home(offer.pair)
    final.mkdir(exist_ok=True)
    with store.lock(final, f"model {offer.id}", lambda text: None):
        number = 1
        while (target := final / f"v{offer.version}-{number}").exists():
            number += 1
        files = {
            role.value: (store.file_digest(path), path.stat().st_size)
            for role in Role
            if (path := place / role.file).is_file()
        }
        place.rename(target)
        date = datetime.now(UTC).isoformat(timespec="seconds")
        record = Record(
            target.name, offer.architecture, offer.version, files, origin, published, date
        )
        write_record(offer.pair, record)
        for path in final.iterdir():
            if path.is_dir() and path != target:
                shutil.rmtree(path, ignore_errors=True)
    installed = find(offer.id)
    assert installed is not None
    return installed


def _require_zstd() -> None:
    """Raise ModelError before any download if the extra is not installed."""
    try:
        import zstandard  # noqa: F401 - used when a file is unpacked
    except ImportError as error:
        raise ModelError(
            f"Firefox models need the extra firefox ({error})",
            "Install it: pip install 'translate-pipeline[firefox]'.",
        ) from error
