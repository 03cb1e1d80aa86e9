"""`translate models remove`: delete an installed model."""

from __future__ import annotations

import sys

import click
from rich.filesize import decimal

from pipeline import models
from pipeline.models import argos


@click.command("remove")
@click.argument("name", metavar="ID")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def command(name: str, yes: bool) -> None:
    """Delete an installed model.

    ID may be the pair of an Argos package (`de-en`). What an unfinished installation left
    goes too.
    """
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError(f"To delete {name} without being asked, add --yes.")
        click.confirm(f"Delete model {name}?", abort=True)
    freed = argos.remove(name) if argos.parse_pair(name) else models.remove(name)
    click.echo(f"removed {name}: {decimal(freed)} freed")
