"""One entry of a catalog merged from two versions of it, by what it says, not by its lines.

Whatever only one side changed is taken from that side. Where both did: a human's text
beats a machine's, comments and flags are united, and two texts of two humans are a
conflict. The entry then keeps the text of our side, fuzzy, and comments quote both, so
that no one's words are gone and nothing is taken for approved.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pipeline.catalog import state as catalog_state
from pipeline.catalog.po.editing import edited, flag_lines, kept_line, reference_lines, rewrap
from pipeline.catalog.po.parser import Entry, Style, group
from pipeline.core.types import State

T = TypeVar("T", bound=Hashable)


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
    return tuple(n.rstrip() for n in catalog_state.human_notes(entry)) if entry else ()


def _text(entry: Entry) -> _Text:
    human = set(catalog_state.human_notes(entry))
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
