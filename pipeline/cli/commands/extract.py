"""`translate extract`: write or update the catalogs without translating."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline import project
from pipeline.cli.console import ConsoleEvents, show_problems
from pipeline.cli.options import (
    as_new_option,
    encoding_option,
    jobs_option,
    json_option,
    languages_option,
    paths_argument,
    shard_option,
)
from pipeline.cli.output import echo, echo_json
from pipeline.workflows.extract import ExtractOptions, extract


@click.command("extract")
@paths_argument
@languages_option
@shard_option
@encoding_option
@click.option("--force-language", is_flag=True, help="Accept articles in any language as German.")
@as_new_option
@click.option(
    "-y",
    "--yes",
    "accept_renames",
    is_flag=True,
    help="Move the catalogs of renamed articles without asking.",
)
@jobs_option
@json_option
@click.pass_obj
def command(
    folder: Path | None,
    /,
    as_json: bool,
    **options: object,
) -> None:
    """Write or update the catalogs without translating.

    Updates the catalogs of all articles, or of the articles PATHS. Catalogs that are up to
    date keep every byte; human work is always preserved. The catalogs of a renamed article
    are renamed too.
    """
    loaded = project.load_project(folder)
    chosen = ExtractOptions(**options)  # type: ignore[arg-type]
    result = extract(loaded, chosen, ConsoleEvents())
    if as_json:
        echo_json({"changed": result.changed, "problems": result.problems})
        sys.exit(show_problems(result.problems))
    for path in result.changed:
        echo(f"updated {path.relative_to(loaded.root)}")
    if not result.changed and not result.problems:
        echo("All catalogs are up to date.")
    sys.exit(show_problems(result.problems))
