"""Translation state of a catalog entry."""

from __future__ import annotations

import re

from pipeline.catalog.po.parser import Entry
from pipeline.catalog.provenance import CONFLICT, is_digest_of, parse_provenance
from pipeline.core import State

__all__ = ["entry_state", "is_in_conflict", "is_outdated"]

_IGNORE_LINE = re.compile(r"#[ \t]*translate: (ignore-[a-z-]+(?:[, ]+ignore-[a-z-]+)*)[ \t]*")


def entry_state(entry: Entry) -> State:
    """Return the translation state; an entry with an empty plural form is MISSING."""
    if not all(entry.targets):
        return State.MISSING
    if "fuzzy" not in entry.flags:
        return State.APPROVED
    provenance = parse_provenance(entry)
    untouched = provenance is not None and is_digest_of(provenance.text, "\0".join(entry.targets))
    return State.DRAFT if untouched else State.TOUCHED


def entry_flags(entry: Entry) -> frozenset[str]:
    """Return the flags of an entry and of its `# translate: ignore-ID` comments.

    gettext's tools, and Poedit with them, drop flags they do not know; comments survive.
    """
    flags = set(entry.flags)
    for note in entry.comments:
        match = _IGNORE_LINE.fullmatch(note) if "translate: ignore-" in note else None
        if match:
            flags.update(re.split("[, ]+", match[1]))
    return frozenset(flags)


def translated_source(entry: Entry) -> str:
    """Return the source text that the translation was made for."""
    return entry.previous.get("msgid", entry.source) if "fuzzy" in entry.flags else entry.source


def is_outdated(entry: Entry) -> bool:
    """Return whether a fuzzy translation was made for an earlier source text."""
    return translated_source(entry) != entry.source


def is_in_conflict(entry: Entry) -> bool:
    """Return whether a human still has to resolve a merge conflict."""
    return entry_state(entry) is not State.APPROVED and any(
        n.startswith(CONFLICT) for n in entry.notes
    )
