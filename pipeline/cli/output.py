"""Output of all commands: safe text for people, exact data for programs.

Commands print only through these functions: texts, file names and messages of servers may
contain control characters (see `core.terminal`).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO, TextIOWrapper
from typing import IO, Any

import click

from pipeline.core.terminal import printable

_STYLE = re.compile(r"(\x1b\[[0-9;]*m)")


def echo(text: str = "", *, err: bool = False, nl: bool = True, fg: str | None = None) -> None:
    """Print text for people; control characters and workflow commands are escaped."""
    safe = printable(text)
    click.echo(click.style(safe, fg=fg) if fg else safe, err=err, nl=nl)


def echo_styled(text: str, *, nl: bool = False) -> None:
    """Print text that contains styles (ANSI), which are kept; everything else is escaped."""
    pieces = _STYLE.split(text)
    safe = "".join(
        piece if position % 2 else printable(piece) for position, piece in enumerate(pieces)
    )
    click.echo(safe, nl=nl)


def echo_data(text: str, *, nl: bool = True) -> None:
    """Print data for programs as UTF-8, escaped only on a terminal.

    A surrogate becomes `\\udc80`, which JSON reads as the same character.
    """
    if sys.stdout.isatty():
        click.echo(printable(text), nl=nl)
    else:
        click.echo(text.encode(errors="backslashreplace"), nl=nl)


def tolerate_encodings() -> None:
    """Escape what the encoding of standard output or error cannot represent."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def printable_errors() -> Iterator[None]:
    """Escape the messages of Click's errors, which quote arguments."""
    try:
        yield
    except click.ClickException as error:
        raise _printable(error) from error


class _PrintableError(click.ClickException):
    """An error of Click that is printed escaped."""

    def __init__(self, error: click.ClickException) -> None:
        super().__init__(error.message)
        self._error = error

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the usage and the message on standard error."""
        stream = StringIO()
        self._error.show(stream)
        echo(stream.getvalue(), err=True, nl=False)


class _PrintableUsageError(_PrintableError):
    exit_code = 2


def _printable(error: click.ClickException) -> click.ClickException:
    if isinstance(error, _PrintableError):
        return error
    return (_PrintableUsageError if error.exit_code == 2 else _PrintableError)(error)
