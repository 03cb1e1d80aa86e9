"""Create and edit entries line by line, with the layout of msgcat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
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
from pipeline.core import one_line


def note_lines(text: str) -> tuple[str, ...]:
    """Format a translator comment."""
    return tuple(f"# {line}".rstrip() for line in text.splitlines())


def quote_line(what: str, text: str) -> str:
    """Quote a text losslessly in a translator comment, escaped as in a field."""
    safe = "".join(f"\\u{ord(c):04x}" if c in "\x85\u2028\u2029" else c for c in escape(text))
    return f'# translate: {what}: "{safe}"'


def extracted_lines(comments: Sequence[str]) -> tuple[str, ...]:
    """Format extracted comments, one line each."""
    return tuple(f"#. {text}" for text in map(one_line, comments) if text)


def flag_lines(flags: Sequence[str]) -> tuple[str, ...]:
    """Format flags in the given order, fuzzy first as gettext does."""
    ordered = sorted(flags, key=lambda flag: flag != "fuzzy")
    return (f"#, {', '.join(ordered)}",) if ordered else ()


def reference_lines(references: Sequence[str]) -> tuple[str, ...]:
    """Format references, wrapped as msgcat wraps them.

    msgcat counts bytes, without the marks around a file name with spaces (gettext >= 0.22).
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
    """Format the previous source of a fuzzy translation."""
    return tuple(format_field("msgid", source, "#| ", wrap=style.wrap))


def match_newlines(source: str, target: str) -> str:
    """Copy the leading and trailing newlines of `source`, as gettext requires."""
    target = target.strip("\n")
    before = "\n" if source.startswith("\n") else ""
    return before + target + ("\n" if source.endswith("\n") else "")


def new_entry(source: str, style: Style, comments: Sequence[str] = (), target: str = "") -> Entry:
    """Create an entry with a blank line before it; `comments` are whole lines."""
    return _new_entry(source, style, tuple(comments), target)


# The template and the catalogs of an article have mostly the same new entries.
@lru_cache(maxsize=2000)
def _new_entry(source: str, style: Style, comments: tuple[str, ...], target: str) -> Entry:
    lines = ["", *comments, *format_field("msgid", source, wrap=style.wrap)]
    lines += format_field("msgstr", target, wrap=style.wrap)
    raw = _join_lines(lines, style)
    return Entry(raw, len(comments) + 1, False, None, source, None, (target,), comments)


def edit_entry(
    entry: Entry,
    style: Style,
    comments: Mapping[str, Sequence[str]] | None = None,
    *,
    targets: Sequence[str] | None = None,
    obsolete: bool | None = None,
) -> Entry:
    """Edit an entry; lines that are not concerned stay as they are.

    `comments` maps comment marks (`#`, `#.`, `#:`, `#,`, `#|`) to the new lines of that kind.
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
    """Convert an entry from a file of style `written` to `style`.

    Its lines stay, except for line ends, if both files wrap long strings in the same way.
    `blank_lines` is the number of blank lines before it.
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
    """Format fields of an entry; `mark` is "|" for previous fields."""
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
