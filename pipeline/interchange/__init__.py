"""Exchange catalogs with translation tools: XLIFF 1.2, XLIFF 2.0 and CSV, in both directions.

A format is a module with `SUFFIX`, `matches(data)`, `render(document)` and
`read(data, name)`, which returns the documents in a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

from pipeline.core import InterchangeError
from pipeline.core.input import read_bytes
from pipeline.interchange.document import (
    NOTE_KINDS,
    TRANSLATOR_NOTES,
    InterchangeDocument,
    TransUnit,
)
from pipeline.interchange.roundtrip import ImportResult, export_document, import_document
from pipeline.interchange.xliff_common import xliff_version

__all__ = [
    "FORMATS",
    "NOTE_KINDS",
    "TRANSLATOR_NOTES",
    "ImportResult",
    "InterchangeDocument",
    "TransUnit",
    "export_document",
    "file_suffix",
    "import_document",
    "read_documents",
    "render_document",
]

FORMATS: Mapping[str, str] = {
    "xliff": "pipeline.interchange.xliff12",
    "xliff2": "pipeline.interchange.xliff20",
    "csv": "pipeline.interchange.csv",
}
"""The module of each format, by the name of the format."""


def file_suffix(format_name: str) -> str:
    """Return the suffix of files in a format, with its dot."""
    suffix: str = _module(format_name).SUFFIX
    return suffix


def render_document(document: InterchangeDocument, format_name: str) -> bytes:
    """Return the content of a file with one document."""
    data: bytes = _module(format_name).render(document)
    return data


def read_documents(path: Path) -> tuple[InterchangeDocument, ...]:
    """Read a file, whose format is recognized by its content.

    Raises InterchangeError, with file and line, for a file that is broken or that
    `translate export` did not write.
    """
    data = read_bytes(path, InterchangeError)
    module = next((m for m in map(_module, FORMATS) if m.matches(data)), None)
    if module is None:
        version = xliff_version(data)
        if version is not None:
            raise InterchangeError(
                f"{path}: XLIFF {version or 'without a version'} is not supported",
                "Save it as XLIFF 1.2, 2.0 or 2.1.",
            )
        raise InterchangeError(
            f"{path}: neither XLIFF 1.2, XLIFF 2.0 nor CSV",
            "Import a file that translate export wrote.",
        )
    documents: tuple[InterchangeDocument, ...] = module.read(data, str(path))
    if not any(document.units for document in documents):
        raise InterchangeError(f"{path}: no segments in it", "Check that it is the right file.")
    for document in documents:
        _require_unique(path, document)
    return documents


def _require_unique(path: Path, document: InterchangeDocument) -> None:
    """Raise InterchangeError for two different translations of one segment."""
    seen: dict[str, TransUnit] = {}
    for unit in document.units:
        first = seen.setdefault(unit.name, unit)
        if (first.target, first.state, first.problem) != (unit.target, unit.state, unit.problem):
            raise InterchangeError(
                f"{path}:{unit.line}: another translation of the segment on line {first.line}",
                "Delete one of the two.",
            )


def _module(format_name: str) -> ModuleType:
    return import_module(FORMATS[format_name])
