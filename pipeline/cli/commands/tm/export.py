"""`translate tm export`: write the approved translations to a TMX file."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import language_option, trust_option
from pipeline.cli.output import echo, echo_data
from pipeline.core import counted
from pipeline.project import load_project
from pipeline.workflows.memory import TmxExportOptions, export_tmx
from pipeline.workflows.outputs import is_stdout, is_stream


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@language_option("Target language [default: the project's first].")
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@trust_option
@click.pass_obj
def command(folder: Path | None, file: Path, language: str, force: bool, trust: bool) -> None:
    """Write the approved translations to a TMX file.

    Writes the translations of one language in all catalogs, with the catalog and the
    neighbouring texts of each, as TMX 1.4b (level 1: text without inline codes). If FILE is
    -, writes to standard output. The same translations produce the same bytes.
    """
    stdout = is_stdout(file)
    options = TmxExportOptions(None if stdout else file, language, force)
    result = export_tmx(load_project(folder, trust=trust), options, ConsoleEvents())
    if stdout:
        echo_data(result.text, nl=False)
    else:
        echo(
            f"{file}: {counted(result.written, 'translation')} to {result.language}",
            err=is_stream(file),
        )
    if result.skipped:
        reason = "control characters, which XML cannot represent"
        echo(f"  without {counted(result.skipped, 'translation')}: {reason}", err=True)
