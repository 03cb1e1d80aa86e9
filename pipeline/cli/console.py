"""Events of a use case on the terminal: messages, progress and questions."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from pipeline.cli.output import echo
from pipeline.cli.progress import BYTES, SEGMENTS, ProgressDisplay
from pipeline.core import PipelineError
from pipeline.core.terminal import printable
from pipeline.workflows.events import Progress

if TYPE_CHECKING:
    from pipeline.workflows.extract import ArticleProblem


STOPPED = 130
"""Exit code after Ctrl-C (128 + SIGINT)."""


class ConsoleEvents:
    """Events on standard error; a question is asked only if standard input is a terminal.

    `quiet` hides notices and progress, never warnings. Details of a task are shown with
    `verbose`.
    """

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self._quiet, self._verbose = quiet, verbose
        self._download: ProgressDisplay | None = None

    def notice(self, message: str) -> None:
        """Print the message unless quiet."""
        self.close()
        if not self._quiet:
            echo(message, err=True)

    def warn(self, message: str) -> None:
        """Print the message in yellow."""
        self.close()
        echo(message, fg="yellow", err=True)

    def confirm(self, question: str, *, default: bool = True) -> bool | None:
        """Ask on the terminal, on standard error; return None without one."""
        self.close()
        if sys.stdin is None or not sys.stdin.isatty():
            return None
        return click.confirm(printable(question), default=default, err=True)

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[Progress]:
        """Show a bar, or plain lines if standard error is no terminal."""
        self.close()
        with ProgressDisplay(SEGMENTS, label, total, quiet=self._quiet) as display:
            yield display if self._verbose else _WithoutNotes(display)

    def downloading(self, done: int, total: int) -> None:
        """Show the bytes that have arrived, until the next event of another kind."""
        if self._download is None:
            self._download = ProgressDisplay(BYTES, total=total, quiet=self._quiet)
        self._download.update(done, total)

    def close(self) -> None:
        """End the display of a download."""
        if self._download:
            self._download.close()
            self._download = None


class _WithoutNotes:
    def __init__(self, display: ProgressDisplay) -> None:
        self.advance = display.advance

    def note(self, line: str) -> None:
        """Drop the detail."""


@contextmanager
def downloads(events: ConsoleEvents) -> Iterator[None]:
    """End the display of downloads with the block, also after an error.

    If the user interrupts an installation, exit with `STOPPED` and advice.
    """
    from pipeline.workflows.models import InstallInterruptedError

    try:
        yield
    except InstallInterruptedError:
        events.close()
        echo("\nstopped: to continue, run the same command again", err=True)
        sys.exit(STOPPED)
    finally:
        events.close()


def show_problems(problems: Collection[ArticleProblem]) -> int:
    """Print errors with their hints on standard error; return `problems_code` of them.

    A folder that cannot be written is the problem of many articles; it is printed once.
    """
    for problem in dict.fromkeys(problems):
        hint = f"\n  {problem.hint}" if problem.hint else ""
        echo(f"error: {problem.message}{hint}", fg="red", err=True)
    return problems_code(problems)


def problems_code(problems: Iterable[ArticleProblem]) -> int:
    """Return the exit code for problems (0: none); 75 only if a retry may solve all of them."""
    codes = {problem.exit_code for problem in problems}
    return codes.pop() if len(codes) == 1 else PipelineError.exit_code if codes else 0
