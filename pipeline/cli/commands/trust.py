"""`translate trust`: allow settings of a project to reach beyond it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.output import echo
from pipeline.core import NoProjectError
from pipeline.project import Project, load_project
from pipeline.trust import describe, one_line
from pipeline.workflows.trust import TrustOptions, list_trust, revoke, trust


@click.command("trust")
@click.option("--list", "listing", is_flag=True, help="List the decisions on all projects.")
@click.option("--revoke", "revoking", is_flag=True, help="Forget the decisions on this project.")
@click.option("-y", "--yes", is_flag=True, help="Agree without asking.")
@click.pass_obj
def command(folder: Path | None, listing: bool, revoking: bool, yes: bool) -> None:
    """Allow settings of a project to reach beyond it.

    Shows the settings that send texts or keys to another machine, read files outside the
    project, load a model file or run a plug-in, and asks whether you trust them. A changed
    setting asks again. Other commands ask too when they need it. Decisions are stored in your
    configuration folder; docs/security.md describes them.
    """
    if listing + revoking + yes > 1:
        raise click.UsageError("Use only one of --list, --revoke and --yes.")
    if revoking:
        _revoke(folder or Path.cwd())
    elif listing:
        _list(folder)
    else:
        _trust(load_project(folder), yes)


def _trust(project: Project, yes: bool) -> None:
    result = trust(project, TrustOptions(yes), ConsoleEvents())
    root = one_line(str(project.root))
    if result.declined:
        echo(f"Nothing is stored: {root} stays without trust.")
        sys.exit(1)
    if not result.reaches:
        echo(f"No setting of {root} reaches beyond the project.")
    elif not result.agreed:
        echo(f"You trust the settings of {root} already:\n")
        echo("\n".join(describe(result.reaches)))
    else:
        echo(f"You trust {_count(len(result.agreed))} of {root}.")


def _list(folder: Path | None) -> None:
    project = _project(folder)
    found = list_trust(project, ConsoleEvents())
    for root, decisions in found.decisions.items():
        echo(one_line(root))
        for one in decisions:
            value = one_line(f"{one.setting} = {one.value}")
            echo(f"  {one_line(one.date)[:10]:10}  {value}")
    if not found.decisions:
        echo("You have not trusted any project.", err=True)
    if project and found.untrusted:
        echo(f"Not trusted in {one_line(str(project.root))}:")
        echo("\n".join(describe(found.untrusted)))


def _revoke(folder: Path) -> None:
    result = revoke(folder, ConsoleEvents())
    if not result.number:
        echo(f"There is no decision on {one_line(str(folder))}.")
        return
    echo(f"You no longer trust {_count(result.number)} of {one_line(result.project)}.")


def _count(number: int) -> str:
    return "1 setting" if number == 1 else f"{number} settings"


def _project(folder: Path | None) -> Project | None:
    try:
        return load_project(folder)
    except NoProjectError:
        return None
