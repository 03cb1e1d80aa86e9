"""The installed models: folders of the model store, one for each pair of languages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.core import ModelError
from pipeline.core.input import parse_json
from pipeline.files import atomic
from pipeline.models import store
from pipeline.models.firefox.package import (
    PIVOT,
    PREFIX,
    FirefoxModel,
    ModelFile,
    Role,
    is_complete,
    mozilla_code,
    parse_name,
)

RECORD_FILE = "model.json"


@dataclass(frozen=True, slots=True)
class Record:
    """The record of an installed model.

    - `folder` is the name of the folder with its files, beside the record.
    - `files` maps roles to digests and sizes in bytes.
    - `published` is whether the list had the digests, `date` is in UTC.
    """

    folder: str
    architecture: str
    version: str
    files: dict[str, tuple[str, int]]
    origin: str
    published: bool
    date: str


def home(pair: str) -> Path:
    """Return the folder of a pair (`de-en`) in the model store."""
    # The id of a model never starts with an underscore.
    return store.store_dir() / "_firefox" / pair


def write_record(pair: str, record: Record) -> None:
    """Write the record of a pair."""
    atomic.replace_file(home(pair) / RECORD_FILE, json.dumps(asdict(record), indent=1).encode())


def installed_models() -> tuple[FirefoxModel, ...]:
    """Return the installed models, sorted by pair. Files of the wrong size count as missing."""
    found = []
    for path in sorted(home("").glob(f"*/{RECORD_FILE}")):
        # A modified folder counts as not installed: `install` replaces it.
        with suppress(OSError, ValueError, TypeError, KeyError):
            found.append(_read(path))
    return tuple(found)


def find(name: str) -> FirefoxModel | None:
    """Return the installed model with a name (`firefox:de-en`), None if there is none."""
    wanted = parse_name(name)
    if wanted is None:
        return None
    return next(
        (
            model
            for model in installed_models()
            if model.pair == wanted.pair and wanted.matches(model.architecture, model.version)
        ),
        None,
    )


def route(source: str, language: str, models: Iterable[FirefoxModel]) -> tuple[FirefoxModel, ...]:
    """Return the models that translate a pair, in order: one, or two through English.

    Empty if there are none.
    """
    by_pair = {(model.source, model.target): model for model in models}
    target = mozilla_code(language)
    if direct := by_pair.get((source, target)):
        return (direct,)
    first, second = by_pair.get((source, PIVOT)), by_pair.get((PIVOT, target))
    return (first, second) if first and second else ()


def digest(model: FirefoxModel) -> str:
    """Return a SHA-256 over the roles and digests of a model's files."""
    lines = (f"{file.sha256}  {file.role.value}\n" for file in model.files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def verified_files(model: FirefoxModel) -> dict[Role, Path]:
    """Return the files of a model after comparing their digests with the recorded ones.

    Uses the cached digest of a file that did not change. Raises ModelError if they differ.
    """
    for file in model.files:
        found = store.cached_file_digest(file.path)
        _compare(model, file, found)
    return {file.role: file.path for file in model.files}


def verify(model: FirefoxModel) -> None:
    """Read all files of a model and compare their digests; raises ModelError if they differ."""
    for file in model.files:
        _compare(model, file, store.file_digest(file.path))


def remove(name: str) -> int:
    """Delete a model and return the bytes freed.

    Raises ModelError if it is not installed, or is being installed.
    """
    wanted = parse_name(name)
    folder = home(wanted.pair) if wanted else home("")
    if not wanted or not (folder / RECORD_FILE).is_file():
        raise ModelError(
            f"model {name} is not installed", "List the models with: translate models list"
        )
    return store.delete_folder(folder, RECORD_FILE, f"model {name}")


def _read(path: Path) -> FirefoxModel:
    """Read a model from its record; raises OSError, ValueError, TypeError or KeyError."""
    record = Record(**parse_json(path.read_text(encoding="utf-8")))
    pair = parse_name(PREFIX + path.parent.name)
    if pair is None or Path(record.folder).name != record.folder or record.folder in ("", ".."):
        raise ValueError("not a record of this folder")
    files = []
    for role, (sha256, size) in record.files.items():
        inside = path.parent / record.folder / Role(role).file
        if inside.stat().st_size != size:
            raise ValueError("a file has another size")
        files.append(ModelFile(Role(role), inside, int(size), str(sha256)))
    if not is_complete({file.role for file in files}):
        raise ValueError("files are missing")
    return FirefoxModel(
        pair.source, pair.target, str(record.architecture), str(record.version), tuple(files),
        str(record.origin), bool(record.published),
    )  # fmt: skip


def _compare(model: FirefoxModel, file: ModelFile, found: str) -> None:
    if found != file.sha256:
        raise ModelError(
            f"model {model.id} is damaged: the SHA-256 of {file.path} is {found}, "
            f"not {file.sha256}",
            _again(model),
        )


def _again(model: FirefoxModel) -> str:
    return (
        f"Install it again: translate models remove {model.id} --yes, "
        f"then translate models install {model.id}"
    )
