"""Translations for the tools of translators: XLIFF 1.2, XLIFF 2.0 and CSV, there and back.

A format is a module with `SUFFIX`, `matches(data)`, `render(document)` and
`read(data, name)`, which gives the documents of a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType

from pipeline.core.errors import InterchangeError
from pipeline.interchange.document import InterchangeDocument, TransUnit

FORMATS: Mapping[str, str] = {
    "xliff": "pipeline.interchange.xliff12",
    "xliff2": "pipeline.interchange.xliff20",
    "csv": "pipeline.interchange.csv",
}


def file_suffix(name: str) -> str:
    """The suffix of files of a format."""
    found: str = _module(name).SUFFIX
    return found


def render_document(document: InterchangeDocument, name: str) -> bytes:
    """The bytes of a file of a format."""
    data: bytes = _module(name).render(document)
    return data


def read_documents(path: Path) -> tuple[InterchangeDocument, ...]:
    """Read a file of any format; its content tells which.

    Raises InterchangeError, naming file, line and cure, for one that is broken, or was not
    made by `translate export`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        hint = "Check the path and its rights."
        raise InterchangeError(f"{path}: {error.strerror}", hint) from error
    module = next((m for m in map(_module, FORMATS) if m.matches(data)), None)
    if module is None:
        raise InterchangeError(
            f"{path}: neither XLIFF 1.2, XLIFF 2.0 nor CSV", "Give it a file of translate export."
        )
    documents: tuple[InterchangeDocument, ...] = module.read(data, str(path))
    if not any(document.units for document in documents):
        raise InterchangeError(f"{path}: no segments in it", "Is it the file that was translated?")
    for document in documents:
        _require_unique(path, document)
    return documents


def _require_unique(path: Path, document: InterchangeDocument) -> None:
    seen: dict[str, TransUnit] = {}
    for unit in document.units:
        first = seen.setdefault(unit.name, unit)
        if (first.target, first.state) != (unit.target, unit.state):
            raise InterchangeError(
                f"{path}:{unit.line}: another translation of the segment on line {first.line}",
                "Delete one of the two.",
            )


def _module(name: str) -> ModuleType:
    return import_module(FORMATS[name])
