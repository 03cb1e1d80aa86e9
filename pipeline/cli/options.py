"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

paths_argument = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
languages_option = click.option(
    "-l", "--lang", "languages", multiple=True, metavar="CODE",
    help="Only this language; repeat it for more.",
)  # fmt: skip
encoding_option = click.option(
    "--encoding", default="", help="Encoding of the articles [default: the setting]."
)
as_new_option = click.option(
    "--as-new", is_flag=True, help="Take articles that look like renamed ones for new ones."
)
engine_option = click.option(
    "--engine", default="", metavar="NAME",
    help="What drafts: auto, llama, openai, … [default: the setting]; see docs/engines.md.",
)  # fmt: skip
model_option = click.option(
    "--model", default="", metavar="ID|PATH",
    help="The model to draft with, or a .gguf file [default: the setting].",
)  # fmt: skip
quality_option = click.option(
    "--quality", type=click.Choice(["fast", "balanced", "best"]),
    help="How hard the llama engine tries [default: its setting, else balanced].",
)  # fmt: skip
offline_option = click.option(
    "--offline", is_flag=True, help="Refuse to send text to any other machine, or to fetch models."
)


def review_options(function: F) -> F:
    """The options that narrow down entries, and those of a command that asks first."""
    options = (
        click.option(
            "--engine", default="", metavar="NAME",
            help="Only those drafted by this engine: memory, source, llama …",
        ),
        click.option(
            "--match", default="", metavar="TEXT",
            help="Only those with this text in the German or the translation.",
        ),
        click.option(
            "--findings/--no-findings", default=None,
            help="Only those in which a check finds something, or nothing.",
        ),
        click.option("-y", "--yes", is_flag=True, help="Do it without asking."),
        click.option("-n", "--dry-run", is_flag=True, help="Only show what would be done."),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function
