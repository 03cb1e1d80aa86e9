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
model_option = click.option(
    "--model", default="", metavar="ID|PATH",
    help="The model to draft with, or a .gguf file [default: the setting].",
)  # fmt: skip
offline_option = click.option(
    "--offline", is_flag=True, help="Refuse to send text to any other machine, or to fetch models."
)


def engine_option(function: F) -> F:
    """Add `--engine`. The registry of engines is imported by the commands that draft."""
    from pipeline.engines.registry import engine_help

    return click.option("--engine", default="", metavar="NAME", help=engine_help())(function)


def quality_option(function: F) -> F:
    """Add `--quality`, as declared by the engines that have this option."""
    from pipeline.engines.registry import command_line_options

    option, text = command_line_options()["quality"]
    return click.option(f"--{option.name}", type=click.Choice(option.choices), help=text)(function)


def review_options(function: F) -> F:
    """The options that narrow down entries, and those of a command that asks first."""
    options = (
        click.option(
            "--engine", default="", metavar="NAME",
            help="Only those drafted by this engine, or from `memory` or `source`.",
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
