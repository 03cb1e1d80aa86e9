"""`translate tm stats`: count the translations in the memory."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import json_option, languages_option, trust_option
from pipeline.cli.output import echo, echo_json
from pipeline.cli.run_summary import table
from pipeline.project import Project, load_project
from pipeline.workflows.memory import MemoryCount, MemoryStatsOptions, stats


@click.command("stats")
@languages_option
@json_option
@trust_option
@click.pass_obj
def command(folder: Path | None, languages: tuple[str, ...], as_json: bool, trust: bool) -> None:
    """Count the translations in the memory.

    For each language: the approved translations in all catalogs, and the translations in
    each TMX file.
    """
    project = load_project(folder, trust=trust)
    counts = stats(project, MemoryStatsOptions(languages), ConsoleEvents())
    if as_json:
        echo_json(counts)
        return
    rows = [(one.language, _origin(project, one), str(one.translations)) for one in counts]
    for line in table(("lang", "from", "translations"), rows):
        echo(line)


def _origin(project: Project, count: MemoryCount) -> str:
    path = count.path
    if path is None:
        return "catalogs"
    return str(path.relative_to(project.root) if path.is_relative_to(project.root) else path)
