"""`translate segment` as a user meets it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import translate

TEXT = "Der Hafen wächst\n\nDer Rat stimmte zu. Nr. 3 fehlte.\n\n  1. Geld: Es fehlt. Noch.\n"


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in no project."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(translate, ["segment", *arguments], input=stdin)


@pytest.mark.usefixtures("outside")
def test_prints_a_segment_a_line_with_its_list_marker() -> None:
    wanted = [
        "Der Hafen wächst",
        "Der Rat stimmte zu.",
        "Nr. 3 fehlte.",
        "1. Geld: Es fehlt.",
        "Noch.",
    ]
    for result in (run("a.txt"), run("-", stdin=TEXT.encode()), run(stdin=TEXT.encode())):
        assert result.exit_code == 0
        assert result.stdout.splitlines() == wanted


@pytest.mark.usefixtures("outside")
def test_json_gives_places_and_kinds() -> None:
    found = [json.loads(line) for line in run("a.txt", "--json").stdout.splitlines()]
    assert [TEXT[row["start"] : row["end"]] for row in found] == [row["text"] for row in found]
    assert found[3] == {
        "text": "Geld: Es fehlt.",
        "kind": "list item",
        "label": "list item 1, sentence 1 of 2",
        "line": 5,
        "column": 6,
        "start": 58,
        "end": 73,
    }
    assert "wächst" in run("a.txt", "--json").stdout


@pytest.mark.usefixtures("outside")
def test_paragraph_mode_prints_whole_blocks() -> None:
    result = run("a.txt", "--mode", "paragraph")
    assert result.stdout.splitlines()[1:] == [
        "Der Rat stimmte zu. Nr. 3 fehlte.",
        "1. Geld: Es fehlt. Noch.",
    ]


def test_the_project_tells_the_mode_unless_the_user_does(outside: Path) -> None:
    settings = 'languages = ["en"]\nsegmentation = "paragraph"\n'
    (outside / "translate.toml").write_text(settings, encoding="utf-8")
    assert len(run("a.txt").stdout.splitlines()) == 3
    assert len(run("a.txt", "--mode", "sentence").stdout.splitlines()) == 5


def test_encoding_is_that_of_the_option(outside: Path) -> None:
    (outside / "b.txt").write_bytes("Grüße.".encode("cp1252"))
    assert run("b.txt", "--encoding", "cp1252").stdout == "Grüße.\n"
    failed = run("b.txt")
    assert "not utf-8: byte 0xfc" in str(failed.exception)


@pytest.mark.usefixtures("outside")
def test_nothing_in_nothing_out() -> None:
    result = run("-", stdin=b"")
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.usefixtures("outside")
def test_a_line_break_of_any_kind_never_stands_in_a_line() -> None:
    text = "Eins\u2028Zwei\rDrei\x0cVier"
    assert run("-", stdin=text.encode()).stdout.split(os.linesep)[:-1] == text.splitlines()
