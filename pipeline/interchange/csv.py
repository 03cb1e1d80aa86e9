"""CSV for spreadsheets: one row per segment, in UTF-8 with the byte order mark Excel needs.

A spreadsheet evaluates a cell that starts with `=`, `+`, `-` or `@` as a formula, which can
run programs or send data away (OWASP, "CSV Injection"). It also converts text that looks like
a number or a date. A leading apostrophe prevents both, and the import removes it. Formulas
inside a text get one too if they would start a cell under another separator or quote.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.core import InterchangeError, State, shorten
from pipeline.files.spreadsheet import (
    cells_by_column,
    column_names,
    damage,
    is_error_value,
    read_rows,
)
from pipeline.interchange.document import (
    NOTE_KINDS,
    TRANSLATOR_NOTES,
    InterchangeDocument,
    TransUnit,
    imported_state,
    parse_id,
    revision_hash,
)

SUFFIX = ".csv"
_COLUMNS = ("source", "target", "state", *NOTE_KINDS, "article", "language", "id")
_REQUIRED = ("source", "target", "state", "article", "language", "id")
_FORMULA_STARTS = "=+-@＝＋－＠"
# A place where a cell can start, the apostrophes there, and the start of a formula.
_FORMULA = re.compile(rf"((?:\A|[,;|\t\n\r\"])[\s\"]*)('*)(?=[{re.escape(_FORMULA_STARTS)}])")
# A number, date or time, with month names of several languages: `May 5`, `3 PM`.
_WORD = (
    r"(?:e|h|am|pm|uhr|(?:jan|ene|f[eé][bv]|m[aä]r|a[pbv]r|ma[iy]|ju[nil]|a[ugo][ugoû]|se[pt]"
    r"|o[ck]t|nov|d[eéi][czk])[^\W\d_]{0,8})?"
)
_VALUE = re.compile(rf"(?=[^0-9]*[0-9])[\W\d_]*{_WORD}[\W\d_]*", re.IGNORECASE)
_MAX_VALUE_LENGTH = 60
_BOOLEANS = frozenset({"true", "false", "wahr", "falsch"})
_APPROVED = frozenset({"approved", "final", "reviewed", "signed-off", "translated"})
_UNAPPROVED = frozenset({"", "missing", "draft", "touched", "fuzzy", "needs-review"})
_MAX_QUOTE_LENGTH = 40  # characters of a cell in a message
_REPAIR = "write the text again, with an apostrophe before a sign such as ="
_HINT = "Restore the columns article, language and id as translate export wrote them."


def escape_cell(text: str) -> str:
    """Add apostrophes that keep a spreadsheet from converting or evaluating a text."""
    text = _FORMULA.sub(r"\1'\2", text)
    return f"'{text}" if _is_value(text) else text


def unescape_cell(text: str) -> str:
    """Remove the apostrophes of `escape_cell`, its exact inverse."""
    if text.startswith("'") and _is_value(text[1:]):
        text = text[1:]
    return _FORMULA.sub(lambda match: match[1] + match[2][1:], text)


def _is_value(text: str) -> bool:
    core = text.lstrip("'")
    if len(core) > _MAX_VALUE_LENGTH or core.lstrip(" \t\n\"'")[:1] in _FORMULA_STARTS:
        return False  # Too long for a value, or escaped as a formula.
    return core.lower() in _BOOLEANS or _VALUE.fullmatch(core) is not None


def matches(data: bytes) -> bool:
    """Return whether a file has this format: any file that is not XML."""
    return not data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<")


def render(document: InterchangeDocument) -> bytes:
    """Return the content of a file with one document."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(_COLUMNS)
    for unit in document.units:
        notes = ("\n".join(unit.notes.get(kind, ())) for kind in NOTE_KINDS)
        cells = (unit.source, unit.target, unit.state, *notes, document.article, document.language)
        writer.writerow([*map(escape_cell, cells), unit.id])
    return stream.getvalue().encode("utf-8-sig")


def read(data: bytes, name: str) -> tuple[InterchangeDocument, ...]:
    """Read the documents of a file, one for each pair of article and language.

    Raises InterchangeError for a file that is broken or that `translate export` did not write.
    """
    documents: dict[tuple[str, str], list[TransUnit]] = {}
    for line, row in _rows(data, name):
        key = (row["article"], row["language"])
        documents.setdefault(key, []).append(_parse_unit(name, line, row))
    return tuple(
        InterchangeDocument(*key, tuple(units), units[0].line) for key, units in documents.items()
    )


def _rows(data: bytes, name: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield line number and cells (by column name) of the rows."""
    rows = read_rows(data, name, _COLUMNS, InterchangeError)
    line, header = next(rows, (1, []))
    names = column_names(header)
    for column in _REQUIRED:
        if column not in names:
            message = f"{name}:{line}: no column {column!r}"
            raise InterchangeError(message, "Import a file that translate export wrote.")
    for column in _COLUMNS:
        if names.count(column) > 1:
            message = f"{name}:{line}: duplicate column {column!r}"
            raise InterchangeError(message, "Delete one of them.")
    for line, cells in rows:
        row = cells_by_column(names, cells, f"{name}:{line}", InterchangeError)
        yield line, dict.fromkeys(_REQUIRED, "") | row


def _parse_unit(name: str, line: int, cells: Mapping[str, str]) -> TransUnit:
    row = {column: unescape_cell(cell) for column, cell in cells.items()}
    parsed_id = parse_id(row["id"])
    if parsed_id is None:
        message = f"{name}:{line}: translate export did not write the id {row['id']!r}"
        raise InterchangeError(message, _HINT)
    for column in ("article", "language"):
        if not row[column]:
            raise InterchangeError(f"{name}:{line}: a row without {column}", _HINT)
    if "\0" in row["target"]:
        raise InterchangeError(f"{name}:{line}: a NUL character", "Delete it from the translation.")
    state_name = row["state"].strip().lower()
    if state_name not in _APPROVED | _UNAPPROVED:
        message = f"{name}:{line}: unknown state {row['state']!r}"
        raise InterchangeError(message, "Write approved, or touched if it needs a review.")
    approved = state_name in _APPROVED
    state = imported_state(row["target"], approved=approved)
    unit = TransUnit(*parsed_id, row["source"], row["target"], state, {}, line)
    if revision_hash(unit.target, approved=approved) != unit.revision_hash:
        unit = _without_damage(unit, cells["target"])
    note = row.get(TRANSLATOR_NOTES, "")
    if is_error_value(note):
        problem = f"its comment is the spreadsheet error {note.strip()!r}; not imported"
        return replace(unit, problem=unit.problem or problem)
    return replace(unit, notes={TRANSLATOR_NOTES: tuple(note.split("\n"))}) if note else unit


def _without_damage(unit: TransUnit, cell: str) -> TransUnit:
    """Refuse a translation that the spreadsheet replaced, as written in its cell.

    A number or date may be the result of a formula, so it is not approved for a text. An
    apostrophe before it shows that somebody typed it.
    """
    shown = repr(shorten(cell.strip(), _MAX_QUOTE_LENGTH))
    state = imported_state(unit.target, approved=False)
    if kind := damage(cell, unit.source):
        problem = f"its translation is the {kind} {shown}; not imported ({_REPAIR})"
        return replace(unit, state=state, problem=problem, refused=True)
    computed = _is_value(cell) and not (cell.startswith("'") or _is_value(unit.source))
    if computed and unit.state is State.APPROVED:
        problem = f"its translation is the value {shown}; imported without approval"
        return replace(unit, state=state, problem=problem)
    return unit
