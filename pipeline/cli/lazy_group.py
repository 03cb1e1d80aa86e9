"""A Click group that imports a command only when it is called, for a fast start."""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from pipeline.cli.help import HelpContext
from pipeline.cli.output import closed_pipes, printable_errors
from pipeline.core import suggest

_SURROGATE = re.compile("[\ud800-\udfff]")


class CommandContext(HelpContext):
    """The input boundary of the command line: rejects arguments that no command can use.

    An argument that is not UTF-8 reaches Python with lone surrogates. A path may be such an
    argument; a name or text would fail wherever it is stored, sent or compared.
    """

    def invoke(self, *args: Any, **settings: Any) -> Any:
        """Run the command; raises BadParameter for an argument that is not usable."""
        for parameter in self.command.params:
            value = self.params.get(parameter.name or "")
            for one in value if isinstance(value, tuple) else (value,):
                if problem := _find_problem(one):
                    raise click.BadParameter(problem, ctx=self, param=parameter)
        return super().invoke(*args, **settings)


def _find_problem(value: object) -> str:
    """Return why an argument cannot be used, "" if it can."""
    if isinstance(value, str) and _SURROGATE.search(value):
        return f"{value!r} is not valid UTF-8"
    if isinstance(value, Path):
        try:
            value.lstat()
        except ValueError:
            return f"{str(value)!r} is not a file name"
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                return "the file name is too long"
    return ""


class LazyGroup(click.Group):
    """A group whose commands are modules of a package.

    `table` maps the name of each command to its short help.
    """

    context_class = CommandContext

    def __init__(self, package: str, table: Mapping[str, str], **settings: object) -> None:
        super().__init__(**settings)  # type: ignore[arg-type]
        self.package = package
        self.table = table

    def make_context(self, *args: Any, **settings: Any) -> click.Context:
        """Parse the options of the group."""
        with closed_pipes(), printable_errors():
            return super().make_context(*args, **settings)

    def invoke(self, ctx: click.Context) -> Any:
        """Parse and run a command of the group."""
        with closed_pipes(), printable_errors():
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
        command.context_class = CommandContext
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown name is an error that proposes the most similar."""
        name = args[0]
        if name in self.table or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        nested = [f"{group} {name}" for group in self._groups_with(name)]
        if nested:
            hint = f"Did you mean {' or '.join(map(repr, nested))}?"
        else:
            hint = suggest(name, self.table, "Commands")
        raise click.UsageError(f"No such command {name!r}. {hint}", ctx)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete commands from the table, without importing them, and options."""
        commands = [
            CompletionItem(name, help=text)
            for name, text in self.table.items()
            if name.startswith(incomplete)
        ]
        return [*commands, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.table.items()))

    def _groups_with(self, name: str) -> Sequence[str]:
        """Return the groups of this group that have a command with a name."""
        context = click.Context(self)
        groups = ((one, self.get_command(context, one)) for one in self.table)
        return [
            one for one, group in groups if isinstance(group, LazyGroup) and name in group.table
        ]
