"""The index of packages: a JSON list, as Argos Translate publishes it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from pipeline.core.errors import ModelError
from pipeline.models.argos.package import version_key
from pipeline.models.argos.store import PIVOT

INDEX_VARIABLE = "ARGOS_PACKAGE_INDEX"
DEFAULT_INDEX = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/"
MAX_BYTES = 16 << 20
"""How large an index may be."""

Fetch = Callable[[str, int], bytes]
"""Fetches an address, of at most so many bytes."""


@dataclass(frozen=True, slots=True)
class PackageOffer:
    """A package that an index offers, and where."""

    source: str
    target: str
    version: str
    links: tuple[str, ...]

    @property
    def id(self) -> str:
        """The name of the package in commands."""
        return f"{self.source}-{self.target}"

    @property
    def file(self) -> str:
        """The name of its file, as the first address has it."""
        return PurePosixPath(unquote(urlsplit(self.links[0]).path)).name


def address() -> str:
    """Where the index is: `$ARGOS_PACKAGE_INDEX`, a folder's address or the file's own."""
    chosen = os.environ.get(INDEX_VARIABLE) or DEFAULT_INDEX
    if urlsplit(chosen).scheme not in ("http", "https"):
        raise ModelError(
            f"{INDEX_VARIABLE}: {chosen!r} is no http(s) address", "Mend it, or unset it."
        )
    return chosen if chosen.endswith(".json") else f"{chosen.rstrip('/')}/index.json"


def offers(fetch: Fetch) -> list[PackageOffer]:
    """Read the index; raises ModelError where it cannot be had or is none."""
    url = address()
    hint = f"Set {INDEX_VARIABLE} to an index, or install a package from its file."
    try:
        values = json.loads(fetch(url, MAX_BYTES))
    except ModelError as error:
        raise ModelError(f"the index {url} {error.message}", hint) from error
    except ValueError as error:
        raise ModelError(f"the index {url} is not JSON ({error})", hint) from error
    if not isinstance(values, list):
        raise ModelError(f"the index {url} is not a list of packages", hint)
    return [offer for value in values if (offer := _parse_offer(value))]


def select_offers(offered: Sequence[PackageOffer], source: str, target: str) -> list[PackageOffer]:
    """The newest offer for a pair, or the two that lead there through English.

    Raises ModelError if there is no way.
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
        f"the index has no package for {source}-{target}, and none that leads there by English",
        f"From {source} or English it offers: {', '.join(dict.fromkeys(known)) or 'nothing'}.",
    )


def _parse_offer(value: object) -> PackageOffer | None:
    """An entry of the index; None for another kind of package, or what makes no sense."""
    if not isinstance(value, dict) or value.get("type", "translate") != "translate":
        return None
    source, target = value.get("from_code"), value.get("to_code")
    version, links = value.get("package_version", ""), value.get("links", [])
    if not all(isinstance(text, str) for text in (source, target, version)):
        return None
    if not isinstance(links, list):
        return None
    # There are ipfs: addresses too, which nothing here can open.
    usable = [x for x in links if isinstance(x, str) and urlsplit(x).scheme in ("http", "https")]
    return PackageOffer(str(source), str(target), version, tuple(usable)) if usable else None
