"""`translate status`: the translation state of every article in every language."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

import click

from pipeline.checks.reports import place
from pipeline.checks.reports.text import pair
from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import json_option, languages_option, paths_argument, pattern_files
from pipeline.cli.output import echo, echo_json, echo_styled
from pipeline.cli.run_summary import merged_summary, table
from pipeline.project import load_project
from pipeline.workflows.status import (
    ArticleStatus,
    StatusOptions,
    UnsureDraft,
    least_sure,
    status,
)


@click.command("status")
@paths_argument
@languages_option
@click.option(
    "--least-sure",
    "number",
    type=click.IntRange(1),
    metavar="N",
    help="List the N drafts with the lowest confidence instead.",
)
@click.option(
    "--reports",
    multiple=True,
    metavar="FILE|PATTERN",
    help="Merge reports of runs instead ('out/*.json'), and exit with their common code; may be"
    " repeated.",
)
@json_option
@click.pass_obj
def command(
    folder: Path | None,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    number: int | None,
    reports: tuple[str, ...],
    as_json: bool,
) -> None:
    """Show the translation state of every article in every language.

    Approved: a human removed the fuzzy flag. Touched: a human edited the draft. Draft:
    nobody edited it. Unsure: drafts with less than 50 % confidence. Missing: no translation
    yet.
    """
    if reports:
        if paths or languages or number:
            raise click.UsageError("--reports cannot be combined with PATHS, --lang, --least-sure.")
        _show_reports(reports, as_json)
    loaded = load_project(folder)
    options = StatusOptions(paths, languages, number or 0)
    rows: Sequence[ArticleStatus] | Sequence[UnsureDraft]
    if number is None:
        rows = status(loaded, options, ConsoleEvents())
        lines = _table(rows)
    else:
        rows = least_sure(loaded, options, ConsoleEvents())
        lines = _listing(rows)
    if as_json:
        echo_json(rows)
        return
    for line in lines:
        echo_styled(line, nl=True)


def _show_reports(patterns: Sequence[str], as_json: bool) -> NoReturn:
    """Show the merged reports of runs, and exit with their common code."""
    from pipeline.workflows.run_report import merge_reports

    merged = merge_reports(pattern_files(patterns))
    if as_json:
        echo_json(merged)
    else:
        echo("\n".join(merged_summary(merged)))
    sys.exit(merged.exit_code)


def _table(rows: Sequence[ArticleStatus]) -> Iterator[str]:
    columns = ("segments", "approved", "touched", "draft", "unsure", "missing")
    cells = [
        (row.article, row.language, *(str(getattr(row, name)) for name in columns)) for row in rows
    ]
    lines = table(("article", "lang", *columns), cells)
    for line, row in zip(lines, [None, *rows], strict=True):
        yield f"{line}  {row.note}" if row and row.note else line


def _listing(rows: Sequence[UnsureDraft]) -> Iterator[str]:
    for row in rows:
        sure = "unknown" if row.confidence is None else f"{row.confidence} %"
        yield f"{place(row.path)}:{row.line}: confidence {sure}"
        yield "".join(pair(row.source, row.target)).rstrip("\n")
