"""`translate export`: write catalogs for translation tools."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import languages_option, paths_argument
from pipeline.cli.output import echo
from pipeline.core import State
from pipeline.interchange import FORMATS
from pipeline.project import load_project
from pipeline.workflows.exchange import ExportOptions, export_catalogs
from pipeline.workflows.outputs import is_stdout


@click.command("export")
@paths_argument
@languages_option
@click.option(
    "--format",
    type=click.Choice(list(FORMATS)),
    default="xliff",
    show_default=True,
    help="XLIFF 1.2 or 2.0, or CSV for spreadsheets.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the files to this folder; - writes a single one to standard output.",
)
@click.option("--force", is_flag=True, help="Replace existing files.")
@click.pass_obj
def command(folder: Path | None, /, **options: object) -> None:
    """Write catalogs for translators' tools, as XLIFF or CSV.

    Exports all articles, or the articles PATHS: one file DIR/<language>/<article> each, with
    the translations, their states, and the comments of the catalog. `translate import`
    imports what changed in the file.
    """
    chosen = ExportOptions(**options)  # type: ignore[arg-type]
    for file in export_catalogs(load_project(folder), chosen, ConsoleEvents()):
        counts = ", ".join(f"{file.states[s]} {s}" for s in State if file.states.get(s))
        echo(f"{file.path}: {counts}", err=is_stdout(file.path))
