"""`translate glossary import`: import a termbase into a glossary."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import language_option
from pipeline.cli.output import echo, echo_data
from pipeline.core import counted
from pipeline.glossary import render_csv
from pipeline.project import load_project
from pipeline.workflows.glossary import TermImportOptions, import_terms, read_terms
from pipeline.workflows.outputs import is_stdout, is_stream


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@language_option("Target language [default: the project's first].")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Glossary file to extend [default: the project's]; - is standard output.",
)
@click.pass_obj
def command(folder: Path | None, file: Path, language: str, output: Path | None) -> None:
    """Import a TBX file or a CSV file of Weblate into a glossary.

    The suffix of FILE is .tbx or .csv. If the glossary exists, terms that it does not have
    are appended, and forbidden translations of the others; existing rows are never changed.
    Terms that a glossary cannot contain, and deprecated ones that it accepts, are reported;
    the exit code is then 1.
    """
    project = load_project(folder) if output is None or not language else None
    options, events = TermImportOptions(file, language, output), ConsoleEvents()
    if is_stdout(output):
        found = read_terms(project, options, events)
        echo_data(render_csv(found.terms), nl=False)
        problems = found.problems
    else:
        done = import_terms(project, options, events)
        added, existing = counted(done.added, "row"), counted(done.existing, "term")
        report = f"{done.path}: {added} added, {existing} existed already"
        echo(report, err=is_stream(done.path))
        problems = done.problems
    for problem in problems:
        place = f"{file}:{problem.line}" if problem.line else file
        echo(f"{place}: {problem.message}. {problem.hint}", fg="yellow", err=True)
    sys.exit(1 if problems else 0)
