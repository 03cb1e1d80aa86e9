"""`translate init`: create a translation project."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.completion import complete_languages
from pipeline.cli.console import ConsoleEvents
from pipeline.cli.output import echo
from pipeline.workflows.init import InitOptions, init


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option(
    "-l",
    "--lang",
    "languages",
    multiple=True,
    default=("en",),
    show_default=True,
    metavar="CODE",
    shell_complete=complete_languages,
    help="A target language; may be repeated.",
)
def command(folder: Path, languages: tuple[str, ...]) -> None:
    """Create a translation project here, or in FOLDER.

    Writes translate.toml, which lists all settings, the folders, an empty glossary for each
    language, and a .gitignore. FOLDER is created if it does not exist; existing files are
    not changed.
    """
    for path in init(InitOptions(folder, languages), ConsoleEvents()).created:
        echo(f"created {path}")
    echo(f"\nNext: put German articles into {folder / 'source_de'}, then `translate run`.")
