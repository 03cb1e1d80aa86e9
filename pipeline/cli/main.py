"""The command `translate`: global options, and the one place that words a PipelineError."""

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
from pipeline.core.errors import PipelineError

EPILOG = """\b
Exit codes: 0 fine; 1 `check` or `doctor` found errors, `build` refused, `merge` left
conflicts, or `run` or `import` left segments out; 2 wrong usage; 3 could not do it (the
message says why)."""


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
    help="The project's folder [default: here, or the nearest folder above that is one].",
)
@click.version_option(__version__, "-V", "--version", prog_name="translate")
@click.pass_context
def translate(ctx: click.Context, project: Path | None) -> None:
    """Translate German articles into catalogs for human review, and build them.

    A usual day: `translate run`, review the catalogs under output/ in any gettext
    editor, `translate check`, `translate build`.
    """
    ctx.obj = project


def main() -> None:
    """Run the command line; exits with the documented codes."""
    # The process ends: the collector need not look through all that is in memory once more.
    atexit.register(gc.freeze)
    try:
        translate(prog_name="translate")
    except PipelineError as error:
        click.secho(f"error: {error.message}", fg="red", err=True)
        if error.hint:
            click.echo(f"  {error.hint}", err=True)
        sys.exit(3)
    except BrokenPipeError:
        # The reader (`head`, say) went away: that is no fault, and nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


if __name__ == "__main__":
    main()
