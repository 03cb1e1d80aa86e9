"""`translate glossary export`: a glossary becomes TBX or Weblate's CSV."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.commands.glossary.find import chosen
from pipeline.core.errors import GlossaryError
from pipeline.glossary import formats
from pipeline.glossary.file import Glossary


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--glossary", "path", type=click.Path(dir_okay=False, path_type=Path),
    help="The glossary file [default: the project's].",
)  # fmt: skip
@click.option(
    "--lang", "language", metavar="CODE",
    help="The target language [default: by the glossary's name, or the project's first].",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE where it exists.")
@click.pass_obj
def command(
    project: Path | None, file: Path, path: Path | None, language: str | None, force: bool
) -> None:
    """Turn a glossary into TBX or Weblate's CSV.

    FILE ends in .tbx or .csv, which tells the format. TBX holds everything; Weblate's
    CSV has no place for case and forms, and says so where a term has them.
    """
    wanted = chosen(project, path, language)
    if file.exists() and not force:
        raise GlossaryError(f"{file} is there already", "Replace it with --force.")
    lost = export(wanted, file)
    click.echo(f"{file}: {len(wanted.terms)} rows")
    if lost:
        click.echo(f"  without case and forms, which {lost} of them have: export to .tbx", err=True)


def export(wanted: Glossary, file: Path) -> int:
    """Write a glossary for another tool; gives how many rows lose something.

    Raises GlossaryError for an unknown suffix or language, PipelineError where the file
    cannot be written.
    """
    if not wanted.language:
        raise GlossaryError(f"{wanted.path}: which language?", "Name it with --lang.")
    formats.write_termbase(file, wanted.terms, wanted.language)
    return len(formats.lossy_terms(file, wanted.terms))
