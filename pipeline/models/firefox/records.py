"""The list of models: a collection of Mozilla's Remote Settings, or a copy of it.

The list is untrusted input. Each record describes one file; records that are not valid are
skipped, and a model whose files are incomplete is not offered.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

from pipeline.core import ModelError
from pipeline.core.http import AddressError, parse_address
from pipeline.core.input import parse_json
from pipeline.models.argos.package import version_key
from pipeline.models.firefox.package import (
    ARCHITECTURES,
    PIVOT,
    PREFIX,
    ModelName,
    Role,
    is_complete,
    mozilla_code,
)
from pipeline.models.install import mirrors
from pipeline.trust import load_user_settings

RECORDS_VARIABLE = "FXTRANSLATE_RECORDS_URL"
"""The variable that fxtranslate itself reads for another list."""

DEFAULT_RECORDS = (
    "https://firefox.settings.services.mozilla.com/v1/buckets/main/collections/"
    "translations-models-v2/records"
)
DEFAULT_ATTACHMENTS = "https://firefox-settings-attachments.cdn.mozilla.net/"
MIRROR_FOLDER = "firefox"
"""The folder of a mirror with `records.json` and the attachments."""

NO_LIST = "no list of Firefox models: "
"""The start of the message if no list can be read."""

MAX_BYTES = 32 << 20
"""Maximum size of a list."""

MAX_FILE_BYTES = 1 << 30
"""Maximum size of a file, compressed or not."""

MAX_MAJOR_VERSION = 3
"""The newest version of the format that fxtranslate 0.5 reads."""

_SHA256 = re.compile("[0-9a-f]{64}")
_CODE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")
_VERSION = re.compile(r"\d{1,3}(\.\d{1,3}){0,2}([a-z]\w{0,8})?", re.ASCII)
_ARCHITECTURE = re.compile(r"[a-z][a-z0-9-]{0,29}")
_LOCATION = re.compile(r"/?[\w.+-]+(/[\w.+-]+)*")

_PUBLISHED = {
    ("de", "en", "base"): "chrF 67.9, COMET 0.884 on FLORES (Mozilla)",
}

Fetch = Callable[[str, int], bytes]
"""A function that downloads an address, with a maximum size in bytes."""


@dataclass(frozen=True, slots=True)
class ListSettings:
    """The settings of a project for installing models.

    `url` is the address of the list, "" for that of the user. `pins` are required models by pair.
    """

    url: str = ""
    pins: Mapping[str, ModelName] = field(default_factory=dict)


NO_SETTINGS = ListSettings()


@dataclass(frozen=True, slots=True)
class FileOffer:
    """A file in the list.

    `sha256` and `size` are those of the compressed attachment, `content_sha256` is the digest
    of the content ("" if the list has none). `urls` are its addresses, tried in order.
    """

    role: Role
    sha256: str
    size: int
    content_sha256: str
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """A model in the list, with all its files."""

    source: str
    target: str
    architecture: str
    version: str
    files: tuple[FileOffer, ...]
    origin: str

    @property
    def pair(self) -> str:
        """Return the pair as `de-en`."""
        return f"{self.source}-{self.target}"

    @property
    def id(self) -> str:
        """Return the id of the model in commands."""
        return PREFIX + self.pair

    @property
    def size(self) -> int:
        """Return the bytes to download."""
        return sum(file.size for file in self.files)


def published_quality(source: str, target: str, architecture: str) -> str:
    """Return the quality that Mozilla published for a model, "" if unknown here."""
    return _PUBLISHED.get((source, target, architecture), "")


def records_url(settings: ListSettings = NO_SETTINGS) -> str:
    """Return the address of the list.

    It is that of the environment, else of the project's settings, of the user's `config.toml`, or
    Mozilla's.
    """
    chosen = os.environ.get(RECORDS_VARIABLE, "").strip()
    if not chosen:
        return settings.url or load_user_settings().firefox.get("records") or DEFAULT_RECORDS
    try:
        parse_address(chosen)
    except AddressError as error:
        name = "the address" if "@" in chosen else ascii(chosen)
        raise ModelError(f"{RECORDS_VARIABLE}: {name} {error}", "Correct or unset it.") from None
    return chosen


def records_host(settings: ListSettings = NO_SETTINGS) -> str:
    """Return the host of the first list that is tried, for messages."""
    return parse_address(_lists(settings)[0]).netloc


def list_offers(fetch: Fetch, settings: ListSettings = NO_SETTINGS) -> list[ModelOffer]:
    """Return the models of the first list that can be read: mirrors, then `records_url`.

    Raises ModelError with the reason of each list if none can be read.
    """
    failures = []
    for url in _lists(settings):
        try:
            return parse_records(fetch(url, MAX_BYTES), url)
        except ModelError as error:
            failures.append(f"{parse_address(url).netloc} {error.message}")
    raise ModelError(
        f"{NO_LIST}{'; '.join(failures)}",
        f"Set {RECORDS_VARIABLE} (or [firefox] records in config.toml) to another list, or "
        f"install from files: translate models install {PREFIX}de-en --from FOLDER",
    )


def parse_records(data: bytes, url: str) -> list[ModelOffer]:
    """Parse a list from `url`; raises ModelError if it is not one."""
    try:
        values = parse_json(data)
    except ValueError as error:
        raise ModelError(f"sends a list that is not JSON ({error})") from error
    records = values.get("data") if isinstance(values, dict) else None
    if not isinstance(records, list):
        raise ModelError("sends JSON that is not a list of records")
    groups: dict[tuple[str, str, str, str], dict[Role, FileOffer]] = {}
    for record in records:
        parsed = _parse_record(record, url)
        if parsed:
            groups.setdefault(parsed[0], {}).setdefault(parsed[1].role, parsed[1])
    return [
        ModelOffer(*key, tuple(files[role] for role in Role if role in files), url)
        for key, files in groups.items()
        if is_complete(set(files))
    ]


def select_offers(
    offered: Sequence[ModelOffer], name: ModelName, settings: ListSettings = NO_SETTINGS
) -> list[ModelOffer]:
    """Return the best offer for a pair, or two offers that pivot through English.

    A model that the settings require is the only one considered for its pair, unless `name`
    itself requires one. Raises ModelError if there is neither.
    """
    if not (name.architecture or name.version):
        name = settings.pins.get(name.pair, name)
    direct = _best(offered, name)
    if direct:
        return [direct]
    if name.source != PIVOT != name.target and not name.version:
        names = [
            ModelName(name.source, PIVOT, name.architecture),
            ModelName(PIVOT, name.target, name.architecture),
        ]
        legs = [_best(offered, settings.pins.get(one.pair, one)) for one in names]
        if all(legs):
            return [leg for leg in legs if leg]
    known = sorted({offer.target for offer in offered if offer.source in (name.source, PIVOT)})
    wanted = str(name).removeprefix(PREFIX)
    raise ModelError(
        f"the list has no Firefox model for {wanted}, and none that pivots through English",
        f"From {name.source} or English it offers: {', '.join(known) or 'nothing'}.",
    )


def offers_for(
    offered: Sequence[ModelOffer],
    source: str,
    language: str,
    settings: ListSettings = NO_SETTINGS,
) -> list[ModelOffer]:
    """Return the offers that translate into a language of a project; [] if there are none."""
    try:
        return select_offers(offered, ModelName(source, mozilla_code(language)), settings)
    except ModelError:
        return []


def _best(offered: Iterable[ModelOffer], name: ModelName) -> ModelOffer | None:
    """Return the newest offer of the best architecture that a name allows."""

    def rank(offer: ModelOffer) -> tuple[int, tuple[int, ...]]:
        known = offer.architecture in ARCHITECTURES
        place = ARCHITECTURES.index(offer.architecture) if known else len(ARCHITECTURES)
        return -place, version_key(offer.version)

    fitting = [
        offer
        for offer in offered
        if offer.pair == name.pair and name.matches(offer.architecture, offer.version)
    ]
    return max(fitting, key=rank, default=None)


def _lists(settings: ListSettings) -> list[str]:
    return [*(f"{base}/{MIRROR_FOLDER}/records.json" for base in mirrors()), records_url(settings)]


def _parse_record(record: object, url: str) -> tuple[tuple[str, str, str, str], FileOffer] | None:
    """Parse a record; None for one that is not valid, or of a newer format."""
    if not isinstance(record, dict):
        return None
    attachment = record.get("attachment")
    if not isinstance(attachment, dict):
        return None
    source, target = _text(record, "sourceLanguage", _CODE), _text(record, "targetLanguage", _CODE)
    version = _text(record, "version", _VERSION)
    architecture = _text(record, "architecture", _ARCHITECTURE)
    if not record.get("architecture"):
        architecture = "base"
    role = next((role for role in Role if role.value == record.get("fileType")), None)
    sha256, size = _text(attachment, "hash", _SHA256), attachment.get("size")
    location = _text(attachment, "location", _LOCATION).lstrip("/")
    if not (source and target and version and architecture and role and sha256 and location):
        return None
    if type(size) is not int or not 0 < size <= MAX_FILE_BYTES or ".." in location.split("/"):
        return None
    if version_key(version)[0] > MAX_MAJOR_VERSION:
        return None
    content = _text(record, "decompressedHash", _SHA256)
    offer = FileOffer(role, sha256, size, content, _addresses(url, location))
    return (source, target, architecture, version), offer


def _text(values: dict[str, object], key: str, pattern: re.Pattern[str]) -> str:
    """Return a string that matches a pattern, else ""."""
    value = values.get(key)
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


def _addresses(url: str, location: str) -> tuple[str, ...]:
    """Return where an attachment may be: mirrors, then beside the list it is named in."""
    path = quote(location)
    found = [f"{base}/{MIRROR_FOLDER}/{path}" for base in mirrors()]
    if url == DEFAULT_RECORDS:
        found.append(DEFAULT_ATTACHMENTS + path)
    else:
        parts = urlsplit(url)
        beside, top = urljoin(url, path), f"{parts.scheme}://{parts.netloc}/{path}"
        # A server with the addresses of Remote Settings, or a folder with a copy of the list.
        found += [top, beside] if "/buckets/" in parts.path else [beside, top]
    return tuple(dict.fromkeys(found))
