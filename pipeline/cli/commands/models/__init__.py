"""`translate models`: manage translation models."""

from __future__ import annotations

from collections.abc import Mapping

import click

from pipeline.cli.lazy_group import LazyGroup

COMMANDS: Mapping[str, str] = {
    "list": "List the models, and which are installed.",
    "info": "Show the size, licence and languages of a model.",
    "install": "Install a model or a package, or add a file of your own.",
    "remove": "Delete an installed model.",
    "calibrate": "Correct the confidence of drafts by what reviewers approved or edited.",
}


@click.command("models", cls=LazyGroup, package="pipeline.cli.commands.models", table=COMMANDS)
def command() -> None:
    """Manage translation models: list, install, remove.

    All projects share one folder of models: $TRANSLATE_MODELS, or a folder in your data
    directory. Of these commands, only `install` uses the network.
    """
