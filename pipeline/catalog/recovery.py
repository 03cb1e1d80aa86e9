"""Diagnosis and recovery of damaged catalogs.

`po.file` refuses a file at its first invalid line. `recover` reports every invalid line and
reads every intact entry. Entries that it had to repair, such as one with a missing quote,
become fuzzy and get a comment.

A repair step takes and returns the numbered lines of an entry, and leaves alone what it does
not recognize. Numbers missing from the result are those of dropped lines.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from pipeline.catalog.header import is_header, set_charset
from pipeline.catalog.merge import merge_entry
from pipeline.catalog.po import file, parser
from pipeline.catalog.po.editing import edit_entry, flag_lines
from pipeline.catalog.po.parser import Entry, EntryKey, PoSyntaxError, PoText, Style, is_field
from pipeline.catalog.provenance import human_notes
from pipeline.catalog.sync import restore_spacing
from pipeline.core import CatalogError, Finding, Severity

NOTE = "# translate: salvaged: part of this entry was guessed"
_ID = "damaged-catalog"
_FALLBACK = "cp1252"  # most files that are not UTF-8 come from Windows
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Lines = list[tuple[int, str]]

_FIELD = re.compile(r"([ \t]*(?:#~[ \t]*)?(?:msg[a-z_]+(?:\[[0-9]+\])?)?[ \t]*)(.*)", re.DOTALL)
_KEYWORD = re.compile(r"[ \t]*(?:#~[ \t]*)?(msg(?:ctxt|id_plural|id|str(?:\[[0-9]+\])?))?[ \t]*")
_FORM = re.compile(r"msgstr\[[0-9]+\]")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_LONE_QUOTE = re.compile(r'(\\.)|"', re.DOTALL)
_KNOWN = 'ntrbfva\\"'


@dataclass(frozen=True, slots=True)
class RecoveredCatalog:
    """The readable part of a catalog; `findings` are empty if it is intact.

    `guessed` is the number of repaired entries, which a human has to compare. `omitted_lines` are
    the (number, text) of lines that were dropped.
    """

    findings: tuple[Finding, ...]
    text: PoText
    guessed: int = 0
    omitted_lines: tuple[tuple[int, str], ...] = ()

    def data(self) -> bytes:
        """Return the recovered file, in UTF-8."""
        return self.text.render().encode()


@dataclass(slots=True)
class _Reading:
    """The state of reading a damaged file.

    `altered_lines` are the numbers of lines that were changed to decode them. `identity` are the
    lines of the last entry up to its `msgstr`.
    """

    path: Path
    findings: list[Finding] = field(default_factory=list)
    altered_lines: set[int] = field(default_factory=set)
    entries: dict[EntryKey, Entry] = field(default_factory=dict)
    omitted_lines: list[tuple[int, str]] = field(default_factory=list)
    identity: Lines = field(default_factory=list)
    guessed: int = 0

    def report(self, line: int, message: str) -> None:
        self.findings.append(Finding(_ID, Severity.ERROR, message, self.path, line))


def recover(path: Path, data: bytes) -> RecoveredCatalog:
    """Read as much as possible of a catalog; `path` is used in findings only."""
    try:
        return RecoveredCatalog((), file.parse_bytes(path, data).text)
    except CatalogError as error:
        cause = error
    reading = _Reading(path)
    text = "\n".join(_decode_lines(reading, data))
    lines = text.split("\n")
    newline = "\r\n" if lines[0].endswith("\r") else "\n"
    style = Style(newline, parser.uses_wrapping(text))
    entries_end = 0
    for start, end in parser.entry_ranges(lines):
        _read_entry(reading, [(n, lines[n - 1]) for n in range(start + 1, end + 1)], style)
        entries_end = end
    tail = [(n, line) for n, line in enumerate(lines[entries_end:], entries_end + 1)]
    remaining = [line for _, line in tail if not line.strip() or line.startswith("#")]
    for number, line in tail:
        if line.strip() and not line.startswith("#"):
            reading.report(number, f"not PO syntax: {line.strip()[:40]}")
            reading.omitted_lines.append((number, line))
    if not reading.findings:
        reading.report(0, cause.message.removeprefix(f"{path}").lstrip(":0123456789 "))
    recovered = PoText((), "\n".join(remaining), style)
    entries = [set_charset(e, "UTF-8", style) for e in reading.entries.values()]
    recovered = replace(recovered, entries=tuple(restore_spacing(entries, recovered)))
    findings = sorted(reading.findings, key=lambda finding: finding.line)
    return RecoveredCatalog(
        tuple(findings), recovered, reading.guessed, tuple(sorted(set(reading.omitted_lines)))
    )


def _decode_lines(reading: _Reading, data: bytes) -> Iterator[str]:
    """Decode the lines of a file; report what its charset does not allow."""
    if data.startswith(_UTF16):
        decoded = data.decode("utf-16", "replace").encode()
        if b"msgid" in data and b"msgid" not in decoded:
            reading.report(0, "starts with the byte order mark of UTF-16, but is not UTF-16")
            data = data[len(codecs.BOM_UTF16_LE) :]
        else:
            reading.report(0, "is UTF-16, which gettext cannot read")
            data = decoded
    charset = file.declared_charset(data)
    try:
        charset = file.codec_name(charset)
    except LookupError:
        reading.report(0, f"unknown charset {charset!r}")
        charset = "utf-8"
    for number, line in enumerate(data.removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        if b"\0" in line:
            reading.report(number, f"{line.count(0)} NUL bytes")
            reading.altered_lines.add(number)
            line = line.replace(b"\0", b"")
        try:
            yield line.decode(charset)
        except UnicodeError as error:
            start = error.start if isinstance(error, UnicodeDecodeError) else 0
            reading.report(number, f"not {charset}: byte 0x{line[start]:02x}")
            reading.altered_lines.add(number)
            yield _decode_guess(line, charset)


def _decode_guess(line: bytes, charset: str) -> str:
    """Decode a line that is invalid in the charset of the file."""
    for other in ("utf-8", _FALLBACK):
        try:
            if other != charset:
                return line.decode(other)
        except UnicodeError:
            continue
    return line.decode(charset, "replace")


def _read_entry(reading: _Reading, lines: Lines, style: Style) -> None:
    """Parse an entry, or several entries that damage has joined."""
    try:
        entry = parser.parse_entry(_join_lines(lines, style), lines[0][0])
    except PoSyntaxError as error:
        reading.report(error.line, error.message)
        for part in _split_messages(lines):
            above = reading.identity if _is_second_half(part) else []
            _repair(reading, above + part, style)
            reading.identity = _identity_fields(part) or above
        return
    reading.identity = _identity_fields(lines)
    is_altered = any(number in reading.altered_lines for number, _ in lines)
    _add(reading, _mark_guessed(entry, style) if is_altered else entry, style)
    reading.guessed += is_altered


def _repair(reading: _Reading, lines: Lines, style: Style) -> None:
    """Parse an entry after as few repair steps as possible."""
    remaining = lines
    guessed = any(number in reading.altered_lines for number, _ in lines)
    for repair in (None, *_REPAIRS):
        if repair:
            remaining = repair(remaining)
            guessed |= not (repair is _REPAIRS[0] and _dropped_only_before(lines, remaining))
        if not any(line.strip() for _, line in remaining):
            break
        try:
            entry = parser.parse_entry(_join_lines(remaining, style), remaining[0][0])
        except PoSyntaxError as error:
            if all(finding.line != error.line for finding in reading.findings) and repair is None:
                reading.report(error.line, error.message)
            continue
        here = {number for number, _ in remaining}
        reading.omitted_lines += [(n, t) for n, t in lines if n not in here and t.strip()]
        _add(reading, _mark_guessed(entry, style) if guessed else entry, style)
        reading.guessed += guessed
        return
    reading.omitted_lines += [(n, line) for n, line in lines if line.strip()]


def _join_lines(lines: Lines, style: Style) -> str:
    return "".join(line.rstrip("\r") + style.newline for _, line in lines)


def _mark_guessed(entry: Entry, style: Style) -> Entry:
    """Mark an entry for review: a comment, and fuzzy if it has a text."""
    notes = (*human_notes(entry), NOTE)
    if is_header(entry):
        return edit_entry(entry, style, {"#": notes})
    fuzzy = ("fuzzy",) if any(entry.targets) else ()
    flags = tuple(dict.fromkeys((*fuzzy, *entry.flags)))
    return edit_entry(entry, style, {"#": notes, "#,": flag_lines(flags)})


def _add(reading: _Reading, entry: Entry, style: Style) -> None:
    """Add an entry; merge it with an earlier entry of the same key."""
    first = reading.entries.get(entry.key)
    if first is None:
        reading.entries[entry.key] = entry
        return
    reading.report(
        entry.line, f"duplicate msgid, first on line {first.line}: {entry.source[:40]!r}"
    )
    merged = first
    if not is_header(entry):
        merged = replace(merge_entry(None, first, entry, style, style).entry, line=first.line)
    reading.entries[entry.key] = merged


def _keyword(line: str) -> str | None:
    """Return the keyword of a line: "" for a string alone, None for any other line."""
    match = _KEYWORD.match(line)
    if match is None or not (match[1] or line[match.end() :].startswith('"')):
        return None
    return match[1] or ""


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#") and _keyword(line) is None


def _identity_fields(lines: Lines) -> Lines:
    """Return the lines of fields before the first `msgstr`."""
    remaining: Lines = []
    for number, line in lines:
        keyword = _keyword(line)
        if keyword and keyword.startswith("msgstr"):
            break
        if keyword is not None:
            remaining.append((number, line))
    return remaining


def _is_second_half(lines: Lines) -> bool:
    """Return whether lines are the second half of a git conflict inside an entry."""
    first = next((line for _, line in lines if line.strip()), "")
    return first.startswith("=======") and not any(_keyword(t) == "msgid" for _, t in lines)


def _split_messages(lines: Lines) -> list[Lines]:
    """Split joined messages where a second `msgid` or `msgctxt` begins."""
    parts: list[Lines] = [[]]
    seen: set[str] = set()
    waiting: Lines = []
    for number, line in lines:
        keyword = _keyword(line)
        waiting.append((number, line))
        if keyword is None:
            continue
        again = keyword in seen or (keyword == "msgctxt" and "msgid" in seen)
        if again and keyword in ("msgid", "msgctxt"):
            parts.append([])
            seen.clear()
        seen.add(keyword)
        parts[-1] += waiting
        waiting = []
    parts[-1] += waiting
    return parts


def _dropped_only_before(lines: Lines, remaining: Lines) -> bool:
    """Return whether all dropped lines came before the message."""
    here = {number for number, _ in remaining}
    first = next((n for n, line in remaining if _keyword(line) is not None), 0)
    return all(number < first for number, _ in lines if number not in here)


def _drop_garbage(lines: Lines) -> Lines:
    """Drop lines that are not PO syntax, such as conflict markers."""
    return [
        (number, line)
        for number, line in lines
        if not line.strip() or _is_comment(line) or _keyword(line) is not None
    ]


def _close_quotes(lines: Lines) -> Lines:
    """Close open strings, and escape the quotes inside."""
    return [
        (number, line if _keyword(line) is None or is_field(line) else _quote(line))
        for number, line in lines
    ]


def _quote(line: str) -> str:
    match = _FIELD.match(line.rstrip())
    assert match is not None
    text = match[2].removeprefix('"')
    if text.endswith('"') and _trailing_backslashes(text[:-1]) % 2 == 0:
        text = text[:-1]
    text = _LONE_QUOTE.sub(lambda m: m[1] or '\\"', text)
    end = "\\" * (_trailing_backslashes(text) % 2)
    return f'{match[1]}"{text}{end}"'


def _trailing_backslashes(text: str) -> int:
    return len(text) - len(text.rstrip("\\"))


def _move_comments_first(lines: Lines) -> Lines:
    """Move comments inside an entry before it."""
    plain = [(n, line) for n, line in lines if not _is_comment(line)]
    return [(n, line) for n, line in lines if _is_comment(line)] + plain


def _mark_all_obsolete(lines: Lines) -> Lines:
    """Mark all lines of an entry as obsolete if some are."""
    fields = [line for _, line in lines if _keyword(line) is not None]
    if not any("#~" in line.partition('"')[0] for line in fields):
        return lines
    return [
        (n, f"#~ {t}" if _keyword(t) is not None and "#~" not in t.partition('"')[0] else t)
        for n, t in lines
    ]


def _escape_backslashes(lines: Lines) -> Lines:
    """Escape backslashes that begin no known escape."""
    return [
        (n, line if _keyword(line) is None else _ESCAPE.sub(_escape, line)) for n, line in lines
    ]


def _escape(match: re.Match[str]) -> str:
    return match[0] if match[1] in _KNOWN else f"\\\\{match[1]}"


def _complete(lines: Lines) -> Lines:
    """Drop repeated and stray fields; add a missing `msgstr`."""
    remaining: Lines = []
    seen: set[str] = set()
    here = False  # whether the field of the following strings is kept
    for number, line in lines:
        keyword = _keyword(line)
        if keyword:
            here = keyword not in seen
            seen.add(keyword)
        if keyword is None or here:
            remaining.append((number, line))
    if "msgid" not in seen:
        return []
    remaining = [(n, line) for n, line in remaining if _belongs(_keyword(line), seen)]
    if not any(name.startswith("msgstr") for name in seen):
        mark = "#~ " if any(line.lstrip().startswith("#~") for _, line in remaining) else ""
        form = "[0]" if "msgid_plural" in seen else ""
        remaining.append((remaining[-1][0], f'{mark}msgstr{form} ""'))
    return [(n, f'{t.rstrip()} ""' if _lacks_string(t, n, remaining) else t) for n, t in remaining]


def _sort_fields(lines: Lines) -> Lines:
    """Put the translation after the other fields, each with its strings."""
    fields: list[Lines] = [[]]
    for number, line in lines:
        if _keyword(line):
            fields.append([])
        fields[-1].append((number, line))
    first, *rest = fields

    def is_target(field: Lines) -> bool:
        return (_keyword(field[0][1]) or "").startswith("msgstr")

    return [line for field in (first, *sorted(rest, key=is_target)) for line in field]


def _renumber_forms(lines: Lines) -> Lines:
    """Number the plural forms in the order of their lines."""
    numbers = count()
    return [
        (n, _FORM.sub(lambda _: f"msgstr[{next(numbers)}]", line, count=1))
        if (_keyword(line) or "").startswith("msgstr[")
        else (n, line)
        for n, line in lines
    ]


def _belongs(keyword: str | None, seen: set[str]) -> bool:
    """Return whether a field fits the entry: `msgstr[N]` only with a plural."""
    if keyword == "msgstr":
        return "msgid_plural" not in seen
    if keyword and keyword.startswith("msgstr["):
        return "msgid_plural" in seen
    return True


def _lacks_string(line: str, number: int, lines: Lines) -> bool:
    """Return whether a keyword has no string on its line or the next."""
    if not _keyword(line) or '"' in line:
        return False
    after = [text for n, text in lines if n > number and text.strip()]
    return not after or _keyword(after[0]) != ""


_REPAIRS: tuple[Callable[[Lines], Lines], ...] = (
    _drop_garbage,
    _close_quotes,
    _move_comments_first,
    _mark_all_obsolete,
    _complete,
    _escape_backslashes,
    _sort_fields,
    _renumber_forms,
)
