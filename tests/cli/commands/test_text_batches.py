"""`translate text` with an engine that computes many texts at once: a real Argos package."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from threading import Timer

import pytest

from tests.models.argos import DE_EN
from tests.models.argos.installed import installed
from tests.models.argos.sentences import sentences

COMMAND = [sys.executable, "-m", "pipeline", "text", "--to", "en", "--engine", "argos"]
PRAISED = "Der Minister hat das Treffen in Wien gelobt."
TEXTS = list({s.de: None for s in sentences(400, seed=3)})[:100]


@pytest.fixture(autouse=True)
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pytest.MonkeyPatch]:
    """A store with the package from German to English."""
    with installed(tmp_path_factory.mktemp("argos"), DE_EN) as patch:
        yield patch


def run(data: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *options], input=data, capture_output=True, check=False)


def translated(*texts: str) -> list[str]:
    done = run("".join(f"{text}\n" for text in texts).encode())
    assert done.stderr == b""
    return done.stdout.decode().splitlines()


def test_many_lines_come_out_in_their_order() -> None:
    """Empty lines, one that stands twice and one without an end among them; as one by one."""
    (praised,) = translated(PRAISED)
    assert "minister" in praised
    texts = [*TEXTS[:50], "", PRAISED, *TEXTS[50:], PRAISED, " "]
    data = "\n".join(texts).encode().removesuffix(b"\n ")
    lines = run(data).stdout.decode().splitlines()
    assert len(lines) == len(texts) - 1
    assert [number for number, line in enumerate(lines) if line == ""] == [50]
    assert [number for number, line in enumerate(lines) if line == praised] == [51, 102]
    assert translated(TEXTS[7], TEXTS[80]) == [lines[7], lines[82]]


def test_a_line_is_answered_before_the_next_one_is_there() -> None:
    """So that another program can ask and wait."""
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as running:
        assert running.stdin
        assert running.stdout
        watch = Timer(120, running.kill)  # else a lost answer would be waited for without end
        watch.start()
        for text in TEXTS[:3]:
            running.stdin.write(text.encode() + b"\n")
            running.stdin.flush()
            assert running.stdout.readline().strip()
        running.stdin.close()
        assert running.wait() == 0
        watch.cancel()


def test_the_same_text_with_other_terms() -> None:
    """Each line has its own terms, though all come at once."""
    terms = ["minister", "secretary", "minister"]
    lines = [json.dumps({"text": PRAISED, "terms": {"Minister": term}}) for term in terms]
    done = run("\n".join(lines).encode(), "--jsonl")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["terms"][0]["target"] for answer in answers] == terms
    for answer, term in zip(answers, terms, strict=True):
        assert answer["terms"][0]["respected"] == (term in answer["translation"].lower())
    assert all(answer["terms"][0]["respected"] for answer in answers)


@pytest.mark.parametrize(
    ("bad", "options", "message"),
    [
        (b"F\xfcnf", (), "standard input:3: not UTF-8"),
        (b'{"text": 5}', ("--jsonl",), "standard input:3: not an object"),
    ],
)
def test_what_stands_before_a_bad_line_is_answered(
    bad: bytes, options: tuple[str, ...], message: str
) -> None:
    """The message names the line and a hint; nothing after it is translated."""
    good = json.dumps({"text": PRAISED}) if options else PRAISED
    done = run(b"\n".join([good.encode(), good.encode(), bad, good.encode()]), *options)
    assert done.returncode == 3
    assert message in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert len(done.stdout.splitlines()) == 2


def test_without_standard_input() -> None:
    """A service may have none: there is nothing to translate."""
    closed = ["bash", "-c", 'exec "$@" <&-', "closed", *COMMAND]
    done = subprocess.run(closed, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_lines_of_other_systems() -> None:
    """A mark of UTF-8 at the beginning and line ends of Windows are no part of the text."""
    (praised,) = translated(PRAISED)
    done = run(b"\xef\xbb\xbf" + f"{PRAISED}\r\n{PRAISED}\r\n".encode())
    assert done.stdout.decode().splitlines() == [praised, praised]


def test_a_line_that_a_format_cannot_read_is_named() -> None:
    """The lines around it are translated."""
    good = PRAISED.encode()
    done = run(b"\n".join([good, b"> " * 300 + good, good]), "--format", "markdown")
    assert done.returncode == 1
    assert done.stderr.decode().startswith("line 2: blocks are nested deeper than 100 levels.")
    first, second, third = done.stdout.decode().splitlines()
    assert first == third
    assert "minister" in first
    assert second == ""


def test_what_is_no_text_is_copied() -> None:
    """An address, a number and markup alone; a term of the user is still required."""
    data = f"<a>https://example.org/x</a>\n{PRAISED}\n<b>12,5</b>\nwww.example.org\n"
    lines = run(data.encode(), "--format", "html").stdout.decode().splitlines()
    assert lines[::2] == ["<a>https://example.org/x</a>", "<b>12,5</b>"]
    assert lines[3] == "www.example.org"
    assert "minister" in lines[1]
    asked = {"text": "www.example.org", "terms": {"www.example.org": "www.example.com"}}
    answer = json.loads(run(json.dumps(asked).encode(), "--jsonl").stdout)
    assert [term["source"] for term in answer["terms"]] == ["www.example.org"]
    assert answer["translation"] != "www.example.org"
