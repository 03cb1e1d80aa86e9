"""Install packages from an index or a file, completely or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rich.filesize import decimal

from pipeline.core import ModelError
from pipeline.core.file_names import user_path
from pipeline.core.input import parse_json
from pipeline.files import atomic
from pipeline.models import store
from pipeline.models.argos import index
from pipeline.models.argos.archive import unpack
from pipeline.models.argos.package import ArgosPackage, parse_pair, read
from pipeline.models.argos.store import (
    PackageRecord,
    find,
    home,
    tree_digest,
    write_record,
)
from pipeline.models.install import MIRRORS_VARIABLE, MessageCallback
from pipeline.models.partial_file import DiskFullError, PartialFile
from pipeline.models.registry import Model, UrlSource, url_file_name

SUFFIX = ".argosmodel"
DIGESTS = "digests.json"
"""The file with the digests of all packages ever installed, beside the packages."""

_INCOMING = ".incoming-"
_DOWNLOADS = ".downloads"


def install(
    name: str,
    sha256: str = "",
    on_progress: store.ProgressCallback = lambda done, total: None,
    on_message: MessageCallback = lambda text: None,
) -> list[ArgosPackage]:
    """Install the newest package of a pair (`de-en`) from the index.

    If the index has none, installs the two packages that pivot through English. `sha256` is
    the expected digest of the archive. Raises ModelError if the index or a package cannot be
    downloaded, or the package is rejected.
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
            raise ModelError(
                f"{name} needs two packages, --sha256 verifies one", "Install them one by one."
            )
    return [_install_offer(offer, sha256, on_progress, on_message) for offer in chosen]


def install_file(
    where: str,
    sha256: str = "",
    on_progress: store.ProgressCallback = lambda done, total: None,
    on_message: MessageCallback = lambda text: None,
) -> ArgosPackage:
    """Install a package from an `.argosmodel` file, given by path or https address.

    `sha256` is the expected digest of the file. Raises ModelError if the file cannot be read
    or is rejected.
    """
    _check_digest_syntax(sha256)
    if "://" in where:
        return _download("", url_file_name(where), (where,), sha256, on_progress, on_message)
    path = user_path(where, "the path").absolute()
    if not path.is_file():
        raise ModelError(f"{path}: no such file", f"Use the path of a {SUFFIX} file.")
    return _install_archive(path, str(path), "", sha256, on_message)


def _install_offer(
    offer: index.PackageOffer,
    sha256: str,
    on_progress: store.ProgressCallback,
    on_message: MessageCallback,
) -> ArgosPackage:
    known = find(offer.id)
    if known and known.version == offer.version:
        on_message(f"{known.id} {known.version} is already installed")
        return known
    _check_digest_syntax(sha256)
    label = f"{offer.id}-{offer.version}"
    mirrors = os.environ.get(MIRRORS_VARIABLE, "").replace(",", " ").split()
    links = [*(f"{base.rstrip('/')}/argos/{offer.file}" for base in mirrors), *offer.links]
    return _download(
        label, offer.file, tuple(links), sha256 or _recorded_digest(label), on_progress, on_message
    )


def _download(
    label: str,
    file: str,
    links: tuple[str, ...],
    sha256: str,
    on_progress: store.ProgressCallback,
    on_message: MessageCallback,
) -> ArgosPackage:
    """Download an archive from the first link that works, and install it."""
    if not file.endswith(SUFFIX) or not re.fullmatch(r"[\w.+-]{1,200}", file):
        raise ModelError(
            f"{links[0]} does not end in {SUFFIX}", "Use the address of an Argos package."
        )
    failures: list[str] = []
    hint = ""
    for link in links:
        host = str(UrlSource(link))
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
        or "Check the network, or copy the file from another machine:\n"
        f"  translate models install {file}",
    )


def _download_from(
    link: str,
    host: str,
    file: str,
    label: str,
    sha256: str,
    on_progress: store.ProgressCallback,
    on_message: MessageCallback,
) -> ArgosPackage:
    """Download an archive from a link, resuming an earlier attempt, and install it."""
    from pipeline.models import download

    downloads = home(_DOWNLOADS)
    with store.errors_named(downloads):
        downloads.mkdir(parents=True, exist_ok=True)
        with (
            store.lock(downloads, "an Argos package", on_message),
            PartialFile(downloads / file, sha256 or link) as part,
        ):
            resumed_at = part.done
            after = f", resuming after {decimal(resumed_at)}" if resumed_at else ""
            on_message(f"downloading {file} from {host}{after}")
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
    # The first bytes may come from another link or version: download this one alone.
    on_message("wrong file: downloading all of it again")
    return _download_from(link, host, file, label, sha256, on_progress, on_message)


def _install_archive(
    file: Path, source: str, label: str, sha256: str, on_message: MessageCallback
) -> ArgosPackage:
    """Verify an archive, unpack it, and move the package into the store.

    `label` is its expected id and version, "" for any.
    """
    top = home("")
    with store.errors_named(top):
        top.mkdir(parents=True, exist_ok=True)
        with store.lock(top, "an Argos package", on_message):
            for leftover in top.glob(f"{_INCOMING}*"):
                shutil.rmtree(leftover, ignore_errors=True)
            on_message("verifying the digest")
            found = store.file_digest(file)
            if sha256 and found != sha256.lower():
                raise RejectedFileError(
                    f"{file.name} is a different file (its SHA-256 is {found}, not {sha256})",
                    _replaced_hint(),
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
        raise RejectedFileError(f"{file.name}: {error.message}", "Download it again.") from error
    given = f"{package.id}-{package.version}"
    if label and given != label:
        raise RejectedFileError(
            f"{file.name} is the package {given}, not {label}", "Download it again."
        )
    return package


class RejectedFileError(ModelError):
    """An archive is complete but wrong. Resuming its download cannot fix it."""


def _move_into_store(package: ArgosPackage, sha256: str, source: str) -> ArgosPackage:
    """Move an unpacked package into the store, then write its record."""
    final = home(package.id)
    final.mkdir(exist_ok=True)
    with store.lock(final, f"package {package.id}", lambda text: None):
        # The version is untrusted text that becomes the name of a folder.
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


def _check_digest_syntax(sha256: str) -> None:
    if sha256 and not re.fullmatch("[0-9a-fA-F]{64}", sha256):
        raise ModelError(f"{sha256!r} is not a SHA-256", "Use 64 hexadecimal digits.")


def _recorded_digest(label: str) -> str:
    """Return the digest of a package at its first installation, "" if never installed."""
    return _recorded_digests().get(label, "")


def _recorded_digests() -> dict[str, str]:
    try:
        values = parse_json((home("") / DIGESTS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return values if isinstance(values, dict) else {}


def _record_digest(label: str, sha256: str) -> None:
    values = _recorded_digests() | {label: sha256}
    atomic.replace_file(home("") / DIGESTS, json.dumps(values, indent=1).encode())


def _replaced_hint() -> str:
    return f"If its publisher replaced it, remove its line from {home('') / DIGESTS}."
