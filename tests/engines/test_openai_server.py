"""The engine for chat servers, against llama.cpp's own server with the real default model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipeline import models
from pipeline.core.errors import EngineError
from pipeline.engines.base import Engine, EngineConfig, TranslationRequest
from pipeline.engines.openai import open_engine
from pipeline.testing import EngineContract

KEY = "a-key-of-this-test"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """llama.cpp's server with the model, on a free port of this machine, with a key."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(models.installed_path(models.default_model("en")))
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [KEY]
    params.n_parallel = 2
    params.n_ctx = 8192
    params.n_gpu_layers = 0
    params.verbosity = 0
    params.ui = False
    server: Any = xllamacpp.Server(params)
    address = str(server.listening_address)
    yield f"{address if '://' in address else f'http://{address}'}/v1"
    del server


class TestLlamaServer(EngineContract):
    """A real server keeps the contract as those made for tests do."""

    @pytest.fixture(autouse=True)
    def _server(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TRANSLATE_OPENAI_KEY", KEY)
        self.url = url

    def open(self) -> Engine:
        return open_engine(
            EngineConfig(settings={"url": self.url, "concurrency": 2, "timeout": 600})
        )

    def test_the_server_states_model_and_version(self) -> None:
        """The only model is found, and llama.cpp says which build it is."""
        engine = self.open()
        list(engine.translate([TranslationRequest("Es regnet.")], "en"))
        identity = engine.identity("en")
        assert identity.model
        assert "/" not in identity.model
        assert identity.version


def test_a_wrong_key(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's refusal is told with its cure."""
    monkeypatch.setenv("TRANSLATE_OPENAI_KEY", "another-key")
    engine = open_engine(EngineConfig(settings={"url": url, "model": "x", "retries": 0}))
    with pytest.raises(EngineError, match="answers 401") as error:
        list(engine.translate([TranslationRequest("Es regnet.")], "en"))
    assert "environment" in error.value.hint
    assert "another-key" not in error.value.message
