"""Install packages from an index or a file, whole or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from rich.filesize import decimal

from pipeline.core.errors import ModelError
from pipeline.files import atomic
from pipeline.models import store
from pipeline.models.argos import index
from pipeline.models.argos.archive import unpack
from pipeline.models.argos.package import ArgosPackage, parse_pair, read
from pipeline.models.argos.store import (  # fmt: skip
    PackageRecord,
    find,
    home,
    tree_digest,
    write_record,
)
from pipeline.models.partial_file import DiskFullError, PartialFile
from pipeline.models.registry import Model

MIRRORS_VARIABLE = "TRANSLATE_MODEL_MIRRORS"
SUFFIX = ".argosmodel"
DIGESTS = "digests.json"
"""Remembers, beside the packages, the digest of every package ever installed."""

_INCOMING = ".incoming-"
_DOWNLOADS = ".downloads"

MessageCallback = Callable[[str], None]


def install(
    name: str,
    sha256: str = "",
    on_progress: store.ProgressCallback = lambda done, total: None,
    on_message: MessageCallback = lambda text: None,
) -> list[ArgosPackage]:
    """Install the newest package of a pair (`de-en`) from the index, and give it.

    Where the index has none for the pair, the two that lead there through English are
    installed. `sha256` is what the package's file must have. Raises ModelError where the
    index or the package cannot be had or is not what it should be.
    """
    from pipeline.models import download

    codes = parse_pair(name)
    assert codes is not None
    chosen = index.select_offers(index.offers(download.get), *codes)
    if len(chosen) > 1:
        on_message(
            f"there is no {name} package: " + " and ".join(f"{o.id}" for o in chosen) + " instead"
        )
        if sha256:
            raise ModelError(f"{name} takes two packages", "Install them one by one.")
    return [_install_offer(offer, sha256, on_progress, on_message) for offer in chosen]


def install_file(
    where: str,
    sha256: str = "",
    on_progress: store.ProgressCallback = lambda done, total: None,
    on_message: MessageCallback = lambda text: None,
) -> ArgosPackage:
    """Install a package from an `.argosmodel` file, by path or https address, and give it.

    Raises ModelError where it cannot be had or is not what it should be.
    """
    _check_digest_syntax(sha256)
    if "://" in where:
        file = PurePosixPath(unquote(urlsplit(where).path)).name
        return _download("", file, (where,), sha256, on_progress, on_message)
    path = Path(where).expanduser().absolute()
    if not path.is_file():
        raise ModelError(f"{path}: no such file", f"Name a {SUFFIX} file.")
    return _install_archive(path, str(path), "", sha256, on_message)


def _install_offer(
    offer: index.PackageOffer,
    sha256: str,
    on_progress: store.ProgressCallback,
    on_message: MessageCallback,
) -> ArgosPackage:
    known = find(offer.id)
    if known and known.version == offer.version:
        on_message(f"{known.id} {known.version} is there already")
        return known
    _check_digest_syntax(sha256)
    label = f"{offer.id}-{offer.version}"
    mirrors = os.environ.get(MIRRORS_VARIABLE, "").replace(",", " ").split()
    links = [*(f"{base.rstrip('/')}/argos/{offer.file}" for base in mirrors), *offer.links]
    return _download(
        label, offer.file, tuple(links), sha256 or _recorded_digest(label), on_progress, on_message
    )


def _download(
    label: str, file: str, links: tuple[str, ...], sha256: str,
    on_progress: store.ProgressCallback, on_message: MessageCallback,
) -> ArgosPackage:  # fmt: skip
    """Fetch a package's file from the first link that gives it, and install it."""

    if not file.endswith(SUFFIX) or not re.fullmatch(r"[\w.+-]{1,200}", file):
        raise ModelError(f"{links[0]} is not named as a {SUFFIX} file", "Argos packages are.")
    failures: list[str] = []
    hint = ""
    for link in links:
        host = urlsplit(link).netloc.rpartition("@")[2] or link
        try:
            return _download_from(link, host, file, label, sha256, on_progress, on_message)
        except DiskFullError:
            raise
        except ModelError as error:
            failures.append(f"{host}: {error.message}")
            if link is not links[-1]:
                on_message(failures[-1])
            hint = error.hint
    raise ModelError(
        f"{file} could not be installed:" + "".join(f"\n  {line}" for line in failures),
        hint
        or "Check the network; or bring the file from another machine:\n"
        f"  translate models install {file}",
    )


def _download_from(
    link: str, host: str, file: str, label: str, sha256: str,
    on_progress: store.ProgressCallback, on_message: MessageCallback,
) -> ArgosPackage:  # fmt: skip
    """Fetch a package's file from a link, going on where an earlier attempt ended."""
    from pipeline.models import download

    downloads = home(_DOWNLOADS)
    with _store_errors(downloads):
        downloads.mkdir(parents=True, exist_ok=True)
        with (
            store.lock(downloads, "an Argos package", on_message),
            PartialFile(downloads / file, sha256 or link) as part,
        ):
            resumed_at = part.done
            after = f", going on after {decimal(resumed_at)}" if resumed_at else ""
            on_message(f"fetching {file} from {host}{after}")
            download.fetch(link, Model(file, file, 0, sha256), part, on_progress)
            try:
                package = _install_archive(part.path, link, label, sha256, on_message)
            except RejectedFileError:
                part.discard()
                if not resumed_at:
                    raise
            else:
                part.discard()
                return package
    # The beginning was not this link's, or is long ago: it gets a chance of its own.
    on_message("the file is not the right one: fetching all of it anew")
    return _download_from(link, host, file, label, sha256, on_progress, on_message)


def _install_archive(
    file: Path, source: str, label: str, sha256: str, on_message: MessageCallback
) -> ArgosPackage:
    """Check a package's file, unpack it, and put it in its place.

    `label` is the name and version that it must have, "" for any.
    """
    top = home("")
    with _store_errors(top):
        top.mkdir(parents=True, exist_ok=True)
        with store.lock(top, "an Argos package", on_message):
            for leftover in top.glob(f"{_INCOMING}*"):
                shutil.rmtree(leftover, ignore_errors=True)
            on_message("checking the digest")
            found = store.file_digest(file)
            if sha256 and found != sha256.lower():
                raise RejectedFileError(
                    f"gives another file (its SHA-256 is {found}, not {sha256})", _replaced_hint()
                )
            with tempfile.TemporaryDirectory(prefix=_INCOMING, dir=top) as name:
                package = _unpack(file, Path(name) / "package", label)
                first = _recorded_digest(f"{package.id}-{package.version}")
                if first not in ("", found):
                    raise RejectedFileError(
                        f"{file.name} is not the {package.id} {package.version} that was "
                        f"installed first (its SHA-256 is {found}, not {first})",
                        _replaced_hint(),
                    )
                return _move_into_store(package, found, source)


def _unpack(file: Path, folder: Path, label: str) -> ArgosPackage:
    folder.mkdir()
    try:
        unpack(file, folder)
        package = read(folder)
    except ModelError as error:
        raise RejectedFileError(f"{file.name}: {error.message}", "Get it anew.") from error
    given = f"{package.id}-{package.version}"
    if label and given != label:
        raise RejectedFileError(f"{file.name} is the package {given}, not {label}", "Get it anew.")
    return package


class RejectedFileError(ModelError):
    """A package's file is there, and is not what it should be: fetching on will not help."""


def _move_into_store(package: ArgosPackage, sha256: str, source: str) -> ArgosPackage:
    """Move an unpacked package to its place, then make its record name it."""
    final = home(package.id)
    final.mkdir(exist_ok=True)
    with store.lock(final, f"package {package.id}", lambda text: None):
        # The version is a stranger's text, and becomes a folder's name.
        version, number = re.sub(r"[^\w.]", "_", package.version)[:40], 1
        while (place := final / f"v{version}-{number}").exists():
            number += 1
        tree = tree_digest(package)
        for path in package.files():
            with path.open("rb") as handle:
                os.fsync(handle.fileno())
        package.folder.rename(place)
        date = datetime.now(UTC).isoformat(timespec="seconds")
        record = PackageRecord(place.name, package.version, sha256, tree, source, date)
        _record_digest(f"{package.id}-{package.version}", sha256)
        write_record(package.id, record)
        for path in final.iterdir():
            if path.is_dir() and path != place:
                shutil.rmtree(path, ignore_errors=True)
    return read(place, tree)


@contextmanager
def _store_errors(where: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        # Network errors were worded where they arose: this is the store's disk.
        raise ModelError(
            f"{error.filename or where}: {error.strerror or error}",
            f"Mend that, or keep models in another folder: set {store.FOLDER_VARIABLE}.",
        ) from error


def _check_digest_syntax(sha256: str) -> None:
    if sha256 and not re.fullmatch("[0-9a-fA-F]{64}", sha256):
        raise ModelError(f"{sha256!r} is no SHA-256", "It has 64 hexadecimal digits.")


def _recorded_digest(label: str) -> str:
    """The digest that a package had when it was first installed, "" where it never was."""
    return _recorded_digests().get(label, "")


def _recorded_digests() -> dict[str, str]:
    try:
        values = json.loads((home("") / DIGESTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}


def _record_digest(label: str, sha256: str) -> None:
    values = _recorded_digests() | {label: sha256}
    atomic.replace_file(home("") / DIGESTS, json.dumps(values, indent=1).encode())


def _replaced_hint() -> str:
    return f"If its publisher replaced it, remove its line from {home('') / DIGESTS}."
