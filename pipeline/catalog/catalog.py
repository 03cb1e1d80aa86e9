"""Catalogs: PO files as translations, brought up to date with an article, filled with drafts.

A catalog belongs to its translators. What changes nothing writes nothing; what changes an
entry changes its lines alone; and a translation that a human has touched or approved is
never overwritten and never lost. Reading and writing are this package's own (`po_text`
says why); polib makes the `.mo` file.
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
from pipeline.catalog.po.file import PoFile
from pipeline.catalog.po.parser import Entry, PoText, Style
from pipeline.catalog.provenance import (
    human_notes,
    match_lines,
    parse_provenance,
    provenance_lines,
    replace_match_lines,
    text_digest,
)
from pipeline.catalog.sync import Message, SyncResult, add_header, sync_text
from pipeline.core.errors import CatalogError
from pipeline.core.types import MemoryMatch, Provenance, State, Translation

__all__ = [
    "Catalog",
    "Draft",
    "Message",
    "SyncResult",
    "edit_entries",
    "load",
    "parse_catalog",
    "sync",
    "to_translations",
    "write_drafts",
]


@dataclass(frozen=True, slots=True)
class Catalog:
    """A catalog as it was read: `header` maps the header's fields to their values.

    `translations` are in the file's order, obsolete ones left out; a message with plural
    forms has one for each form. `entries` are all entries, as they stand in the file.
    """

    path: Path
    language: str
    header: Mapping[str, str]
    translations: tuple[Translation, ...]
    entries: tuple[Entry, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Draft:
    """A machine's translation; `problems` are what is known to be wrong with it.

    The digest of the text in `provenance` is provenance when it is written.
    """

    target: str
    provenance: Provenance
    problems: tuple[str, ...] = ()


def load(path: Path) -> Catalog:
    """Read a catalog.

    Raises CatalogError, naming file, line and cure, for one that is missing or damaged.
    """
    return parse_catalog(path, file.read_bytes(path))


def parse_catalog(path: Path, data: bytes) -> Catalog:
    """Read the bytes of a catalog; `path` is only told. Raises CatalogError as `load` does."""
    entries = file.parse_bytes(path, data).text.entries
    header = next(filter(catalog_header.is_header, entries), None)
    fields = catalog_header.header_fields(header)
    found = to_translations(entries)
    return Catalog(path, fields.get("Language", ""), fields, found, entries)


def to_translations(entries: Iterable[Entry]) -> tuple[Translation, ...]:
    """Take entries as translations: one for each plural form, none for what is obsolete."""
    live = (e for e in entries if not e.obsolete and not catalog_header.is_header(e))
    return tuple(one for entry in live for one in _translations(entry))


def _translations(entry: Entry) -> tuple[Translation, ...]:
    found = Translation(
        source=entry.source,
        target=entry.targets[0],
        state=state.entry_state(entry),
        provenance=parse_provenance(entry),
        references=entry.references,
        flags=state.entry_flags(entry),
        line=entry.line,
    )
    others = (replace(found, source=entry.plural or "", target=t) for t in entry.targets[1:])
    return (found, *others)


def sync(
    path: Path,
    language: str,
    messages: Sequence[Message],
    *,
    project: str,
    note: str = "",
    when: datetime | None = None,
) -> SyncResult:
    """Bring a catalog up to date with an article, or make it; no language makes a template.

    `project` and `note` (a comment for its translators) stand in the header of a new
    catalog. `when` is the time for the header, now by default; it is used only where
    something changed. Raises CatalogError for a damaged catalog, which stays as it was,
    and PipelineError where it cannot be written.
    """
    now = catalog_header.format_time(when)
    for message in messages:
        if "\0" in message.source:
            where = ", ".join(message.references) or path
            raise CatalogError(f"{where}: a NUL character", "Take it out: no catalog can hold it.")

    def change(old: PoFile | None) -> tuple[PoText, SyncResult]:
        text = old.text if old else PoText((), "", Style())
        if any(map(catalog_header.is_header, text.entries)):
            return sync_text(text, messages, now)
        header = catalog_header.new_header(language, project, note, text.style, now)
        text, result = sync_text(add_header(text, header), messages, now)
        return text, replace(result, changed=True)

    return file.edit(path, change, create=True)


def write_drafts(
    path: Path,
    drafts: Mapping[str, Draft],
    *,
    matches: Mapping[str, Sequence[MemoryMatch]] | None = None,
    redraft: bool = False,
    when: datetime | None = None,
) -> frozenset[str]:
    """Write drafts, by source text, to the entries that are still missing.

    `matches`, by source text too, are matched in a comment of these entries, in the place
    of those matched before; an entry that gets no draft can have them as well.

    With `redraft`, drafts that no human has touched are replaced too. The file is read
    again for that, so whatever a human saved meanwhile stays. Returns the sources that
    were written; where there are none, the file is not. Raises CatalogError for a damaged
    catalog and PipelineError for one that cannot be written; it is then as it was.
    """
    wanted = {State.MISSING, State.DRAFT} if redraft else {State.MISSING}

    def write(entry: Entry, style: Style) -> Entry:
        draft = drafts.get(entry.source)
        matched = (matches or {}).get(entry.source)
        plain = entry.context is None and entry.plural is None and not entry.obsolete
        due = plain and state.entry_state(entry) in wanted
        if not due or (draft is None and matched is None):
            return entry
        if draft is not None:
            entry = _insert_draft(entry, draft, style)
        notes = replace_match_lines(entry, match_lines(entry.source, matched or ()))
        return entry if notes == entry.notes else edit_entry(entry, style, {"#": notes})

    return frozenset(edit_entries(path, write, when))


def edit_entries(
    path: Path,
    change: Callable[[Entry, Style], Entry],
    when: datetime | None = None,
    *,
    update_date: bool = True,
) -> tuple[str, ...]:
    """Change the entries of a catalog, its header aside, as the file is at that moment.

    With `update_date`, the header gets the time of the revision. Returns the sources of the
    entries changed; where there are none, the file is not written. Raises CatalogError and
    PipelineError as `po_file.edit` does.
    """

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

    return file.edit(path, change_all)


def _insert_draft(entry: Entry, draft: Draft, style: Style) -> Entry:
    if not draft.target or "\0" in draft.target:
        raise ValueError(f"no draft: {draft.target!r}")
    target = match_newlines(entry.source, draft.target)
    provenance = replace(draft.provenance, text=text_digest(target))
    notes = human_notes(entry) + provenance_lines(provenance, draft.problems)
    flags = flag_lines(("fuzzy", *(flag for flag in entry.flags if flag != "fuzzy")))
    return edit_entry(entry, style, {"#": notes, "#,": flags, "#|": ()}, targets=[target])
