"""The index of packages, a JSON list in the format of Argos Translate."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.core import ModelError
from pipeline.core.http import AddressError, parse_address
from pipeline.core.input import parse_json
from pipeline.models.argos.package import version_key
from pipeline.models.argos.store import PIVOT
from pipeline.models.registry import url_file_name

INDEX_VARIABLE = "ARGOS_PACKAGE_INDEX"
DEFAULT_INDEX = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/"
MAX_BYTES = 16 << 20
"""The maximum size of an index."""

Fetch = Callable[[str, int], bytes]
"""A function that downloads an address, with a maximum size in bytes."""


@dataclass(frozen=True, slots=True)
class PackageOffer:
    """A package in an index, with its addresses."""

    source: str
    target: str
    version: str
    links: tuple[str, ...]

    @property
    def id(self) -> str:
        """Return the id of the package in commands."""
        return f"{self.source}-{self.target}"

    @property
    def file(self) -> str:
        """Return the file name in the first address."""
        return url_file_name(self.links[0])


def address() -> str:
    """Return the address of the index. $ARGOS_PACKAGE_INDEX is that of a folder or file."""
    chosen = os.environ.get(INDEX_VARIABLE) or DEFAULT_INDEX
    try:
        parse_address(chosen)
    except AddressError as error:
        name = "the address" if "@" in chosen else ascii(chosen)
        raise ModelError(f"{INDEX_VARIABLE}: {name} {error}", "Correct or unset it.") from None
    return chosen if chosen.endswith(".json") else f"{chosen.rstrip('/')}/index.json"


def offers(fetch: Fetch) -> list[PackageOffer]:
    """Return the offers of the index. Raises ModelError if it cannot be read."""
    url = address()
    hint = f"Set {INDEX_VARIABLE} to an index, or install a package from its file."
    try:
        values = parse_json(fetch(url, MAX_BYTES))
    except ModelError as error:
        raise ModelError(f"the index {url} {error.message}", hint) from error
    except ValueError as error:
        raise ModelError(f"the index {url} is not JSON ({error})", hint) from error
    if not isinstance(values, list):
        raise ModelError(f"the index {url} is not a list of packages", hint)
    return [offer for value in values if (offer := _parse_offer(value))]


def select_offers(offered: Sequence[PackageOffer], source: str, target: str) -> list[PackageOffer]:
    """Return the newest offer for a pair, or two offers that pivot through English.

    Raises ModelError if there is neither.
    """
    newest: dict[tuple[str, str], PackageOffer] = {}
    for offer in sorted(offered, key=lambda offer: version_key(offer.version)):
        newest[offer.source, offer.target] = offer
    if (source, target) in newest:
        return [newest[source, target]]
    via_pivot = [newest.get((source, PIVOT)), newest.get((PIVOT, target))]
    if source != PIVOT != target and all(via_pivot):
        return [offer for offer in via_pivot if offer]
    known = sorted(offer.target for offer in newest.values() if offer.source in (source, PIVOT))
    raise ModelError(
        f"the index has no package for {source}-{target}, and none that pivots through English",
        f"From {source} or English it offers: {', '.join(dict.fromkeys(known)) or 'nothing'}.",
    )


def _parse_offer(value: object) -> PackageOffer | None:
    """Parse an entry of the index; None for another kind of package or an invalid entry."""
    if not isinstance(value, dict) or value.get("type", "translate") != "translate":
        return None
    source, target = value.get("from_code"), value.get("to_code")
    version, links = value.get("package_version", ""), value.get("links", [])
    if not all(isinstance(text, str) for text in (source, target, version)):
        return None
    if not isinstance(links, list):
        return None
    # Links can be ipfs: addresses too, which are not supported. A download refuses http(s)
    # links that are not valid, with the reason.
    usable = [link for link in links if isinstance(link, str) and _is_http(link)]
    return PackageOffer(str(source), str(target), version, tuple(usable)) if usable else None


def _is_http(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))
