"""Completion by the shell, through the protocol of Click."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import get_completion_class

from pipeline.checks.registry import CHECKS
from pipeline.cli.main import translate as cli
from tests.conftest import Translate

SHELLS = ("bash", "zsh", "fish")


def complete(folder: Path, line: str, shell: str = "bash") -> set[str]:
    """The words that a shell gets for a line, whose last word is incomplete."""
    words = line.split(" ")
    number = words[-1] if shell == "fish" else str(len(words) - 1)
    variables = {"COMP_WORDS": line, "COMP_CWORD": number}
    kind = get_completion_class(shell)
    assert kind is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, value in variables.items():
            patch.setenv(name, value)
        lines = kind(cli, {}, "translate", "_TRANSLATE_COMPLETE").complete().splitlines()
    if shell == "bash":
        return {one.partition(",")[2] for one in lines}
    if shell == "zsh":  # type, value, help
        return set(lines[1::3])
    return {one.partition(",")[2].partition("\t")[0] for one in lines} | set(lines[1::3])


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("translate che", {"check"}),
        ("translate glossary st", {"stats"}),
        ("translate status --lang ", {"en", "fr"}),
        ("translate status b", {"bruecke.txt"}),
        ("translate build -l en mai/", {"mai/elbe.txt"}),
        ("translate run --engine ar", {"argos"}),
        ("translate reset --engine mem", {"memory"}),
        ("translate check --check num", {"numbers"}),
        ("translate run --ofl", set()),
    ],
)
def test_words_are_completed(folder: Path, shell: str, line: str, expected: set[str]) -> None:
    """Commands, languages, articles, engines and checks, in each shell."""
    (folder / "source_de/mai").mkdir()
    (folder / "source_de/mai/elbe.txt").write_text("Hallo.\n", encoding="utf-8")
    assert expected <= complete(folder, line, shell)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("translate check --skip ", {check.id for check in CHECKS}),
        ("translate check --explain wh", {"whitespace"}),
        ("translate check bruecke.txt ", {""}),  # no further article: files
        ("translate check output/", {"output/"}),
        ("translate -C . init --lang ", {"en", "fr"}),
        ("translate approve --", None),
        ("translate check --format s", {"sarif"}),
    ],
)
def test_bash_completes_exactly(folder: Path, line: str, expected: set[str] | None) -> None:
    """Nothing else is proposed; what is no article is completed as a file."""
    found = complete(folder, line)
    if expected is None:
        assert {"--drafts", "--lang", "--dry-run"} <= found
    else:
        assert found == expected


@pytest.mark.parametrize("settings", ["languages = 3", "[", 'languages = ["en"]\nunknown = 1'])
def test_wrong_settings_do_not_disturb_typing(folder: Path, settings: str) -> None:
    """No error is printed between the words of the user."""
    (folder / "translate.toml").write_text(settings, encoding="utf-8")
    assert "fr" in complete(folder, "translate status --lang ")
    assert complete(folder, "translate status b") == {"b"}


def test_the_script_completes_in_bash(folder: Path, translate: Translate) -> None:
    """The printed script defines the completion of `translate` for an interactive shell."""
    program = folder / "translate"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m pipeline "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = translate("completion", "bash").stdout
    ask = (
        f"{script}\ncompopt() {{ :; }}\nCOMP_WORDS=(translate status br)\nCOMP_CWORD=2\n"
        '_translate_completion ./translate br status\necho "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", ask], cwd=folder, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("bruecke.txt\n", "")


@pytest.mark.parametrize("shell", SHELLS)
def test_scripts_name_the_variable_of_the_program(inside: Translate, shell: str) -> None:
    """By name, or for the user's shell."""
    named = inside("completion", shell)
    assert f"_TRANSLATE_COMPLETE={shell}_complete" in named.stdout
    assert inside("completion", SHELL=f"/usr/bin/{shell}").stdout == named.stdout


def test_an_unknown_shell_is_wrong_usage(inside: Translate) -> None:
    """The message lists the shells."""
    for done in (inside("completion", "tcsh"), inside("completion", SHELL="/bin/tcsh")):
        assert done.returncode == 2
        assert all(shell in done.stderr for shell in SHELLS)
