"""`translate tm`: manage the translation memory."""

from __future__ import annotations

from collections.abc import Mapping

import click

from pipeline.cli.lazy_group import LazyGroup

COMMANDS: Mapping[str, str] = {
    "find": "Find translations by words, in German or in the translation, or by similarity.",
    "import": "Add a TMX file to the memory.",
    "export": "Write the approved translations to a TMX file.",
    "stats": "Count the translations in the memory.",
}


@click.command("tm", cls=LazyGroup, package="pipeline.cli.commands.tm", table=COMMANDS)
def command() -> None:
    """Manage the translation memory: import, export, find.

    The memory consists of the approved translations in all catalogs and of the TMX files
    of the project; see docs/memory.md.
    """
