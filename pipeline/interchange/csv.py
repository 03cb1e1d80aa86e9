"""CSV for spreadsheets: a row per segment, in UTF-8 with the mark that Excel needs.

A spreadsheet takes a cell that begins with `=`, `+`, `-` or `@` for a formula, which may
run programs or send data away, and turns one that looks like a number or a date into one.
An apostrophe before such a text prevents both; it is taken off again when the file comes
back. It stands also where another separator or quote would let a new cell begin (OWASP,
"CSV Injection").
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping

from pipeline.core.errors import InterchangeError
from pipeline.interchange.document import (
    ABOUT,
    NOTES,
    InterchangeDocument,
    TransUnit,
    split_id,
    state_of,
)

SUFFIX = ".csv"
_COLUMNS = ("source", "target", "state", *ABOUT, "article", "language", "id")
_REQUIRED = ("source", "target", "state", "article", "language", "id")
_SEPARATORS = (",", ";", "\t")
_DANGEROUS = "=+-@＝＋－＠"
# Where a cell may begin, the apostrophes there, and what makes it a formula.
_FORMULA = re.compile(rf"((?:\A|[,;|\t\n\r\"])[\s\"]*)('*)(?=[{re.escape(_DANGEROUS)}])")
# A number, a date or a time, with the name of a month in many a language: `May 5`, `3 PM`.
_WORD = (
    r"(?:e|h|am|pm|uhr|(?:jan|ene|f[eé][bv]|m[aä]r|a[pbv]r|ma[iy]|ju[nil]|a[ugo][ugoû]|se[pt]"
    r"|o[ck]t|nov|d[eéi][czk])[^\W\d_]{0,8})?"
)
_VALUE = re.compile(rf"(?=[^0-9]*[0-9])[\W\d_]*{_WORD}[\W\d_]*", re.IGNORECASE)
_VALUE_LENGTH = 60
_TRUTH = frozenset({"true", "false", "wahr", "falsch"})
_APPROVED = frozenset({"approved", "final", "reviewed", "signed-off", "translated"})
_WAITING = frozenset({"", "missing", "draft", "touched", "fuzzy", "needs-review"})
_AGAIN = "Leave the columns that are not for you as translate export wrote them."


def guard(text: str) -> str:
    """Mark with an apostrophe what a spreadsheet would not leave as it is."""
    text = _FORMULA.sub(r"\1'\2", text)
    return f"'{text}" if _is_value(text) else text


def unguard(text: str) -> str:
    """Take the apostrophes of `guard` off; every guarded text comes back as it was."""
    if text.startswith("'") and _is_value(text[1:]):
        text = text[1:]
    return _FORMULA.sub(lambda match: match[1] + match[2][1:], text)


def _is_value(text: str) -> bool:
    core = text.lstrip("'")
    if len(core) > _VALUE_LENGTH or core.lstrip(" \t\n\"'")[:1] in _DANGEROUS:
        return False  # too long for a value, or guarded against formulas already
    return core.lower() in _TRUTH or _VALUE.fullmatch(core) is not None


def matches(data: bytes) -> bool:
    """Whether a file is of this format: any that is not XML."""
    return not data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<")


def render(sheet: InterchangeDocument) -> bytes:
    """Give the file of a sheet."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(_COLUMNS)
    for unit in sheet.units:
        about = ("\n".join(unit.notes.get(kind, ())) for kind in ABOUT)
        cells = (unit.source, unit.target, unit.state, *about, sheet.article, sheet.language)
        writer.writerow([*map(guard, cells), unit.id])
    return stream.getvalue().encode("utf-8-sig")


def read(data: bytes, name: str) -> tuple[InterchangeDocument, ...]:
    """Read the sheets of a file, one for every article and language in it.

    Raises InterchangeError.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = "Save it as CSV in UTF-8."
        raise InterchangeError(f"{name}:{line}: not UTF-8", hint) from error
    sheets: dict[tuple[str, str], list[TransUnit]] = {}
    for line, row in _rows(text, name):
        key = (row["article"], row["language"])
        sheets.setdefault(key, []).append(_unit(name, line, row))
    return tuple(
        InterchangeDocument(*key, tuple(units), units[0].line) for key, units in sheets.items()
    )


def _rows(text: str, name: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Give the rows that are not empty, with their lines; cells by the name of the column."""
    header = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=header.count)
    limit = csv.field_size_limit(max(len(text), 1))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        names = [cell.strip().lower() for cell in next(reader, [])]
        missing = [column for column in _REQUIRED if column not in names]
        if missing:
            message = f"{name}:1: no column {missing[0]!r}"
            raise InterchangeError(message, "Is it a file of translate export?")
        line = reader.line_num + 1
        for cells in reader:
            if any(cells):
                row = dict(zip(names, map(unguard, cells), strict=False))
                yield line, dict.fromkeys(_REQUIRED, "") | row
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"{name}:{reader.line_num}: not readable as CSV: {error}"
        raise InterchangeError(message, 'Close every quote ("…").') from error
    finally:
        csv.field_size_limit(limit)


def _unit(name: str, line: int, row: Mapping[str, str]) -> TransUnit:
    found = split_id(row["id"])
    if found is None:
        message = f"{name}:{line}: the id {row['id']!r} is not one of translate export"
        raise InterchangeError(message, _AGAIN)
    for column in ("article", "language"):
        if not row[column]:
            raise InterchangeError(f"{name}:{line}: a row without {column}", _AGAIN)
    if "\0" in row["target"]:
        raise InterchangeError(f"{name}:{line}: a NUL character", "Take it out.")
    said = row["state"].strip().lower()
    if said not in _APPROVED | _WAITING:
        message = f"{name}:{line}: unknown state {row['state']!r}"
        raise InterchangeError(message, "Write approved, or touched where it needs a review.")
    notes = row.get(NOTES, "")
    about = {NOTES: tuple(notes.split("\n"))} if notes else {}
    state = state_of(row["target"], approved=said in _APPROVED)
    return TransUnit(*found, row["source"], row["target"], state, about, line)
