"""`translate init`: make a translation project."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.core.errors import SettingsError
from pipeline.core.language_codes import is_language_code
from pipeline.project import SETTINGS_FILE, find_project

GLOSSARY_HEADER = "source,target,status,case,forms,note\n"


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option(
    "--lang", "languages", multiple=True, default=("en",), show_default=True, metavar="CODE",
    help="A language to translate to; repeat it for more.",
)  # fmt: skip
def command(folder: Path, languages: tuple[str, ...]) -> None:
    """Make a translation project here.

    Writes translate.toml, an empty glossary per language, and the folders. FOLDER is made
    where it is missing; nothing that is there already is changed.
    """
    for path in make(folder, languages):
        click.echo(f"made {path}")
    click.echo(f"\nNext: put German articles into {folder / 'source_de'}, then `translate run`.")


def make(folder: Path, languages: tuple[str, ...]) -> list[Path]:
    """Make a project in `folder` and name what was made.

    Raises SettingsError where it is a project already or a language is no code.
    """
    settings = folder / SETTINGS_FILE
    if settings.exists():
        raise SettingsError(f"{settings} is there already", "Edit it to change the settings.")
    for language in languages:
        if not is_language_code(language):
            raise SettingsError(f"{language!r} is no language code", "As en or pt_BR.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        quoted = ", ".join(f'"{language}"' for language in languages)
        settings.write_text(f"languages = [{quoted}]\n", encoding="utf-8")
        project = find_project(folder)
        made = [settings]
        for path in (folder / project.source_dir, folder / project.output_dir):
            if not path.is_dir():
                path.mkdir()
                made.append(path)
        for language in languages:
            glossary = folder / project.glossary(language).relative_to(project.root)
            if not glossary.exists():
                glossary.parent.mkdir(exist_ok=True)
                glossary.write_text(GLOSSARY_HEADER, encoding="utf-8")
                made.append(glossary)
    except OSError as error:
        raise SettingsError(f"{error.filename}: {error.strerror}", "Check its rights.") from error
    return made
