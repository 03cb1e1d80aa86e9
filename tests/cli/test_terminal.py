"""Colours, the width of help, closed pipes and full disks."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from pipeline.cli.main import translate as cli
from tests.conftest import Translate

COMMAND = f"{sys.executable} -m pipeline"


def contexts(
    command: click.Command, name: str, parent: click.Context | None = None
) -> Iterator[click.Context]:
    """The contexts of a command and its sub-commands."""
    settings = command.context_settings if parent is None else {}
    context = command.context_class(command, info_name=name, parent=parent, **settings)
    yield context
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            found = command.get_command(context, sub)
            assert found is not None
            yield from contexts(found, sub, context)


@pytest.mark.parametrize("columns", [40, 59, 60, 80, 100, 200])
def test_help_fits_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """No line of any command is longer, and none is longer than 90 columns."""
    monkeypatch.setenv("COLUMNS", str(columns))
    for context in contexts(cli, "translate"):
        longest = max(context.get_help().splitlines(), key=len)
        assert len(longest) <= min(columns, 90), (context.command_path, longest)


def on_terminal(folder: Path, *words: str, **variables: str) -> str:
    """Run the command with a terminal as its standard output and error."""
    controller, terminal = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "pipeline", *words],
        cwd=folder,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=os.environ | {"TERM": "xterm"} | variables,
    ) as process:
        os.close(terminal)
        data = b""
        while True:
            try:
                part = os.read(controller, 65536)
            except OSError:  # Linux reports the end of a terminal as an error
                break
            if not part:
                break
            data += part
        process.wait()
    os.close(controller)
    return data.decode()


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colours_can_be_switched_off(
    folder: Path, inside: Translate, variables: dict[str, str], coloured: bool
) -> None:
    """By NO_COLOR (unless it is empty) and by a terminal without colours."""
    inside("extract")
    for words in (("check", "--require-reviewed"), ("-C", "no", "run")):
        shown = on_terminal(folder, *words, **variables)
        assert shown
        assert ("\x1b[" in shown) is coloured, shown[:200]


PIPED = (
    "check --require-reviewed",
    "check --require-reviewed -o -",
    "export bruecke.txt -l en -o -",
    "tm export -",
    "--help",
    "check --help",
)


@pytest.mark.parametrize("words", PIPED)
def test_a_closed_pipe_is_no_fault(folder: Path, inside: Translate, words: str) -> None:
    """`… | true` ends silently with the exit code of a program that SIGPIPE stops."""
    inside("extract")
    # The reader has ended before the command starts.
    script = f"{{ sleep 0.3; {COMMAND} {words}; echo $? >&2; }} | true"
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True)
    assert done.stderr == "141\n"


def test_errors_to_a_closed_pipe_are_no_fault(folder: Path) -> None:
    """Neither is a message on standard error a reason for a traceback."""
    script = f"{{ sleep 0.3; {COMMAND} status no.txt 2>&1 >/dev/null; echo $? >&3; }} 3>&2 | true"
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True)
    assert done.stderr == "141\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
@pytest.mark.parametrize("words", ["status", "glossary export -", "check --help"])
def test_a_full_disk_is_reported(folder: Path, inside: Translate, words: str) -> None:
    """Output that was not written is an error with one line and a hint."""
    inside("extract")
    done = subprocess.run(
        ["bash", "-c", f"{COMMAND} {words} > /dev/full"], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode not in (0, 1, 2)
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
