"""The engine for LibreTranslate servers (https://docs.libretranslate.com/).

The API has no glossaries. If a term is missing, the engine requests alternatives and returns
the first with all terms.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pipeline.core import EngineError, base_language, load_settings, number
from pipeline.core.http import Address
from pipeline.engines.base import EngineConfig, EngineInfo, TranslationRequest, TranslationResult
from pipeline.engines.circuit_breaker import PROBE, CircuitBreaker
from pipeline.engines.http import credentials
from pipeline.engines.http.client import Endpoint, HttpClient, server_address
from pipeline.engines.http.errors import RequestRejectedError
from pipeline.engines.tags import TagName
from pipeline.engines.usage import CharacterPrices, CostLimitError, Meter, Prices, Usage

NAME = "libretranslate"
ALTERNATIVES = 4
"""Alternatives to request if terms are missing."""

_CODES = {"zh_TW": "zt", "pt_BR": "pb"}


@dataclass(frozen=True, slots=True)
class LibreTranslateSettings(CharacterPrices):
    """The table `[engines.libretranslate]`; see docs/engines.md."""

    url: str = "http://127.0.0.1:5000"
    timeout: float = field(default=60.0, metadata={"rule": number(float, 1, 3600)})
    retries: int = field(default=4, metadata={"rule": number(int, 0, 20)})
    concurrency: int = field(default=2, metadata={"rule": number(int, 1, 64)})
    tags: bool = False


class LibreTranslateEngine:
    """The engine for one LibreTranslate server."""

    def __init__(self, server: HttpClient, settings: LibreTranslateSettings, meter: Meter) -> None:
        self._server, self.meter = server, meter
        self.takes_tags = settings.tags
        self._version: str | None = None
        self._circuit_breaker = CircuitBreaker()
        self.batch_size = server.batch_size

    def identity(self, language: str) -> EngineInfo:
        """Return the server and its version, which is known from the first request on."""
        version = self._version or ""
        model = f"LibreTranslate {version}".strip()
        return EngineInfo(NAME, model, "", version, self._server.host)

    def settings_key(self, language: str) -> str:
        """Return an empty key: no setting affects the results."""
        return ""

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        """Translate requests into `language` and yield their results in order.

        Raises EngineError if the server fails or does not support the language.
        """
        if requests and self._version is None:
            self._version = self._fetch_version()
        return self._server.map_concurrently(partial(self._translate_one, language), requests)

    def close(self) -> None:
        """Close all connections."""
        self._server.close()

    def _translate_one(self, language: str, request: TranslationRequest) -> TranslationResult:
        is_retry = bool(request.previous)
        if is_retry and not request.terms:
            return TranslationResult(request.previous)
        try:
            texts = self._request(
                request.tagged or request.text,
                language,
                ALTERNATIVES if is_retry else 0,
                tagged=bool(request.tagged),
            )
        except CostLimitError:
            return self.meter.withhold()
        except RequestRejectedError as error:
            probe = partial(self._server.attempt_once, self._request, PROBE, language)
            return self._circuit_breaker.record_rejection(error, probe)
        self._circuit_breaker.record_success()
        if not is_retry:
            return TranslationResult(texts[0])
        return TranslationResult(
            next((t for t in texts if _has_all_terms(t, request)), request.previous)
        )

    def _request(
        self, text: str, language: str, alternatives: int = 0, *, tagged: bool = False
    ) -> list[str]:
        """Return the translation of a text, and up to `alternatives` others."""
        if tagged:
            text = text.replace(f"<{TagName.PROTECTED} ", f'<{TagName.PROTECTED} translate="no" ')
        payload: dict[str, object] = {
            "q": text,
            "source": "de",
            "target": _CODES.get(language, base_language(language)),
            "format": "html" if tagged else "text",
        }
        if alternatives:
            payload["alternatives"] = alternatives
        if self._server.secret:
            payload["api_key"] = self._server.secret.reveal()
        with self.meter.request(Usage(len(text))) as record:
            response = self._server.call("POST", "/translate", payload)
            record(Usage(len(text)))
        return self._texts(response)

    def _texts(self, response: Any) -> list[str]:
        try:
            texts = [response["translatedText"], *(response.get("alternatives") or ())]
        except (KeyError, TypeError, AttributeError):
            raise self._server.invalid_response(response) from None
        if not all(isinstance(text, str) for text in texts):
            raise self._server.invalid_response(response)
        return texts

    def _fetch_version(self) -> str:
        """Read the version from the description of the API."""
        response = self._server.call("GET", "/spec")
        try:
            return str(response["info"]["version"])
        except (KeyError, TypeError):
            raise self._server.invalid_response(response) from None


def server(table: Mapping[str, Any]) -> Address:
    """Return the address in a table `[engines.libretranslate]`, or the default.

    Raises SettingsError or EngineError for settings that are not valid.
    """
    url = load_settings(LibreTranslateSettings, NAME, table).url
    return server_address(NAME, url.rstrip("/").removesuffix("/translate"))


def open_engine(config: EngineConfig) -> LibreTranslateEngine:
    """Create the engine. Nothing is sent before the first request.

    Raises SettingsError or EngineError for settings that are not valid.
    """
    settings = load_settings(LibreTranslateSettings, NAME, config.settings)
    if config.model:
        raise EngineError("a LibreTranslate server has no choice of models", "Remove --model.")
    address = server(config.settings)
    # The user chose the default address with the engine.
    key_hosts = config.key_hosts if "url" in config.settings else (address.netloc,)
    key = credentials.find_key(address, "TRANSLATE_LIBRETRANSLATE_KEY", key_hosts=key_hosts)
    endpoint = Endpoint(
        address, settings.timeout, settings.retries, config.jobs or settings.concurrency
    )
    meter = Meter(Prices.of(NAME, config.settings))
    return LibreTranslateEngine(HttpClient(NAME, endpoint, key), settings, meter)


def _has_all_terms(text: str, request: TranslationRequest) -> bool:
    folded = text.casefold()
    return all(wanted.casefold() in folded for _, wanted in request.terms)
