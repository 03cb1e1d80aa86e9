"""With `--offline`, nothing is connected to, resolved or started beyond this machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.catalog import catalog
from pipeline.models import argos
from tests.cli.commands.test_servers import drafts, good
from tests.conftest import Translate
from tests.engines.loopback import Loopback
from tests.models.argos import DE_EN
from tests.models.firefox import installed

AUDITED = """
import json, sys
from pathlib import Path
seen = []
def hook(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        seen.append([event, repr(arguments[1])])
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        seen.append([event, repr(arguments[0])])
    elif event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"):
        seen.append([event, repr(arguments[0])])
sys.addaudithook(hook)
from click.testing import CliRunner
from pipeline.cli.root import translate
from pipeline.core import PipelineError
results = []
for settings, words in json.loads(sys.argv[1]):
    Path("translate.toml").write_text(f'languages = ["en"]\\n{settings}\\n')
    seen.clear()
    done = CliRunner().invoke(translate, words, input="Er kam.\\n")
    error = done.exception if isinstance(done.exception, PipelineError) else None
    code = error.exit_code if error else done.exit_code
    results.append([code, f"{done.output}{error or ''}", list(seen)])
json.dump(results, sys.stdout)
"""
"""Runs commands, and returns each attempt to reach something else, even if it fails."""

LOCAL = ("'localhost'", "'127.0.0.1'", "('127.0.0.1', ")

OPENAI = 'engine = "openai"\n[engines.openai]\nmodel = "m"\nretries = 0\nurl = "{}/v1"'
REMOTE = OPENAI.format("https://mt.example")
ENGINES = [
    REMOTE,
    OPENAI.format("http://192.0.2.1"),
    OPENAI.format("https://localhost.example"),
    OPENAI.format("http://0.0.0.0:9"),
    'engine = "deepl"',
    'engine = "libretranslate"\n[engines.libretranslate]\nurl = "https://mt.example"',
    'engine = "llama"',
    'engine = "auto"',
    'model = "m.gguf"',
]


@dataclass
class Audit:
    """The outcome of a command, and what it tried to reach."""

    code: int
    output: str
    seen: list[tuple[str, str]]

    @property
    def beyond(self) -> list[tuple[str, str]]:
        """What is not this machine."""
        return [(event, what) for event, what in self.seen if not what.startswith(LOCAL)]


def audited(
    folder: Path, *cases: tuple[str, tuple[str, ...]], prefix: tuple[str, ...] = ()
) -> list[Audit]:
    """Run commands, each with settings, all of which are trusted; a proxy is set."""
    environment = os.environ | {
        "DEEPL_AUTH_KEY": "0815-secret-key", "TRANSLATE_TRUST_PROJECT": "1",
        "TRANSLATE_MODELS": str(folder.parent / "models"), "TRANSLATE_DICTIONARY_EN": "",
        "https_proxy": "http://192.0.2.2:3128", "http_proxy": "http://192.0.2.2:3128",
        "no_proxy": "0.0.0.0",
    }  # fmt: skip
    done = subprocess.run(
        [*prefix, sys.executable, "-c", AUDITED, json.dumps(cases)],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [
        Audit(code, output, [(event, what) for event, what in seen])
        for code, output, seen in json.loads(done.stdout)
    ]


def test_no_attempt_is_made_offline(folder: Path) -> None:
    """Even if the settings are trusted, a proxy is set, and a model could be downloaded."""
    commands = (("run", "--offline", "--yes"), ("text", "--to", "en", "--offline"))
    cases = [(settings, words) for settings in ENGINES for words in commands]
    for (settings, words), audit in zip(cases, audited(folder, *cases), strict=True):
        assert audit.code == 3, (settings, words, audit.output)
        assert audit.seen == [], (settings, words)


def test_the_audit_notices_an_attempt(folder: Path) -> None:
    """Online, a server that counts as another machine is connected to."""
    (audit,) = audited(folder, (OPENAI.format("http://0.0.0.0:9"), ("run",)))
    assert "leave this machine, for 0.0.0.0:9" in audit.output
    assert audit.beyond


def test_a_server_on_this_machine_works_offline(folder: Path) -> None:
    """Loopback is all that is connected to."""
    with Loopback(good) as server:
        settings = f"offline = true\n{OPENAI.format(server.url)}"
        (audit,) = audited(folder, (settings, ("run",)))
    assert audit.code == 0, audit.output
    assert drafts(folder)
    assert audit.seen
    assert audit.beyond == []


def _can_unshare() -> bool:
    tool = shutil.which("unshare")
    return bool(tool) and subprocess.run([str(tool), "-rn", "true"], check=False).returncode == 0


@pytest.mark.skipif(not _can_unshare(), reason="the system allows no network namespaces")
def test_offline_is_the_same_without_a_network(folder: Path) -> None:
    """In a namespace without any network, refusals are the same, and other commands work."""
    refused = (REMOTE, ("run", "--offline"))
    others = (("extract",), ("status",), ("check",), ("build", "--allow-missing"), ("doctor",))
    cases = [refused, *((REMOTE, words) for words in others)]
    found = audited(folder, *cases, prefix=("unshare", "-rn"))
    (with_network,) = audited(folder, refused)
    assert (found[0].code, found[0].output) == (3, with_network.output)
    for audit in found[1:]:
        assert audit.code == 0, audit.output
        assert audit.beyond == []


@pytest.mark.skipif(not _can_unshare(), reason="the system allows no network namespaces")
@pytest.mark.parametrize("engine", ["firefox", "argos"])
def test_drafts_are_the_same_without_a_network(
    folder: Path, translate: Translate, tmp_path: Path, engine: str
) -> None:
    """A run with installed models needs none, not even for its worker processes."""
    (folder / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    text = "Die Partei reiste am 27. Juli 2028 nach Athen.\n"
    (folder / "source_de" / "bruecke.txt").write_text(text, encoding="utf-8")
    path = folder / "output/en/LC_MESSAGES/bruecke.po"
    words = ("run", "--offline", "--force-language", "--redraft", "--engine", engine)
    drafted = []
    with installed(tmp_path, "de-en"):
        argos.install_file(str(DE_EN))
        for prefix in ((), ("unshare", "-rn")):
            done = translate(*words, prefix=prefix)
            assert done.returncode == 0, done.stderr
            (entry,) = catalog.load(path).translations
            drafted.append(entry.target)
            path.unlink()
    assert drafted[0] == drafted[1] != ""
