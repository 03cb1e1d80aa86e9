"""A catalog brought up to date with its article: what stays, moves, comes, goes and returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline import catalog_header, catalog_state
from pipeline.model import State
from pipeline.po_edit import edited, extracted_lines, new_entry, reference_lines
from pipeline.po_text import Entry, PoText, Style


@dataclass(frozen=True, slots=True)
class Message:
    """A distinct text of an article: `references` as `file:line`, `comments` for translators."""

    source: str
    references: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did, in messages.

    `added` are new, `revived` were obsolete, `carried` are new with the translation of the
    text they were edited from (fuzzy), `removed` are no longer in the article.
    """

    added: int = 0
    kept: int = 0
    revived: int = 0
    carried: int = 0
    removed: int = 0
    changed: bool = False


def updated(text: PoText, messages: Sequence[Message], now: str) -> tuple[PoText, Update]:
    """Update a catalog's text, which has a header, to an article's messages, in their order.

    `now` is the time that the header gets if something changed.
    """
    wanted = {message.source: message for message in messages}
    if len(wanted) != len(messages) or "" in wanted:
        raise ValueError("messages must be distinct and not empty")
    old = {entry.source: entry for entry in text.entries if _is_ours(entry)}
    live = [source for source, entry in old.items() if not entry.obsolete]
    result = Update(
        added=sum(source not in old for source in wanted),
        kept=sum(source in wanted for source in live),
        revived=sum(source in old and old[source].obsolete for source in wanted),
        removed=sum(source not in wanted for source in live),
    )
    entries = _arranged(text, wanted, old, same_order=live == list(wanted))
    if [entry.raw for entry in entries] == [entry.raw for entry in text.entries]:
        return text, result
    entries = [
        catalog_header.with_field(entry, catalog_header.CREATED, now, text.style)
        if catalog_header.is_header(entry)
        else entry
        for entry in entries
    ]
    return replace(text, entries=tuple(entries)), replace(result, changed=True)


def _arranged(
    text: PoText, wanted: Mapping[str, Message], old: Mapping[str, Entry], *, same_order: bool
) -> list[Entry]:
    """All entries as they shall stand in the file."""
    style = text.style
    entries = {
        source: _refreshed(old[source], message, style) if source in old else _new(message, style)
        for source, message in wanted.items()
    }
    here = [entry for entry in text.entries if not catalog_header.is_header(entry)]
    rest = [e for e in here if not (_is_ours(e) and e.source in wanted)]
    left = [e if e.obsolete else _retired(e, style) for e in rest]
    if same_order and left == rest:
        # Nothing moves: whatever stands between the messages keeps its place.
        return [entries.get(e.source, e) if _is_ours(e) else e for e in text.entries]
    header = next(filter(catalog_header.is_header, text.entries))
    return _joined([header, *entries.values(), *filter(None, left)], text.entries[0], style)


def _is_ours(entry: Entry) -> bool:
    return entry.source != "" and entry.context is None and entry.plural is None


def _new(message: Message, style: Style) -> Entry:
    comments = extracted_lines(message.comments) + reference_lines(message.references)
    return new_entry(message.source, style, comments)


def _refreshed(entry: Entry, message: Message, style: Style) -> Entry:
    changes = {}
    if entry.extracted != message.comments:
        changes["#."] = extracted_lines(message.comments)
    if entry.references != message.references:
        changes["#:"] = reference_lines(message.references)
    return edited(entry, style, changes, obsolete=False) if changes or entry.obsolete else entry


def _retired(entry: Entry, style: Style) -> Entry | None:
    """What is left of an entry whose text is gone: nothing, if no human worked on it."""
    machine = catalog_state.state(entry) is State.DRAFT or not any(entry.targets)
    if machine and not catalog_state.human_notes(entry):
        return None
    return edited(entry, style, {"#.": (), "#:": ()}, obsolete=True)


def _joined(entries: Sequence[Entry], first: Entry, style: Style) -> list[Entry]:
    """Give entries that changed places the blank line and the line end they need.

    `first` stood at the beginning of the file, without a blank line before it.
    """
    joined: list[Entry] = []
    for entry in entries:
        raw = entry.raw if entry.raw.endswith("\n") else entry.raw + style.newline
        if not joined:
            raw = raw.lstrip("\r\n")
        elif not entry.raw[:1].isspace() and (entry.source, entry.context) == (
            first.source,
            first.context,
        ):
            raw = style.newline + raw
        joined.append(entry if raw == entry.raw else replace(entry, raw=raw))
    return joined
