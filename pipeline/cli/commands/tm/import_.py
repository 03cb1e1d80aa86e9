"""`translate tm import`: a TMX file becomes a part of the memory."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.core.errors import TmxError
from pipeline.files import atomic
from pipeline.memory import tmx
from pipeline.project import Project, load_project


@click.command("import")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file of that name in the memory.")
@click.pass_obj
def command(folder: Path | None, file: Path, force: bool) -> None:
    """Add a TMX file to the memory.

    FILE is checked, and copied to the folder memory/ of the project as it is. It must hold
    German texts with translations to a language of the project. To use files where they
    are, name them in the setting memory.
    """
    project = load_project(folder)
    counts = add(project, file, force=force)
    for language, number in counts.items():
        click.echo(f"{language}: {number} translations in {file.name}")


def add(project: Project, file: Path, *, force: bool = False) -> dict[str, int]:
    """Copy a TMX file to the memory; gives how many translations it has, by language.

    Raises TmxError for a file that cannot be read or is of no use, or where another of its
    name is there already.
    """
    counts = {code: sum(1 for _ in tmx.read_tmx(file, code)) for code in project.languages}
    if not any(counts.values()):
        raise TmxError(
            f"{file}: no German texts with translations to {', '.join(project.languages)}",
            "Check the languages of its segments (xml:lang).",
        )
    target = project.root / project.memory_dir / file.with_suffix(".tmx").name
    data = file.read_bytes()
    same = target.exists() and target.read_bytes() == data
    if target.exists() and not same and not force:
        raise TmxError(f"{target} is there already", "Replace it with --force.")
    if not same:
        atomic.write_atomic(target, data)
    return counts
