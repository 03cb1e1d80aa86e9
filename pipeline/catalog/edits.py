"""Human decisions on entries: approve, reset, and rename references.

A decision applies to the text that was seen: entries that have changed since are skipped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.catalog import state as catalog_state
from pipeline.catalog.catalog import edit_entries, load
from pipeline.catalog.header import is_header
from pipeline.catalog.po.editing import edit_entry, flag_lines, quote_line, reference_lines
from pipeline.catalog.po.parser import Entry, EntryKey, Style
from pipeline.catalog.provenance import human_notes
from pipeline.core import State

__all__ = ["approve", "has_human_work", "rename_references", "reset"]


def approve(path: Path, seen: Iterable[Entry]) -> int:
    """Approve entries and return their number.

    Removes the fuzzy flag and the previous source; everything else stays. `seen` are the entries
    as the human saw them. Missing entries are never approved. Raises CatalogError and
    PipelineError; the file is then unchanged.
    """
    seen_targets = {entry.key: entry.targets for entry in seen}

    def edit(entry: Entry, style: Style) -> Entry:
        state = catalog_state.entry_state(entry)
        if not _is_seen(entry, seen_targets) or state not in (State.DRAFT, State.TOUCHED):
            return entry
        flags = flag_lines([flag for flag in entry.flags if flag != "fuzzy"])
        return edit_entry(entry, style, {"#,": flags, "#|": ()})

    return len(edit_entries(path, edit))


def reset(path: Path, seen: Iterable[Entry]) -> int:
    """Make entries missing again and return their number.

    A comment keeps each text that a human wrote or approved; a draft is removed with its
    provenance. `seen` and errors are those of `approve`.
    """
    seen_targets = {entry.key: entry.targets for entry in seen}

    def edit(entry: Entry, style: Style) -> Entry:
        state = catalog_state.entry_state(entry)
        if not _is_seen(entry, seen_targets) or state is State.MISSING:
            return entry
        notes = human_notes(entry)
        if state is not State.DRAFT:
            notes += tuple(quote_line(f"was {state}", target) for target in entry.targets)
        flags = flag_lines([flag for flag in entry.flags if flag != "fuzzy"])
        changes = {"#": tuple(dict.fromkeys(notes)), "#,": flags, "#|": ()}
        return edit_entry(entry, style, changes, targets=[""] * len(entry.targets))

    return len(edit_entries(path, edit))


def _is_seen(entry: Entry, seen_targets: Mapping[EntryKey, tuple[str, ...]]) -> bool:
    return not entry.obsolete and seen_targets.get(entry.key) == entry.targets


def has_human_work(path: Path) -> bool:
    """Return whether a catalog contains more than drafts; raises CatalogError."""
    human = (State.APPROVED, State.TOUCHED)
    return any(
        catalog_state.entry_state(entry) in human
        or human_notes(entry)
        or (catalog_state.entry_state(entry) is State.MISSING and any(entry.targets))
        for entry in load(path).entries
        if not is_header(entry)
    )


def rename_references(path: Path, old: str, new: str) -> None:
    """Replace the name of an article in all references; raises CatalogError."""

    def rename(reference: str) -> str:
        name, colon, line = reference.rpartition(":")
        return f"{new}:{line}" if colon and name == old else reference

    def edit(entry: Entry, style: Style) -> Entry:
        references = tuple(map(rename, entry.references))
        if references == entry.references:
            return entry
        return edit_entry(entry, style, {"#:": reference_lines(references)})

    edit_entries(path, edit, update_date=False)
