"""Glossary files: `glossary/de-LANGUAGE.csv`."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.core import GlossaryError, Term, TermStatus, suggest
from pipeline.core.input import decode_utf8, read_bytes
from pipeline.files.spreadsheet import (
    column_names,
    find_separator,
    is_error_value,
    split_separator_line,
)

__all__ = ["Glossary", "glossary_digest", "load_glossary"]

COLUMNS = ("source", "target", "status", "case", "forms", "note")
FORMULA_PREFIXES = ("=", "+", "-", "@")
"""Prefixes forbidden in cells, because a spreadsheet would evaluate them as a formula."""

_FILE_NAME = re.compile(r"de-(?P<language>[a-z]{2,3}([_-]([A-Z]{2}|[0-9]{3}))?(@[a-z]+)?)")
_EXACT = "exact"
# Invalid in XML, and no term needs them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Glossary:
    """The rows of a glossary file, in order.

    `language` is the target language, "" if unknown. `digest` changes with the requirements of the
    rows, but not with notes, quoting or blank lines.
    """

    path: Path | None
    source_language: str
    language: str
    terms: tuple[Term, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class RowProblem:
    """An invalid row of a glossary file, and a hint how to fix it."""

    line: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class GlossaryRow:
    """A row as written: cells by column name, with their blanks."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GlossaryTable:
    """A parsed glossary file: rows as written, terms, and problems."""

    rows: tuple[GlossaryRow, ...]
    terms: tuple[Term, ...]
    problems: tuple[RowProblem, ...]


def load_glossary(path: Path, language: str | None = None) -> Glossary:
    """Read a glossary file.

    The target language is `language`, or else that of the file's name (`de-en.csv`). Raises
    GlossaryError if the file cannot be read, and for its first invalid row.
    """
    table = read_table(path)
    if table.problems:
        first = table.problems[0]
        raise GlossaryError(f"{path}:{first.line}: {first.message}", first.hint)
    target = target_language(path) if language is None else language
    return Glossary(path, "de", target, table.terms, glossary_digest(table.terms))


def target_language(path: Path) -> str:
    """Return the target language of a file name (`de-en.csv`), "" if there is none."""
    named = _FILE_NAME.fullmatch(path.stem)
    return named["language"] if named else ""


def empty_glossary(language: str) -> Glossary:
    """Return a glossary without terms, for a language without a file."""
    return Glossary(None, "de", language, (), glossary_digest(()))


def glossary_digest(terms: tuple[Term, ...]) -> str:
    """Return 12 hexadecimal digits that change with the requirements of the terms.

    Notes and line numbers do not count.
    """
    demands = [(t.source, t.targets, t.status.value, t.exact_case, t.forms) for t in terms]
    return hashlib.sha256(repr(demands).encode()).hexdigest()[:12]


def read_table(path: Path) -> GlossaryTable:
    """Parse a glossary file and collect every invalid row.

    Raises GlossaryError if the file cannot be read at all.
    """
    text = _read_text(path)
    lines = _read_rows(text)
    try:
        header_line, header = next(lines)
        names = column_names(header)
        problems = list(_header_problems(header_line, names))
        if problems:
            return GlossaryTable((), (), tuple(problems))
        rows, terms, problems = [], [], []
        for line, cells in lines:
            row = GlossaryRow(line, dict(zip(names, cells, strict=False)))
            rows.append(row)
            if len(cells) > len(header) or any(cells[len(names) :]):
                problems.append(_too_many_cells(line, len(cells), len(names)))
                continue
            result = _parse_row(row)
            if isinstance(result, RowProblem):
                problems.append(result)
            else:
                terms.append(result)
    except StopIteration:
        return GlossaryTable((), (), (RowProblem(1, "the file is empty", _header_hint()),))
    except csv.Error as error:
        message = f"not readable as CSV: {error}"
        return GlossaryTable(
            (), (), (RowProblem(text.count("\n"), message, 'Close every quote ("…").'),)
        )
    return GlossaryTable(tuple(rows), tuple(terms), tuple(problems))


def has_control(cell: str) -> bool:
    """Return whether a cell contains a control character, which no row may have."""
    return _CONTROL.search(cell) is not None


def split_alternatives(cell: str) -> tuple[str, ...]:
    """Split a cell at `|` into stripped, non-empty alternatives."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _read_text(path: Path) -> str:
    hint = "Save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)."
    return decode_utf8(read_bytes(path, GlossaryError), path, GlossaryError, hint)


def _read_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line number and the cells of each row that is not blank."""
    separator, rest = split_separator_line(text)
    first = 2 if separator else 1
    separator = separator or find_separator(rest, COLUMNS)
    reader = csv.reader(io.StringIO(rest, newline=""), delimiter=separator, strict=True)
    line = first
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + first


def _header_hint() -> str:
    return f"The first line must be {','.join(COLUMNS)} (source and target are needed)."


def _header_problems(line: int, names: tuple[str, ...]) -> Iterator[RowProblem]:
    for name in names:
        if name not in COLUMNS:
            hint = suggest(name, COLUMNS, "Columns")
            yield RowProblem(line, f"unknown column {name!r}", hint)
    for name in sorted(set(names)):
        if names.count(name) > 1:
            yield RowProblem(line, f"duplicate column {name!r}", "Remove one of them.")
    for name in ("source", "target"):
        if name not in names:
            yield RowProblem(line, f"column {name!r} is missing", _header_hint())


def _too_many_cells(line: int, cells: int, columns: int) -> RowProblem:
    return RowProblem(
        line,
        f"{cells} cells, but {columns} columns",
        'Quote a cell that contains the separator: "a, b".',
    )


def _parse_row(row: GlossaryRow) -> Term | RowProblem:
    cells = {name: cell.strip() for name, cell in row.cells.items()}
    source, targets = cells["source"], split_alternatives(cells.get("target", ""))
    status_name = cells.get("status", "").casefold() or TermStatus.PREFERRED.value
    case = cells.get("case", "").casefold()
    control = next((m for cell in cells.values() if (m := _CONTROL.search(cell))), None)
    if control:
        shown = f"U+{ord(control.group()):04X}"
        return RowProblem(row.line, f"contains the control character {shown}", "Remove it.")
    damaged = next((cell for cell in cells.values() if is_error_value(cell)), None)
    if damaged:
        hint = "Write the term again: the spreadsheet took it for a formula."
        return RowProblem(row.line, f"{damaged!r} is a spreadsheet error", hint)
    if not source:
        return RowProblem(
            row.line, "the source is empty", "Write the German term, or remove the row."
        )
    if status_name not in {status.value for status in TermStatus}:
        known = ", ".join(status.value for status in TermStatus)
        return RowProblem(row.line, f"unknown status {status_name!r}", f"Write one of: {known}.")
    if case not in ("", _EXACT):
        return RowProblem(row.line, f"unknown case {case!r}", "Write exact, or leave it empty.")
    status = TermStatus(status_name)
    if status is TermStatus.KEEP:
        if any(target != source for target in targets):
            hint = "Leave the target empty, or make the row preferred."
            return RowProblem(row.line, f"{source!r} has status keep, but another target", hint)
        targets = (source,)
    if not targets:
        return RowProblem(row.line, f"{source!r} has no target", "Write its translation.")
    return Term(
        source=source,
        targets=targets,
        status=status,
        exact_case=case == _EXACT,
        forms=split_alternatives(cells.get("forms", "")),
        note=cells.get("note", ""),
        line=row.line,
    )


def render_csv(terms: Iterable[Term], *, header: bool = True) -> str:
    """Format terms as rows of a glossary file; lines end with a line feed."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    if header:
        writer.writerow(COLUMNS)
    for term in terms:
        targets = "" if term.status is TermStatus.KEEP else "|".join(term.targets)
        case = _EXACT if term.exact_case else ""
        forms = "|".join(term.forms)
        writer.writerow([term.source, targets, term.status.value, case, forms, term.note])
    return stream.getvalue()
