"""CSV as spreadsheets write it: encodings, separators, headers, and damaged cells.

Excel and LibreOffice Calc save tables in UTF-8 or UTF-16, with or without a byte order mark,
separated by commas, semicolons or tabs depending on the country, with a line `sep=;` before
the header, and with empty columns. A cell that they took for a formula contains an error.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from typing import NoReturn

from pipeline.core import PipelineError

__all__ = [
    "cells_by_column",
    "column_names",
    "damage",
    "find_separator",
    "is_error_value",
    "read_rows",
    "split_separator_line",
]

# The limit holds for the whole process, so that readers must not set and restore it in turn.
csv.field_size_limit(2**31 - 1)

_SEPARATORS = ",;\t|"
_SEPARATOR_LINE = re.compile(
    rf"\ufeff?[\"“”]?sep=([{_SEPARATORS}])[\"“”]?[{_SEPARATORS} ]*(?:\r\n|\r|\n|\Z)", re.IGNORECASE
)
# Quotes that a word processor made "smart", and characters without a width.
_AROUND_NAME = " \t\r\n\u00a0\ufeff\u200b\"'“”„‟‘’‚«»‹›"
# Error values of Excel and LibreOffice in any language: #NAME?, #BEZUG!, #¡REF!, #DIV/0!, #N/D.
_ERROR = re.compile(
    r"#[¡¿]?[^\W\d_]+(?:[/_.][^\W_]+)*[!?]|#[^\W\d_]{1,2}/[^\W\d_]{1,2}!?|#NV|#GETTING_DATA"
)
_CALC_ERROR, _TOO_WIDE = re.compile("Err:[0-9]{3}"), re.compile("#{3,}")
_FORMULA = re.compile(r"\{?=|[+\-@][\w.]+\(")
_SHORTENED_NUMBER = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?E[+-][0-9]{1,3}")


def is_error_value(text: str) -> bool:
    """Return whether a cell contains the error of a formula instead of a text."""
    text = text.strip()
    if _TOO_WIDE.fullmatch(text) or _CALC_ERROR.fullmatch(text):
        return True
    return text == text.upper() and _ERROR.fullmatch(text) is not None


def damage(cell: str, source: str) -> str:
    """Return how a spreadsheet replaced the translation of a text, "" if it did not.

    A cell that starts as its source does is right: `#REF!` may be the translation of `#REF!`.
    """
    text = cell.strip()
    if source.strip()[:1] == text[:1]:
        return ""
    if is_error_value(text):
        return "spreadsheet error"
    if _FORMULA.match(text):
        return "formula"
    return "shortened number" if _SHORTENED_NUMBER.fullmatch(text) else ""


def _column_name(cell: str) -> str:
    return cell.strip(_AROUND_NAME).casefold()


def split_separator_line(text: str) -> tuple[str, str]:
    """Split the line `sep=;` from a file; returns its separator, "" if there is none."""
    match = _SEPARATOR_LINE.match(text)
    return (match[1], text[match.end() :]) if match else ("", text)


def column_names(header: list[str]) -> tuple[str, ...]:
    """Return the names in a header, without empty columns at its end."""
    names = [_column_name(cell) for cell in header]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def cells_by_column(
    names: tuple[str, ...], cells: list[str], place: str, error: type[PipelineError]
) -> dict[str, str]:
    """Return the cells of a row by column; raises `error` for a text beyond the columns."""
    if any(cell.strip() for cell in cells[len(names) :]):
        hint = 'Quote a cell that contains the separator: "a, b".'
        raise error(f"{place}: {len(cells)} cells, but {len(names)} columns", hint)
    return dict(zip(names, cells, strict=False))


def read_rows(
    data: bytes, name: str, columns: Collection[str], error: type[PipelineError]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the first line and the cells of each row that is not blank, the header first.

    `columns` are names of the header that may occur; they decide on the separator. Raises
    `error` with `name` and line for a file in another encoding or with an open quote.
    """
    separator, text = split_separator_line(_decode(data, name, error))
    skipped = 1 if separator else 0
    text = text.lstrip("\ufeff")
    separator = separator or find_separator(text, columns)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line + skipped, cells
            line = reader.line_num + 1
    except csv.Error as problem:
        message = f"{name}:{reader.line_num + skipped}: not readable as CSV: {problem}"
        raise error(message, 'Close every quote ("…").') from problem


def find_separator(text: str, columns: Collection[str]) -> str:
    """Return the separator that finds most of the columns in the first row."""
    start = text.lstrip("\r\n")
    header = start[: re.search(r"[\r\n]|\Z", start).start()]  # type: ignore[union-attr]

    def count(separator: str) -> tuple[int, int]:
        names = {_column_name(cell) for cell in header.split(separator)}
        return len(names & set(columns)), header.count(separator)

    return max(_SEPARATORS, key=count)


def _decode(data: bytes, name: str, error: type[PipelineError]) -> str:
    encoding = "utf-8-sig"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif b"\0" in data[:2]:
        encoding = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as problem:
        _refuse_encoding(data, name, error, problem)


def _refuse_encoding(
    data: bytes, name: str, error: type[PipelineError], problem: UnicodeDecodeError
) -> NoReturn:
    line = data.count(b"\n", 0, problem.start) + 1
    shown = "UTF-16" if "16" in problem.encoding else "UTF-8"
    hint = "Save it as CSV in UTF-8 (in Excel: “CSV UTF-8”)."
    raise error(f"{name}:{line}: not {shown}", hint) from problem
