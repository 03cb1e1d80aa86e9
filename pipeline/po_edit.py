"""Entries of a PO file made and changed, line by line, as msgcat would write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.po_text import ORDER, Entry, Style, entry_from, group, is_field
from pipeline.po_wrap import PAGE_WIDTH, field


def note_lines(text: str) -> tuple[str, ...]:
    """Write a translator's comment."""
    return tuple(f"# {line}" if line else "#" for line in text.split("\n"))


def extracted_lines(comments: Sequence[str]) -> tuple[str, ...]:
    """Write the program's comments, one line each."""
    texts = (" ".join(comment.split()) for comment in comments)
    return tuple(f"#. {text}" for text in texts if text)


def flag_lines(flags: Sequence[str]) -> tuple[str, ...]:
    """Write flags, in the order given but fuzzy first, as gettext has it."""
    ordered = sorted(flags, key=lambda flag: flag != "fuzzy")
    return (f"#, {', '.join(ordered)}",) if ordered else ()


def reference_lines(references: Sequence[str]) -> tuple[str, ...]:
    """Write references, as many on a line as msgcat puts there (it counts bytes)."""
    lines = []
    line, length = "#:", 2
    for reference in references:
        size = len(reference.encode()) + 1
        if length > 2 and length + size > PAGE_WIDTH:
            lines.append(line)
            line, length = "#:", 2
        name, colon, number = reference.rpartition(":")
        if " " in reference or "\t" in reference:
            reference = f"\u2068{name}\u2069{colon}{number}" if colon else f"\u2068{number}\u2069"
        line, length = f"{line} {reference}", length + size
    return (*lines, line) if length > 2 else ()


def previous_lines(source: str, style: Style) -> tuple[str, ...]:
    """Write the source that a fuzzy translation was made for."""
    return tuple(field("msgid", source, "#| ", wrap=style.wrap))


def edges_as(source: str, target: str) -> str:
    """Begin and end with a line end only where the source does, as gettext demands."""
    target = target.strip("\n")
    before = "\n" if source.startswith("\n") else ""
    return before + target + ("\n" if source.endswith("\n") else "")


def new_entry(source: str, style: Style, comments: Sequence[str] = (), target: str = "") -> Entry:
    """Make an entry, with a blank line before it; `comments` are whole lines."""
    lines = ["", *comments, *field("msgid", source, wrap=style.wrap)]
    lines += field("msgstr", target, wrap=style.wrap)
    return entry_from(_joined(lines, style), 0)


def edited(
    entry: Entry,
    style: Style,
    comments: Mapping[str, Sequence[str]] | None = None,
    *,
    targets: Sequence[str] | None = None,
    obsolete: bool | None = None,
) -> Entry:
    """Change an entry; lines that the change does not concern stay as they are.

    `comments` maps a group of comment lines (by its mark, `#`, `#.`, `#:`, `#,`, `#|`) to
    its new lines.
    """
    groups = {mark: [c for c in entry.comments if group(c) == mark] for mark in ORDER}
    groups.update({mark: list(lines) for mark, lines in (comments or {}).items()})
    raw_lines = entry.raw.removesuffix("\n").split("\n")
    gap = next(n for n, line in enumerate(raw_lines) if line.strip())
    changed = replace(entry, obsolete=entry.obsolete if obsolete is None else obsolete)
    changed = replace(changed, targets=entry.targets if targets is None else tuple(targets))
    if changed.obsolete == entry.obsolete and changed.targets == entry.targets:
        body = [line.rstrip("\r") for line in raw_lines if is_field(line)]
    else:
        body = _body(changed, style)
    lines = [""] * gap + [line for mark in ORDER for line in groups[mark]] + body
    return entry_from(_joined(lines, style), entry.line)


def _body(entry: Entry, style: Style) -> list[str]:
    fields = [] if entry.context is None else [("msgctxt", entry.context)]
    fields.append(("msgid", entry.source))
    if entry.plural is None:
        fields.append(("msgstr", entry.targets[0]))
    else:
        fields.append(("msgid_plural", entry.plural))
        fields += [(f"msgstr[{n}]", target) for n, target in enumerate(entry.targets)]
    mark = "#~ " if entry.obsolete else ""
    wrap = style.wrap and "no-wrap" not in entry.flags
    return [line for key, text in fields for line in field(key, text, mark, wrap=wrap)]


def _joined(lines: Sequence[str], style: Style) -> str:
    return "".join(f"{line}{style.newline}" for line in lines)
