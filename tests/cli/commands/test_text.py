"""`translate text` with the real model: a line in, a line out."""

import json

from tests.conftest import Translate


def test_lines(inside: Translate, kept_model: None) -> None:
    """As many lines come out as went in, an empty one stays empty."""
    done = inside("text", "--to", "en", text="Der Zug kam am 3. Mai an.\n\nEs regnet.\n")
    assert done.returncode == 0, done.stderr
    first, empty, last = done.stdout.splitlines()
    assert "train" in first.lower()
    assert "3" in first
    assert empty == ""
    assert "rain" in last.lower()


def test_json_lines_with_terms(inside: Translate, kept_model: None) -> None:
    """Each answer tells of each term whether it is respected, and that is true."""
    asked = [
        {"text": "Der Gipfel endete gestern.", "terms": {"Gipfel": "summit"}},
        {"text": "Die Regierung tagt.", "terms": {}},
    ]
    text = "".join(json.dumps(line) + "\n" for line in asked)
    done = inside("text", "--to", "en", "--jsonl", text=text)
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    (term,) = first["terms"]
    assert (term["source"], term["target"]) == ("Gipfel", "summit")
    assert term["respected"] == ("summit" in first["translation"].lower())
    assert second["terms"] == []
    assert "government" in second["translation"].lower()


def test_a_broken_line_is_named(inside: Translate) -> None:
    """The number of the line and the form it should have."""
    done = inside("text", "--to", "en", "--jsonl", text='{"txt": "Hallo"}\n')
    assert done.returncode == 3
    assert "standard input:1" in done.stderr
