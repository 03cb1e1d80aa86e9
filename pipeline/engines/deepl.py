"""The engine for DeepL (https://developers.deepl.com/), with glossary terms.

The terms of the texts are stored in a temporary glossary of the user's account, which is
deleted at the end of the run. DeepL inflects the terms.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
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
from pipeline.engines.usage import (
    CharacterPrices,
    CostLimitError,
    Meter,
    Prices,
    Usage,
    read_count,
)
from pipeline.lang.variants import is_british

NAME = "deepl"

MAX_TEXTS = 50
"""Maximum number of texts per request of the API."""

MAX_CHARACTERS = 30_000
"""Maximum characters of text per request; the API accepts 128 KiB."""

PRO_URL, FREE_URL = "https://api.deepl.com", "https://api-free.deepl.com"
VENDOR_HOSTS = ("api.deepl.com", "api-free.deepl.com")
"""Hosts that receive the key in `DEEPL_AUTH_KEY`."""

FREE_KEY_SUFFIX = ":fx"
"""The end of the keys of free accounts."""

GLOSSARY_NAME = "translate-pipeline, temporary"
"""Name prefix of temporary glossaries. Other glossaries of the account are never changed."""

STALE_AFTER = timedelta(days=1)
"""Age of a temporary glossary after which it belongs to a killed run."""

# DeepL has deprecated English and Portuguese without a variant as target languages.
_CODES = {"en": "EN-US", "pt": "PT-PT", "zh_CN": "ZH-HANS", "zh_TW": "ZH-HANT", "nn": "NB"}
_VARIANTS = frozenset(("EN-GB", "EN-US", "PT-BR", "PT-PT"))
_LATIN_AMERICAN = "ES-419"
_FORMALITY = {"formal": "prefer_more", "informal": "prefer_less"}
_WITH_FORMALITY = frozenset(("fr", "it", "es", "nl", "pl", "pt", "ja", "ru"))


@dataclass(frozen=True, slots=True)
class DeepLSettings(CharacterPrices):
    """The table `[engines.deepl]`; see docs/engines.md."""

    url: str = ""
    timeout: float = field(default=60.0, metadata={"rule": number(float, 1, 3600)})
    retries: int = field(default=4, metadata={"rule": number(int, 0, 20)})
    concurrency: int = field(default=2, metadata={"rule": number(int, 1, 64)})
    formality: str = ""


class DeepLEngine:
    """The engine for the DeepL API. `close` deletes the temporary glossaries."""

    takes_tags = True

    def __init__(
        self,
        server: HttpClient,
        settings: DeepLSettings,
        model: str,
        meter: Meter,
        formality: Mapping[str, str] | None = None,
    ) -> None:
        self.meter = meter
        self._server, self._settings, self._model = server, settings, model
        self._formality = formality or {}
        self._glossaries: dict[str, TemporaryGlossary] = {}
        self._circuit_breaker = CircuitBreaker()
        self.batch_size = MAX_TEXTS * server.endpoint.concurrency

    def identity(self, language: str) -> EngineInfo:
        """Return DeepL and the requested type of model."""
        return EngineInfo(NAME, f"DeepL {self._model}".strip(), "", "v2", self._server.host)

    def settings_key(self, language: str) -> str:
        """Return the only setting that affects results."""
        return self._formality_for(language)

    def uses_formality(self, language: str) -> bool:
        """Return whether DeepL has a formality for a language."""
        return base_language(language) in _WITH_FORMALITY

    def _formality_for(self, language: str) -> str:
        """Return DeepL's value: that of its own table, else that of the project's setting."""
        project = _FORMALITY.get(self._formality.get(language, ""), "")
        return self._settings.formality or project

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        """Translate requests into `language` and yield their results in order.

        Texts are grouped into requests of the API. Raises EngineError if the server fails, the
        quota is used up, or every text is rejected.
        """
        # DeepL is deterministic: a retry would return the previous translation.
        new = [request for request in requests if not request.previous]
        glossary = self._glossaries.setdefault(language, TemporaryGlossary(self._server, language))
        glossary.add(term for request in new for term in request.terms)
        # Texts with tags are in batches of their own: how tags are handled is set per batch.
        order = sorted(range(len(new)), key=lambda index: bool(new[index].tagged))
        results = self._server.map_concurrently(
            partial(self._translate_batch, language, glossary),
            list(_batches([new[index] for index in order])),
        )
        places = iter(order)
        translated = ((next(places), result) for batch in results for result in batch)
        found: dict[int, TranslationResult] = {}
        wanted = 0
        for request in requests:
            if request.previous:
                yield TranslationResult(request.previous)
                continue
            while wanted not in found:
                found.update([next(translated)])
            yield found.pop(wanted)
            wanted += 1

    def close(self) -> None:
        """Delete the temporary glossaries and close all connections."""
        for glossary in self._glossaries.values():
            glossary.delete()
        self._server.close()

    def _translate_batch(
        self, language: str, glossary: TemporaryGlossary, batch: Sequence[TranslationRequest]
    ) -> Sequence[TranslationResult]:
        try:
            results = self._request(language, glossary, batch)
        except CostLimitError:
            if len(batch) == 1:
                return [self.meter.withhold()]
            halves = batch[: len(batch) // 2], batch[len(batch) // 2 :]
            return [r for half in halves for r in self._translate_batch(language, glossary, half)]
        except RequestRejectedError as error:
            if len(batch) > 1:  # Find the rejected text.
                singles = ([request] for request in batch)
                return [self._translate_batch(language, glossary, one)[0] for one in singles]
            request = [TranslationRequest(PROBE)]
            probe = partial(self._server.attempt_once, self._request, language, glossary, request)
            return [self._circuit_breaker.record_rejection(error, probe)]
        self._circuit_breaker.record_success()
        return results

    def _request(
        self, language: str, glossary: TemporaryGlossary, batch: Sequence[TranslationRequest]
    ) -> list[TranslationResult]:
        payload: dict[str, object] = {
            "text": [request.tagged or request.text for request in batch],
            "source_lang": "DE",
            "target_lang": target_code(language),
            "split_sentences": "0",
            "preserve_formatting": True,
        }
        if batch[0].tagged:
            payload["tag_handling"] = "xml"
            payload["outline_detection"] = False
            payload["ignore_tags"] = [TagName.PROTECTED]
        if glossary.id and any(request.terms for request in batch):
            payload["glossary_id"] = glossary.id
        if self._model:
            payload["model_type"] = self._model
        if formality := self._formality_for(language):
            payload["formality"] = formality
        if self.meter.prices:
            payload["show_billed_characters"] = True
        size = sum(len(request.tagged or request.text) for request in batch)
        with self.meter.request(Usage(size)) as record:
            response = self._server.call("POST", "/v2/translate", payload)
            record(Usage(_billed(response, size)))
        return self._parse(response, len(batch))

    def _parse(self, response: Any, count: int) -> list[TranslationResult]:
        try:
            texts = [translation["text"] for translation in response["translations"]]
        except (KeyError, TypeError):
            raise self._server.invalid_response(response) from None
        if not all(isinstance(text, str) for text in texts):
            raise self._server.invalid_response(response)
        if len(texts) != count:
            raise RequestRejectedError(
                f"{self._server.host} returned {len(texts)} translations of {count} texts",
                "This is an error of the server: try again later.",
            )
        return [TranslationResult(text) for text in texts]


def _billed(response: Any, default: int) -> int:
    """Return the characters that the response reports as billed, else those of the texts."""
    try:
        counts = [translation["billed_characters"] for translation in response["translations"]]
    except (KeyError, TypeError):
        return default
    return sum(read_count(count, default) for count in counts)


class TemporaryGlossary:
    """A glossary for one language pair and one run (API: `/v3/glossaries`).

    It is created with the first terms and grows with later ones; until then, `id` is "". Its
    entries are the forms found in the texts, with their translations.
    """

    def __init__(self, server: HttpClient, language: str) -> None:
        self._server = server
        self._pair = {"source_lang": "de", "target_lang": base_language(language)}
        self._terms: dict[str, str] = {}
        self.id = ""

    def add(self, terms: Iterable[tuple[str, str]]) -> None:
        """Add pairs (German form, translation); raises EngineError if the server fails."""
        new = {_single_line(source): _single_line(target) for source, target in terms}
        if new.items() <= self._terms.items():
            return
        self._terms |= new
        dictionary = {
            **self._pair,
            "entries": "\n".join(f"{source}\t{target}" for source, target in self._terms.items()),
            "entries_format": "tsv",
        }
        if self.id:
            self._server.call("PUT", f"/v3/glossaries/{self.id}/dictionaries", dictionary)
            return
        self._delete_stale()
        name = f"{GLOSSARY_NAME} {secrets.token_hex(4)}"
        created = self._server.call(
            "POST", "/v3/glossaries", {"name": name, "dictionaries": [dictionary]}
        )
        try:
            self.id = str(created["glossary_id"])
        except (KeyError, TypeError):
            raise self._server.invalid_response(created) from None

    def delete(self) -> None:
        """Delete the glossary; after a failure, a later run deletes it."""
        if self.id:
            self._delete(self.id)
            self.id = ""

    def _delete(self, glossary: str) -> None:
        with suppress(EngineError):
            self._server.call("DELETE", f"/v3/glossaries/{glossary}")

    def _delete_stale(self) -> None:
        """Delete glossaries of killed runs: an account can hold 1000 glossaries."""
        response = self._server.call("GET", "/v3/glossaries")
        try:
            for glossary in response["glossaries"]:
                if _is_stale(glossary):
                    self._delete(glossary["glossary_id"])
        except (KeyError, TypeError, ValueError):
            raise self._server.invalid_response(response) from None


def _is_stale(glossary: Any) -> bool:
    if not str(glossary["name"]).startswith(GLOSSARY_NAME):
        return False
    created = datetime.fromisoformat(glossary["creation_time"])
    return datetime.now(UTC) - created > STALE_AFTER


def _single_line(text: str) -> str:
    """Collapse white space: the entries are in TSV."""
    return " ".join(text.split())


def server(table: Mapping[str, Any]) -> Address:
    """Return the address in a table `[engines.deepl]`, or DeepL's.

    Raises SettingsError or EngineError for settings that are not valid.
    """
    url = load_settings(DeepLSettings, NAME, table).url.rstrip("/")
    return server_address(NAME, url.removesuffix("/v2").removesuffix("/v3") or PRO_URL)


def open_engine(config: EngineConfig) -> DeepLEngine:
    """Create the engine. Nothing is sent before the first request.

    Raises SettingsError or EngineError for settings that are not valid.
    """
    settings = load_settings(DeepLSettings, NAME, config.settings)
    address = server(config.settings)
    # The user chose DeepL's address with the engine.
    key_hosts = config.key_hosts if settings.url else VENDOR_HOSTS
    key = credentials.find_key(
        address, "TRANSLATE_DEEPL_KEY", "DEEPL_AUTH_KEY", VENDOR_HOSTS, key_hosts=key_hosts
    )
    if not key:
        raise EngineError(
            f"DeepL needs a key, and none may be sent to {address.netloc}",
            "Set DEEPL_AUTH_KEY for DeepL itself. TRANSLATE_DEEPL_KEY goes to a host that you "
            "trust: see docs/security.md.",
        )
    if not settings.url and key.reveal().endswith(FREE_KEY_SUFFIX):
        address = server_address(NAME, FREE_URL)
    concurrency = config.jobs or settings.concurrency
    endpoint = Endpoint(address, settings.timeout, settings.retries, concurrency)
    client = HttpClient(NAME, endpoint, key, "DeepL-Auth-Key")
    meter = Meter(Prices.of(NAME, config.settings))
    return DeepLEngine(client, settings, config.model, meter, config.formality)


def target_code(language: str) -> str:
    """Return DeepL's code for a target language: `EN-GB` for `en_GB`, `FR` for `fr_CA`.

    Variants that DeepL does not have are drafted in the nearest one.
    """
    plain = language.partition("@")[0]
    code = _CODES.get(plain) or plain.replace("_", "-").upper()
    base, _, region = code.partition("-")
    if not region or code in _VARIANTS or plain in _CODES:
        return code
    if base == "ES" and region != "ES":
        return _LATIN_AMERICAN
    if base == "EN":
        return "EN-GB" if is_british(language) else "EN-US"
    return _CODES.get(base.lower(), base)


def _batches(requests: Sequence[TranslationRequest]) -> Iterator[list[TranslationRequest]]:
    """Group requests up to the limits of the API, those with tags and those without apart."""
    batch: list[TranslationRequest] = []
    size = 0
    for request in requests:
        length = len(request.tagged or request.text)
        is_full = len(batch) == MAX_TEXTS or size + length > MAX_CHARACTERS
        if batch and (is_full or bool(batch[0].tagged) != bool(request.tagged)):
            yield batch
            batch, size = [], 0
        batch.append(request)
        size += length
    if batch:
        yield batch
