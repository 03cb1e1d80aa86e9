"""Hostile names and arguments on standard output and error."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pipeline.cli.output import to_plain
from pipeline.core.types import TermStatus

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


def test_arguments_that_are_not_utf8_are_rejected_unless_they_are_paths(folder: Path) -> None:
    """A text or name would fail where it is stored or sent; a file may have any name."""
    (folder / os.fsdecode(b"caf\xe9")).mkdir()
    for words in (
        ("text", "-l", b"x\xff"),
        ("tm", "find", b"\xff"),
        ("extract", "--encoding", b"\xff"),
    ):
        done = run(folder, *words)
        assert done.returncode == 2
        assert b"is not valid UTF-8" in done.stderr
    assert b"too long" in run(folder, "check", "-o", "x" * 300).stderr
    assert b"too long" in run(folder, "-C", "x" * 300, "status").stderr
    assert run(folder, "check", "--allow-empty", b"caf\xe9").returncode == 0


def test_json_has_objects_arrays_and_places() -> None:
    """Objects with names that are no strings, counts, paths and enumerations."""
    value = {TermStatus.PREFERRED: Counter("aab"), (1, 2): (Path("a/b"), None, 0.5)}
    assert to_plain([value]) == [{"preferred": {"a": 2, "b": 1}, "(1, 2)": ["a/b", None, 0.5]}]
    with pytest.raises(TypeError, match="object has no representation"):
        to_plain(object())


def test_statistics_of_a_glossary_are_json(folder: Path) -> None:
    done = run(folder, "glossary", "stats", "--json", "-l", "en")
    (row,) = json.loads(done.stdout)
    assert row["uses"] == {"Stadtrat": 1, "Ausschreibung": 1}


def test_explanations_of_checks_are_json(folder: Path) -> None:
    everything = json.loads(run(folder, "check", "--explain", "--json").stdout)
    (one,) = json.loads(run(folder, "check", "--explain", "numbers", "--json").stdout)
    assert one in everything
    assert one["severity"] == "error"
