"""Two versions of a catalog merged entry by entry, as `git merge` wants it.

Lines say little about a catalog: an entry that moved, a file wrapped anew or a changed
date is a conflict of lines, and no conflict at all. Here entries are told apart by source
and context, and the layout is that of our side.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.catalog.header import is_header
from pipeline.catalog.merge_entry import content, has_human_work, merge_entry, united
from pipeline.catalog.merge_header import merge_header
from pipeline.catalog.po.editing import edited, rewrap
from pipeline.catalog.po.parser import Entry, PoText, Style, parse_po
from pipeline.catalog.state import human_notes
from pipeline.catalog.sync import respaced

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
