"""Init: create a translation project."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.core import SettingsError, is_language_code
from pipeline.glossary import COLUMNS
from pipeline.project import SETTINGS_FILE, find_project
from pipeline.workflows.events import Events

__all__ = ["InitOptions", "init"]


@dataclass(frozen=True, slots=True)
class InitOptions:
    """Options of `init`: the folder, which need not exist, and the target languages."""

    folder: Path
    languages: tuple[str, ...] = ("en",)


@dataclass(frozen=True, slots=True)
class InitResult:
    """The files and folders that were created."""

    created: tuple[Path, ...] = ()


def init(options: InitOptions, events: Events) -> InitResult:
    """Create the settings, folders and glossaries of a project; keep what exists.

    Raises SettingsError if the folder is a project already, a language code is invalid, or
    a file cannot be written.
    """
    folder, languages = options.folder, options.languages
    settings = folder / SETTINGS_FILE
    if settings.exists():
        raise SettingsError(f"{settings}: exists already", "Edit it to change the settings.")
    for language in languages:
        if not is_language_code(language):
            hint = "Write a code like en or pt_BR."
            raise SettingsError(f"{language!r} is not a language code", hint)
    try:
        return InitResult(tuple(_create(folder, settings, languages)))
    except OSError as error:
        hint = "Check the permissions of the folder."
        raise SettingsError(f"{error.filename}: {error.strerror}", hint) from error


def _create(folder: Path, settings: Path, languages: tuple[str, ...]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    quoted = ", ".join(f'"{language}"' for language in languages)
    settings.write_text(f"languages = [{quoted}]\n", encoding="utf-8")
    project = find_project(folder)
    created = [settings]
    for path in (folder / project.source_dir, folder / project.output_dir):
        if not path.is_dir():
            path.mkdir()
            created.append(path)
    for language in languages:
        glossary = folder / project.glossary(language).relative_to(project.root)
        if not glossary.exists():
            glossary.parent.mkdir(exist_ok=True)
            glossary.write_text(f"{','.join(COLUMNS)}\n", encoding="utf-8")
            created.append(glossary)
    return created
