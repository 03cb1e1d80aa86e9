"""Termbases of other tools: TBX and Weblate CSV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path

from pipeline.core import GlossaryError, Term, TermStatus
from pipeline.core.input import read_bytes
from pipeline.files import write_atomic
from pipeline.glossary.file import split_alternatives

FORMATS: Mapping[str, str] = {
    ".tbx": "pipeline.glossary.formats.tbx",
    ".csv": "pipeline.glossary.formats.weblate_csv",
}


def read_termbase(path: Path, language: str) -> tuple[Term, ...]:
    """Read the termbase of another tool, German to `language`.

    Raises GlossaryError if the file cannot be read or its suffix is unknown.
    """
    module = _format_module(path)
    data = read_bytes(path, GlossaryError)
    terms: tuple[Term, ...] = import_module(module).read(data, str(path), language)
    if not terms:
        raise GlossaryError(
            f"{path}: no terms found", "Check that it has German terms with translations."
        )
    return terms


def render_termbase(path: Path, terms: Iterable[Term], language: str) -> bytes:
    """Return the bytes of a termbase in the format of `path`."""
    data: bytes = import_module(_format_module(path)).render(tuple(terms), language)
    return data


def write_termbase(path: Path, terms: Iterable[Term], language: str) -> None:
    """Write a termbase for another tool; raises PipelineError if it cannot be written."""
    write_atomic(path, render_termbase(path, terms, language))


def lossy_terms(path: Path, terms: Iterable[Term]) -> tuple[Term, ...]:
    """Return the terms that the format of `path` cannot represent completely."""
    lossy: tuple[Term, ...] = import_module(_format_module(path)).lossy_terms(tuple(terms))
    return lossy


def group_by_source(terms: Iterable[Term]) -> dict[str, list[Term]]:
    """Group rows by source, in order."""
    groups: dict[str, list[Term]] = {}
    for term in terms:
        groups.setdefault(term.source, []).append(term)
    return groups


def make_terms(
    source: str,
    accepted: Iterable[str],
    forbidden: Iterable[str],
    *,
    keep: bool = False,
    exact_case: bool = False,
    forms: tuple[str, ...] = (),
    notes: tuple[Iterable[str], Iterable[str]] = ((), ()),
) -> list[Term]:
    """Create the rows of one source: accepted targets, then forbidden ones.

    `notes` are those of both rows. A `|` in a target separates alternatives, as in the file.
    """
    note, forbidden_note = ("; ".join(dict.fromkeys(texts)) for texts in notes)
    accepted_targets = (source,) if keep else _alternatives(accepted)
    forbidden_targets = _alternatives(forbidden)
    status = TermStatus.KEEP if keep else TermStatus.PREFERRED
    terms = []
    if accepted_targets:
        terms.append(Term(source, accepted_targets, status, exact_case, forms, note))
    if forbidden_targets:
        extra = () if accepted_targets else forms
        terms.append(
            Term(
                source,
                forbidden_targets,
                TermStatus.FORBIDDEN,
                exact_case and not accepted_targets,
                extra,
                forbidden_note,
            )
        )
    return terms


def _alternatives(targets: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(choice for target in targets for choice in split_alternatives(target))
    )


def _format_module(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise GlossaryError(f"{path}: neither .tbx nor .csv", "Use the suffix .tbx or .csv.")
    return FORMATS[suffix]
