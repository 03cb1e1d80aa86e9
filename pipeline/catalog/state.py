"""Translation state of a catalog entry."""

from __future__ import annotations

import re

from pipeline.catalog.po.parser import Entry
from pipeline.catalog.provenance import CONFLICT, parse_provenance, text_digest
from pipeline.core.types import State

_IGNORE_LINE = re.compile(r"#[ \t]*translate: (ignore-[a-z-]+(?:[, ]+ignore-[a-z-]+)*)[ \t]*")


def entry_state(entry: Entry) -> State:
    """How far an entry is; one with plural forms is missing until all of them are there."""
    if not all(entry.targets):
        return State.MISSING
    if "fuzzy" not in entry.flags:
        return State.APPROVED
    provenance = parse_provenance(entry)
    untouched = provenance is not None and provenance.text == text_digest("\0".join(entry.targets))
    return State.DRAFT if untouched else State.TOUCHED


def entry_flags(entry: Entry) -> frozenset[str]:
    """The flags of an entry, with those that a comment `# translate: ignore-ID` names.

    gettext's own tools, and with them Poedit, drop flags that they do not know.
    """
    flags = set(entry.flags)
    for note in entry.comments:
        match = _IGNORE_LINE.fullmatch(note) if "translate: ignore-" in note else None
        if match:
            flags.update(re.split("[, ]+", match[1]))
    return frozenset(flags)


def translated_source(entry: Entry) -> str:
    """The text that an entry's translation really translates."""
    return entry.previous.get("msgid", entry.source) if "fuzzy" in entry.flags else entry.source


def is_outdated(entry: Entry) -> bool:
    """Whether the German changed after it was translated, and nobody has approved it since."""
    return translated_source(entry) != entry.source


def is_in_conflict(entry: Entry) -> bool:
    """Whether a human has still to choose between the texts of two others."""
    return entry_state(entry) is not State.APPROVED and any(
        n.startswith(CONFLICT) for n in entry.notes
    )
