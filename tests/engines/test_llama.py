"""The llama engine with the real default model, which `make test` installs first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import models
from pipeline.engines import Engine, Request
from pipeline.engines.choice import choose
from pipeline.errors import EngineError, ModelError

REQUESTS = [
    Request("Der Minister reiste am 14. Mai nach Wien.", (("Minister", "minister"),)),
    Request("Der Gipfel endete ohne Ergebnis.", (("Gipfel", "summit"),)),
    Request("Die Preise stiegen um 3,5 Prozent."),
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    loaded = choose("auto", "", "en").open()
    yield loaded
    loaded.close()


def test_it_translates(engine: Engine) -> None:
    """One English answer per request, in order, with the terms and figures in it."""
    answers = [answer.text for answer in engine.translate(REQUESTS, "en")]
    assert "Vienna" in answers[0]
    assert "14" in answers[0]
    assert "summit" in answers[1].lower()
    assert "3.5" in answers[2]


def test_the_same_is_translated_the_same(engine: Engine) -> None:
    """Whatever was asked before: the order does not matter."""
    forward = [answer.text for answer in engine.translate(REQUESTS, "en")]
    list(engine.translate([Request("Etwas ganz anderes kam dazwischen.")], "fr"))
    backward = [answer.text for answer in engine.translate(REQUESTS[::-1], "en")]
    assert forward == backward[::-1]


def test_no_port_is_opened(engine: Engine) -> None:
    """llama.cpp listens on a socket in a private folder; nothing on the network."""
    inodes = set()
    for handle in Path("/proc/self/fd").iterdir():
        try:
            target = str(handle.readlink())
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            columns = line.split()
            assert not (columns[9] in inodes and columns[3] == "0A"), line


def test_it_says_who_translated(engine: Engine) -> None:
    """The identity names the model and its pinned digest."""
    model = models.default("en")
    identity = engine.identity("fr")
    assert (identity.engine, identity.model, identity.digest) == ("llama", model.id, model.sha256)


def test_a_file_that_is_no_model(tmp_path: Path) -> None:
    """The error names the file."""
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(EngineError, match=r"broken\.gguf"):
        choose("llama", str(path), "en").open()


def test_a_language_the_model_is_not_fit_for() -> None:
    """It is refused with the cure, and forced on demand."""
    with pytest.raises(ModelError, match="not fit to translate into 'pl'") as error:
        choose("auto", "", "pl")
    assert "--force" in error.value.hint
    assert choose("auto", "", "pl", force=True).fitness() == "not usable"


def test_an_engine_that_does_not_exist() -> None:
    """The ones that do are named."""
    with pytest.raises(EngineError, match="no engine 'argo'") as error:
        choose("argo", "", "en")
    assert "llama" in error.value.hint
