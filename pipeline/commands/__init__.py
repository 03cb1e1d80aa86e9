"""The sub-commands, imported only when they are called.

A command is a module with the Click command `command`, named as the module is (a trailing
underscore, where the name is a Python keyword, does not count). Its line in a table of
this package gives its short help too, so that `--help` imports nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import click

COMMANDS: Mapping[str, str] = {
    "run": "Translate what is missing: articles in, catalogs of drafts out.",
    "status": "Show how far every article is in every language.",
    "check": "Check catalogs: glossary, numbers, markup and more.",
    "build": "Build the translated articles from the catalogs.",
    "init": "Make a translation project here.",
    "extract": "Write or update the catalogs without translating.",
    "segment": "Print the segments of an article.",
    "text": "Translate lines from standard input.",
    "glossary": "Look after glossaries: lint, find, import, export.",
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
