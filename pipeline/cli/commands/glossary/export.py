"""`translate glossary export`: export a glossary as a termbase."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import language_option
from pipeline.cli.output import echo
from pipeline.core import counted
from pipeline.project import load_project
from pipeline.workflows.glossary import GlossaryOptions, TermExportOptions, export_terms
from pipeline.workflows.outputs import is_stream


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--glossary",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Glossary file [default: the project's].",
)
@language_option("Target language [default: from the glossary's name, or the project's first].")
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@click.pass_obj
def command(folder: Path | None, file: Path, path: Path | None, language: str, force: bool) -> None:
    """Export a glossary as TBX or as CSV for Weblate.

    The suffix of FILE selects the format: .tbx or .csv. TBX holds all columns. The CSV of
    Weblate has no columns for case and forms. Rows that the format cannot hold completely
    are reported. If FILE is -, writes TBX to standard output.
    """
    project = None if path else load_project(folder)
    options = TermExportOptions(file, GlossaryOptions(path, language), force)
    result = export_terms(project, options, ConsoleEvents())
    echo(f"{file}: {counted(result.rows, 'row')}", err=is_stream(file))
    for term in result.lossy:
        lost = "its case, forms or note do not fit into the format"
        echo(f"  line {term.line}: {term.source!r}: {lost}", fg="yellow", err=True)
    if result.lossy and file.suffix.lower() == ".csv":
        echo("  Export to .tbx, which has room for case and forms.", err=True)
