"""`translate glossary find`: one line of output per line of text."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import translate
from pipeline.core.errors import ArticleError

ROWS = "source,target\nSanktion,sanction\nGipfel,summit|top\n"


@pytest.fixture
def glossary(tmp_path: Path) -> Path:
    path = tmp_path / "terms.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def find(text: bytes, *options: str | Path) -> Result:
    return CliRunner().invoke(
        translate, ["glossary", "find", *map(str, options)], input=text, catch_exceptions=False
    )


def test_json_has_one_object_per_line_with_places_in_characters(glossary: Path) -> None:
    text = "Neue Sanktionen!\n\n„Ü“ Sanktionspolitik\r\nDes Gipfels".encode()
    result = find(text, "--glossary", glossary, "--json")
    sanction = {"source": "Sanktion", "target": "sanction"}
    summit = {"source": "Gipfel", "target": "summit"}
    assert [json.loads(line) for line in result.output.splitlines()] == [
        {"terms": [{**sanction, "start": 5, "end": 15, "compound": False}]},
        {"terms": []},
        {"terms": [{**sanction, "start": 4, "end": 12, "compound": True}]},
        {"terms": [{**summit, "start": 4, "end": 11, "compound": False}]},
    ]


def test_a_reader_sees_places_and_targets(glossary: Path) -> None:
    result = find(b"Des Gipfels Sanktionspolitik\n\n", "--glossary", glossary)
    assert result.output.splitlines() == ["Gipfels → summit; [Sanktion → sanction]", "-"]


def test_other_line_separators_do_not_add_lines(glossary: Path) -> None:
    """A form feed or U+2028 inside a line must not shift the lines that follow."""
    result = find("a\x0cb\u2028c\x85d\nGipfel\n".encode(), "--glossary", glossary, "--json")
    assert [bool(json.loads(line)["terms"]) for line in result.output.splitlines()] == [
        False,
        True,
    ]


def test_a_file_is_read_like_standard_input(glossary: Path, tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_bytes(b"\xef\xbb\xbfGipfel\r\n")
    result = find(b"", "--glossary", glossary, "--json", article)
    (term,) = json.loads(result.output)["terms"]
    assert (term["start"], term["end"]) == (0, 6)


def test_bytes_that_are_no_utf8_are_named_by_line(glossary: Path) -> None:
    with pytest.raises(ArticleError, match=":2: not UTF-8"):
        find(b"Gipfel\n\xff\n", "--glossary", glossary)


def test_a_project_knows_its_glossary(folder: Path) -> None:
    result = CliRunner().invoke(
        translate, ["-C", str(folder), "glossary", "find"], input="Der Stadtrat tagt"
    )
    assert result.output == "Stadtrat → city council\n"
