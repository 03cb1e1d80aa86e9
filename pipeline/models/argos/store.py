"""The installed packages: those in the model store and those of `argospm`."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.core import ModelError
from pipeline.core.file_names import real_path, user_path
from pipeline.core.input import parse_json
from pipeline.files import atomic, file_signature
from pipeline.models import store
from pipeline.models.argos.package import ArgosPackage, argos_code, parse_pair, read, version_key

ARGOS_FOLDER_VARIABLE = "ARGOS_PACKAGES_DIR"
RECORD_FILE = "package.json"
PIVOT = "en"


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """The record of an installed package.

    - `folder` is the name of the folder with its files, beside the record.
    - `sha256` is the digest of its archive, `tree` that of its files.
    - `date` is in UTC.
    """

    folder: str
    version: str
    sha256: str
    tree: str
    source: str
    date: str


def home(name: str) -> Path:
    """Return the folder of a pair (`de-en`) in the model store."""
    # The id of a model never starts with an underscore.
    return store.store_dir() / "_argos" / name


def read_record(name: str) -> PackageRecord | None:
    """Return the record of a pair, None if it is missing or invalid."""
    try:
        record = PackageRecord(**parse_json((home(name) / RECORD_FILE).read_text(encoding="utf-8")))
        inside = Path(record.folder).name == record.folder and record.folder not in ("", "..", ".")
    except (OSError, ValueError, TypeError):
        return None
    return record if inside else None


def write_record(name: str, record: PackageRecord) -> None:
    """Write the record of a pair."""
    atomic.replace_file(home(name) / RECORD_FILE, json.dumps(asdict(record), indent=1).encode())


def argos_folders() -> tuple[Path, ...]:
    """Return the folders where Argos Translate stores packages, from its own settings."""
    chosen = os.environ.get(ARGOS_FOLDER_VARIABLE)
    if chosen:
        return (user_path(chosen, ARGOS_FOLDER_VARIABLE),)
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    folders = [Path(data) / "argos-translate" / "packages"]
    if "SNAP_USER_DATA" in os.environ:
        folders.append(Path(os.environ["SNAP_USER_DATA"], ".local/share/argos-translate/packages"))
    return tuple(folders)


def installed_packages() -> tuple[ArgosPackage, ...]:
    """Return the newest package of each pair, sorted by id.

    A package of the store precedes one of `argospm` with the same version.
    """
    newest: dict[str, ArgosPackage] = {}
    for package in (*_managed_packages(), *_foreign_packages()):
        known = newest.get(package.id)
        if known is None or version_key(package.version) > version_key(known.version):
            newest[package.id] = package
    return tuple(newest[name] for name in sorted(newest))


def find(name: str) -> ArgosPackage | None:
    """Return the installed package of a pair (`de-en`), None if there is none."""
    codes = parse_pair(name)
    wanted = "-".join(codes) if codes else ""
    return next((package for package in installed_packages() if package.id == wanted), None)


def route(source: str, target: str, packages: Iterable[ArgosPackage]) -> tuple[ArgosPackage, ...]:
    """Return the packages that translate a pair, in order: one, or two through English.

    Empty if there are none.
    """
    by_pair = {(p.source, p.target): p for p in packages}
    source, target = argos_code(source), argos_code(target)
    if direct := by_pair.get((source, target)):
        return (direct,)
    first, second = by_pair.get((source, PIVOT)), by_pair.get((PIVOT, target))
    return (first, second) if first and second else ()


def digest(package: ArgosPackage) -> str:
    """Return the digest of a package's files, cached until one of them changes.

    Raises ModelError if a file cannot be read.
    """
    try:
        signature = " ".join(map(file_signature, package.files()))
    except OSError as error:
        raise ModelError(
            f"{error.filename}: {error.strerror}", "Install the package again."
        ) from error
    return store.cached_digest(real_path(package.folder), signature, lambda: tree_digest(package))


def tree_digest(package: ArgosPackage) -> str:
    """Return a SHA-256 over the names and digests of a package's files; reads all of them."""
    whole = hashlib.sha256()
    for path in package.files():
        inside = path.relative_to(package.folder).as_posix()
        whole.update(f"{store.file_digest(path)}  {inside}\n".encode())
    return whole.hexdigest()


def archive_digest(package: ArgosPackage) -> str:
    """Return the SHA-256 of a package's archive, "" if another program installed it."""
    record = read_record(package.id) if package.managed else None
    return record.sha256 if record else ""


def verified_path(package: ArgosPackage) -> Path:
    """Return the folder of a package after comparing its digest with the recorded one.

    Uses the cached digest of files that did not change. Raises ModelError if they differ.
    """
    _compare(package, digest(package))
    return package.folder


def verify(package: ArgosPackage) -> None:
    """Compare the digest of a package with the recorded one, reading all files.

    Raises ModelError if they differ.
    """
    _compare(package, tree_digest(package))


def _compare(package: ArgosPackage, found: str) -> None:
    if package.managed and found != package.recorded_digest:
        raise ModelError(
            f"package {package.id} is damaged: the digest of {package.folder} is not the "
            "recorded one",
            f"Install it again: translate models remove {package.id} --yes, "
            f"then translate models install {package.id}",
        )


def remove(name: str) -> int:
    """Delete the package of a pair and return the bytes freed.

    Raises ModelError if there is none, another program installed it, or it is being installed.
    """
    codes = parse_pair(name)
    name = "-".join(codes) if codes else name
    folder = home(name)
    if not (codes and (folder / RECORD_FILE).is_file()):
        package = find(name)
        if package:
            raise ModelError(
                f"{package.folder} was not installed by translate",
                f"Use its own program: argospm remove translate-{package.source}_{package.target}",
            )
        raise ModelError(
            f"package {name} is not installed", "List the packages with: translate models list"
        )
    return store.delete_folder(folder, RECORD_FILE, f"package {name}")


def _managed_packages() -> Iterator[ArgosPackage]:
    for path in sorted(home("").glob(f"*/{RECORD_FILE}")):
        record = read_record(path.parent.name)
        if record is None:
            continue
        # A modified folder counts as not installed: `install` replaces it.
        with suppress(ModelError):
            package = read(path.parent / record.folder, record.tree)
            if package.id == path.parent.name:
                yield package


def _foreign_packages() -> Iterator[ArgosPackage]:
    for folder in argos_folders():
        for path in sorted(folder.glob("*/metadata.json")):
            # Packages of other kinds are not read, such as those for sentence boundaries.
            with suppress(ModelError):
                yield read(path.parent)
