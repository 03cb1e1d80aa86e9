"""`translate completion`: print the completion script of a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from pipeline.cli.completion import PROGRAM, SHELLS, VARIABLE, current_shell
from pipeline.cli.output import echo_data


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS), required=False)
@click.pass_context
def command(ctx: click.Context, shell: str | None) -> None:
    """Print the script that lets your shell complete commands.

    Completes commands, options, languages, articles, checks, engines and models. SHELL is
    that of $SHELL by default. Add one of these lines to the start-up file of your shell:

    \b
      eval "$(translate completion bash)"
      eval "$(translate completion zsh)"
      translate completion fish | source
    """
    name = shell or current_shell()
    if not name:
        raise click.UsageError(f"Which shell? Name one of {', '.join(SHELLS)}.")
    kind = get_completion_class(name)
    assert kind is not None
    echo_data(kind(ctx.find_root().command, {}, PROGRAM, VARIABLE).source())
