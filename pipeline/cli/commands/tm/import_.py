"""`translate tm import`: add a TMX file to the memory."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.output import echo
from pipeline.core import counted
from pipeline.project import load_project
from pipeline.workflows.memory import TmxImportOptions, import_tmx


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file of the same name in the memory.")
@click.pass_obj
def command(folder: Path | None, file: Path, force: bool) -> None:
    """Add a TMX file to the memory.

    Checks FILE and copies it unchanged to the folder memory/ of the project. It must contain
    German texts with translations to a language of the project. To use files in other
    folders, name them in the setting memory.
    """
    options = TmxImportOptions(file, force)
    counts = import_tmx(load_project(folder), options, ConsoleEvents())
    for language, number in counts.items():
        echo(f"{language}: {counted(number, 'translation')} in {file.name}")
