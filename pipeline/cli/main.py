"""The command `translate`: global options, error messages and exit codes."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from pathlib import Path

import click

from pipeline import __version__
from pipeline.cli.commands import COMMANDS
from pipeline.cli.lazy_group import LazyGroup
from pipeline.cli.output import echo, tolerate_encodings
from pipeline.core import PipelineError

EPILOG = "Exit codes are described in docs/commands.md."


@click.command(
    cls=LazyGroup,
    package="pipeline.cli.commands",
    table=COMMANDS,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 90},
)
@click.option(
    "-C",
    "--project",
    "project",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the project [default: the nearest, from the working directory upwards].",
)
@click.version_option(__version__, "-V", "--version", prog_name="translate")
@click.pass_context
def translate(ctx: click.Context, project: Path | None) -> None:
    """Translate German articles into catalogs for human review, and build them.

    Typical use: `translate run`, review the catalogs in output/ with any gettext editor,
    `translate check`, `translate build`.
    """
    ctx.obj = project


def main() -> None:
    """Run the command line and exit with the codes of docs/commands.md."""
    # The process is about to end: skip the last garbage collection.
    atexit.register(gc.freeze)
    tolerate_encodings()
    try:
        translate(prog_name="translate")
    except PipelineError as error:
        echo(f"error: {error.message}", fg="red", err=True)
        if error.hint:
            echo(f"  {error.hint}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader (for example `head`) closed the pipe. This is not an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


if __name__ == "__main__":
    main()
