"""What is wrong with a damaged catalog, and what of it can still be read.

`po_file` refuses a file at the first line that makes no sense. Here every such line is
found, and every entry that is whole is read; an entry whose lines can be guessed (a quote
is missing, say) is read too and marked fuzzy, with a comment that says so.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.catalog.header import is_header, with_charset
from pipeline.catalog.merge_entry import merge_entry
from pipeline.catalog.po import file, parser
from pipeline.catalog.po.editing import edited, flag_lines
from pipeline.catalog.po.parser import Entry, PoSyntaxError, PoText, Style
from pipeline.catalog.recovery_repair import (
    MENDS,
    Lines,
    head,
    is_other_version,
    only_before,
    parted,
)
from pipeline.catalog.state import human_notes
from pipeline.catalog.sync import respaced
from pipeline.core.errors import CatalogError
from pipeline.core.types import Finding, Severity

NOTE = "# translate: salvaged: part of this entry was guessed"
_ID = "damaged-catalog"
_FALLBACK = "cp1252"  # of bytes that are no UTF-8: Windows wrote most such files
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class RecoveredCatalog:
    """What was found in a file: `findings` are the damage, none in a sound file.

    `text` is all that could be read, `guessed` the number of its entries that a human has
    to compare, `left_out` the lines (number from 1, text) that are not in it.
    """

    findings: tuple[Finding, ...]
    text: PoText
    guessed: int = 0
    left_out: tuple[tuple[int, str], ...] = ()

    def data(self) -> bytes:
        """The bytes of the copy: UTF-8, as its header says."""
        return self.text.render().encode()


@dataclass(slots=True)
class _Reading:
    """A file while it is read.

    `odd` are the numbers of lines that were changed to read them, `head` the lines of the
    last entry that say which it is.
    """

    path: Path
    findings: list[Finding] = field(default_factory=list)
    odd: set[int] = field(default_factory=set)
    entries: dict[tuple[str | None, str], Entry] = field(default_factory=dict)
    left_out: list[tuple[int, str]] = field(default_factory=list)
    head: Lines = field(default_factory=list)
    guessed: int = 0

    def told(self, line: int, message: str) -> None:
        """Note a piece of damage."""
        self.findings.append(Finding(_ID, Severity.ERROR, message, self.path, line))


def recover(path: Path, data: bytes) -> RecoveredCatalog:
    """Read all that can be read of the bytes of a catalog; `path` stands in the findings."""
    try:
        return RecoveredCatalog((), file.parsed(path, data).text)
    except CatalogError as error:
        refusal = error
    reading = _Reading(path)
    text = "\n".join(_decoded(reading, data))
    lines = text.split("\n")
    newline = "\r\n" if lines[0].endswith("\r") else "\n"
    style = Style(newline, parser.wraps(text))
    done = 0
    for start, end in parser.chunks(lines):
        _read(reading, [(n, lines[n - 1]) for n in range(start + 1, end + 1)], style)
        done = end
    tail = [(n, line) for n, line in enumerate(lines[done:], done + 1)]
    kept = [line for _, line in tail if not line.strip() or line.startswith("#")]
    for number, line in tail:
        if line.strip() and not line.startswith("#"):
            reading.told(number, f"not a line of a PO file: {line.strip()[:40]}")
            reading.left_out.append((number, line))
    if not reading.findings:
        reading.told(0, refusal.message.removeprefix(f"{path}").lstrip(":0123456789 "))
    whole = PoText((), "\n".join(kept), style)
    entries = [with_charset(e, "UTF-8", style) for e in reading.entries.values()]
    whole = replace(whole, entries=tuple(respaced(entries, whole)))
    findings = sorted(reading.findings, key=lambda finding: finding.line)
    return RecoveredCatalog(
        tuple(findings), whole, reading.guessed, tuple(sorted(set(reading.left_out)))
    )


def _decoded(reading: _Reading, data: bytes) -> Iterator[str]:
    """The lines of a file, whatever bytes are in them."""
    if data.startswith(_UTF16):
        reading.told(0, "is UTF-16, which gettext cannot read")
        data = data.decode("utf-16", "replace").encode()
    charset = file.declared(data)
    try:
        charset = codecs.lookup(charset).name
    except LookupError:
        reading.told(0, f"unknown charset {charset!r}")
        charset = "utf-8"
    for number, line in enumerate(data.removeprefix(codecs.BOM_UTF8).split(b"\n"), 1):
        if b"\0" in line:
            reading.told(number, f"{line.count(0)} NUL bytes")
            reading.odd.add(number)
            line = line.replace(b"\0", b"")
        try:
            yield line.decode(charset)
        except UnicodeError as error:
            start = error.start if isinstance(error, UnicodeDecodeError) else 0
            reading.told(number, f"not {charset}: byte 0x{line[start]:02x}")
            reading.odd.add(number)
            yield _guessed(line, charset)


def _guessed(line: bytes, charset: str) -> str:
    """A line that is not in the file's charset."""
    for other in ("utf-8", _FALLBACK):
        try:
            if other != charset:
                return line.decode(other)
        except UnicodeError:
            continue
    return line.decode(charset, "replace")


def _read(reading: _Reading, lines: Lines, style: Style) -> None:
    """Read the lines of one entry, or of several that have run together."""
    try:
        entry = parser.entry_from(_raw(lines, style), lines[0][0])
    except PoSyntaxError as error:
        reading.told(error.line, error.message)
        for part in parted(lines):
            above = reading.head if is_other_version(part) else []
            _mended(reading, above + part, style)
            reading.head = head(part) or above
        return
    reading.head = head(lines)
    odd = any(number in reading.odd for number, _ in lines)
    _add(reading, _doubtful(entry, style) if odd else entry, style)
    reading.guessed += odd


def _mended(reading: _Reading, lines: Lines, style: Style) -> None:
    """Read the lines of an entry after as few of the mends as it takes."""
    kept = lines
    guessed = any(number in reading.odd for number, _ in lines)
    for mend in (None, *MENDS):
        if mend:
            kept = mend(kept)
            guessed |= not (mend is MENDS[0] and only_before(lines, kept))
        if not any(line.strip() for _, line in kept):
            break
        try:
            entry = parser.entry_from(_raw(kept, style), kept[0][0])
        except PoSyntaxError as error:
            if all(finding.line != error.line for finding in reading.findings) and mend is None:
                reading.told(error.line, error.message)
            continue
        here = {number for number, _ in kept}
        reading.left_out += [(n, t) for n, t in lines if n not in here and t.strip()]
        _add(reading, _doubtful(entry, style) if guessed else entry, style)
        reading.guessed += guessed
        return
    reading.left_out += [(n, line) for n, line in lines if line.strip()]


def _raw(lines: Lines, style: Style) -> str:
    return "".join(line.rstrip("\r") + style.newline for _, line in lines)


def _doubtful(entry: Entry, style: Style) -> Entry:
    """Mark an entry as one that a human has to look at."""
    notes = (*human_notes(entry), NOTE)
    if is_header(entry):
        return edited(entry, style, {"#": notes})
    fuzzy = ("fuzzy",) if any(entry.targets) else ()
    flags = tuple(dict.fromkeys((*fuzzy, *entry.flags)))
    return edited(entry, style, {"#": notes, "#,": flag_lines(flags)})


def _add(reading: _Reading, entry: Entry, style: Style) -> None:
    """Add an entry; one that is there already is merged with it, as in a merge of files."""
    key = (entry.context, entry.source)
    first = reading.entries.get(key)
    if first is None:
        reading.entries[key] = entry
        return
    reading.told(entry.line, f"the same msgid as on line {first.line}: {entry.source[:40]!r}")
    made = first
    if not is_header(entry):
        made = replace(merge_entry(None, first, entry, style, style).entry, line=first.line)
    reading.entries[key] = made
