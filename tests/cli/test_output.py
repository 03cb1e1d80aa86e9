"""Hostile names and arguments on standard output and error."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOSTILE = "\x1b[2J\u202e"


def run(
    root: Path, *arguments: str | bytes, **environment: str
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        cwd=root,
        env=os.environ | environment,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        (HOSTILE,),
        ("check", f"--{HOSTILE}"),
        ("check", HOSTILE),
        ("-C", HOSTILE, "status"),
        ("run", HOSTILE + ".txt"),
        ("check", "--skip", "\n::error::pwned"),
    ],
)
def test_arguments_are_quoted_safely(folder: Path, arguments: tuple[str, ...]) -> None:
    """A message that quotes an argument contains no control character and no command."""
    done = run(folder, *arguments)
    assert done.returncode in (2, 3)
    assert b"\x1b" not in done.stderr
    assert "\u202e" not in done.stderr.decode()
    assert b"Traceback" not in done.stderr
    assert not [line for line in done.stderr.splitlines() if line.startswith(b"::")]


def test_output_in_an_encoding_without_the_characters(folder: Path) -> None:
    """A locale without quotation marks gets escapes, not a traceback."""
    done = run(folder, "run", "schräg–.txt", PYTHONIOENCODING="latin-1")
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False)
    assert b"schr\xe4g\\u2013.txt" in done.stderr
