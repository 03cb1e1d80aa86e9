"""Two versions of a catalog merged entry by entry, as `git merge` wants it.

Lines say little about a catalog: an entry that moved, a file wrapped anew or a changed
date is a conflict of lines, and no conflict at all. Here entries are told apart by source
and context, and the layout is that of our side.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from pipeline.catalog import state as catalog_state
from pipeline.catalog.header import CREATED, REVISED, is_header, with_fields
from pipeline.catalog.po.editing import (
    edited,
    flag_lines,
    kept_line,
    one_line,
    reference_lines,
    rewrap,
)
from pipeline.catalog.po.parser import Entry, PoText, Style, group, parse_po
from pipeline.catalog.provenance import CONFLICT, human_notes
from pipeline.catalog.sync import respaced
from pipeline.core.types import State

T = TypeVar("T", bound=Hashable)

# Who saved last, and with what: true of the side that was saved last.
_OF_THE_LAST = ("Last-Translator", "X-Generator", "Generated-By")
_NEVER = datetime.min.replace(tzinfo=UTC)

Key = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The merged catalog, and its entries that hold two texts for a human to choose from."""

    text: PoText
    conflicts: tuple[Entry, ...] = ()


def merge(base: PoText | None, ours: PoText, theirs: PoText) -> MergeResult:
    """Merge two catalogs that were made from `base` (None: both are new).

    An entry that one side removed and the other worked on stays, obsolete. The order is
    that of the side that changed it, else ours.
    """
    texts = (base or PoText((), "", Style()), ours, theirs)
    before, mine, other = ({_key(e): e for e in text.entries} for text in texts)
    same = zip(theirs.entries, texts[0].entries, strict=False)
    if len(other) == len(before) and all(
        _key(a) == _key(b) and content(a) == content(b) for a, b in same
    ):
        return MergeResult(ours)
    entries: dict[Key, Entry] = {}
    conflicts = set()
    for key in {**mine, **other}:
        made, conflict = _one(before.get(key), mine.get(key), other.get(key), ours, theirs)
        if made is not None:
            entries[key] = made
        if conflict:
            conflicts.add(key)
    order = _order(list(before), list(mine), list(other))
    arranged = _arranged([entries[key] for key in order if key in entries], ours, theirs)
    tail = "\n".join(united(*(text.tail.replace("\r", "").split("\n") for text in texts)))
    tail = tail.replace("\n", ours.style.newline)
    text = replace(ours, entries=tuple(respaced(arranged, ours)), tail=tail)
    # Read again where it matters: the numbers of lines are those of the new file.
    again = parse_po(text.render()).entries if conflicts else ()
    return MergeResult(text, tuple(entry for entry in again if _key(entry) in conflicts))


def _key(entry: Entry) -> Key:
    return entry.context, entry.source


def _one(
    base: Entry | None, ours: Entry | None, theirs: Entry | None, mine: PoText, other: PoText
) -> tuple[Entry | None, bool]:
    """Merge an entry that may be missing on a side; tells whether there is a conflict."""
    style = mine.style
    if ours is None or theirs is None:
        left = ours or theirs
        assert left is not None
        stays = left if left is ours else rewrap(left, style, other.style)
        if base is None:
            return stays, False
        if content(left) == content(base) or not _worked_on(base, left):
            return None, False
        if is_header(left):
            return stays, False
        return edited(stays, style, {"#.": (), "#:": ()}, obsolete=True), False
    if is_header(ours):
        header = merge_header(base, ours, theirs, style)
        return header.entry, header.conflict
    made = merge_entry(base, ours, theirs, style, other.style)
    return made.entry, made.conflict


def _worked_on(base: Entry, entry: Entry) -> bool:
    """Whether a human's work since `base` is in an entry."""
    text = entry.targets != base.targets or entry.flags != base.flags
    return (text and has_human_work(entry)) or human_notes(entry) != human_notes(base)


def _order(base: Sequence[Key], ours: Sequence[Key], theirs: Sequence[Key]) -> Iterator[Key]:
    """The order of all entries: one side's, the others' each after its neighbour there."""
    common = set(ours) & set(base)
    moved = [k for k in ours if k in common] != [k for k in base if k in common]
    first, second = (ours, theirs) if moved else (theirs, ours)
    if not moved:
        common = set(theirs) & set(base)
        if [k for k in theirs if k in common] == [k for k in base if k in common]:
            first, second = ours, theirs
    known = set(first)
    after: dict[Key | None, list[Key]] = {}
    anchor: Key | None = None
    for key in second:
        if key in known:
            anchor = key
        else:
            after.setdefault(anchor, []).append(key)
    yield from after.get(None, ())
    for key in first:
        yield key
        yield from after.get(key, ())


def _arranged(entries: list[Entry], ours: PoText, theirs: PoText) -> list[Entry]:
    """The obsolete ones last, where they are so on both sides."""
    if all(map(_obsolete_last, (ours.entries, theirs.entries))):
        return sorted(entries, key=lambda entry: entry.obsolete)
    return entries


def _obsolete_last(entries: Sequence[Entry]) -> bool:
    marks = [entry.obsolete for entry in entries]
    return marks == sorted(marks)


@dataclass(frozen=True, slots=True)
class MergedEntry:
    """The entry, and whether both sides' texts stand in it for a human to choose."""

    entry: Entry
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class _Text:
    """What belongs together in an entry: changed by one side, it is that side's as a whole."""

    plural: str | None
    targets: tuple[str, ...]
    fuzzy: bool
    previous: tuple[tuple[str, str], ...]
    tool: tuple[str, ...]


def content(entry: Entry) -> tuple[Hashable, ...]:
    """All that an entry says, without the layout of its lines."""
    notes = tuple(note.rstrip() for note in entry.notes)
    parts = (notes, entry.extracted, entry.references, frozenset(entry.flags))
    return (entry.obsolete, entry.plural, entry.targets, tuple(entry.previous.items()), *parts)


def merge_entry(
    base: Entry | None, ours: Entry, theirs: Entry, style: Style, written: Style
) -> MergedEntry:
    """Merge two versions of an entry that have the same source and context.

    `base` is what both were made from, None where both are new. `style` is that of the
    file with `ours`, whose lines stay wherever they can, `written` that of their file.
    """
    before = content(base) if base else None
    if content(theirs) in (before, content(ours)):
        return MergedEntry(ours)
    if base and ours.raw == base.raw and style == written:
        gap = len(ours.raw) - len(ours.raw.lstrip("\r\n"))
        return MergedEntry(rewrap(theirs, style, written, gap // len(style.newline)))
    return _merged(base, ours, theirs, style)


def has_human_work(entry: Entry) -> bool:
    """Whether a human wrote or approved a text of an entry, be it only one of its forms."""
    return any(entry.targets) and catalog_state.state(entry) is not State.DRAFT


def _merged(base: Entry | None, ours: Entry, theirs: Entry, style: Style) -> MergedEntry:
    mine, other = _text(ours), _text(theirs)
    chosen, conflict = _chosen(base, ours, theirs)
    was_dead = base.obsolete if base else True
    dead = theirs.obsolete if ours.obsolete == was_dead else ours.obsolete
    entry = edited(ours, style, obsolete=dead) if ours.obsolete != dead else ours
    donor = edited(theirs, style, obsolete=dead)
    notes = united(*(_notes(side) for side in (base, ours, theirs)))
    if conflict:
        notes += tuple(n for n in _quotes(ours, theirs) if n not in notes)
    notes += chosen.tool
    changes = _lists(base, ours, theirs, chosen.fuzzy)
    if sorted(notes) != sorted(note.rstrip() for note in ours.notes):
        changes["#"] = notes
    if chosen.previous != mine.previous:
        changes["#|"] = [line for line in donor.comments if group(line) == "#|"]
        if chosen.previous != other.previous:
            changes["#|"] = ()
    if chosen.plural != mine.plural:
        entry = replace(donor, comments=entry.comments)
    return MergedEntry(edited(entry, style, changes, targets=chosen.targets), conflict)


def united(base: Sequence[T], ours: Sequence[T], theirs: Sequence[T]) -> tuple[T, ...]:
    """Merge lists: ours, without what they took out, then what they added."""
    if ours == theirs or theirs == base:
        return tuple(ours)
    if ours == base:
        return tuple(theirs)
    gone = set(base) - set(theirs)
    known = {*base, *ours}
    return (*(one for one in ours if one not in gone), *(x for x in theirs if x not in known))


def _lists(base: Entry | None, ours: Entry, theirs: Entry, fuzzy: bool) -> dict[str, Sequence[str]]:
    """The lines of extracted comments, references and flags, where they are not ours."""
    changes: dict[str, Sequence[str]] = {}
    extracted = united(base.extracted if base else (), ours.extracted, theirs.extracted)
    if extracted != ours.extracted:
        changes["#."] = extracted
    references = united(base.references if base else (), ours.references, theirs.references)
    if references != ours.references:
        changes["#:"] = reference_lines(references)
    sides = [[f for f in e.flags if f != "fuzzy"] if e else [] for e in (base, ours, theirs)]
    flags = (*(["fuzzy"] if fuzzy else []), *united(*sides))
    if set(flags) != set(ours.flags):
        changes["#,"] = flag_lines(flags)
    return changes


def _notes(entry: Entry | None) -> tuple[str, ...]:
    return tuple(n.rstrip() for n in human_notes(entry)) if entry else ()


def _text(entry: Entry) -> _Text:
    human = set(human_notes(entry))
    tool = tuple(note for note in entry.notes if note not in human)
    previous = tuple(entry.previous.items())
    return _Text(entry.plural, entry.targets, "fuzzy" in entry.flags, previous, tool)


def _chosen(base: Entry | None, ours: Entry, theirs: Entry) -> tuple[_Text, bool]:
    """The text that the merged entry has, and whether humans disagree on it."""
    mine, other = _text(ours), _text(theirs)
    before = _text(base) if base else None
    if other in (before, mine):
        return mine, False
    if mine == before:
        return other, False
    if (mine.plural, mine.targets) == (other.plural, other.targets):
        return _same_words(base, ours, theirs), False
    human = [has_human_work(entry) for entry in (ours, theirs)]
    if human == [True, True]:
        # Without the origin: it would make a machine's draft of a text that a human chose.
        return replace(mine, fuzzy=True, tool=()), True
    empty = not any(mine.targets) and any(other.targets)
    return (other if human[1] or (empty and not human[0]) else mine), False


def _same_words(base: Entry | None, ours: Entry, theirs: Entry) -> _Text:
    """Both sides have the same words: approved, if the side that changed that approved it."""
    approved = base is not None and catalog_state.state(base) is State.APPROVED
    fuzzy = [_text(entry).fuzzy for entry in (ours, theirs)]
    if fuzzy[0] == fuzzy[1]:
        return _text(ours)
    return _text(ours if fuzzy[0] == approved else theirs)


def _quotes(ours: Entry, theirs: Entry) -> tuple[str, ...]:
    """The comment lines of a conflict: both sides' texts, each form on a line of its own."""
    lines = []
    for name, entry in (("ours", ours), ("theirs", theirs)):
        state = "" if catalog_state.state(entry) is State.APPROVED else ", fuzzy"
        for number, target in enumerate(entry.targets):
            form = f"[{number}]" if entry.plural is not None else ""
            lines.append(kept_line(f"conflict: {name}{form}{state}", target))
    return tuple(lines)


def merge_header(base: Entry | None, ours: Entry, theirs: Entry, style: Style) -> MergedEntry:
    """Merge two headers. Dates are the later ones; of a field that both sides set to
    different values ours stays and a comment quotes theirs, which is a conflict.
    """
    before = content(base) if base else None
    if content(theirs) in (before, content(ours)):
        return MergedEntry(ours)
    old = _lines(base) if base else {}
    mine, other = _lines(ours), _lines(theirs)
    later = mine if _time(mine.get(REVISED)) >= _time(other.get(REVISED)) else other
    values: dict[str, str] = {}
    quotes = []
    for name in united(tuple(old), tuple(mine), tuple(other)):
        one, two = mine.get(name), other.get(name)
        value = two if one == old.get(name) else one
        if two not in (one, old.get(name)) and one != old.get(name):
            if name in (CREATED, REVISED):
                value = max(one, two, key=_time)
            elif name in _OF_THE_LAST:
                value = later.get(name, one)
            else:
                value = two if one is None else one
                quotes += [] if None in (one, two) else [f"{CONFLICT}theirs: {one_line(two or '')}"]
        if value is not None:
            values[name] = value
    sides = (base, ours, theirs)
    notes = united(*(e.notes if e else () for e in sides))
    notes += tuple(line for line in quotes if line not in notes)
    flags = united(*(e.flags if e else () for e in sides))
    header = with_fields(ours, values, style)
    changes = {} if notes == ours.notes else {"#": notes}
    if set(flags) != set(ours.flags):
        changes["#,"] = flag_lines(flags)
    return MergedEntry(edited(header, style, changes) if changes else header, bool(quotes))


def _lines(header: Entry) -> Mapping[str, str]:
    """The lines of a header by the names of their fields; a line without one by itself."""
    found: dict[str, str] = {}
    for line in filter(None, header.targets[0].split("\n")):
        name = line.partition(":")[0]
        while name in found:  # A field may be there twice.
            name += ":"
        found[name] = line
    return found


def _time(line: str | None) -> datetime:
    """The time in a line of the header, or one before all others."""
    value = (line or "").partition(":")[2].strip()
    for form in ("%Y-%m-%d %H:%M%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M"):
        try:
            found = datetime.strptime(value, form)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return _NEVER
