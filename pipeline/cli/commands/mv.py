"""`translate mv`: rename an article with all its files."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.completion import complete_articles
from pipeline.cli.console import ConsoleEvents
from pipeline.cli.output import echo
from pipeline.core.file_names import real_path
from pipeline.project import load_project
from pipeline.workflows.rename import RenameOptions, rename


@click.command("mv")
@click.argument("old", type=click.Path(path_type=Path), shell_complete=complete_articles)
@click.argument("new", type=click.Path(path_type=Path), shell_complete=complete_articles)
@click.pass_obj
def command(folder: Path | None, old: Path, new: Path) -> None:
    """Rename an article with its catalogs, template and built files.

    OLD and NEW are articles; NEW may be a folder. Translations, comments and the rest of
    every catalog stay unchanged, and entries refer to the new article. If the article has
    been renamed already, its catalogs are moved.
    """
    project = load_project(folder)
    root = real_path(project.root)
    for pair in rename(project, RenameOptions(old, new), ConsoleEvents()).moved:
        before, after = (real_path(path).relative_to(root) for path in pair)
        echo(f"{before} → {after}")
