"""`translate weblate`: write what Weblate needs for a project with many catalogs."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.checks.reports import place
from pipeline.cli.console import ConsoleEvents
from pipeline.cli.output import echo
from pipeline.core import counted
from pipeline.project import load_project
from pipeline.workflows.weblate import WeblateOptions, weblate


@click.command("weblate")
@click.option("--repo", required=True, metavar="URL", help="Repository, as Weblate reaches it.")
@click.option("--branch", default="main", show_default=True, help="Branch of the repository.")
@click.option("--push", default="", metavar="URL", help="Where Weblate pushes translations.")
@click.option("--slug", default="", help="Project in Weblate [default: from the project's name].")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("weblate"),
    show_default=True,
    help="Folder for the files.",
)
@click.option("--force", is_flag=True, help="Replace files that this command did not write.")
@click.pass_obj
def command(
    folder: Path | None, repo: str, branch: str, push: str, slug: str, target: Path, force: bool
) -> None:
    """Write what Weblate needs for this project.

    One component for each article, for Weblate's command import_json and its API; the
    settings of the component discovery add-on; and the glossaries. See docs/weblate.md.
    """
    options = WeblateOptions(target, repo, branch, push, slug, force)
    result = weblate(load_project(folder), options, ConsoleEvents())
    for path in result.written:
        echo(f"wrote {place(path)}")
    echo(counted(result.components, "component"))
