"""`translate tm export`: the approved translations become a TMX file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from pipeline.core.errors import TmxError
from pipeline.memory import tmx
from pipeline.memory.memory import approved_units
from pipeline.memory.tmx import TmxUnit
from pipeline.project import Project, load_project


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "-l", "--lang", "language", metavar="CODE",
    help="The language [default: the project's first].",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE where it exists.")
@click.pass_obj
def command(folder: Path | None, file: Path, language: str | None, force: bool) -> None:
    """Write the approved translations to a TMX file.

    Those to one language in all catalogs, with the catalog and the neighbouring texts of
    each, as TMX 1.4b (level 1: text without inline codes). With - as FILE to standard
    output. The same translations give the same bytes.
    """
    project = load_project(folder)
    (chosen,) = project.select_languages([language or project.languages[0]])
    units = list(translations(project, chosen))
    sound = [unit for unit in units if tmx.is_writable(unit)]
    if str(file) == "-":
        text = "".join(tmx.render_tmx(sound, chosen, project.segmentation))
        click.echo(text, nl=False)
    elif file.exists() and not force:
        raise TmxError(f"{file} is there already", "Replace it with --force.")
    else:
        tmx.write_tmx(file, sound, chosen, project.segmentation)
        click.echo(f"{file}: {len(sound)} translations to {chosen}")
    if len(sound) < len(units):
        left = len(units) - len(sound)
        click.echo(f"  without {left} that hold control characters: XML has none", err=True)


def translations(project: Project, language: str) -> Iterator[TmxUnit]:
    """Give the approved translations of a project to a language, in order."""
    for path in project.catalogs(language):
        yield from approved_units(path)
