"""Weblate CSV: one row for each translation, with named columns.

Weblate reads `source`, `target`, `context`, `translator_comments`, `developer_comments` and
more. It has no column for flags, so `context` contains `forbidden` or `keep`. Rows with the
same source are alternatives. Case and forms cannot be represented.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping

from pipeline.core import GlossaryError, Term, TermStatus
from pipeline.glossary.file import detect_delimiter
from pipeline.glossary.formats import group_by_source, make_terms

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


def read(data: bytes, name: str, language: str) -> tuple[Term, ...]:
    """Read a Weblate CSV file; rows without a translation are skipped.

    Raises GlossaryError if the file is not UTF-8 or not CSV.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GlossaryError(f"{name}: not UTF-8", "Save it as UTF-8.") from error
    groups: dict[str, list[Mapping[str, str]]] = {}
    for row in _rows(text, name):
        if row["source"]:
            groups.setdefault(row["source"], []).append(row)
    return tuple(term for source, group in groups.items() for term in _terms(source, group))


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


def lossy_terms(terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Return the terms with case or forms, which the format does not have."""
    return tuple(term for term in terms if term.exact_case or term.forms)


def _rows(text: str, name: str) -> Iterator[Mapping[str, str]]:
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=detect_delimiter(text), strict=True
    )
    names: tuple[str, ...] = ()
    try:
        for cells in reader:
            if not names:
                names = tuple(cell.strip().lower() for cell in cells)
                if "status" in names:
                    message = f"{name}: is already a glossary file, not Weblate CSV"
                    raise GlossaryError(
                        message, "Copy its rows into your glossary, or use the file as it is."
                    )
                if {"source", "target"} <= set(names):
                    continue
                names = ("source", "target") if len(cells) == 2 else _HEADERLESS
                if len(cells) not in (2, len(_HEADERLESS)):
                    message = f"{name}:1: no columns source and target"
                    raise GlossaryError(message, "Export it from Weblate as CSV.")
            yield dict.fromkeys(_COLUMNS, "") | {
                column: " ".join(cell.split()) for column, cell in zip(names, cells, strict=False)
            }
    except csv.Error as error:
        message = f"{name}:{reader.line_num}: not readable as CSV: {error}"
        raise GlossaryError(message, 'Close every quote ("…").') from error


def _terms(source: str, group: list[Mapping[str, str]]) -> list[Term]:
    forbidden = [row for row in group if row["context"].lower() == _FORBIDDEN]
    accepted = [row for row in group if row["context"].lower() != _FORBIDDEN]
    return make_terms(
        source,
        (row["target"] for row in accepted if row["target"]),
        (row["target"] for row in forbidden if row["target"]),
        keep=any(row["context"].lower() in _KEEP_CONTEXTS for row in accepted),
        notes=(_notes(accepted), _notes(forbidden)),
    )


def _notes(group: list[Mapping[str, str]]) -> list[str]:
    flags = {_FORBIDDEN, *_KEEP_CONTEXTS}
    return [
        row[column]
        for row in group
        for column in ("context", "translator_comments", "developer_comments")
        if row[column] and (column != "context" or row[column].lower() not in flags)
    ]
