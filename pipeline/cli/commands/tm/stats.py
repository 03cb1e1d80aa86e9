"""`translate tm stats`: what is in the memory."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from pipeline.cli.commands.tm import reading
from pipeline.cli.options import languages_option
from pipeline.cli.run_summary import table
from pipeline.memory.memory import TranslationMemory
from pipeline.project import Project, load_project


@click.command("stats")
@languages_option
@click.pass_obj
def command(folder: Path | None, languages: tuple[str, ...]) -> None:
    """Count what is in the memory.

    For every language: the approved translations of all catalogs, and those of every TMX
    file.
    """
    project = load_project(folder)
    rows = stats(project, project.select_languages(languages))
    for line in table(("lang", "from", "translations"), rows):
        click.echo(line)


def stats(project: Project, languages: Sequence[str]) -> list[tuple[str, str, str]]:
    """Count the translations by language and by where they are from."""
    rows = []
    with closing(TranslationMemory(project)) as memory:
        for language in languages:
            memory.refresh(language, reading)
            counts = memory.counts(language)
            catalogs = set(project.catalogs(language))
            own = sum(number for path, number in counts.items() if path in catalogs)
            rows.append((language, "catalogs", str(own)))
            files = [path for path in counts if path not in catalogs]
            rows += [(language, _shown(project, path), str(counts[path])) for path in files]
    return rows


def _shown(project: Project, path: Path) -> str:
    return str(path.relative_to(project.root) if path.is_relative_to(project.root) else path)
