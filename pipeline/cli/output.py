"""Output of all commands: safe text for people, exact data for programs.

Commands print only through these functions: texts, file names and messages of servers may
contain control characters (see `core.terminal`).
"""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import IO, Any

import click

from pipeline.checks.reports import place
from pipeline.core import PipelineError, system_error
from pipeline.core.secrets import environment_secrets
from pipeline.core.terminal import printable

READER_GONE = 141
"""Exit code if the reader of the output has ended (128 + SIGPIPE)."""
_DUMB = ("dumb", "unknown")
_STYLE = re.compile(r"(\x1b\[[0-9;]*m)")


def echo(text: str = "", *, err: bool = False, nl: bool = True, fg: str | None = None) -> None:
    """Print text for people; control characters and workflow commands are escaped."""
    safe = printable(text)
    with _writing(err):
        click.echo(click.style(safe, fg=fg) if fg else safe, err=err, nl=nl, color=_colour())


def echo_styled(text: str, *, nl: bool = False) -> None:
    """Print text that contains styles (ANSI), which are kept; everything else is escaped."""
    pieces = _STYLE.split(text)
    safe = "".join(
        piece if position % 2 else printable(piece) for position, piece in enumerate(pieces)
    )
    with _writing():
        click.echo(safe, nl=nl, color=_colour())


def echo_data(text: str, *, nl: bool = True) -> None:
    """Print data for programs as UTF-8, escaped only on a terminal.

    A surrogate becomes `\\udc80`, which JSON reads as the same character.
    """
    with _writing():
        if sys.stdout and sys.stdout.isatty():
            click.echo(printable(text), nl=nl)
        else:
            safe = environment_secrets().redact(text)
            click.echo(safe.encode(errors="backslashreplace"), nl=nl)


def echo_json(value: object, *, indent: int | None = 1) -> None:
    """Print a value as JSON (see `to_plain`); `indent=None` prints one line."""
    echo_data(json.dumps(to_plain(value), ensure_ascii=False, indent=indent))


def to_plain(value: object) -> Any:
    """Convert a value to what JSON has: dataclasses become objects, collections arrays.

    Paths are relative to the working directory if they are inside; names of enumerations and
    of objects are strings. Raises TypeError for any other value.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: to_plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): to_plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(item) for item in value]
    if isinstance(value, Path):
        return place(value)
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"{type(value).__name__} has no representation in JSON")


def is_smart_terminal() -> bool:
    """Return whether standard error is a terminal that can move the cursor."""
    return bool(sys.stderr) and sys.stderr.isatty() and os.environ.get("TERM") not in _DUMB


@contextmanager
def closed_pipes() -> Iterator[None]:
    """Exit with `READER_GONE` if the reader of the output, such as `head`, has ended.

    Otherwise Click would exit with 1. Help texts, which Click prints, may also fail otherwise.
    """
    try:
        yield
    except BrokenPipeError:
        _discard(1, 2)
        sys.exit(READER_GONE)
    except OSError as error:
        if error.filename is not None or error.errno != errno.ENOSPC:
            raise
        raise _unwritten(error) from error


@contextmanager
def _writing(err: bool = False) -> Iterator[None]:
    """Report that standard output cannot be written, for example to a full disk."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if not err:
            raise _unwritten(error) from error
        _discard(2)  # nobody can be informed


def _unwritten(error: OSError) -> PipelineError:
    _discard(1)
    hint = "Free disk space, or write to another file."
    return system_error("standard output", hint, error)


def _discard(*descriptors: int) -> None:
    """Redirect streams to the null device: what is in their buffers is written at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    for number in descriptors:
        os.dup2(null, number)


def _colour() -> bool | None:
    """Return False if the user wants no colours (no-color.org), None to let Click decide."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") in _DUMB else None


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
