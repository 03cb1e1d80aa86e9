"""Which engine and model `auto` selects among those that are installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import models
from pipeline.engines import memory_limits
from pipeline.engines.selection import resolve_engine
from tests.models.firefox import installed


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSLATE_MODELS", str(tmp_path / "store"))
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path / "none"))


def add(folder: Path, name: str, size: int = 1000) -> None:
    """Add a file of the user's to the store; it cannot be loaded."""
    file = folder / f"{name}.gguf"
    file.write_bytes(b"GGUF" + bytes(size))
    models.install_file(str(file), name)


def selected(language: str = "en", model: str = "") -> tuple[str, str, bool]:
    selection = resolve_engine("", model, language)
    return selection.engine, selection.name, selection.is_fallback


def test_the_default_model_is_the_fallback() -> None:
    assert selected() == ("llama", models.MODELS[0].id, True)


def test_a_translation_model_of_the_user_precedes_it(tmp_path: Path) -> None:
    """The largest one; a chat model does not."""
    add(tmp_path, "some-chat-model", 9000)
    assert selected()[2]
    add(tmp_path, "eurollm-1.7b", 2000)
    add(tmp_path, "hy-mt2-7b", 5000)
    assert selected() == ("llama", "hy-mt2-7b", False)
    assert selected(model="eurollm-1.7b") == ("llama", "eurollm-1.7b", False)


def test_a_restricted_licence_must_be_chosen_by_name(tmp_path: Path) -> None:
    add(tmp_path, "hunyuan-mt-7b")
    assert selected()[2]
    assert selected(model="hunyuan-mt-7b") == ("llama", "hunyuan-mt-7b", False)


def test_a_model_that_does_not_fit_into_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tmp_path, "eurollm-9b")
    free = memory_limits.AvailableMemory(1000, "a test")
    monkeypatch.setattr(memory_limits, "available", lambda: free)
    assert selected()[2]


def test_firefox_models_precede_all(tmp_path: Path) -> None:
    with installed(tmp_path, "de-en"):
        add(tmp_path, "eurollm-1.7b")
        assert selected() == ("firefox", "firefox", False)
        assert selected("fr") == ("llama", "eurollm-1.7b", False)
