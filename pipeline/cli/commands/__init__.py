"""The sub-commands, imported only when they are called.

A command is a module with the Click command `command`, named as the module is (a trailing
underscore, where the name is a Python keyword, does not count). Its line in a table of
this package gives its short help too, so that `--help` imports nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

COMMANDS: Mapping[str, str] = {
    "run": "Translate what is missing: articles in, catalogs of drafts out.",
    "status": "Show how far every article is in every language.",
    "approve": "Approve translations: they are no longer fuzzy.",
    "reset": "Make drafts missing again; the next run draws them anew.",
    "check": "Check catalogs: glossary, numbers, markup and more.",
    "build": "Build the translated articles from the catalogs.",
    "export": "Write catalogs for translators' tools, as XLIFF or CSV.",
    "import": "Take translated XLIFF or CSV files back into the catalogs.",
    "init": "Make a translation project here.",
    "extract": "Write or update the catalogs without translating.",
    "mv": "Rename an article with its catalogs, template and built files.",
    "segment": "Print the segments of an article.",
    "text": "Translate lines from standard input.",
    "merge": "Merge two versions of a catalog, entry by entry, as git's merge driver.",
    "doctor": "Name what is damaged in catalogs or a project, and how to mend it.",
    "glossary": "Look after glossaries: lint, find, import, export.",
    "tm": "Look after the translation memory: import, export, find.",
    "models": "Look after translation models: list, install, remove.",
}

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


def tell_host(host: str) -> None:
    """Say that text goes to a server, unless it is this machine; `--quiet` does not hide it."""
    from pipeline.engines.http.host import is_loopback

    if host and not is_loopback(host):
        note = f"note: the texts to translate leave this machine, for {host}"
        click.secho(note, fg="yellow", err=True)


class LazyGroup(click.Group):
    """A group whose commands are modules of a package, imported when they are called."""

    def __init__(self, package: str, table: Mapping[str, str], **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]
        self.package = package
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of the table, which is that of daily use."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in self.table:
            return None
        module_name = cmd_name.replace("-", "_") + ("_" if cmd_name == "import" else "")
        command = import_module(f"{self.package}.{module_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with the table's texts, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.table.items()))
