"""Translates with DeepL (https://developers.deepl.com/), glossary terms included.

The terms of the texts that are sent go into a glossary of the account, made for this run
and deleted when it ends; DeepL inflects them itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
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

NAME = "deepl"
TEXTS = 50
"""How many texts a request may have, as the API says."""

REQUEST_CHARACTERS = 30_000
"""How many characters of text go into one request; the API takes 128 KiB."""

PRO, FREE = "https://api.deepl.com", "https://api-free.deepl.com"
FREE_KEY = ":fx"
"""How the keys of free accounts end."""

GLOSSARY_NAME = "translate-pipeline, temporary"
"""How the names of such glossaries begin: an account's own ones are never touched."""

LEFT_OVER = timedelta(days=1)
"""The age from which a glossary is one that a killed run has left."""

# Plain English and Portuguese are outdated as targets: a variety must be named.
_CODES = {"en": "EN-US", "pt": "PT-PT", "zh_CN": "ZH-HANS", "zh_TW": "ZH-HANT", "nn": "NB"}


@dataclass(frozen=True, slots=True)
class DeepLSettings:
    """The table `[engines.deepl]`; see docs/engines.md."""

    url: str = ""
    timeout: float = field(default=60.0, metadata={"rule": number(float, 1, 3600)})
    retries: int = field(default=4, metadata={"rule": number(int, 0, 20)})
    concurrency: int = field(default=2, metadata={"rule": number(int, 1, 64)})
    formality: str = ""


class DeepLEngine:
    """An engine over the DeepL API; `close` deletes the glossaries it made."""

    def __init__(self, server: HttpClient, settings: DeepLSettings, model: str) -> None:
        self._server, self._settings, self._model = server, settings, model
        self._glossaries: dict[str, RunGlossary] = {}
        self._refusals = CircuitBreaker()
        self.batch_size = TEXTS * server.address.concurrency

    def identity(self, language: str) -> EngineInfo:
        """Say who translates: DeepL, and the kind of model that was asked for."""
        return EngineInfo(NAME, f"DeepL {self._model}".strip(), "", "v2", self._server.host)

    def settings_key(self, language: str) -> str:
        """The one setting that changes answers."""
        return self._settings.formality

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        """Translate requests into `language`, yielding the answers in their order.

        Many go in one request of the API. Raises EngineError where the server fails, the
        quota is used up, or every text is refused.
        """
        # DeepL gives the same to the same: an earlier answer is all there is.
        new = [request for request in requests if not request.previous]
        glossary = self._glossaries.setdefault(language, RunGlossary(self._server, language))
        glossary.add(term for request in new for term in request.terms)
        answers = self._server.map_concurrently(
            partial(self._ask, language, glossary), list(_batches(new))
        )
        given = (answer for batch in answers for answer in batch)
        for request in requests:
            yield TranslationResult(request.previous) if request.previous else next(given)

    def close(self) -> None:
        """Delete the glossaries of this run, and close the connections."""
        for glossary in self._glossaries.values():
            glossary.delete()
        self._server.close()

    def _ask(
        self, language: str, glossary: RunGlossary, batch: Sequence[TranslationRequest]
    ) -> Sequence[TranslationResult]:
        payload: dict[str, object] = {
            "text": [request.text for request in batch],
            "source_lang": "DE",
            "target_lang": target_code(language),
            "split_sentences": "0",
            "preserve_formatting": True,
        }
        if glossary.id and any(request.terms for request in batch):
            payload["glossary_id"] = glossary.id
        if self._model:
            payload["model_type"] = self._model
        if self._settings.formality:
            payload["formality"] = self._settings.formality
        try:
            given = self._server.call("POST", "/v2/translate", payload)
        except RefusedError as error:
            if len(batch) > 1:  # one of them is at fault: find out which
                return [self._ask(language, glossary, [request])[0] for request in batch]
            return [self._refusals.record_rejection(error)]
        self._refusals.record_success()
        return self._answers(given, len(batch))

    def _answers(self, given: Any, count: int) -> list[TranslationResult]:
        try:
            texts = [translation["text"] for translation in given["translations"]]
        except (KeyError, TypeError):
            raise self._server.invalid_response(given) from None
        if not all(isinstance(text, str) for text in texts):
            raise self._server.invalid_response(given)
        if len(texts) != count:
            raise EngineError(
                f"{self._server.host} gives {len(texts)} translations of {count} texts",
                "That is a fault of the server: try again later.",
            )
        return [TranslationResult(text) for text in texts]


class RunGlossary:
    """Terms of one language pair at DeepL, through the endpoints `/v3/glossaries`.

    `id` is "" until there are terms. It is made when the first ones come, and holds all
    that came so far; a term is the form that stands in the text, with its translation.
    """

    def __init__(self, server: HttpClient, language: str) -> None:
        self._server = server
        self._pair = {"source_lang": "de", "target_lang": base_language(language)}
        self._terms: dict[str, str] = {}
        self.id = ""

    def add(self, terms: Iterable[tuple[str, str]]) -> None:
        """Add pairs (German form, translation). Raises EngineError."""
        new = {_plain(german): _plain(wanted) for german, wanted in terms}
        if new.items() <= self._terms.items():
            return
        self._terms |= new
        dictionary = {
            **self._pair,
            "entries": "\n".join(f"{german}\t{wanted}" for german, wanted in self._terms.items()),
            "entries_format": "tsv",
        }
        if self.id:
            self._server.call("PUT", f"/v3/glossaries/{self.id}/dictionaries", dictionary)
            return
        self._clear()
        name = f"{GLOSSARY_NAME} {secrets.token_hex(4)}"
        made = self._server.call(
            "POST", "/v3/glossaries", {"name": name, "dictionaries": [dictionary]}
        )
        try:
            self.id = str(made["glossary_id"])
        except (KeyError, TypeError):
            raise self._server.invalid_response(made) from None

    def delete(self) -> None:
        """Delete it at DeepL; where that fails, a later run does it."""
        if self.id:
            self._delete(self.id)
            self.id = ""

    def _delete(self, glossary: str) -> None:
        with suppress(EngineError):
            self._server.call("DELETE", f"/v3/glossaries/{glossary}")

    def _clear(self) -> None:
        """Delete what killed runs have left: an account has room for 1000 glossaries."""
        given = self._server.call("GET", "/v3/glossaries")
        try:
            for glossary in given["glossaries"]:
                if _left_over(glossary):
                    self._delete(glossary["glossary_id"])
        except (KeyError, TypeError, ValueError):
            raise self._server.invalid_response(given) from None


def _left_over(glossary: Any) -> bool:
    if not str(glossary["name"]).startswith(GLOSSARY_NAME):
        return False
    made = datetime.fromisoformat(glossary["creation_time"])
    return datetime.now(UTC) - made > LEFT_OVER


def _plain(text: str) -> str:
    """A phrase on one line without tabs, as the format of the entries wants it."""
    return " ".join(text.split())


def open_engine(setup: EngineConfig) -> DeepLEngine:
    """Make the engine; nothing is sent before the first request.

    Raises SettingsError or EngineError for settings that cannot be right.
    """
    settings = load_settings(DeepLSettings, NAME, setup.settings)
    url = settings.url.rstrip("/").removesuffix("/v2").removesuffix("/v3")
    key = credentials.find_key(url or PRO, "TRANSLATE_DEEPL_KEY", "DEEPL_AUTH_KEY", "deepl.com")
    if not key:
        raise EngineError("DeepL needs a key", "Set DEEPL_AUTH_KEY in the environment.")
    if not url:
        url = FREE if key.reveal().endswith(FREE_KEY) else PRO
    address = Address(url, settings.timeout, settings.retries, setup.jobs or settings.concurrency)
    return DeepLEngine(HttpClient(NAME, address, key, "DeepL-Auth-Key"), settings, setup.model)


def target_code(language: str) -> str:
    """DeepL's code of a target language: `EN-GB` for `en_GB`."""
    plain = language.partition("@")[0]
    return _CODES.get(plain, plain.replace("_", "-").upper())


def _batches(requests: Sequence[TranslationRequest]) -> Iterator[list[TranslationRequest]]:
    """Put as many requests together as the API takes."""
    batch: list[TranslationRequest] = []
    size = 0
    for request in requests:
        if batch and (len(batch) == TEXTS or size + len(request.text) > REQUEST_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(request)
        size += len(request.text)
    if batch:
        yield batch
