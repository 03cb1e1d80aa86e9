"""`translate import`: import the files of translation tools into the catalogs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents, show_problems
from pipeline.cli.output import echo
from pipeline.core import counted
from pipeline.project import load_project
from pipeline.workflows.exchange import ImportOptions, import_files


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--fuzzy", is_flag=True, help="Approve nothing: mark changed entries as fuzzy.")
@click.option("-n", "--dry-run", is_flag=True, help="Only show what would change.")
@click.pass_obj
def command(folder: Path | None, files: tuple[Path, ...], fuzzy: bool, dry_run: bool) -> None:
    """Import translated XLIFF or CSV files into the catalogs.

    FILES come from `translate export`. Only entries whose translation or state changed in
    the file are written. An entry that a human changed in the catalog since the export is
    kept and reported, and so is one whose translation the tool damaged (inline codes,
    spreadsheet errors); the exit code is then 1.
    """
    options = ImportOptions(files, fuzzy, dry_run)
    report = import_files(load_project(folder), options, ConsoleEvents())
    skipped = False
    for one in report.catalogs:
        verb = "to write" if dry_run else "written"
        entries = counted(one.result.written, "entry", "entries")
        echo(f"{one.path}: {entries} {verb}, {one.result.unchanged} unchanged")
        for problem in one.result.problems:
            echo(f"{problem.path}:{problem.line}: {problem.message}", fg="yellow", err=True)
            skipped = True
    sys.exit(show_problems(report.problems) or int(skipped))
