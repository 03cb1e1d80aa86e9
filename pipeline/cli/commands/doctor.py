"""`translate doctor`: report damage, and save the readable part of catalogs to copies."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.checks.reports import place
from pipeline.cli.completion import complete_articles
from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import json_option
from pipeline.cli.output import echo, echo_json
from pipeline.core import Finding, counted
from pipeline.workflows.diagnose import (
    DiagnoseOptions,
    RecoverOptions,
    RecoverResult,
    diagnose,
    find_catalog_files,
    recover_catalog,
)
from pipeline.workflows.outputs import is_stream


@click.command("doctor")
@click.argument(
    "files", nargs=-1, type=click.Path(path_type=Path), shell_complete=complete_articles
)
@click.option("--salvage", is_flag=True, help="Write the readable part of FILES to copies.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Copy of a single file; implies --salvage; - is standard output [default: FILE.salvaged].",
)
@click.option("--force", is_flag=True, help="Replace an existing copy.")
@json_option
@click.pass_obj
def command(
    folder: Path | None,
    files: tuple[Path, ...],
    salvage: bool,
    output: Path | None,
    force: bool,
    as_json: bool,
) -> None:
    """Report damage in catalogs or a project, and how to repair it.

    Examines FILES (catalogs, folders of them, or articles), or the whole project: settings and
    whether you trust them, articles, glossaries, catalogs, files left by killed runs, models.
    Changes nothing; --salvage writes copies, in which guessed translations are fuzzy. Exits
    with 1 if there is damage.
    """
    salvage = salvage or output is not None
    if as_json and salvage:
        raise click.UsageError("--json does not go with --salvage or --output.")
    paths = find_catalog_files(files, folder)
    _validate(files, paths, salvage, output)
    events = ConsoleEvents()
    to_stderr = output is not None and is_stream(output)  # the copy is on standard output
    result = diagnose(DiagnoseOptions(files, folder), events)
    if as_json:
        echo_json([_object(finding) for finding in result.findings])
        sys.exit(1 if result.damaged else 0)
    for finding in result.findings:
        echo(_line(finding), err=to_stderr)
    for path in paths if salvage else ():
        _show_copy(recover_catalog(RecoverOptions(path, output, force), events), to_stderr)
    if result.damaged and not salvage and files:
        echo("To save the readable part: translate doctor --salvage FILE", err=True)
    elif not result.damaged:
        echo("No damage found.", err=to_stderr)
    sys.exit(1 if result.damaged else 0)


def _validate(
    files: tuple[Path, ...], paths: tuple[Path, ...], salvage: bool, output: Path | None
) -> None:
    if salvage and not files:
        raise click.UsageError("Name the files to salvage.")
    if output is None:
        return
    if len(paths) != 1:
        raise click.UsageError("--output needs exactly one file.")
    both_exist = output.exists() and paths[0].exists()
    if not is_stream(output) and both_exist and output.samefile(paths[0]):
        raise click.UsageError(f"{output} is the original: choose another name.")


def _object(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check,
        "severity": finding.severity,
        "message": finding.message,
        "path": finding.path,
        "line": finding.line,
    }


def _line(finding: Finding) -> str:
    path = place(finding.path) if finding.path else ""
    line = f":{finding.line}" if finding.line else ""
    return f"{path}{line}: {finding.severity} {finding.check}: {finding.message}"


def _show_copy(result: RecoverResult, err: bool) -> None:
    if result.copy is None:
        return
    entries = counted(result.entries, "entry", "entries")
    count = f"{entries}, {result.guessed} of them guessed in part"
    echo(f"{result.copy}: {count}", err=err)
    for number, line in result.omitted_lines:
        echo(f"  not included: line {number}: {line.strip()[:70]}", err=err)
