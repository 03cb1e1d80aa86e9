"""The header of a catalog merged from two versions of it, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from pipeline.catalog.header import CREATED, REVISED, with_fields
from pipeline.catalog.merge_entry import MergedEntry, content, united
from pipeline.catalog.po.editing import edited, flag_lines, one_line
from pipeline.catalog.po.parser import Entry, Style
from pipeline.catalog.state import CONFLICT

# Who saved last, and with what: true of the side that was saved last.
_OF_THE_LAST = ("Last-Translator", "X-Generator", "Generated-By")
_NEVER = datetime.min.replace(tzinfo=UTC)


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
