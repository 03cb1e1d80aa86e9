"""Glossaries of other tools: TBX and Weblate's CSV, to and from terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path

from pipeline.core.errors import GlossaryError
from pipeline.core.types import Term, TermStatus
from pipeline.files.atomic import write_atomic
from pipeline.glossary.file import split_alternatives

FORMATS: Mapping[str, str] = {
    ".tbx": "pipeline.glossary.formats.tbx",
    ".csv": "pipeline.glossary.formats.weblate_csv",
}


def read_termbase(path: Path, language: str) -> tuple[Term, ...]:
    """Read another tool's glossary, German to `language`.

    Raises GlossaryError for a file that cannot be read, or whose suffix is unknown.
    """
    module = _format_module(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise GlossaryError(
            f"{path}: {error.strerror}", "Check the path and its rights."
        ) from error
    terms: tuple[Term, ...] = import_module(module).read(data, str(path), language)
    if not terms:
        raise GlossaryError(f"{path}: no terms in it", "It must hold German terms with targets.")
    return terms


def render_termbase(path: Path, terms: Iterable[Term], language: str) -> bytes:
    """Give the bytes of `path` with terms as another tool reads them."""
    data: bytes = import_module(_format_module(path)).render(tuple(terms), language)
    return data


def write_termbase(path: Path, terms: Iterable[Term], language: str) -> None:
    """Write a termbase for another tool; raises PipelineError if it cannot be written."""
    write_atomic(path, render_termbase(path, terms, language))


def lossy_terms(path: Path, terms: Iterable[Term]) -> tuple[Term, ...]:
    """Name the terms of which the format of `path` cannot hold everything."""
    found: tuple[Term, ...] = import_module(_format_module(path)).lossy_terms(tuple(terms))
    return found


def group_by_source(terms: Iterable[Term]) -> dict[str, list[Term]]:
    """Group rows by their source, in order."""
    groups: dict[str, list[Term]] = {}
    for term in terms:
        groups.setdefault(term.source, []).append(term)
    return groups


def make_terms(
    source: str,
    wanted: Iterable[str],
    forbidden: Iterable[str],
    *,
    keep: bool = False,
    exact_case: bool = False,
    forms: tuple[str, ...] = (),
    notes: tuple[Iterable[str], Iterable[str]] = ((), ()),
) -> list[Term]:
    """Make the rows of one source: what is wanted, then what is forbidden, with their notes.

    A `|` in a target parts alternatives, as it will in the glossary file.
    """
    note, bad_note = ("; ".join(dict.fromkeys(texts)) for texts in notes)
    good = (source,) if keep else _alternatives(wanted)
    bad = _alternatives(forbidden)
    status = TermStatus.KEEP if keep else TermStatus.PREFERRED
    terms = []
    if good:
        terms.append(Term(source, good, status, exact_case, forms, note))
    if bad:
        extra = () if good else forms
        terms.append(
            Term(source, bad, TermStatus.FORBIDDEN, exact_case and not good, extra, bad_note)
        )
    return terms


def _alternatives(targets: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(choice for target in targets for choice in split_alternatives(target))
    )


def _format_module(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise GlossaryError(f"{path}: neither .tbx nor .csv", "Give the file one of these names.")
    return FORMATS[suffix]
