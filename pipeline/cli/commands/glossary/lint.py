"""`translate glossary lint`: what is wrong with glossary files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from pipeline.core.types import Finding, Severity, Term, TermStatus
from pipeline.glossary import file
from pipeline.glossary.file import GlossaryTable
from pipeline.glossary.target_matcher import TargetMatcher
from pipeline.lang.german.morphology import noun_lemma, stem
from pipeline.lang.tokenizer import tokenize
from pipeline.project import load_project


@click.command("lint")
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE…")
@click.pass_context
def command(ctx: click.Context, files: tuple[Path, ...]) -> None:
    """Check glossary files for broken and contradictory rows.

    Without FILE, all of the project's. Exits with 1 where there are errors; warnings
    are printed, but pass.
    """
    paths = files or project_files(ctx.obj)
    findings = [finding for path in paths for finding in lint(path)]
    for finding in findings:
        click.echo(f"{finding.path}:{finding.line}: {finding.severity}: {finding.message}")
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    files_word = "file" if len(paths) == 1 else "files"
    click.echo(f"{len(paths)} {files_word}: {errors} errors, {len(findings) - errors} warnings")
    if errors:
        ctx.exit(1)


def project_files(folder: Path | None) -> tuple[Path, ...]:
    """Name the project's glossary files, in order."""
    project = load_project(folder)
    return tuple(sorted((project.root / project.glossary_dir).glob("*.csv")))


def lint(path: Path) -> tuple[Finding, ...]:
    """Check a glossary file; raises GlossaryError where it cannot be read at all."""
    table = file.read_table(path)
    language = file.target_language(path)
    found = [
        *((p.line, Severity.ERROR, f"{p.message}. {p.hint}") for p in table.problems),
        *_cells(table),
        *_rows(table.terms),
        *_contradictions(table.terms, language),
    ]
    return tuple(
        Finding("glossary", severity, message, path, line, language)
        for line, severity, message in sorted(found, key=lambda item: item[0])
    )


_Found = Iterator[tuple[int, Severity, str]]


def _cells(table: GlossaryTable) -> _Found:
    for row in table.rows:
        for name, cell in row.cells.items():
            alternatives = cell.split("|") if name in ("target", "forms") else [cell]
            if any(part.strip().startswith(file.FORMULA_PREFIXES) for part in alternatives):
                message = f"{name} begins like a spreadsheet formula: {cell.strip()!r}"
                yield row.line, Severity.ERROR, message
            if name != "note" and cell != " ".join(cell.split()):
                yield row.line, Severity.WARNING, f"stray blanks in {name}: {cell!r}"
            if len(alternatives) > 1 and not all(part.strip() for part in alternatives):
                yield row.line, Severity.WARNING, f"empty alternative in {name}: {cell!r}"


def _rows(terms: tuple[Term, ...]) -> _Found:
    preferred: dict[str, Term] = {}
    readings: dict[tuple[str, ...], Term] = {}
    for term in terms:
        if not tokenize(term.source):
            yield term.line, Severity.ERROR, f"{term.source!r} has no word that could be found"
        repeated = {target for target in term.targets if term.targets.count(target) > 1}
        for target in sorted(repeated):
            yield term.line, Severity.WARNING, f"target {target!r} stands twice"
        if term.status is TermStatus.FORBIDDEN:
            continue
        other = preferred.setdefault(term.source, term)
        if other is not term:
            message = (
                f"{term.source!r} stands in line {other.line} already."
                " Put alternatives into one row: first|second"
            )
            yield term.line, Severity.ERROR, message
        same = readings.setdefault(_reading(term.source), term)
        if same.source != term.source:
            message = f"{term.source!r} is a form of {same.source!r} (line {same.line})"
            yield term.line, Severity.WARNING, message


def _reading(source: str) -> tuple[str, ...]:
    parts = [word.text for word in tokenize(source)]
    return tuple(
        noun_lemma(part) or part if part[:1].isupper() else stem(part) if len(parts) > 1 else part
        for part in parts
    )


def _contradictions(terms: tuple[Term, ...], language: str) -> _Found:
    wanted = {t.source: t for t in reversed(terms) if t.status is not TermStatus.FORBIDDEN}
    for term in terms:
        if term.status is not TermStatus.FORBIDDEN:
            continue
        other = wanted.get(term.source)
        if other is None:
            message = f"{term.source!r} has forbidden targets only: nothing says what to use"
            yield term.line, Severity.WARNING, message
            continue
        for target in term.targets:
            if any(_equal(target, choice, language) for choice in other.targets):
                message = (
                    f"{target!r} is forbidden for {term.source!r},"
                    f" but line {other.line} asks for it"
                )
                yield term.line, Severity.ERROR, message


def _equal(forbidden: str, wanted: str, language: str) -> bool:
    """Tell whether the wanted wording is itself an occurrence of the forbidden one."""
    if forbidden == wanted:
        return True
    spans = TargetMatcher(wanted, language).find(forbidden)
    return any(end - start == len(wanted) for start, end in spans)
