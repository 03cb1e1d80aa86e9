"""Translates with a chat model behind an OpenAI-compatible server.

Such are llama.cpp's server, Ollama, vLLM, LM Studio and most clouds. The interface is that
of https://platform.openai.com/docs/api-reference/chat; the messages are those of the
`llama` engine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pipeline.core.errors import EngineError
from pipeline.core.settings import load_settings, number
from pipeline.engines.base import EngineConfig, EngineInfo, TranslationRequest, TranslationResult
from pipeline.engines.http import credentials
from pipeline.engines.http.circuit_breaker import CircuitBreaker
from pipeline.engines.http.client import Address, HttpClient
from pipeline.engines.http.errors import RefusedError
from pipeline.engines.prompts import messages, presets
from pipeline.engines.prompts.presets import Preset

NAME = "openai"
_SPARE_TOKENS = 64
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class OpenAISettings:
    """The table `[engines.openai]`; see docs/engines.md."""

    url: str = ""
    model: str = ""
    timeout: float = field(default=120.0, metadata={"rule": number(float, 1, 3600)})
    retries: int = field(default=4, metadata={"rule": number(int, 0, 20)})
    concurrency: int = field(default=4, metadata={"rule": number(int, 1, 64)})
    temperature: float = field(default=0.0, metadata={"rule": number(float, 0, 2)})
    max_tokens: int = field(default=0, metadata={"rule": number(int, 0, 1_000_000)})
    preset: str = ""


class OpenAIEngine:
    """An engine over a chat server."""

    def __init__(self, server: HttpClient, settings: OpenAISettings, model: str) -> None:
        self._server, self._settings, self._model = server, settings, model
        self._version = ""
        self._left_out: frozenset[str] = frozenset()
        self._refusals = CircuitBreaker()
        self.batch_size = server.batch_size

    def identity(self, language: str) -> EngineInfo:
        """Say who translates: the model, the server, and what it says of its version."""
        model = self._model
        if model.endswith(".gguf"):
            # llama.cpp names its file, and where that is concerns no reader of the catalog.
            model = model.replace("\\", "/").rpartition("/")[2]
        return EngineInfo(NAME, model, "", self._version, self._server.host)

    def settings_key(self, language: str) -> str | None:
        """The model, its parameters and the instructions; None while the server has the choice."""
        if not self._model:
            return None
        parameters = [self._settings.temperature, self._settings.max_tokens]
        asked = messages.messages(TranslationRequest(""), language, preset=self._preset())
        return json.dumps([self._model, parameters, asked])

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        """Translate requests into `language`, yielding the answers in their order.

        Raises EngineError where the server fails, or refuses every text.
        """
        if requests and not self._model:
            self._model = self._only_model()
        return self._server.map_concurrently(partial(self._ask, language), requests)

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    def _only_model(self) -> str:
        given = self._server.call("GET", "/models")
        try:
            names = [str(model["id"]) for model in given["data"]]
        except (KeyError, TypeError):
            raise self._server.invalid_response(given) from None
        if len(names) != 1:
            some = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
            raise EngineError(
                f"{self._server.host} has {len(names)} models, and none is chosen",
                f"Set model in [engines.openai], or --model: {some or 'load one first'}.",
            )
        return names[0]

    def _ask(self, language: str, request: TranslationRequest) -> TranslationResult:
        try:
            given = self._post(messages.keeping_addresses(request), language)
        except RefusedError as error:
            return self._refusals.record_rejection(error)
        self._refusals.record_success()
        return self._answer(given)

    def _post(self, request: TranslationRequest, language: str) -> Any:
        while True:
            left_out = self._left_out
            try:
                return self._server.call(
                    "POST", "/chat/completions", self._payload(request, language, left_out)
                )
            except RefusedError as error:
                # Reasoning models take neither of these parameters.
                if error.parameter not in ("max_tokens", "temperature") or (
                    error.parameter in left_out
                ):
                    raise
                self._left_out |= {error.parameter}

    def _preset(self) -> Preset | None:
        return presets.find(self._settings.preset, self._model)

    def _payload(
        self, request: TranslationRequest, language: str, left_out: frozenset[str]
    ) -> dict[str, object]:
        # A token has more than one character, whatever the language: a longer answer rambles.
        limit = self._settings.max_tokens or len(request.text) + _SPARE_TOKENS
        payload = {
            "model": self._model,
            "messages": messages.messages(request, language, preset=self._preset()),
            "temperature": self._settings.temperature,
            "max_tokens": limit,
            "stream": False,
        }
        return {key: value for key, value in payload.items() if key not in left_out}

    def _answer(self, given: Any) -> TranslationResult:
        try:
            choice = given["choices"][0]
            message, reason = choice["message"], choice.get("finish_reason")
            text, refusal = message.get("content") or "", message.get("refusal")
            if not isinstance(text, str):
                raise TypeError
        except (KeyError, IndexError, TypeError, AttributeError):
            raise self._server.invalid_response(given) from None
        self._version = str(given.get("system_fingerprint") or self._version)
        if refusal or reason == "content_filter":
            why = f": {refusal}" if refusal else ", for its content"
            return TranslationResult(
                "", rejection_reason=f"{self._server.host} refuses to translate it{why}."
            )
        return TranslationResult(_THOUGHTS.sub("", text).strip(), complete=reason != "length")


def open_engine(setup: EngineConfig) -> OpenAIEngine:
    """Make the engine; nothing is sent before the first request.

    Raises SettingsError or EngineError for settings that cannot be right.
    """
    settings = load_settings(OpenAISettings, NAME, setup.settings)
    if not settings.url:
        raise EngineError(
            "[engines.openai]: no url is set",
            'Ollama: url = "http://127.0.0.1:11434/v1"; llama.cpp: "http://127.0.0.1:8080/v1".',
        )
    presets.find(settings.preset)
    url = settings.url.rstrip("/").removesuffix("/chat/completions")
    key = credentials.find_key(url, "TRANSLATE_OPENAI_KEY", "OPENAI_API_KEY", "api.openai.com")
    address = Address(url, settings.timeout, settings.retries, setup.jobs or settings.concurrency)
    return OpenAIEngine(
        HttpClient(NAME, address, key, "Bearer"), settings, setup.model or settings.model
    )
