"""`translate mv`: rename an article with all that belongs to it."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline import project
from pipeline.workflows import rename


@click.command("mv")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.pass_obj
def command(folder: Path | None, old: Path, new: Path) -> None:
    """Rename an article with its catalogs, template and built files.

    OLD and NEW are articles; NEW may be a folder. Translations, comments and the rest of
    every catalog stay as they are, and entries name the new article. An article that is
    renamed already gets the catalogs of OLD.
    """
    found = project.load_project(folder)
    target = new / old.name if new.is_dir() else new
    root = found.root.resolve()
    for source, moved in rename.move(found, old, target):
        before, after = (path.resolve().relative_to(root) for path in (source, moved))
        click.echo(f"{before} → {after}")
