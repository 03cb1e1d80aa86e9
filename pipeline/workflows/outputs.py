"""Write the files that the user names as output, and replace nothing but earlier outputs.

A typing mistake or a shell pattern (`check -o *.po`) must not destroy human work. So a
regular file is replaced only if its content shows that this tool wrote it as the same kind
of output, or if the user forces it. Files of a project are protected from both.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.core import GlossaryError, InterchangeError, PipelineError, TmxError
from pipeline.core.input import read_bytes
from pipeline.files import write_atomic
from pipeline.project import describe_project_file

__all__ = [
    "BASELINE",
    "CATALOG",
    "EXPORT",
    "REPORT",
    "STDOUT",
    "TERMBASE",
    "TMX",
    "OutputKind",
    "create_folder",
    "is_stdout",
    "is_stream",
    "require_writable",
    "write_output",
]

STDOUT = Path("-")
"""The name of standard output, for all outputs."""
_MAX_LINKS = 40  # the limit of Linux (path_resolution(7))
_DESCRIPTOR = re.compile(r"/dev/(?P<name>stdin|stdout|stderr)|/(?:dev|proc/self)/fd/(?P<fd>\d+)")
_NAMES = {"stdin": 0, "stdout": 1, "stderr": 2}


def _is_report(data: bytes) -> bool:
    from pipeline.checks.reports import is_report

    return is_report(data)


def _is_baseline(data: bytes) -> bool:
    from pipeline.checks.baseline import is_baseline

    return is_baseline(data)


@dataclass(frozen=True, slots=True)
class OutputKind:
    """A kind of output.

    `is_earlier` recognizes content that may be replaced; without, all content is protected,
    because people edit these outputs. `error` is raised for a file that is not overwritten.
    `project_files` are the kinds of project files that may be replaced by force.
    """

    name: str
    is_earlier: Callable[[bytes], bool] | None = None
    error: type[PipelineError] = PipelineError
    project_files: tuple[str, ...] = ()


REPORT = OutputKind("a report", _is_report)
BASELINE = OutputKind("a baseline", _is_baseline)
CATALOG = OutputKind("a catalog", project_files=("a catalog", "a template"))
EXPORT = OutputKind("an export", error=InterchangeError)
TMX = OutputKind("a TMX file", error=TmxError)
TERMBASE = OutputKind("a termbase", error=GlossaryError)


def is_stdout(path: Path | None) -> bool:
    """Return whether a path is `-`."""
    return path == STDOUT


def is_stream(path: Path) -> bool:
    """Return whether output is written into an existing stream: `-`, a device, a FIFO."""
    return is_stdout(path) or _descriptor(path) is not None or _is_special(path)


def require_writable(path: Path, kind: OutputKind, *, force: bool = False) -> None:
    """Raise PipelineError if `write_output` would not write a file.

    Call it before expensive work. `force` replaces any content but files of a project.
    """
    if is_stream(path):
        return
    real = Path(os.path.realpath(path))
    if real.is_dir():
        raise kind.error(f"{path}: is a folder", "Name a file.")
    require_folder(real.parent, path.parent)
    if not os.path.lexists(real):
        return
    owned = describe_project_file(real)
    if owned and owned not in kind.project_files:
        raise kind.error(
            f"{path}: exists and is {owned} of the project: not overwritten", "Name another file."
        )
    if force:
        return
    data = read_bytes(real, kind.error)
    if not data and not owned:
        return  # by mktemp(1), for example
    if kind.is_earlier is None:
        raise kind.error(
            f"{path}: exists already: not overwritten", "Add --force, or name another file."
        )
    if not kind.is_earlier(data):
        raise kind.error(
            f"{path}: exists and is not {kind.name}: not overwritten",
            "Add --force, or name another file.",
        )


def require_folder(folder: Path, named: Path | None = None) -> None:
    """Raise PipelineError if a folder is missing; `named` is its name in the message."""
    if not folder.is_dir():
        missing = "is not a folder" if folder.exists() else "no such folder"
        raise PipelineError(f"{named or folder}: {missing}", "Create it, or name another folder.")


def create_folder(folder: Path) -> None:
    """Create a folder for outputs, if it is missing; raise PipelineError for a file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        message = f"{folder}: is not a folder, or inside a file"
        raise PipelineError(message, "Name another folder.") from error


def write_output(path: Path, data: bytes, kind: OutputKind, *, force: bool = False) -> None:
    """Write an output file atomically, or into a stream.

    Raises PipelineError as `require_writable` does, or if the file cannot be written.
    """
    require_writable(path, kind, force=force)
    if not is_stream(path):
        write_atomic(path, data)
    else:
        _write_into(path, data)


def _write_into(path: Path, data: bytes) -> None:
    """Write into standard output, a device or FIFO; raises PipelineError."""
    try:
        if is_stdout(path):
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            return
        number = _descriptor(path)
        # Opening /dev/stdout anew would truncate the file to which it is redirected.
        sys.stdout.flush()
        target = os.open(path, os.O_WRONLY) if number is None else os.dup(number)
        with os.fdopen(target, "wb") as stream:
            stream.write(data)
    except BrokenPipeError:
        raise  # The command line ends silently.
    except OSError as error:
        name = "standard output" if is_stdout(path) else str(path)
        raise PipelineError(
            f"{name}: cannot write: {error.strerror}", "Name another file."
        ) from error


def _is_special(path: Path) -> bool:
    """Return whether a path is neither missing nor a regular file nor a folder."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _descriptor(path: Path) -> int | None:
    """Return the file descriptor of this process that a path leads to (/dev/stdout: 1)."""
    path = path.absolute()
    for _ in range(_MAX_LINKS):
        if match := _DESCRIPTOR.fullmatch(os.path.normpath(path)):
            return int(match["fd"]) if match["fd"] else _NAMES[match["name"]]
        try:
            path = path.parent / path.readlink()
        except OSError:
            return None
    return None
