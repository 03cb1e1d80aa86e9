"""`translate models remove`: delete an installed model."""

from __future__ import annotations

import click

from pipeline.cli.completion import complete_models
from pipeline.cli.console import ConsoleEvents
from pipeline.cli.output import echo
from pipeline.workflows.models import remove


@click.command("remove")
@click.argument("name", metavar="ID", shell_complete=complete_models)
@click.option("-y", "--yes", is_flag=True, help="Delete without asking.")
def command(name: str, yes: bool) -> None:
    """Delete an installed model.

    ID is the ID of a model (`firefox:de-en` for a Firefox model) or the pair of languages of
    a package (`de-en`). Unfinished downloads are deleted too.
    """
    from rich.filesize import decimal

    events = ConsoleEvents()
    agreed = True if yes else events.confirm(f"Delete model {name}?", default=False)
    if agreed is None:
        raise click.UsageError(f"To delete {name} without being asked, add --yes.")
    if not agreed:
        raise click.Abort
    echo(f"removed {name}: {decimal(remove(name, events))} freed")
