"""Lint glossary files: broken, duplicate and contradictory rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.core import Finding, Severity, Term, TermStatus
from pipeline.glossary import file
from pipeline.glossary.file import GlossaryTable
from pipeline.glossary.target_matcher import is_same_target
from pipeline.lang import tokenize
from pipeline.lang.german import noun_lemma, stem


def lint_glossary(path: Path) -> tuple[Finding, ...]:
    """Return the defects of a glossary file; raises GlossaryError if it cannot be read."""
    table = file.read_table(path)
    language = file.target_language(path)
    defects: list[tuple[int, Severity, str]] = [
        *((p.line, Severity.ERROR, f"{p.message}. {p.hint}") for p in table.problems),
        *_cells(table),
        *_rows(table.terms),
        *_contradictions(table.terms, language),
    ]
    return tuple(
        Finding("glossary", severity, message, path, line, language)
        for line, severity, message in sorted(defects, key=lambda item: item[0])
    )


_Defects = Iterator[tuple[int, Severity, str]]


def _cells(table: GlossaryTable) -> _Defects:
    for row in table.rows:
        for name, cell in row.cells.items():
            alternatives = cell.split("|") if name in ("target", "forms") else [cell]
            if any(part.strip().startswith(file.FORMULA_PREFIXES) for part in alternatives):
                message = f"{name} starts like a spreadsheet formula: {cell.strip()!r}"
                yield row.line, Severity.ERROR, message
            if name != "note" and cell != " ".join(cell.split()):
                yield row.line, Severity.WARNING, f"superfluous spaces in {name}: {cell!r}"
            if len(alternatives) > 1 and not all(part.strip() for part in alternatives):
                yield row.line, Severity.WARNING, f"empty alternative in {name}: {cell!r}"


def _rows(terms: tuple[Term, ...]) -> _Defects:
    preferred: dict[str, Term] = {}
    by_lemmas: dict[tuple[str, ...], Term] = {}
    for term in terms:
        if not tokenize(term.source):
            yield term.line, Severity.ERROR, f"{term.source!r} contains no word to search for"
        repeated = {target for target in term.targets if term.targets.count(target) > 1}
        for target in sorted(repeated):
            yield term.line, Severity.WARNING, f"target {target!r} is repeated"
        if term.status is TermStatus.FORBIDDEN:
            continue
        other = preferred.setdefault(term.source, term)
        if other is not term:
            message = (
                f"{term.source!r} is already defined in line {other.line}."
                " Write alternatives in one row: first|second"
            )
            yield term.line, Severity.ERROR, message
        same = by_lemmas.setdefault(_lemmas(term.source), term)
        if same.source != term.source:
            message = f"{term.source!r} is an inflected form of {same.source!r} (line {same.line})"
            yield term.line, Severity.WARNING, message


def _lemmas(source: str) -> tuple[str, ...]:
    parts = [word.text for word in tokenize(source)]
    return tuple(
        noun_lemma(part) or part if part[:1].isupper() else stem(part) if len(parts) > 1 else part
        for part in parts
    )


def _contradictions(terms: tuple[Term, ...], language: str) -> _Defects:
    required = {t.source: t for t in reversed(terms) if t.status is not TermStatus.FORBIDDEN}
    for term in terms:
        if term.status is not TermStatus.FORBIDDEN:
            continue
        other = required.get(term.source)
        if other is None:
            message = f"{term.source!r} has only forbidden targets: add the target to use"
            yield term.line, Severity.WARNING, message
            continue
        for target in term.targets:
            if any(
                is_same_target(target, required, language, exact_case=other.exact_case)
                for required in other.targets
            ):
                message = (
                    f"{target!r} is forbidden for {term.source!r},"
                    f" but line {other.line} requires it"
                )
                yield term.line, Severity.ERROR, message
