"""`translate models`: look after translation models."""

from __future__ import annotations

from collections.abc import Mapping

import click

from pipeline.cli.lazy_group import LazyGroup

COMMANDS: Mapping[str, str] = {
    "list": "List the models, and which are installed.",
    "info": "Tell what a model is, and what it is fit for.",
    "install": "Fetch a model or an Argos package, or add a file of your own.",
    "remove": "Delete an installed model.",
}


@click.command("models", cls=LazyGroup, package="pipeline.cli.commands.models", table=COMMANDS)
def command() -> None:
    """Look after translation models: list, install, remove.

    Models are kept in one folder for all projects: $TRANSLATE_MODELS, or one in your
    data folder. Only `install` uses the network.
    """
