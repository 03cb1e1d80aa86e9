"""Termbases of other tools: TBX and Weblate CSV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from pipeline.core import GlossaryError, Term, TermStatus, shorten
from pipeline.core.input import read_bytes
from pipeline.files import write_atomic
from pipeline.files.spreadsheet import is_error_value
from pipeline.glossary.file import FORMULA_PREFIXES, RowProblem, has_control, split_alternatives
from pipeline.glossary.target_matcher import is_same_target
from pipeline.lang import tokenize

_MAX_QUOTE_LENGTH = 40  # characters of a text in a message
_CORRECT = "Correct it in the file."
_DECIDE = "Add the row to the glossary by hand if it is right."

FORMATS: Mapping[str, str] = {
    ".tbx": "pipeline.glossary.formats.tbx",
    ".csv": "pipeline.glossary.formats.weblate_csv",
}


@dataclass(frozen=True, slots=True)
class Termbase:
    """The terms in a file of another tool, and the parts of it that are not imported."""

    terms: tuple[Term, ...]
    problems: tuple[RowProblem, ...] = ()


def read_termbase(path: Path, language: str) -> Termbase:
    """Read the termbase of another tool, German to `language`.

    Its terms are rows that pass `lint_glossary`; what they cannot represent is a problem.
    Raises GlossaryError if the file cannot be read or its suffix is unknown.
    """
    module = _format_module(path)
    data = read_bytes(path, GlossaryError)
    termbase: Termbase = import_module(module).read(data, str(path), language)
    if not termbase.terms and not termbase.problems:
        raise GlossaryError(
            f"{path}: no terms found", "Check that it has German terms with translations."
        )
    return termbase


def render_termbase(path: Path, terms: Iterable[Term], language: str) -> bytes:
    """Return the bytes of a termbase in the format of `path`."""
    data: bytes = import_module(_format_module(path)).render(tuple(terms), language)
    return data


def write_termbase(path: Path, terms: Iterable[Term], language: str) -> None:
    """Write a termbase for another tool; raises PipelineError if it cannot be written."""
    write_atomic(path, render_termbase(path, terms, language))


def lossy_terms(path: Path, terms: Iterable[Term], language: str) -> tuple[Term, ...]:
    """Return the terms that the format of `path` does not give back as they are."""
    rows = tuple(terms)
    module = import_module(_format_module(path))
    back = module.read(module.render(rows, language), str(path), language).terms if rows else ()
    known = {replace(term, line=0) for term in back}
    return tuple(term for term in rows if replace(term, line=0) not in known)


def group_by_source(terms: Iterable[Term]) -> dict[str, list[Term]]:
    """Group rows by source, in order."""
    groups: dict[str, list[Term]] = {}
    for term in terms:
        groups.setdefault(term.source, []).append(term)
    return groups


@dataclass(frozen=True, slots=True)
class TermEntry:
    """An entry of a termbase: a German term and its translations, accepted and forbidden.

    `keep`: the translation is the term itself. `exact_case` holds for the accepted
    translations, `forbidden_exact_case` for the others; so do the notes. A `|` in a
    translation separates alternatives, as in a glossary file.
    """

    line: int
    source: str
    accepted: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    keep: bool = False
    exact_case: bool = False
    forbidden_exact_case: bool = False
    forms: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    forbidden_notes: tuple[str, ...] = ()


def merge_entries(
    entries: Iterable[TermEntry], language: str, problems: Iterable[RowProblem] = ()
) -> Termbase:
    """Merge entries to rows of a glossary: for each German term an accepted and a forbidden one.

    Homonyms have several entries, but a glossary has one row for them. A translation that is
    forbidden in one entry is not accepted by another. `problems` are those of the format.
    """
    groups: dict[str, list[TermEntry]] = {}
    found = list(problems)
    for entry in entries:
        usable = _without_unusable(entry, found)
        if usable is not None:
            groups.setdefault(entry.source, []).append(usable)
    terms = tuple(term for group in groups.values() for term in _rows(group, language, found))
    return Termbase(terms, tuple(sorted(found, key=lambda problem: problem.line)))


def _without_unusable(entry: TermEntry, problems: list[RowProblem]) -> TermEntry | None:
    """Return an entry without the texts that a glossary cannot contain; None without a source."""

    def usable(texts: Iterable[str]) -> tuple[str, ...]:
        return tuple(text for text in texts if not refuse(text, _defect(text)))

    def refuse(text: str, defect: str) -> bool:
        if defect:
            message = f"{shorten(text, _MAX_QUOTE_LENGTH)!r} {defect}; not imported"
            problems.append(RowProblem(entry.line, message, _CORRECT))
        return bool(defect)

    source = entry.source
    no_word = "" if tokenize(source) else "contains no word to search for"
    if refuse(source, _defect(source) or no_word):
        return None
    return replace(
        entry,
        accepted=usable(_alternatives(entry.accepted)),
        forbidden=usable(_alternatives(entry.forbidden)),
        forms=usable(_alternatives(entry.forms)),
        notes=usable(entry.notes),
        forbidden_notes=usable(entry.forbidden_notes),
    )


def _defect(text: str) -> str:
    """Return why a cell of a glossary cannot contain a text, "" if it can."""
    if text.startswith(FORMULA_PREFIXES):
        return "starts like a spreadsheet formula"
    if is_error_value(text):
        return "is a spreadsheet error"
    return "contains a control character" if has_control(text) else ""


def _rows(group: list[TermEntry], language: str, problems: list[RowProblem]) -> list[Term]:
    source = group[0].source
    forbidden = tuple(dict.fromkeys(text for entry in group for text in entry.forbidden))
    accepted: dict[str, None] = {}
    exact = any(entry.exact_case for entry in group)

    def forbidden_as(target: str) -> str | None:
        same = (f for f in forbidden if is_same_target(f, target, language, exact_case=exact))
        return next(same, None)

    for entry in group:
        for target in (source,) if entry.keep else entry.accepted:
            other = forbidden_as(target)
            if other is None:
                accepted[target] = None
                continue
            equal = "it" if other == target else repr(other)
            message = f"{target!r} is not accepted for {source!r}: {equal} is deprecated"
            problems.append(RowProblem(entry.line, message, _DECIDE))
    forms = tuple(dict.fromkeys(form for entry in group for form in entry.forms))
    rows = []
    if accepted:
        keep = any(entry.keep for entry in group) and list(accepted) == [source]
        status = TermStatus.KEEP if keep else TermStatus.PREFERRED
        note = _join(note for entry in group for note in entry.notes)
        rows.append(Term(source, tuple(accepted), status, exact, forms, note))
    if forbidden:
        exact = any(entry.forbidden_exact_case for entry in group)
        note = _join(note for entry in group for note in entry.forbidden_notes)
        extra = () if accepted else forms
        rows.append(Term(source, forbidden, TermStatus.FORBIDDEN, exact, extra, note))
    return rows


def _join(notes: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(notes))


def _alternatives(targets: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(choice for target in targets for choice in split_alternatives(target))
    )


def _format_module(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise GlossaryError(f"{path}: neither .tbx nor .csv", "Use the suffix .tbx or .csv.")
    return FORMATS[suffix]
