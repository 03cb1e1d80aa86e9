"""The libretranslate engine and a real LibreTranslate server, by way of the command line."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.catalog import catalog
from pipeline.core.types import State, Translation
from tests.conftest import Translate
from tests.engines.libretranslate_server import LibreTranslate, environment
from tests.models.argos.sentences import sentences

MONDAY = "Am Montag kritisierte der Minister das Abkommen."
ATHENS = "Die Partei reiste am 27. Juli 2028 nach Athen."


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LibreTranslate]:
    """One server for all tests; installing it comes once, starting it takes some seconds."""
    with LibreTranslate(environment(), tmp_path_factory.mktemp("libretranslate")) as running:
        yield running


@pytest.fixture
def project(folder: Path, server: LibreTranslate) -> Path:
    """A project that drafts with the server."""
    (folder / "translate.toml").write_text(
        'languages = ["en"]\nengine = "libretranslate"\n\n'
        f'[engines.libretranslate]\nurl = "{server.url}"\nretries = 0\n',
        encoding="utf-8",
    )
    (folder / "glossary" / "de-en.csv").unlink()
    return folder


def write(project: Path, *texts: str) -> None:
    (project / "source_de" / "bruecke.txt").write_text("\n\n".join(texts) + "\n", encoding="utf-8")


def entries(project: Path, language: str = "en") -> list[Translation]:
    path = project / "output" / language / "LC_MESSAGES" / "bruecke.po"
    return list(catalog.load(path).translations) if path.exists() else []


def drafted(project: Path) -> list[Translation]:
    return [entry for entry in entries(project) if entry.state is State.DRAFT]


@pytest.mark.parametrize(
    ("language", "answers"),
    [
        ("en", ["criticised the agreement.", "travelled to Athens on July 27, 2028."]),
        ("fr", ["Lundi, le ministre a critiqué", "à Athènes le 27 juillet 2028."]),
    ],
)
def test_lines_of_text(project: Path, inside: Translate, language: str, answers: list[str]) -> None:
    """By one package and by two; the server is on this machine, so offline is no hindrance."""
    text = ("text", "--engine", "libretranslate", "--offline", "--to", language)
    done = inside(*text, text=f"{MONDAY}\n{ATHENS}\n")
    assert done.returncode == 0, done.stderr
    for line, answer in zip(done.stdout.splitlines(), answers, strict=True):
        assert answer in line


def test_a_run(project: Path, server: LibreTranslate, inside: Translate) -> None:
    """All is drafted; the origin names the server and the version that it states."""
    write(project, MONDAY, ATHENS)
    done = inside("run", "--force-language")
    assert done.returncode == 0, done.stderr
    assert [entry.state for entry in entries(project)] == [State.DRAFT] * 2
    origin = entries(project)[0].provenance
    assert origin is not None
    assert origin.model.startswith("LibreTranslate 1.")
    assert origin.model.endswith(f" at 127.0.0.1:{server.port}")


def test_a_term_that_the_server_does_not_know(project: Path, inside: Translate) -> None:
    """It is found among the server's further translations."""
    (project / "glossary" / "de-en.csv").write_text(
        "source,target\nAbkommen,accord\n", encoding="utf-8"
    )
    write(project, MONDAY)
    assert inside("run", "--force-language").returncode == 0
    (entry,) = drafted(project)
    assert entry.target == "On Monday, the minister criticised the accord."


def test_a_language_that_the_server_has_no_package_for(project: Path, inside: Translate) -> None:
    """The server's own words are told."""
    done = inside("text", "--engine", "libretranslate", "--to", "es", text=f"{MONDAY}\n")
    assert done.returncode == 3
    assert "es is not supported" in done.stderr


def test_the_server_is_killed_in_the_middle_of_a_run(
    project: Path, server: LibreTranslate, inside: Translate
) -> None:
    """A clear line, the drafts until then are kept, and the next run makes the rest."""
    write(project, *dict.fromkeys(sentence.de for sentence in sentences(150, seed=21)))
    words = [sys.executable, "-m", "pipeline", "run", "--force-language"]
    with subprocess.Popen(words, cwd=project, stderr=subprocess.PIPE, text=True) as run:
        while run.poll() is None and not drafted(project):
            time.sleep(0.05)
        server.kill()
        _, said = run.communicate(timeout=300)
    kept = {entry.source: entry.target for entry in drafted(project)}
    server.start()
    assert run.returncode == 75, said
    assert f"error: 127.0.0.1:{server.port} " in said
    assert "Traceback" not in said
    assert 0 < len(kept) < len(entries(project))
    assert inside("run").returncode == 0
    after = {entry.source: entry.target for entry in drafted(project)}
    assert kept.items() <= after.items()
    assert len(after) == len(entries(project))
