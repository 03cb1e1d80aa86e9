"""The engine for chat models behind an OpenAI-compatible server.

Such servers are llama.cpp, Ollama, vLLM, LM Studio and most cloud services. The API is
https://platform.openai.com/docs/api-reference/chat. The messages are shared with the
engine `llama`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pipeline.core import EngineError, load_settings, number
from pipeline.core.http import Address
from pipeline.engines.base import EngineConfig, EngineInfo, TranslationRequest, TranslationResult
from pipeline.engines.circuit_breaker import PROBE, CircuitBreaker
from pipeline.engines.http import credentials
from pipeline.engines.http.client import Endpoint, HttpClient, server_address
from pipeline.engines.http.errors import RequestRejectedError
from pipeline.engines.prompts import messages, presets
from pipeline.engines.prompts.presets import Preset
from pipeline.engines.usage import CostLimitError, Meter, Prices, TokenPrices, Usage, read_count

NAME = "openai"

VENDOR_HOSTS = ("api.openai.com",)
"""Hosts that receive the key in `OPENAI_API_KEY`."""

_EXTRA_TOKENS = 64
"""Tokens of a response beyond one per character of the text."""

_CHARACTERS_PER_TOKEN, _MESSAGE_TOKENS = 3, 16
"""Estimates, if a server does not report its usage: German has about 3 characters a token. A
message takes up to 16 tokens more."""

_OMITTABLE = ("max_tokens", "temperature")
"""Parameters that reasoning models reject."""

_MAX_NAMES = 8
"""Maximum number of models that a message lists."""

_REASONING = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class OpenAISettings(TokenPrices):
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
    """The engine for one chat server."""

    def __init__(
        self,
        server: HttpClient,
        settings: OpenAISettings,
        model: str,
        meter: Meter,
        formality: Mapping[str, str] | None = None,
    ) -> None:
        self.meter = meter
        self._server, self._settings, self._model = server, settings, model
        self._formality = formality or {}
        self._version = ""
        self._omitted: frozenset[str] = frozenset()
        self._circuit_breaker = CircuitBreaker()
        self.batch_size = server.batch_size

    @property
    def accepts_style(self) -> bool:
        """Whether the prompt has instructions: presets of translation models have none."""
        return self._preset() is None

    def identity(self, language: str) -> EngineInfo:
        """Return the model, the server, and the version that its last response stated."""
        model = self._model
        if model.endswith(".gguf"):
            # llama.cpp names the path of its file, which does not belong in a catalog.
            model = model.replace("\\", "/").rpartition("/")[2]
        return EngineInfo(NAME, model, "", self._version, self._server.host)

    def settings_key(self, language: str) -> str | None:
        """Return model, parameters and instructions; None while the server selects the model."""
        if not self._model:
            return None
        parameters = [self._settings.temperature, self._settings.max_tokens]
        prompt = self._messages(TranslationRequest(""), language)
        return json.dumps([self._model, parameters, prompt])

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        """Translate requests into `language` and yield their results in order.

        Raises EngineError if the server fails or rejects every text.
        """
        if requests and not self._model:
            self._model = self._only_model()
        return self._server.map_concurrently(partial(self._translate_one, language), requests)

    def close(self) -> None:
        """Close all connections."""
        self._server.close()

    def _only_model(self) -> str:
        response = self._server.call("GET", "/models")
        try:
            names = [str(model["id"]) for model in response["data"]]
        except (KeyError, TypeError):
            raise self._server.invalid_response(response) from None
        if len(names) != 1:
            listed = self._server.redact(", ".join(names[:_MAX_NAMES]))
            listed += " …" if len(names) > _MAX_NAMES else ""
            raise EngineError(
                f"{self._server.host} has {len(names)} models, and none is selected",
                f"Set model in [engines.openai], or --model: {listed or 'load one first'}.",
            )
        return names[0]

    def _translate_one(self, language: str, request: TranslationRequest) -> TranslationResult:
        try:
            result = self._request(messages.require_site_names(request), language)
        except CostLimitError:
            return self.meter.withhold()
        except RequestRejectedError as error:
            request = TranslationRequest(PROBE)
            probe = partial(self._server.attempt_once, self._request, request, language)
            return self._circuit_breaker.record_rejection(error, probe)
        self._circuit_breaker.record_success()
        return result

    def _request(self, request: TranslationRequest, language: str) -> TranslationResult:
        return self._parse(self._post(request, language))

    def _post(self, request: TranslationRequest, language: str) -> Any:
        while True:
            omitted = self._omitted
            payload = self._payload(request, language, omitted)
            try:
                with self.meter.request(_most(payload, request)) as record:
                    response = self._server.call("POST", "/chat/completions", payload)
                    record(_usage(response, payload, request))
                    return response
            except RequestRejectedError as error:
                if error.parameter not in _OMITTABLE or error.parameter in omitted:
                    raise
                self._omitted |= {error.parameter}

    def uses_formality(self, language: str) -> bool:
        """Return whether the prompt states how to address the reader."""
        return self._preset() is None and messages.has_formality(language)

    def _messages(self, request: TranslationRequest, language: str) -> list[messages.Message]:
        formality = self._formality.get(language, "")
        return messages.conversation(request, language, preset=self._preset(), formality=formality)

    def _preset(self) -> Preset | None:
        return presets.find(self._settings.preset, self._model)

    def _payload(
        self, request: TranslationRequest, language: str, omitted: frozenset[str]
    ) -> dict[str, object]:
        # Tokens have more than one character in any language: longer output has degenerated.
        limit = self._settings.max_tokens or _default_limit(request)
        payload = {
            "model": self._model,
            "messages": self._messages(request, language),
            "temperature": self._settings.temperature,
            "max_tokens": limit,
            "stream": False,
        }
        return {key: value for key, value in payload.items() if key not in omitted}

    def _parse(self, response: Any) -> TranslationResult:
        try:
            choice = response["choices"][0]
            message, reason = choice["message"], choice.get("finish_reason")
            text, refusal = message.get("content") or "", message.get("refusal")
            if not isinstance(text, str):
                raise TypeError
        except (KeyError, IndexError, TypeError, AttributeError):
            raise self._server.invalid_response(response) from None
        self._version = str(response.get("system_fingerprint") or self._version)
        if refusal or reason == "content_filter":
            why = f": {self._server.redact(str(refusal))}" if refusal else " because of its content"
            return TranslationResult(
                "", rejection_reason=f"{self._server.host} refuses to translate this text{why}."
            )
        return TranslationResult(_REASONING.sub("", text).strip(), complete=reason != "length")


def _default_limit(request: TranslationRequest) -> int:
    return len(request.text) + _EXTRA_TOKENS


def _most(payload: Mapping[str, Any], request: TranslationRequest) -> Usage:
    """Return the most that a request consumes: a token has at least one byte."""
    sent = [message["content"] for message in payload["messages"]]
    tokens = sum(len(text.encode(errors="replace")) + _MESSAGE_TOKENS for text in sent)
    limit = payload.get("max_tokens", _default_limit(request))
    return Usage(len(request.text), tokens, limit)


def _usage(response: Any, payload: Mapping[str, Any], request: TranslationRequest) -> Usage:
    """Return what the server reports, else an estimate."""
    reported = response.get("usage") if isinstance(response, dict) else None
    counts = reported if isinstance(reported, dict) else {}
    estimate = _estimated(payload, request)
    return Usage(
        len(request.text),
        read_count(counts.get("prompt_tokens"), estimate.input_tokens),
        read_count(counts.get("completion_tokens"), estimate.output_tokens),
    )


def _estimated(payload: Mapping[str, Any], request: TranslationRequest) -> Usage:
    sent = [message["content"] for message in payload["messages"]]
    tokens = sum(len(text) // _CHARACTERS_PER_TOKEN + _MESSAGE_TOKENS // 2 for text in sent)
    return Usage(len(request.text), tokens, len(request.text) // _CHARACTERS_PER_TOKEN + 1)


def estimate(
    table: Mapping[str, Any], model: str, requests: Sequence[TranslationRequest], language: str
) -> Usage:
    """Estimate what requests consume, each sent once."""
    settings = load_settings(OpenAISettings, NAME, table)
    preset = presets.find(settings.preset, model or settings.model)
    total = Usage()
    for request in requests:
        own = messages.require_site_names(request)
        sent = messages.conversation(own, language, preset=preset)
        total += _estimated({"messages": sent}, request)
    return total


def server(table: Mapping[str, Any]) -> Address | None:
    """Return the address in a table `[engines.openai]`; None if it has no `url`.

    Raises SettingsError or EngineError for settings that are not valid.
    """
    url = load_settings(OpenAISettings, NAME, table).url
    return server_address(NAME, url.rstrip("/").removesuffix("/chat/completions")) if url else None


def open_engine(config: EngineConfig) -> OpenAIEngine:
    """Create the engine. Nothing is sent before the first request.

    Raises SettingsError or EngineError for settings that are not valid.
    """
    settings = load_settings(OpenAISettings, NAME, config.settings)
    address = server(config.settings)
    if address is None:
        raise EngineError(
            "[engines.openai]: no url is set",
            'Ollama: url = "http://127.0.0.1:11434/v1"; llama.cpp: "http://127.0.0.1:8080/v1".',
        )
    presets.find(settings.preset)
    key = credentials.find_key(
        address,
        "TRANSLATE_OPENAI_KEY",
        "OPENAI_API_KEY",
        VENDOR_HOSTS,
        key_hosts=config.key_hosts,
    )
    endpoint = Endpoint(
        address, settings.timeout, settings.retries, config.jobs or settings.concurrency
    )
    return OpenAIEngine(
        HttpClient(NAME, endpoint, key, "Bearer"),
        settings,
        config.model or settings.model,
        Meter(Prices.of(NAME, config.settings)),
        config.formality,
    )
