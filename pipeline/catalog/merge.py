"""Three-way merge of catalogs, entry by entry, as a merge driver for git.

A merge by lines reports false conflicts: moved entries, other wrapping, changed dates. This
merge matches entries by context and source, and keeps the layout of our side.

What one side changed is taken from that side. If both did, a human's text wins over a draft,
and comments and flags are united. Two different human texts are a conflict: the entry keeps
our text as fuzzy, and comments quote both, so that no work is lost and nothing counts as
approved.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from pipeline.catalog import state as catalog_state
from pipeline.catalog.header import CREATED, REVISED, is_header, replace_fields
from pipeline.catalog.po.editing import (
    edit_entry,
    flag_lines,
    quote_line,
    reference_lines,
    rewrap,
)
from pipeline.catalog.po.parser import Entry, EntryKey, PoText, Style, comment_mark, parse_po
from pipeline.catalog.provenance import CONFLICT, human_notes
from pipeline.catalog.sync import restore_spacing
from pipeline.core import State, one_line

T = TypeVar("T", bound=Hashable)

# Taken from the side that was saved last.
_LAST_SAVER_FIELDS = ("Last-Translator", "X-Generator", "Generated-By")
_EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The merged catalog and its entries in conflict."""

    text: PoText
    conflicts: tuple[Entry, ...] = ()


def merge_catalogs(base: PoText | None, ours: PoText, theirs: PoText) -> MergeResult:
    """Merge two catalogs that derive from `base` (None if both are new).

    An entry that one side removed and the other worked on stays as obsolete. The order is that
    of the side that changed it, else ours.
    """
    texts = (base or PoText((), "", Style()), ours, theirs)
    base_entries, our_entries, their_entries = ({e.key: e for e in text.entries} for text in texts)
    same = zip(theirs.entries, texts[0].entries, strict=False)
    if len(their_entries) == len(base_entries) and all(
        a.key == b.key and entry_content(a) == entry_content(b) for a, b in same
    ):
        return MergeResult(ours)
    entries: dict[EntryKey, Entry] = {}
    conflicts = set()
    for key in {**our_entries, **their_entries}:
        merged, conflict = _merge_optional(
            base_entries.get(key), our_entries.get(key), their_entries.get(key), ours, theirs
        )
        if merged is not None:
            entries[key] = merged
        if conflict:
            conflicts.add(key)
    order = _merged_order(list(base_entries), list(our_entries), list(their_entries))
    arranged = _arrange([entries[key] for key in order if key in entries], ours, theirs)
    tail = "\n".join(merge_lists(*(text.tail.replace("\r", "").split("\n") for text in texts)))
    tail = tail.replace("\n", ours.style.newline)
    text = replace(ours, entries=tuple(restore_spacing(arranged, ours)), tail=tail)
    # Parsed again for the line numbers of the new file.
    reparsed = parse_po(text.render()).entries if conflicts else ()
    return MergeResult(text, tuple(entry for entry in reparsed if entry.key in conflicts))


def _merge_optional(
    base: Entry | None,
    ours: Entry | None,
    theirs: Entry | None,
    our_text: PoText,
    their_text: PoText,
) -> tuple[Entry | None, bool]:
    """Merge an entry that one side may lack; also return whether there is a conflict."""
    style = our_text.style
    if ours is None or theirs is None:
        remaining = ours or theirs
        assert remaining is not None
        retained = remaining if remaining is ours else rewrap(remaining, style, their_text.style)
        if base is None:
            return retained, False
        if entry_content(remaining) == entry_content(base) or not _has_new_human_work(
            base, remaining
        ):
            return None, False
        if is_header(remaining):
            return retained, False
        return edit_entry(retained, style, {"#.": (), "#:": ()}, obsolete=True), False
    if is_header(ours):
        header = merge_header(base, ours, theirs, style)
        return header.entry, header.conflict
    merged = merge_entry(base, ours, theirs, style, their_text.style)
    return merged.entry, merged.conflict


def _has_new_human_work(base: Entry, entry: Entry) -> bool:
    """Return whether a human has worked on an entry since `base`."""
    text = entry.targets != base.targets or entry.flags != base.flags
    return (text and _has_human_text(entry)) or human_notes(entry) != human_notes(base)


def _merged_order(
    base: Sequence[EntryKey], ours: Sequence[EntryKey], theirs: Sequence[EntryKey]
) -> Iterator[EntryKey]:
    """Yield all keys in the order of one side.

    Entries that only the other side has follow their neighbours there.
    """
    common = set(ours) & set(base)
    moved = [k for k in ours if k in common] != [k for k in base if k in common]
    first, second = (ours, theirs) if moved else (theirs, ours)
    if not moved:
        common = set(theirs) & set(base)
        if [k for k in theirs if k in common] == [k for k in base if k in common]:
            first, second = ours, theirs
    known = set(first)
    after: dict[EntryKey | None, list[EntryKey]] = {}
    anchor: EntryKey | None = None
    for key in second:
        if key in known:
            anchor = key
        else:
            after.setdefault(anchor, []).append(key)
    yield from after.get(None, ())
    for key in first:
        yield key
        yield from after.get(key, ())


def _arrange(entries: list[Entry], ours: PoText, theirs: PoText) -> list[Entry]:
    """Put obsolete entries last if both sides do."""
    if all(map(_obsolete_last, (ours.entries, theirs.entries))):
        return sorted(entries, key=lambda entry: entry.obsolete)
    return entries


def _obsolete_last(entries: Sequence[Entry]) -> bool:
    marks = [entry.obsolete for entry in entries]
    return marks == sorted(marks)


@dataclass(frozen=True, slots=True)
class MergedEntry:
    """A merged entry, and whether it is in conflict."""

    entry: Entry
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class _TranslationFields:
    """The fields of an entry that are taken from one side as a unit."""

    plural: str | None
    targets: tuple[str, ...]
    fuzzy: bool
    previous: tuple[tuple[str, str], ...]
    tool: tuple[str, ...]


def entry_content(entry: Entry) -> tuple[Hashable, ...]:
    """Return everything in an entry except its layout, for comparison."""
    notes = tuple(note.rstrip() for note in entry.notes)
    parts = (notes, entry.extracted, entry.references, frozenset(entry.flags))
    return (entry.obsolete, entry.plural, entry.targets, tuple(entry.previous.items()), *parts)


def merge_entry(
    base: Entry | None, ours: Entry, theirs: Entry, style: Style, their_style: Style
) -> MergedEntry:
    """Merge two versions of an entry with the same context and source.

    `base` is their common ancestor, None if both are new. `style` is the style of our file,
    whose lines stay where possible; `their_style` is that of their file.
    """
    before = entry_content(base) if base else None
    if entry_content(theirs) in (before, entry_content(ours)):
        return MergedEntry(ours)
    if base and ours.raw == base.raw and style == their_style:
        blank_lines = len(ours.raw) - len(ours.raw.lstrip("\r\n"))
        return MergedEntry(rewrap(theirs, style, their_style, blank_lines // len(style.newline)))
    return _merge_changed(base, ours, theirs, style)


def _has_human_text(entry: Entry) -> bool:
    """Return whether a human wrote or approved the text or a plural form of it."""
    return any(entry.targets) and catalog_state.entry_state(entry) is not State.DRAFT


def _merge_changed(base: Entry | None, ours: Entry, theirs: Entry, style: Style) -> MergedEntry:
    mine, other = _translation(ours), _translation(theirs)
    chosen, conflict = _choose(base, ours, theirs)
    was_obsolete = base.obsolete if base else True
    obsolete = theirs.obsolete if ours.obsolete == was_obsolete else ours.obsolete
    entry = edit_entry(ours, style, obsolete=obsolete) if ours.obsolete != obsolete else ours
    donor = edit_entry(theirs, style, obsolete=obsolete)
    notes = merge_lists(*(_notes(side) for side in (base, ours, theirs)))
    if conflict:
        notes += tuple(n for n in _conflict_lines(ours, theirs) if n not in notes)
    notes += chosen.tool
    changes = _list_changes(base, ours, theirs, chosen.fuzzy)
    if sorted(notes) != sorted(note.rstrip() for note in ours.notes):
        changes["#"] = notes
    if chosen.previous != mine.previous:
        changes["#|"] = [line for line in donor.comments if comment_mark(line) == "#|"]
        if chosen.previous != other.previous:
            changes["#|"] = ()
    if chosen.plural != mine.plural:
        entry = replace(donor, comments=entry.comments)
    return MergedEntry(edit_entry(entry, style, changes, targets=chosen.targets), conflict)


def merge_lists(base: Sequence[T], ours: Sequence[T], theirs: Sequence[T]) -> tuple[T, ...]:
    """Merge lists: ours without what they removed, then what they added."""
    if ours == theirs or theirs == base:
        return tuple(ours)
    if ours == base:
        return tuple(theirs)
    removed = set(base) - set(theirs)
    known = {*base, *ours}
    return (*(x for x in ours if x not in removed), *(x for x in theirs if x not in known))


def _list_changes(
    base: Entry | None, ours: Entry, theirs: Entry, fuzzy: bool
) -> dict[str, Sequence[str]]:
    """Return the extracted comments, references and flags that differ from ours."""
    changes: dict[str, Sequence[str]] = {}
    extracted = merge_lists(base.extracted if base else (), ours.extracted, theirs.extracted)
    if extracted != ours.extracted:
        changes["#."] = extracted
    references = merge_lists(base.references if base else (), ours.references, theirs.references)
    if references != ours.references:
        changes["#:"] = reference_lines(references)
    sides = [[f for f in e.flags if f != "fuzzy"] if e else [] for e in (base, ours, theirs)]
    flags = (*(["fuzzy"] if fuzzy else []), *merge_lists(*sides))
    if set(flags) != set(ours.flags):
        changes["#,"] = flag_lines(flags)
    return changes


def _notes(entry: Entry | None) -> tuple[str, ...]:
    return tuple(n.rstrip() for n in human_notes(entry)) if entry else ()


def _translation(entry: Entry) -> _TranslationFields:
    human_text = set(human_notes(entry))
    tool = tuple(note for note in entry.notes if note not in human_text)
    previous = tuple(entry.previous.items())
    return _TranslationFields(entry.plural, entry.targets, "fuzzy" in entry.flags, previous, tool)


def _choose(base: Entry | None, ours: Entry, theirs: Entry) -> tuple[_TranslationFields, bool]:
    """Return the fields of the merged entry, and whether two humans disagree."""
    mine, other = _translation(ours), _translation(theirs)
    before = _translation(base) if base else None
    if other in (before, mine):
        return mine, False
    if mine == before:
        return other, False
    if (mine.plural, mine.targets) == (other.plural, other.targets):
        return _choose_state(base, ours, theirs), False
    human_text = [_has_human_text(entry) for entry in (ours, theirs)]
    if human_text == [True, True]:
        # Without provenance, which would turn the text into an untouched draft.
        return replace(mine, fuzzy=True, tool=()), True
    empty = not any(mine.targets) and any(other.targets)
    return (other if human_text[1] or (empty and not human_text[0]) else mine), False


def _choose_state(base: Entry | None, ours: Entry, theirs: Entry) -> _TranslationFields:
    """Choose between equal texts: the side that changed the approval wins."""
    approved = base is not None and catalog_state.entry_state(base) is State.APPROVED
    fuzzy = [_translation(entry).fuzzy for entry in (ours, theirs)]
    if fuzzy[0] == fuzzy[1]:
        return _translation(ours)
    return _translation(ours if fuzzy[0] == approved else theirs)


def _conflict_lines(ours: Entry, theirs: Entry) -> tuple[str, ...]:
    """Return comment lines that quote both texts, each plural form on its own line."""
    lines = []
    for name, entry in (("ours", ours), ("theirs", theirs)):
        state = "" if catalog_state.entry_state(entry) is State.APPROVED else ", fuzzy"
        for number, target in enumerate(entry.targets):
            form = f"[{number}]" if entry.plural is not None else ""
            lines.append(quote_line(f"conflict: {name}{form}{state}", target))
    return tuple(lines)


def merge_header(base: Entry | None, ours: Entry, theirs: Entry, style: Style) -> MergedEntry:
    """Merge two headers field by field.

    Of two dates the later one is kept. If both sides set another field to different values, ours
    stays and a comment quotes theirs, which is a conflict.
    """
    before = entry_content(base) if base else None
    if entry_content(theirs) in (before, entry_content(ours)):
        return MergedEntry(ours)
    base_lines = _header_lines(base) if base else {}
    our_lines, their_lines = _header_lines(ours), _header_lines(theirs)
    dates = [_parse_date(lines.get(REVISED)) for lines in (our_lines, their_lines)]
    later = our_lines if dates[0] >= dates[1] else their_lines
    values: dict[str, str] = {}
    quotes = []
    for name in merge_lists(tuple(base_lines), tuple(our_lines), tuple(their_lines)):
        base_value = base_lines.get(name)
        our_value, their_value = our_lines.get(name), their_lines.get(name)
        value = their_value if our_value == base_value else our_value
        if their_value not in (our_value, base_value) and our_value != base_value:
            if name in (CREATED, REVISED):
                value = max(our_value, their_value, key=_parse_date)
            elif name in _LAST_SAVER_FIELDS:
                value = later.get(name, our_value)
            elif our_value is None:
                value = their_value
            elif their_value is not None:
                quotes.append(f"{CONFLICT}theirs: {one_line(their_value)}")
        if value is not None:
            values[name] = value
    sides = (base, ours, theirs)
    notes = merge_lists(*(e.notes if e else () for e in sides))
    notes += tuple(line for line in quotes if line not in notes)
    flags = merge_lists(*(e.flags if e else () for e in sides))
    header = replace_fields(ours, values, style)
    changes = {} if notes == ours.notes else {"#": notes}
    if set(flags) != set(ours.flags):
        changes["#,"] = flag_lines(flags)
    return MergedEntry(edit_entry(header, style, changes) if changes else header, bool(quotes))


def _header_lines(header: Entry) -> Mapping[str, str]:
    """Return the lines of a header by field name; an unnamed line is its own key."""
    lines_by_name: dict[str, str] = {}
    for line in filter(None, header.targets[0].split("\n")):
        name = line.partition(":")[0]
        while name in lines_by_name:  # a repeated field
            name += ":"
        lines_by_name[name] = line
    return lines_by_name


def _parse_date(line: str | None) -> datetime:
    """Return the date in a header line, or the earliest date if it has none."""
    value = (line or "").partition(":")[2].strip()
    for form in ("%Y-%m-%d %H:%M%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M"):
        try:
            date = datetime.strptime(value, form)
        except ValueError:
            continue
        return date if date.tzinfo else date.replace(tzinfo=UTC)
    return _EARLIEST
