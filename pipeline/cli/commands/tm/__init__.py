"""`translate tm`: look after the translation memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from pipeline.cli.lazy_group import LazyGroup

COMMANDS: Mapping[str, str] = {
    "find": "Show translations of a text and of texts like it.",
    "import": "Add a TMX file to the memory.",
    "export": "Write the approved translations to a TMX file.",
    "stats": "Count what is in the memory.",
}


@click.command("tm", cls=LazyGroup, package="pipeline.cli.commands.tm", table=COMMANDS)
def command() -> None:
    """Look after the translation memory: import, export, find.

    The memory is what humans have approved in all catalogs, and the TMX files of the
    project; docs/memory.md describes it.
    """


def reading(path: Path) -> None:
    """Tell that a large file is read, which takes a while and is done once."""
    click.echo(f"memory: reading {path}", err=True)
