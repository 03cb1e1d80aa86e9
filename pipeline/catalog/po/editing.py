"""Entries of a PO file made and changed, line by line, as msgcat would write them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from pipeline.catalog.po.parser import (
    COMMENT_ORDER,
    Entry,
    Style,
    comment_mark,
    is_field,
    parse_entry,
    starts_target,
)
from pipeline.catalog.po.wrapping import PAGE_WIDTH, escape, format_field
from pipeline.core.text import one_line


def note_lines(text: str) -> tuple[str, ...]:
    """Write a translator's comment."""
    return tuple(f"# {line}".rstrip() for line in text.splitlines())


def quote_line(what: str, text: str) -> str:
    """Write a text in a translator's comment, escaped as in a field, so that none of it is lost."""
    safe = "".join(f"\\u{ord(c):04x}" if c in "\x85\u2028\u2029" else c for c in escape(text))
    return f'# translate: {what}: "{safe}"'


def extracted_lines(comments: Sequence[str]) -> tuple[str, ...]:
    """Write the program's comments, one line each."""
    return tuple(f"#. {text}" for text in map(one_line, comments) if text)


def flag_lines(flags: Sequence[str]) -> tuple[str, ...]:
    """Write flags, in the order given but fuzzy first, as gettext has it."""
    ordered = sorted(flags, key=lambda flag: flag != "fuzzy")
    return (f"#, {', '.join(ordered)}",) if ordered else ()


def reference_lines(references: Sequence[str]) -> tuple[str, ...]:
    """Write references, as many on a line as msgcat puts there.

    It counts bytes, without the marks around a file name with blanks (which gettext
    knows since 0.22).
    """
    lines = []
    line, length = "#:", 2
    for reference in references:
        size = len(reference.encode()) + 1
        if length > 2 and length + size > PAGE_WIDTH:
            lines.append(line)
            line, length = "#:", 2
        name, colon, number = reference.rpartition(":")
        if " " in reference or "\t" in reference:
            reference = f"\u2068{name or number}\u2069{colon}{number if colon else ''}"
        line, length = f"{line} {reference}", length + size
    return (*lines, line) if references else ()


def previous_lines(source: str, style: Style) -> tuple[str, ...]:
    """Write the source that a fuzzy translation was made for."""
    return tuple(format_field("msgid", source, "#| ", wrap=style.wrap))


def match_newlines(source: str, target: str) -> str:
    """Begin and end with a line end only where the source does, as gettext demands."""
    target = target.strip("\n")
    before = "\n" if source.startswith("\n") else ""
    return before + target + ("\n" if source.endswith("\n") else "")


def new_entry(source: str, style: Style, comments: Sequence[str] = (), target: str = "") -> Entry:
    """Make an entry, with a blank line before it; `comments` are whole lines."""
    lines = ["", *comments, *format_field("msgid", source, wrap=style.wrap)]
    lines += format_field("msgstr", target, wrap=style.wrap)
    return parse_entry(_join_lines(lines, style), 0)


def edit_entry(
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
    lines = [line.rstrip("\r") for line in entry.raw.removesuffix("\n").split("\n")]
    blank_lines = next(number for number, line in enumerate(lines) if line.strip())
    body = [line for line in lines if is_field(line)]
    groups = {
        mark: [c for c in entry.comments if comment_mark(c) == mark] for mark in COMMENT_ORDER
    }
    groups.update({mark: list(new) for mark, new in (comments or {}).items()})
    changed = replace(entry, targets=entry.targets if targets is None else tuple(targets))
    if obsolete is not None and obsolete != entry.obsolete:
        changed = replace(changed, obsolete=obsolete)
        body = _format_fields(changed, style, _source_fields(entry) + _target_fields(changed))
        if groups["#|"]:
            groups["#|"] = _format_fields(changed, style, list(entry.previous.items()), "|")
    elif changed.targets != entry.targets:
        source_lines = list(takewhile(lambda line: not starts_target(line), body))
        body = source_lines + _format_fields(changed, style, _target_fields(changed))
    ordered = [line for mark in COMMENT_ORDER for line in groups[mark]]
    return parse_entry(_join_lines([""] * blank_lines + ordered + body, style), entry.line)


def rewrap(entry: Entry, style: Style, written: Style, blank_lines: int = 1) -> Entry:
    """An entry from a file of style `written` as it may stand in a file of another style.

    Its lines stay, but for their ends, where both files break long strings alike. `blank_lines`
    is the number of blank lines before it.
    """
    lines = [line.rstrip("\r") for line in entry.raw.removesuffix("\n").split("\n")]
    first = next(number for number, line in enumerate(lines) if line.strip())
    body = lines[first:]
    if style.wrap != written.wrap:
        body = [line for line in body if not is_field(line)]
        body += _format_fields(entry, style, _source_fields(entry) + _target_fields(entry))
    return parse_entry(_join_lines([*[""] * blank_lines, *body], style), entry.line)


def _format_fields(
    entry: Entry, style: Style, fields: Sequence[tuple[str, str]], mark: str = ""
) -> list[str]:
    """Lay out fields of an entry; `mark` is "|" for those of an earlier version."""
    mark = ("#~" if entry.obsolete else "#" if mark else "") + mark
    wrap = style.wrap and "no-wrap" not in entry.flags
    laid_out = [format_field(key, text, mark and f"{mark} ", wrap=wrap) for key, text in fields]
    return [line for lines in laid_out for line in lines]


def _source_fields(entry: Entry) -> list[tuple[str, str]]:
    fields = [("msgctxt", entry.context), ("msgid", entry.source), ("msgid_plural", entry.plural)]
    return [(key, text) for key, text in fields if text is not None]


def _target_fields(entry: Entry) -> list[tuple[str, str]]:
    if entry.plural is None:
        return [("msgstr", entry.targets[0])]
    return [(f"msgstr[{number}]", target) for number, target in enumerate(entry.targets)]


def _join_lines(lines: Sequence[str], style: Style) -> str:
    return "".join(f"{line}{style.newline}" for line in lines)
