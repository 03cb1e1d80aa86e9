"""The command `translate`: global options, error messages and exit codes."""

from __future__ import annotations

import atexit
import gc
import sys
from pathlib import Path

import click

from pipeline import __version__
from pipeline.cli.commands import COMMANDS
from pipeline.cli.lazy_group import LazyGroup
from pipeline.cli.output import READER_GONE, echo, tolerate_encodings
from pipeline.cli.redaction import redact_streams
from pipeline.core import PipelineError, RetryLaterError, interrupts, system_error, waiting

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


def run() -> int:
    """Run the command line, report its error, and return the exit code."""
    # The process is about to end: skip the last garbage collection.
    atexit.register(gc.freeze)
    interrupts.install()
    tolerate_encodings()
    redact_streams()
    waiting.set_reporter(lambda message: echo(message, fg="yellow", err=True))
    try:
        return _run()
    except BrokenPipeError:
        return READER_GONE


def _run() -> int:
    """Run the command line; raises BrokenPipeError if an error cannot be reported."""
    try:
        with interrupts.recognized():
            code = _invoke()
            sys.stdout.flush()
            return code
    except PipelineError as error:
        return _report(error)
    except interrupts.InterruptedRunError as stop:
        echo("\ninterrupted", err=True)
        return stop.exit_code
    except BrokenPipeError:
        raise
    except OSError as error:
        hint = "Check the disk and the permissions. Files are unchanged or complete."
        return _report(system_error(error.filename or "the system", hint, error))
    except MemoryError:
        hint = "Close other programs, or process fewer or shorter articles."
        return _report(RetryLaterError("out of memory", hint))


def _invoke() -> int:
    """Call Click; return its exit code."""
    try:
        code = translate.main(prog_name="translate", standalone_mode=False)
    except SystemExit as stop:
        code = stop.code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort as abort:
        if isinstance(abort.__cause__, KeyboardInterrupt):
            raise
        echo("aborted", err=True)
        return 1
    return code if isinstance(code, int) else 0


def _report(error: PipelineError) -> int:
    echo(f"error: {error.message}", fg="red", err=True)
    if error.hint:
        echo(f"  {error.hint}", err=True)
    return error.exit_code
