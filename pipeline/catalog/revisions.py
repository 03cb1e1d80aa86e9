"""Save what a reviewer made of an entry, merged with what others did to it meanwhile.

A reviewer sees an entry, works on it, and saves. Meanwhile a run, an editor or git may have
changed the entry in the file. The version seen is the common ancestor of a three-way merge by
entry, as in `catalog.merge`; nothing that a human wrote is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from pipeline.catalog import header as catalog_header
from pipeline.catalog import state as catalog_state
from pipeline.catalog.merge import entry_content, merge_entry
from pipeline.catalog.po import file
from pipeline.catalog.po.editing import (
    edit_entry,
    flag_lines,
    match_newlines,
    new_entry,
    quote_line,
)
from pipeline.catalog.po.file import PoFile
from pipeline.catalog.po.parser import COMMENT_ORDER, Entry, EntryKey, PoText, Style, comment_mark
from pipeline.catalog.provenance import CONFLICT, human_notes
from pipeline.core import CatalogError, State

__all__ = ["EntrySnapshot", "Revision", "SaveOutcome", "SavedEntry", "revise", "save_entry"]


DEFAULT_STYLE = Style()


@dataclass(frozen=True, slots=True)
class EntrySnapshot:
    """An entry as a reviewer saw it: its translations and all its comment lines."""

    targets: tuple[str, ...]
    comments: tuple[str, ...]

    @classmethod
    def of(cls, entry: Entry) -> EntrySnapshot:
        """Return the snapshot of an entry."""
        return cls(entry.targets, entry.comments)


@dataclass(frozen=True, slots=True)
class Revision:
    """What a reviewer decided: the texts, whether they are approved, and the human comments.

    `notes` replace the translator comments that are not the tool's; None keeps them.
    """

    targets: tuple[str, ...]
    approved: bool = False
    notes: tuple[str, ...] | None = None


class SaveOutcome(StrEnum):
    """What happened to a saved entry.

    - `SAVED`: nobody else had changed it.
    - `MERGED`: others had; both changes are in the entry.
    - `CONFLICT`: two humans wrote different texts; ours is in the entry, comments quote both.
    - `REMOVED`: the text is no longer in the article; the translation stays as obsolete entry.
    """

    SAVED = "saved"
    MERGED = "merged"
    CONFLICT = "conflict"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class SavedEntry:
    """An entry as it is in the file now, and what happened to it."""

    entry: Entry
    outcome: SaveOutcome


def save_entry(
    path: Path, key: EntryKey, seen: EntrySnapshot, wanted: Revision | EntrySnapshot
) -> SavedEntry:
    """Save a revision of an entry, or an earlier version of it, merged with the file.

    The file is read again under its lock. Raises CatalogError if the catalog is damaged or the
    entry never had these plural forms, PipelineError if it cannot be written; the file is then
    unchanged.
    """

    def change(old: PoFile | None) -> tuple[PoText, SavedEntry]:
        assert old is not None
        text = old.text
        position = next((at for at, one in enumerate(text.entries) if one.key == key), None)
        if position is None:
            saved = _save_removed(key, seen, wanted, text.style)
            entries = (*text.entries, saved.entry)
        else:
            theirs = text.entries[position]
            _require_forms(path, theirs, seen, wanted)
            saved = _merge(theirs, seen, wanted, text.style)
            entries = (*text.entries[:position], saved.entry, *text.entries[position + 1 :])
        if entries == text.entries:
            return text, saved
        dated = tuple(_dated(entry, text.style) for entry in entries)
        return replace(text, entries=dated), saved

    return file.edit(path, change)


def _merge(
    theirs: Entry, seen: EntrySnapshot, wanted: Revision | EntrySnapshot, style: Style
) -> SavedEntry:
    base = _with_snapshot(theirs, seen, style)
    ours = revise(base, wanted, style)
    merged = merge_entry(base, ours, theirs, style, style)
    if merged.conflict:
        outcome = SaveOutcome.CONFLICT
    elif theirs.obsolete:
        outcome = SaveOutcome.REMOVED
    elif entry_content(theirs) in (entry_content(base), entry_content(ours)):
        outcome = SaveOutcome.SAVED
    else:
        outcome = SaveOutcome.MERGED
    return SavedEntry(merged.entry, outcome)


def _save_removed(
    key: EntryKey, seen: EntrySnapshot, wanted: Revision | EntrySnapshot, style: Style
) -> SavedEntry:
    """Return the revision as an obsolete entry: its text left the article, the work stays."""
    plural = key[1] if len(seen.targets) > 1 else None
    entry = replace(new_entry(key[1], style), context=key[0], plural=plural)
    entry = revise(_with_snapshot(entry, seen, style), wanted, style)
    return SavedEntry(
        edit_entry(entry, style, {"#.": (), "#:": ()}, obsolete=True), SaveOutcome.REMOVED
    )


def _with_snapshot(entry: Entry, seen: EntrySnapshot, style: Style) -> Entry:
    if EntrySnapshot.of(entry) == seen:
        return entry
    groups = {
        mark: [line for line in seen.comments if comment_mark(line) == mark]
        for mark in COMMENT_ORDER
    }
    if entry.obsolete:
        groups["#|"] = []
    return edit_entry(entry, style, groups, targets=seen.targets)


def revise(entry: Entry, wanted: Revision | EntrySnapshot, style: Style = DEFAULT_STYLE) -> Entry:
    """Return an entry with a revision; the provenance of its draft stays."""
    if isinstance(wanted, EntrySnapshot):
        return _with_snapshot(entry, wanted, style)
    sources = (entry.source, *(entry.plural or "" for _ in wanted.targets[1:]))
    pairs = zip(sources, wanted.targets, strict=True)
    targets = tuple(match_newlines(source, text) if text else "" for source, text in pairs)
    flags = [flag for flag in entry.flags if flag != "fuzzy"]
    old_human = human_notes(entry)
    human = old_human if wanted.notes is None else wanted.notes
    changes: dict[str, Sequence[str]] = {}
    if any(entry.targets) and not any(targets):
        human += _quoted(entry)
        changes = {"#": tuple(dict.fromkeys(human)), "#|": ()}
    else:
        approved = wanted.approved and all(targets)
        flags = flags if approved or not any(targets) else ["fuzzy", *flags]
        if approved:
            human = tuple(line for line in human if not line.startswith(CONFLICT))
            changes["#|"] = ()
        if human != old_human:
            tool = tuple(line for line in entry.notes if line not in old_human)
            changes["#"] = (*human, *tool)
    if set(flags) != set(entry.flags):
        changes["#,"] = flag_lines(flags)
    return edit_entry(entry, style, changes, targets=targets)


def _quoted(entry: Entry) -> tuple[str, ...]:
    """Return comment lines that keep the texts of a human before they are removed."""
    state = catalog_state.entry_state(entry)
    if state in (State.MISSING, State.DRAFT):
        return ()
    return tuple(quote_line(f"was {state}", target) for target in entry.targets)


def _dated(entry: Entry, style: Style) -> Entry:
    if not catalog_header.is_header(entry):
        return entry
    now = catalog_header.format_time(None)
    return catalog_header.set_dates(entry, [catalog_header.REVISED], now, style)


def _require_forms(
    path: Path, entry: Entry, seen: EntrySnapshot, wanted: Revision | EntrySnapshot
) -> None:
    number = len(entry.targets)
    if not number == len(seen.targets) == len(wanted.targets):
        raise CatalogError(
            f"{path}:{entry.line}: has {number} plural forms, the saved version "
            f"{len(wanted.targets)}",
            "Load the article again.",
        )
