"""Keys in the environment are removed from everything that is printed, as the last step."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

KEY = "sk-very/secret+4711"
FORMS = {
    "plain": KEY,
    "in JSON": "".join(f"\\u{ord(char):04x}" for char in KEY),
    "in a URL": "".join(f"%{ord(char):02X}" for char in KEY),
    "in a URL twice": "".join(f"%25{ord(char):02x}" for char in KEY),
    "base64": b64encode(f"user:{KEY}".encode()).decode(),
    "slashes escaped": KEY.replace("/", "\\/"),
}


def run(
    folder: Path, *words: str, variable: str = "TRANSLATE_OPENAI_KEY", key: str = KEY
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder, env=os.environ | {variable: key}, capture_output=True, text=True, check=False,
    )  # fmt: skip


PRINT = """
import json, sys
from pipeline.cli import output
from pipeline.cli.redaction import redact_streams
redact_streams()
for form in json.loads(sys.argv[1]):
    output.echo(f"out {form} end")
    output.echo(f"err {form} end", err=True)
    output.echo_styled(f"\\x1b[1mstyled\\x1b[0m {form} end", nl=True)
    output.echo_data(f"data {form} end")
    output.echo_json([form])
    sys.stderr.write(f"raw {form} end\\n")
"""


@pytest.mark.parametrize(
    "variable", ["TRANSLATE_OPENAI_KEY", "OPENAI_API_KEY", "DEEPL_AUTH_KEY", "PLUGIN_API_KEY"]
)
def test_no_way_of_printing_shows_a_key(tmp_path: Path, variable: str) -> None:
    """Whatever its form, and whether people or programs read the output."""
    forms = list(FORMS.values())
    done = run(tmp_path, "-c", PRINT, json.dumps(forms), variable=variable)
    assert done.returncode == 0, done.stderr
    said = done.stdout + done.stderr
    assert said.count("…") >= 6 * len(forms)
    for form in forms:
        assert form not in said
    assert said.count("end") == 5 * len(forms)


def test_a_traceback_shows_no_key(tmp_path: Path) -> None:
    """A bug in the program does not reveal a key either."""
    program = (
        "from pipeline.cli.redaction import redact_streams; redact_streams();"
        "import os; raise ValueError('a bug with ' + os.environ['TRANSLATE_OPENAI_KEY'])"
    )
    done = run(tmp_path, "-c", program)
    assert "ValueError: a bug with …" in done.stderr
    assert KEY not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("run", f"{KEY}.txt"),
        ("status", f"--{KEY}"),
        ("-C", KEY, "run"),
        ("run", "--engine", KEY),
        ("doctor",),
        ("trust",),
        ("check", "--format", "json"),
    ],
)
def test_commands_show_no_key(folder: Path, words: tuple[str, ...]) -> None:
    """Arguments, settings and names of files may contain it."""
    name = KEY.replace("/", "_")
    text = f'languages = ["en"]\nmodel = "{name}.gguf"\nmemory = ["/srv/{name}/*.tmx"]\n'
    (folder / "translate.toml").write_text(text, encoding="utf-8")
    catalogs = folder / "output/en/LC_MESSAGES"
    catalogs.mkdir(parents=True)
    (catalogs / f"{name}.po").write_text("junk", encoding="utf-8")
    for key in (KEY, name):
        done = run(folder, "-m", "pipeline", *words, key=key)
        assert key not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_a_report_in_a_file_shows_no_key(folder: Path) -> None:
    """Reports are published by CI servers."""
    path = folder / "x.po"
    path.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nLanguage: en\\n"\n\n'
        f'msgid "Der Preis ist 7."\nmsgstr "The price is 8 at {KEY}."\n',
        encoding="utf-8",
    )
    for form in ("json", "text"):
        done = run(folder, "-m", "pipeline", "check", "--format", form, "-o", f"r.{form}", "x.po")
        assert done.returncode == 1, done.stderr
        report = (folder / f"r.{form}").read_text(encoding="utf-8")
        assert KEY not in report
        assert KEY.replace("/", "\\/") not in report
    assert KEY in path.read_text(encoding="utf-8")  # a human wrote it


@pytest.mark.parametrize("key", ["none", "ollama", "EMPTY", "2024", ""])
def test_placeholders_are_no_keys(folder: Path, key: str) -> None:
    """Ordinary words are printed as they are."""
    done = run(folder, "-m", "pipeline", "run", f"x{key}.txt", key=key)
    assert f"x{key}.txt" in done.stderr
