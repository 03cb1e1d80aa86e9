"""The reader is addressed formally and informally in one catalog: vous and tu."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.checks.base import Check, Context
from pipeline.checks.text import strip_markup
from pipeline.core import Severity, Translation

# "Sie" and its forms inside a sentence, where "they" has a small letter.
_FORMAL_GERMAN = re.compile(r"(?<=[a-zäöüß,] )(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)\b")
_INFORMAL_GERMAN = re.compile(
    r"\b(?:[Dd]u|[Dd]ich|[Dd]ir|[Dd]eine?[mnrs]?|[Ee]uch|[Ee]ure?[mnrs]?)\b"
)
_MAY_ADDRESS = re.compile(r"\b(?:Sie|Ihnen|Ihr)")
# Words that only address one reader so. French "ton" is a noun, too; "te" starts Spanish names.
_FORMS = {
    "fr": (
        re.compile(r"\b(?:vous|votre|vos|vôtres?)\b", re.IGNORECASE),
        re.compile(r"\b(?:tu|te|toi|tes)\b|\bt['’](?=[aeiouyéêh])", re.IGNORECASE),
    ),
    "es": (
        re.compile(r"\b(?:usted|ustedes)\b", re.IGNORECASE),
        re.compile(r"\b(?:tú|te|ti|contigo|tu|tus)\b", re.IGNORECASE),
    ),
    "it": (
        re.compile(r"(?<=[a-zàèéìòù,] )(?:Lei|Suo|Sua|Suoi|Sue)\b"),
        re.compile(r"\b(?:tu|te|ti|tuo|tua|tuoi|tue)\b", re.IGNORECASE),
    ),
}


class AddressForm(NamedTuple):
    """How an entry addresses the reader: its number, the formal and the informal word."""

    number: int
    formal: str
    informal: str


class AddressAggregator:
    """Compares how the entries of a catalog translate the formal German "Sie"."""

    def __init__(self, context: Context) -> None:
        self._forms = _FORMS.get(context.base)
        self._firsts: dict[str, AddressForm] = {}

    def summarize(self, entries: Sequence[Translation]) -> list[AddressForm]:
        """Return the entries that address the reader, with a source that does so formally."""
        found = []
        for index, entry in enumerate(entries):
            if self._forms and entry.target and _MAY_ADDRESS.search(entry.source):
                address = self._address(index, entry)
                if address and (address.formal or address.informal):
                    found.append(address)
        return found

    def merge(self, path: str, summary: Sequence[AddressForm]) -> Iterator[tuple[int, str]]:
        """Yield entries that address the reader otherwise than the first one of their catalog."""
        for address in summary:
            first = self._firsts.setdefault(path, address)
            if address.formal and address.informal:
                yield address.number, f"Both {address.formal!r} and {address.informal!r} for “Sie”"
            elif address.informal and first.formal:
                yield address.number, f"{address.informal!r} for “Sie”, before {first.formal!r}"
            elif address.formal and first.informal:
                yield address.number, f"{address.formal!r} for “Sie”, before {first.informal!r}"

    def _address(self, index: int, entry: Translation) -> AddressForm | None:
        source = strip_markup(entry.source)
        if not self._forms or not _FORMAL_GERMAN.search(source) or _INFORMAL_GERMAN.search(source):
            return None
        found = [form.search(strip_markup(entry.target)) for form in self._forms]
        return AddressForm(index, *(match[0] if match else "" for match in found))


CHECK = Check(
    id="address",
    severity=Severity.WARNING,
    summary="A catalog addresses the reader formally and informally: vous and tu.",
    why=(
        "A change from vous to tu within an article is rude or odd. Compared are French, Spanish "
        "and Italian translations of texts with the formal “Sie” inside a sentence; texts "
        "that also say “du” are left out."
    ),
    fix="Choose one form of address for the article, or add the flag `ignore-address`.",
    aggregator=AddressAggregator,
)
