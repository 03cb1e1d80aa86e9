"""Translates with a LibreTranslate server (https://docs.libretranslate.com/).

It knows no glossaries. Where a term is missing, the server is asked for further
translations of the text, and the first one that has all terms is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pipeline.core.errors import EngineError
from pipeline.core.language_codes import base_language
from pipeline.core.settings import load_settings, number
from pipeline.engines.base import EngineConfig, EngineInfo, TranslationRequest, TranslationResult
from pipeline.engines.http import credentials
from pipeline.engines.http.circuit_breaker import CircuitBreaker
from pipeline.engines.http.client import Address, HttpClient
from pipeline.engines.http.errors import RefusedError

NAME = "libretranslate"
ALTERNATIVES = 4
"""How many further translations are asked for where terms are missing."""

_CODES = {"zh_TW": "zt", "pt_BR": "pb"}


@dataclass(frozen=True, slots=True)
class LibreTranslateSettings:
    """The table `[engines.libretranslate]`; see docs/engines.md."""

    url: str = "http://127.0.0.1:5000"
    timeout: float = field(default=60.0, metadata={"rule": number(float, 1, 3600)})
    retries: int = field(default=4, metadata={"rule": number(int, 0, 20)})
    concurrency: int = field(default=2, metadata={"rule": number(int, 1, 64)})


class LibreTranslateEngine:
    """An engine over a LibreTranslate server."""

    def __init__(self, server: HttpClient) -> None:
        self._server = server
        self._version: str | None = None
        self._refusals = CircuitBreaker()
        self.batch_size = server.batch_size

    def identity(self, language: str) -> EngineInfo:
        """Say who translates: the server and its version, known from the first request on."""
        version = self._version or ""
        model = f"LibreTranslate {version}".strip()
        return EngineInfo(NAME, model, "", version, self._server.host)

    def settings_key(self, language: str) -> str:
        """No setting changes what the server answers."""
        return ""

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        """Translate requests into `language`, yielding the answers in their order.

        Raises EngineError where the server fails, or does not know the language.
        """
        if requests and self._version is None:
            self._version = self._ask_version()
        return self._server.map_concurrently(partial(self._ask, language), requests)

    def close(self) -> None:
        """Close the connections."""
        self._server.close()

    def _ask(self, language: str, request: TranslationRequest) -> TranslationResult:
        again = bool(request.previous)
        if again and not request.terms:
            return TranslationResult(request.previous)
        payload: dict[str, object] = {
            "q": request.text,
            "source": "de",
            "target": _CODES.get(language, base_language(language)),
            "format": "text",
        }
        if again:
            payload["alternatives"] = ALTERNATIVES
        if self._server.secret:
            payload["api_key"] = self._server.secret.reveal()
        try:
            given = self._server.call("POST", "/translate", payload)
        except RefusedError as error:
            return self._refusals.record_rejection(error)
        self._refusals.record_success()
        texts = self._texts(given)
        if not again:
            return TranslationResult(texts[0])
        return TranslationResult(next((t for t in texts if _has_all(t, request)), request.previous))

    def _texts(self, given: Any) -> list[str]:
        try:
            texts = [given["translatedText"], *(given.get("alternatives") or ())]
        except (KeyError, TypeError, AttributeError):
            raise self._server.invalid_response(given) from None
        if not all(isinstance(text, str) for text in texts):
            raise self._server.invalid_response(given)
        return texts

    def _ask_version(self) -> str:
        """The server's version, from its own description of its interface."""
        given = self._server.call("GET", "/spec")
        try:
            return str(given["info"]["version"])
        except (KeyError, TypeError):
            raise self._server.invalid_response(given) from None


def open_engine(setup: EngineConfig) -> LibreTranslateEngine:
    """Make the engine; nothing is sent before the first request.

    Raises SettingsError or EngineError for settings that cannot be right.
    """
    settings = load_settings(LibreTranslateSettings, NAME, setup.settings)
    if setup.model:
        raise EngineError("a LibreTranslate server has no choice of models", "Leave --model out.")
    url = settings.url.rstrip("/").removesuffix("/translate")
    key = credentials.find_key(url, "TRANSLATE_LIBRETRANSLATE_KEY")
    address = Address(url, settings.timeout, settings.retries, setup.jobs or settings.concurrency)
    return LibreTranslateEngine(HttpClient(NAME, address, key))


def _has_all(text: str, request: TranslationRequest) -> bool:
    plain = text.casefold()
    return all(wanted.casefold() in plain for _, wanted in request.terms)
