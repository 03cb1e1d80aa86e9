"""Load catalogs, synchronize them with their articles, and write drafts.

A catalog belongs to its translators. A change rewrites only the entries it concerns, and no
change leaves the file alone. Translations that a human has touched or approved are never
overwritten and never lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from pipeline.catalog import header as catalog_header
from pipeline.catalog import state
from pipeline.catalog.po import file
from pipeline.catalog.po.editing import edit_entry, flag_lines, match_newlines
from pipeline.catalog.po.file import Change, EditGroup, FileEdit, PoFile
from pipeline.catalog.po.parser import Entry, PoText, Style
from pipeline.catalog.provenance import (
    draft_lines,
    human_notes,
    match_lines,
    opinion_lines,
    parse_provenance,
    replace_match_lines,
    text_digest,
)
from pipeline.catalog.sync import Message, SyncResult, add_header, sync_text
from pipeline.core import CatalogError, MemoryMatch, Provenance, SecondOpinion, State, Translation
from pipeline.files import FileState, read_state

__all__ = [
    "Catalog",
    "Change",
    "Draft",
    "EditGroup",
    "FileEdit",
    "Message",
    "SyncResult",
    "draft_insertion",
    "edit_entries",
    "load",
    "load_with_state",
    "parse_catalog",
    "sync",
    "synchronization",
    "to_translations",
    "write_drafts",
]


@dataclass(frozen=True, slots=True)
class Catalog:
    """A loaded catalog; `header` maps field names to values.

    `translations` are in file order, without obsolete entries; a message with plural forms has
    one translation for each form. `entries` are all entries of the file.
    """

    path: Path
    language: str
    header: Mapping[str, str]
    translations: tuple[Translation, ...]
    entries: tuple[Entry, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A machine translation; `problems` are the known problems with it.

    `opinion` is the translation of a second engine, to show in a comment.

    `write_drafts` computes the text digest of the provenance.
    """

    target: str
    provenance: Provenance
    problems: tuple[str, ...] = ()
    opinion: SecondOpinion | None = None


def load(path: Path) -> Catalog:
    """Load a catalog.

    Raises CatalogError, with file, line and hint, if it is missing or damaged.
    """
    return parse_catalog(path, file.read_bytes(path))


def load_with_state(path: Path) -> tuple[Catalog, FileState]:
    """Load a catalog as `load` does; also return the state of its file, for fingerprints."""
    data, state = read_state(path, lambda: file.read_bytes(path))
    return parse_catalog(path, data), state


def parse_catalog(path: Path, data: bytes) -> Catalog:
    """Parse the bytes of a catalog; `path` is used in messages only.

    Raises CatalogError, as `load` does.
    """
    entries = file.parse_bytes(path, data).text.entries
    header = next(filter(catalog_header.is_header, entries), None)
    fields = catalog_header.header_fields(header)
    translations = to_translations(entries)
    return Catalog(path, fields.get("Language", ""), fields, translations, entries)


def to_translations(entries: Iterable[Entry]) -> tuple[Translation, ...]:
    """Convert live entries to translations, one for each plural form."""
    live = (e for e in entries if not e.obsolete and not catalog_header.is_header(e))
    return tuple(translation for entry in live for translation in entry_translations(entry))


def entry_translations(entry: Entry) -> tuple[Translation, ...]:
    """Convert an entry to translations, one for each plural form."""
    first = Translation(
        source=entry.source,
        target=entry.targets[0],
        state=state.entry_state(entry),
        provenance=parse_provenance(entry),
        references=entry.references,
        flags=state.entry_flags(entry),
        line=entry.line,
        context=entry.context,
        plural_form=None if entry.plural is None else 0,
        plural_source=entry.plural,
    )
    if entry.plural is None:
        return (first,)
    plurals = (
        replace(first, source=entry.plural, target=target, plural_form=form)
        for form, target in enumerate(entry.targets[1:], 1)
    )
    return (first, *plurals)


def sync(
    path: Path,
    language: str,
    messages: Sequence[Message],
    *,
    project: str,
    note: str = "",
    when: datetime | None = None,
) -> SyncResult:
    """Synchronize a catalog with its article, or create it.

    Without a language, the catalog is a template. `project` and `note`, a comment for
    translators, go into the header of a new catalog. `when` is the revision time [default: now],
    used only if something changes. Raises CatalogError if the catalog is damaged and
    PipelineError if it cannot be written; the file is then unchanged.
    """
    synchronize = synchronization(path, language, messages, project=project, note=note, when=when)
    return file.edit(path, synchronize, create=True)


def synchronization(
    path: Path,
    language: str,
    messages: Sequence[Message],
    *,
    project: str,
    note: str = "",
    when: datetime | None = None,
) -> Change[SyncResult]:
    """Return the edit that `sync` applies, for an `EditGroup`; raises CatalogError."""
    now = catalog_header.format_time(when)
    for message in messages:
        if "\0" in message.source:
            where = ", ".join(message.references) or path
            raise CatalogError(
                f"{where}: contains a NUL character", "Remove it: catalogs cannot contain it."
            )

    def change(old: PoFile | None) -> tuple[PoText, SyncResult]:
        text = old.text if old else PoText((), "", Style())
        if any(map(catalog_header.is_header, text.entries)):
            return sync_text(text, messages, now)
        header = catalog_header.new_header(language, project, note, text.style, now)
        text, result = sync_text(add_header(text, header), messages, now)
        return text, replace(result, changed=True)

    return change


def write_drafts(
    path: Path,
    drafts: Mapping[str, Draft],
    *,
    matches: Mapping[str, Sequence[MemoryMatch]] | None = None,
    redraft: bool = False,
    when: datetime | None = None,
) -> frozenset[str]:
    """Write drafts, by source text, to missing entries; return the sources written.

    `matches`, by source text, are similar translations to show in a comment; they replace those
    shown before, and need no draft. With `redraft`, drafts that no human has touched are replaced
    too. The file is read again under its lock, so that concurrent human edits survive. Nothing is
    written if no entry changes. Raises CatalogError if the catalog is damaged and PipelineError if
    it cannot be written; the file is then unchanged.
    """
    insert = draft_insertion(drafts, matches=matches, redraft=redraft, when=when)
    return frozenset(file.edit(path, insert))


def draft_insertion(
    drafts: Mapping[str, Draft],
    *,
    matches: Mapping[str, Sequence[MemoryMatch]] | None = None,
    redraft: bool = False,
    when: datetime | None = None,
) -> Change[tuple[str, ...]]:
    """Return the edit that `write_drafts` applies, for an `EditGroup`."""
    replaceable = {State.MISSING, State.DRAFT} if redraft else {State.MISSING}

    def write(entry: Entry, style: Style) -> Entry:
        draft = drafts.get(entry.source)
        matched = (matches or {}).get(entry.source)
        plain = entry.context is None and entry.plural is None and not entry.obsolete
        due = plain and state.entry_state(entry) in replaceable
        if not due or (draft is None and matched is None):
            return entry
        if draft is not None:
            entry = _insert_draft(entry, draft, style)
        notes = replace_match_lines(entry, match_lines(entry.source, matched or ()))
        return entry if notes == entry.notes else edit_entry(entry, style, {"#": notes})

    return _entry_edit(write, when)


def edit_entries(
    path: Path,
    change: Callable[[Entry, Style], Entry],
    when: datetime | None = None,
    *,
    update_date: bool = True,
) -> tuple[str, ...]:
    """Apply `change` to all entries except the header; return the sources changed.

    The file is read again under its lock. With `update_date`, a change also sets the revision
    date. Nothing is written if no entry changes. Raises CatalogError and PipelineError, as
    `po.file.edit` does.
    """
    return file.edit(path, _entry_edit(change, when, update_date=update_date))


def _entry_edit(
    change: Callable[[Entry, Style], Entry], when: datetime | None, *, update_date: bool = True
) -> Change[tuple[str, ...]]:
    """Return the edit that `edit_entries` applies."""

    def change_all(old: PoFile | None) -> tuple[PoText, tuple[str, ...]]:
        assert old is not None
        text = old.text
        entries = [
            e if catalog_header.is_header(e) else change(e, text.style) for e in text.entries
        ]
        pairs = zip(entries, text.entries, strict=True)
        written = tuple(new.source for new, old in pairs if new.raw != old.raw)
        if written and update_date:
            names, now = [catalog_header.REVISED], catalog_header.format_time(when)
            entries = [catalog_header.set_dates(e, names, now, text.style) for e in entries]
        return replace(text, entries=tuple(entries)), written

    return change_all


def _insert_draft(entry: Entry, draft: Draft, style: Style) -> Entry:
    if not draft.target or "\0" in draft.target:
        raise ValueError(f"no draft: {draft.target!r}")
    target = match_newlines(entry.source, draft.target)
    provenance = replace(draft.provenance, text=text_digest(target))
    opinion = opinion_lines(target, draft.opinion) if draft.opinion else ()
    notes = human_notes(entry) + draft_lines(provenance, draft.problems, entry, opinion)
    flags = flag_lines(("fuzzy", *(flag for flag in entry.flags if flag != "fuzzy")))
    return edit_entry(entry, style, {"#": notes, "#,": flags, "#|": ()}, targets=[target])
