"""Installation of models as a use case: questions and progress go through the events."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from pipeline import models
from pipeline.core.errors import ModelError
from pipeline.workflows.events import SilentEvents
from pipeline.workflows.models import (
    InstallInterruptedError,
    InstallOptions,
    ModelSource,
    install,
    install_model,
    source_kind,
)

CONTENT = b"GGUF" + bytes(range(256)) * 100
MODEL = models.Model("tiny", "tiny.gguf", len(CONTENT), hashlib.sha256(CONTENT).hexdigest())


class Answers(SilentEvents):
    """Events that give one answer, and record the questions and the bytes that arrive."""

    def __init__(self, answer: bool | None = None) -> None:
        self.answer = answer
        self.questions: list[str] = []
        self.bytes: list[int] = []

    def confirm(self, question: str, *, default: bool = True) -> bool | None:
        self.questions.append(question)
        return self.answer

    def downloading(self, done: int, total: int) -> None:
        self.bytes.append(done)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRANSLATE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "models"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.gguf"
    path.write_bytes(CONTENT)
    return path


def test_a_declined_download_installs_nothing(store: Path) -> None:
    events = Answers(False)
    assert install(InstallOptions(ask=True), events).declined
    assert models.MODELS[0].id in events.questions[0]
    assert not store.exists()


def test_a_file_needs_no_question(file: Path) -> None:
    """A wrong file is refused for its size, not downloaded instead."""
    events = Answers(False)
    with pytest.raises(ModelError, match="bytes"):
        install(InstallOptions(file=file, ask=True), events)
    assert events.questions == []


def test_bytes_are_reported(file: Path) -> None:
    events = Answers()
    path = install_model(MODEL, events, file=file)
    assert path.read_bytes() == CONTENT
    assert events.bytes[-1] == len(CONTENT)


def test_an_interrupt_is_told_from_others(file: Path) -> None:
    """The caller can say how to continue."""

    class Interrupted(SilentEvents):
        def downloading(self, done: int, total: int) -> None:
            raise KeyboardInterrupt

    with pytest.raises(InstallInterruptedError):
        install_model(MODEL, Interrupted(), file=file)
    assert install_model(MODEL, SilentEvents(), file=file).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("", ModelSource.MODEL),
        ("qwen2.5-coder-1.5b-instruct-q4_k_m", ModelSource.MODEL),
        ("de-en", ModelSource.PACKAGE),
        ("packages/a.argosmodel", ModelSource.PACKAGE),
        ("https://models.example/a.argosmodel", ModelSource.PACKAGE),
        ("a.gguf", ModelSource.FILE),
        ("https://models.example/a", ModelSource.FILE),
    ],
)
def test_what_the_user_names(what: str, kind: ModelSource) -> None:
    assert source_kind(what) is kind
