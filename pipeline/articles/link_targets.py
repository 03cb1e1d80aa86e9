"""Localized link targets: the file `links.csv` of a project.

A row has a link target as the articles write it, and the one that replaces it in the articles
of a language. An empty cell keeps the target.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.core import ArticleError
from pipeline.core.input import read_bytes
from pipeline.files.spreadsheet import cells_by_column, column_names, read_rows

__all__ = ["load_link_targets"]

_SOURCE = "de"
_FORBIDDEN = frozenset(' \t\r\n<>"()')


def load_link_targets(path: Path, language: str) -> Mapping[str, str]:
    """Return the link targets that change in a language; none if there is no such file.

    Raises ArticleError for a file that cannot be read, has no column `de`, or contains two
    replacements of a target or one that would not be a link target.
    """
    if not path.is_file():
        return {}
    rows = read_rows(read_bytes(path, ArticleError), str(path), {_SOURCE, language}, ArticleError)
    _, header = next(rows, (1, []))
    names = column_names(header)
    if _SOURCE not in names:
        raise ArticleError(f"{path}: no column {_SOURCE}", "Start the file with a line de,en,fr.")
    found: dict[str, str] = {}
    for line, row in rows:
        cells = cells_by_column(names, row, f"{path}:{line}", ArticleError)
        source = cells[_SOURCE].strip()
        target = cells.get(language.casefold(), "").strip()
        if not target or not source:
            continue
        if found.get(source, target) != target:
            hint = "Keep one of the two rows."
            raise ArticleError(f"{path}:{line}: {source} has two targets for {language}", hint)
        if set(target) & _FORBIDDEN:
            hint = "Write it with percent-encoding, for example %20 for a blank."
            raise ArticleError(f"{path}:{line}: {target!r} is no link target", hint)
        found[source] = target
    return found
