"""A Click group that imports a command only when it is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click


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
