"""The terminal as the other side of a use case: shows its events and asks its questions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from pipeline.cli.model_progress import Display
from pipeline.cli.progress import Bar
from pipeline.workflows.events import Progress
from pipeline.workflows.extract import ArticleProblem


class ConsoleEvents:
    """Events on standard error; a question is asked only if standard input is a terminal.

    `quiet` hides notices and progress, never warnings. Details of a task are shown with
    `verbose`.
    """

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self._quiet, self._verbose = quiet, verbose
        self._download: Display | None = None

    def notice(self, message: str) -> None:
        """Print the message unless quiet."""
        self._end_download()
        if not self._quiet:
            click.echo(message, err=True)

    def warn(self, message: str) -> None:
        """Print the message in yellow."""
        self._end_download()
        click.secho(message, fg="yellow", err=True)

    def confirm(self, question: str, *, default: bool = True) -> bool | None:
        """Ask on the terminal; return None without one."""
        return click.confirm(question, default=default) if sys.stdin.isatty() else None

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[Progress]:
        """Show a bar, or plain lines if standard error is no terminal."""
        self._end_download()
        with Bar(label, total, quiet=self._quiet) as bar:
            yield bar if self._verbose else _WithoutNotes(bar)

    def downloading(self, done: int, total: int) -> None:
        """Show the bytes that have arrived, until the next event of another kind."""
        if self._download is None:
            self._download = Display(quiet=self._quiet)
        self._download.progress(done, total)

    def _end_download(self) -> None:
        if self._download:
            self._download.__exit__(None, None, None)
            self._download = None


class _WithoutNotes:
    def __init__(self, bar: Bar) -> None:
        self.advance = bar.advance

    def note(self, line: str) -> None:
        """Drop the detail."""


def show_problems(problems: tuple[ArticleProblem, ...]) -> None:
    """Print errors with their hints on standard error."""
    for problem in problems:
        hint = f"\n  {problem.hint}" if problem.hint else ""
        click.secho(f"error: {problem.message}{hint}", fg="red", err=True)
