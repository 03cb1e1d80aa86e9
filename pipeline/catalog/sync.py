"""Synchronize a catalog with its article, and carry human work along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.catalog import state
from pipeline.catalog.alignment import align_sources
from pipeline.catalog.header import CREATED, REVISED, is_header, set_dates
from pipeline.catalog.po.editing import (
    edit_entry,
    extracted_lines,
    flag_lines,
    match_newlines,
    new_entry,
    previous_lines,
    reference_lines,
)
from pipeline.catalog.po.parser import Entry, PoText, Style
from pipeline.catalog.provenance import human_notes
from pipeline.core import State


@dataclass(frozen=True, slots=True)
class Message:
    """A distinct text of an article.

    `references` are `file:line`, `comments` the extracted comments for translators.
    """

    source: str
    references: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SyncResult:
    """The numbers of messages that an update added, retained, revived and removed.

    `carried` are the added messages with the fuzzy translation of the text they were edited from;
    `revived` ones were obsolete.
    """

    added: int = 0
    carried: int = 0
    retained: int = 0
    revived: int = 0
    removed: int = 0
    changed: bool = False


def sync_text(text: PoText, messages: Sequence[Message], now: str) -> tuple[PoText, SyncResult]:
    """Synchronize a catalog that has a header with the messages of its article.

    `now` becomes the date of the header if something changes.
    """
    by_source = {message.source: message for message in messages}
    if len(by_source) != len(messages) or "" in by_source:
        raise ValueError("messages must be distinct and not empty")
    old = {entry.source: entry for entry in text.entries if _is_managed(entry)}
    live = [source for source, entry in old.items() if not entry.obsolete]
    carried = _find_carried(old, live, list(by_source))
    entries = {
        source: _update_entry(old[source], message, text.style)
        if source in old
        else _new_entry(message, carried.get(source, ()), text.style)
        for source, message in by_source.items()
    }
    result = SyncResult(
        added=sum(source not in old for source in by_source),
        carried=len(carried),
        retained=sum(source in by_source for source in live),
        revived=sum(source in old and old[source].obsolete for source in by_source),
        removed=sum(source not in by_source for source in live),
    )
    arranged = _arrange(text, entries, old, same_order=live == list(by_source))
    if [entry.raw for entry in arranged] == [entry.raw for entry in text.entries]:
        return text, result
    fields = [CREATED, REVISED] if carried else [CREATED]
    arranged = [set_dates(entry, fields, now, text.style) for entry in arranged]
    return replace(text, entries=tuple(arranged)), replace(result, changed=True)


def add_header(text: PoText, header: Entry) -> PoText:
    """Insert a header before the entries of a file without one."""
    return replace(text, entries=tuple(restore_spacing([header, *text.entries], text)))


def _is_managed(entry: Entry) -> bool:
    return entry.source != "" and entry.context is None


def _find_carried(
    old: Mapping[str, Entry], live: Sequence[str], new_sources: Sequence[str]
) -> dict[str, tuple[Entry, ...]]:
    """Map new sources to the entries they were edited from, if humans worked on those."""
    human = (State.APPROVED, State.TOUCHED)
    carried = {
        source: tuple(old[s] for s in sources if state.entry_state(old[s]) in human)
        for source, sources in align_sources(live, new_sources).items()
        if source not in old
    }
    return {source: entries for source, entries in carried.items() if entries}


def _new_entry(message: Message, edited_from: Sequence[Entry], style: Style) -> Entry:
    """Create an entry with the translation of the entries it was edited from.

    The translation is fuzzy and has no provenance: it counts as human work, whoever began it.
    """
    comments = extracted_lines(message.comments) + reference_lines(message.references)
    if not edited_from:
        return new_entry(message.source, style, comments)
    notes = dict.fromkeys(n for entry in edited_from for n in human_notes(entry))
    flags = dict.fromkeys(flag for entry in edited_from for flag in ("fuzzy", *entry.flags))
    previous = " ".join(state.translated_source(entry) for entry in edited_from)
    target = match_newlines(message.source, " ".join(entry.targets[0] for entry in edited_from))
    comments = (*notes, *comments, *flag_lines(tuple(flags)), *previous_lines(previous, style))
    return new_entry(message.source, style, comments, target)


def _update_entry(entry: Entry, message: Message, style: Style) -> Entry:
    """Replace the references and extracted comments of an entry."""
    changes = {}
    extracted, references = extracted_lines(message.comments), reference_lines(message.references)
    if entry.extracted != extracted:
        changes["#."] = extracted
    if entry.references != message.references:
        changes["#:"] = references
    return edit_entry(entry, style, changes, obsolete=False) if changes or entry.obsolete else entry


def _arrange(
    text: PoText, entries: Mapping[str, Entry], old: Mapping[str, Entry], *, same_order: bool
) -> list[Entry]:
    """Return all entries in the order of the file."""
    here = [entry for entry in text.entries if not is_header(entry)]
    rest = [entry for entry in here if not (_is_managed(entry) and entry.source in entries)]
    remaining = [e if e.obsolete else _retire(e, old, text.style) for e in rest]
    if same_order and remaining == rest:
        # Nothing moves, so entries between the messages stay where they are.
        return [entries.get(e.source, e) if _is_managed(e) else e for e in text.entries]
    header = next(filter(is_header, text.entries))
    return restore_spacing([header, *entries.values(), *filter(None, remaining)], text)


def _retire(entry: Entry, old: Mapping[str, Entry], style: Style) -> Entry | None:
    """Make an entry obsolete, or drop it (None) if it contains no human work."""
    origin = old.get(state.translated_source(entry), entry)
    copied = origin is not entry and origin.targets == entry.targets
    machine = state.entry_state(entry) is State.DRAFT or not any(entry.targets)
    if copied or machine:
        known = human_notes(origin) if copied else ()
        if set(human_notes(entry)) <= set(known):
            return None
    return edit_entry(entry, style, {"#.": (), "#:": ()}, obsolete=True)


def restore_spacing(entries: Sequence[Entry], text: PoText) -> list[Entry]:
    """Restore blank lines and line ends of entries that changed places."""
    first = text.entries[0].raw if text.entries else ""
    joined: list[Entry] = []
    for entry in entries:
        raw = entry.raw if entry.raw.endswith("\n") else entry.raw + text.style.newline
        if not joined:
            raw = raw.lstrip("\r\n")
        elif entry.raw is first:
            raw = text.style.newline + raw
        joined.append(entry if raw == entry.raw else replace(entry, raw=raw))
    return joined
