"""Weblate CSV: one row for each translation, with named columns.

Weblate reads `source`, `target`, `context`, `translator_comments`, `developer_comments` and
more. It has no column for flags, so `context` contains `forbidden` or `keep`. Rows with the
same source are alternatives. Case and forms cannot be represented.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import chain

from pipeline.core import GlossaryError, Term, TermStatus
from pipeline.files.spreadsheet import cells_by_column, column_names, read_rows
from pipeline.glossary.formats import Termbase, TermEntry, group_by_source, merge_entries

_COLUMNS = ("source", "target", "context", "translator_comments", "developer_comments")
# Columns of a file without a header, from Weblate's documentation of CSV files.
_HEADERLESS = (
    "location",
    "source",
    "target",
    "id",
    "fuzzy",
    "context",
    "translator_comments",
    "developer_comments",
)
_FORBIDDEN, _KEEP = "forbidden", "keep"
_KEEP_CONTEXTS = frozenset({_KEEP, "read-only", "readonly"})


def read(data: bytes, name: str, language: str) -> Termbase:
    """Read a Weblate CSV file; rows without a translation are skipped.

    Raises GlossaryError if the file is not UTF-8 or UTF-16, or not CSV.
    """
    rows = _rows(data, name)
    return merge_entries((_entry(line, row) for line, row in rows if row["source"]), language)


def render(terms: tuple[Term, ...], language: str) -> bytes:
    """Return a CSV file for Weblate."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for source, group in group_by_source(terms).items():
        for term in group:
            context = {TermStatus.FORBIDDEN: _FORBIDDEN, TermStatus.KEEP: _KEEP}.get(
                term.status, ""
            )
            for position, target in enumerate(term.targets):
                writer.writerow([source, target, context, "" if position else term.note, ""])
    return stream.getvalue().encode()


def _rows(data: bytes, name: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield the first line and the cells, by column name, of each row below the header."""
    rows = read_rows(data, name, _COLUMNS, GlossaryError)
    line, cells = next(rows, (1, []))
    names = column_names(cells)
    if "status" in names:
        message = f"{name}: is already a glossary file, not Weblate CSV"
        hint = "Copy its rows into your glossary, or use the file as it is."
        raise GlossaryError(message, hint)
    if not {"source", "target"} <= set(names):
        names = ("source", "target") if len(cells) == 2 else _HEADERLESS
        if len(cells) not in (2, len(_HEADERLESS)):
            message = f"{name}:{line}: no columns source and target"
            raise GlossaryError(message, "Export it from Weblate as CSV.")
        rows = chain([(line, cells)], rows)
    for line, cells in rows:
        row = cells_by_column(names, cells, f"{name}:{line}", GlossaryError)
        yield (
            line,
            dict.fromkeys(_COLUMNS, "")
            | {column: " ".join(cell.split()) for column, cell in row.items()},
        )


def _entry(line: int, row: Mapping[str, str]) -> TermEntry:
    source, context = row["source"], row["context"].lower()
    targets = tuple(filter(None, [row["target"]]))
    flags = {_FORBIDDEN, *_KEEP_CONTEXTS}
    notes = tuple(
        row[column]
        for column in ("context", "translator_comments", "developer_comments")
        if row[column] and (column != "context" or context not in flags)
    )
    if context == _FORBIDDEN:
        return TermEntry(line, source, forbidden=targets, forbidden_notes=notes)
    return TermEntry(line, source, accepted=targets, keep=context in _KEEP_CONTEXTS, notes=notes)
