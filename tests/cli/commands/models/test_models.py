"""`translate models`: what a user types and reads."""

import hashlib
import importlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from pipeline import models
from pipeline.cli.commands.models import COMMANDS
from pipeline.cli.main import translate
from pipeline.core.errors import ModelError
from tests.models.firefox import mirror
from tests.models.model_servers import Server

DEFAULT = models.MODELS[0].id
CONTENT = b"GGUF" + bytes(range(256)) * 100


def run(*arguments: str, text: str | None = None) -> Result:
    """Run `translate models`; a PipelineError comes through as it is."""
    return CliRunner().invoke(translate, ["models", *arguments], input=text, catch_exceptions=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A GGUF file of the user's."""
    path = tmp_path / "mine.gguf"
    path.write_bytes(CONTENT)
    return path


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_the_same_in_both_helps(name: str) -> None:
    """The table of `translate models` and the first line of the command's own help."""
    command = importlib.import_module(f"pipeline.cli.commands.models.{name}").command
    assert command.name == name
    assert (command.help or "").splitlines()[0] == COMMANDS[name]
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_the_list_tells_what_each_model_is_good_for(file: Path) -> None:
    """Id, size, licence, languages, and whether it is there."""
    models.install_file(str(file), "mine")
    models.install_file(str(file), "hunyuan-mt-7b")
    head, *rows, note = [re.split(r" {2,}", line) for line in run("list").stdout.splitlines()]
    assert head == ["model", "engine", "languages", "size", "quality", "licence", "installed"]
    quality = models.MODELS[0].quality
    assert rows == [
        [DEFAULT, "llama", "en good enough for drafts; fr, es weak", "1.1 GB", quality,
         "Apache-2.0", "no"],
        ["hunyuan-mt-7b", "llama", "not rated", "25.6 kB", "not known",
         "Tencent HY Community License", "yes"],
        ["mine", "llama", "not rated", "25.6 kB", "not known", "not known", "yes"],
    ]  # fmt: skip
    assert "is not licensed in the EU, the UK and South Korea" in note[0]


def test_the_list_of_available_models(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of Firefox, if their list can be read; otherwise, the reason is stated."""
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", server.url("/records.json"))
    assert "Firefox models: 127.0.0.1" in run("list", "--available").stderr
    assert server.answers.count("records") == 1
    server.answers.files["/records.json"] = mirror("de-en", "en-fr")["records.json"]
    shown = run("list", "--available").stdout
    assert re.search(r"firefox:de-en 3.0 base +firefox +de-en .*MPL-2.0 +reachable", shown)
    assert "chrF 67.9" in shown
    run("list")
    assert server.answers.count("records") == 2


def test_the_list_as_json_has_the_same_facts(file: Path) -> None:
    """For programs: paths and sizes in bytes."""
    path = models.install_file(str(file), "mine")
    default, mine = json.loads(run("list", "--json").stdout)
    assert default["id"] == DEFAULT
    assert default["languages"]["en"] == "good enough for drafts"
    assert (default["installed"], default["path"]) == (False, None)
    assert mine["path"] == str(path)
    assert mine["size"] == len(CONTENT)
    assert mine["sha256"] == hashlib.sha256(CONTENT).hexdigest()


def test_info_says_what_a_model_is_not_fit_for() -> None:
    """Before 1.1 GB are fetched for Dutch."""
    shown = run("info").stdout
    for part in (DEFAULT, "Apache-2.0", "into en", "weak", "into other", "not fit"):
        assert part in shown
    assert "installed  no" in shown


def test_info_verifies_on_demand(file: Path) -> None:
    """A byte that changed on the disk is reported as an error."""
    path = models.install_file(str(file), "mine")
    assert "verified" in run("info", "mine", "--verify").stdout
    path.write_bytes(bytes(len(CONTENT)))
    assert "verified" not in run("info", "mine").stdout
    with pytest.raises(ModelError, match="is damaged"):
        run("info", "mine", "--verify")


def test_an_own_file_is_added_and_removed(file: Path, store: Path) -> None:
    """The round trip of a model that the registry does not know."""
    added = run("install", str(file), "--id", "mine", "-q")
    assert added.stdout == f"mine is installed now: {store / 'mine' / 'mine.gguf'}\n"
    assert added.stderr == ""
    assert run("remove", "mine", "--yes").stdout.startswith("removed mine: ")
    assert models.known_models() == models.MODELS
    assert file.exists()


def test_a_file_carried_over_is_checked(file: Path) -> None:
    """`--from` with a file that is not the model."""
    with pytest.raises(ModelError, match="has 25,604 bytes, not the 1,117,320,768"):
        run("install", "--from", str(file))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["remove", "mine"], "add --yes"),
        (["install", "a.gguf"], "--id NAME"),
        (["install", "https://models.example/a.gguf"], "--id NAME"),
        (["install", "--id", "mine"], "FILE or URL of your own"),
        (["install", DEFAULT, "--sha256", "0" * 64], "FILE or URL of your own"),
        (["install", "a.gguf", "--id", "a", "--from", "b.gguf"], "--from goes with"),
    ],
)
def test_wrong_usage_says_what_to_add(arguments: list[str], message: str) -> None:
    """Exit code 2, and nothing is deleted without a yes."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_an_unknown_model_ends_with_exit_code_3(store: Path) -> None:
    """One message, one hint, no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "models", "install", "qwen"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert done.stderr.splitlines()[0] == "error: there is no model 'qwen'"
    assert f"Did you mean {DEFAULT}?" in done.stderr


def test_ctrl_c_says_how_to_go_on_and_keeps_what_is_there(server: Server, store: Path) -> None:
    """SIGINT in the middle: exit code 130, no model, and the rest is fetched later."""
    server.answers.files["/mine.gguf"] = CONTENT
    server.answers.etags["/mine.gguf"] = '"1"'
    server.answers.gates["/mine.gguf"] = threading.Event()
    arguments = ["install", server.url("/mine.gguf"), "--id", "mine"]
    running = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "models", *arguments],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ),
        # A shell starts its background jobs, CI's among them, deaf to SIGINT.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    part = store / "mine" / "mine.gguf.part"
    deadline = time.monotonic() + 30
    while not (part.exists() and part.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    output, errors = running.communicate(timeout=30)
    assert running.returncode == 130
    assert output == ""
    assert errors.endswith("stopped: to continue, run the same command again\n")
    assert "Traceback" not in errors
    kept = part.stat().st_size
    assert kept > 0
    server.answers.gates["/mine.gguf"].set()
    assert run(*arguments).exit_code == 0
    assert server.answers.seen[-1] == ("/mine.gguf", f"bytes={kept}-")
    assert models.installed_path("mine").read_bytes() == CONTENT
