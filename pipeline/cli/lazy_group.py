"""A Click group that imports a command only when it is called, for a fast start."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from pipeline.cli.output import printable_errors


class LazyGroup(click.Group):
    """A group whose commands are modules of a package.

    `table` maps the name of each command to its short help.
    """

    def __init__(self, package: str, table: Mapping[str, str], **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]
        self.package = package
        self.table = table

    def make_context(self, *args: Any, **settings: Any) -> click.Context:
        """Parse the options of the group."""
        with printable_errors():
            return super().make_context(*args, **settings)

    def invoke(self, ctx: click.Context) -> Any:
        """Parse and run a command of the group."""
        with printable_errors():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order of the table."""
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
        """Write the list of commands from the table, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.table.items()))
