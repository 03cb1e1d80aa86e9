"""The engine for models of Firefox Translations, on fxtranslate in worker processes.

Without a model for a language pair, texts are translated through English as a pivot language,
which the provenance of the drafts states. Texts are split by our own rules: the splitter of the
runtime breaks after German abbreviations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec

from pipeline.core import EngineError, ModelError, load_settings, number
from pipeline.core.system import usable_cores
from pipeline.engines import memory_limits
from pipeline.engines.base import (
    EngineConfig,
    EngineInfo,
    TextRejectedError,
    TranslationRequest,
    TranslationResult,
)
from pipeline.engines.circuit_breaker import PROBE, CircuitBreaker
from pipeline.engines.firefox.model import SentenceResult, SentenceTranslator
from pipeline.engines.firefox.pool import WorkerPool
from pipeline.lang import split_sentences
from pipeline.models import firefox
from pipeline.models.firefox import FirefoxModel

SOURCE = "de"

_RUNTIME_BYTES = 30 << 20
"""Memory of a worker process without a model."""

_MODEL_FACTOR = 2.5
"""Memory of a loaded model relative to its files: they are read, then converted."""


@dataclass(frozen=True, slots=True)
class FirefoxSettings:
    """The table `[engines.firefox]` of a project's settings.

    - `workers`: number of worker processes; 0 for the number of cores.
    """

    workers: int = field(default=0, metadata={"rule": number(int, 0, 1024)})


class FirefoxEngine:
    """The engine for the installed models. Each is loaded when a language needs it."""

    batch_size = 256

    def __init__(self, settings: FirefoxSettings, version: str, jobs: int = 0) -> None:
        self._version = version
        self._workers = jobs or settings.workers or usable_cores()
        self._pool = WorkerPool(self._workers)
        self._identities: dict[str, EngineInfo] = {}
        self._routes: dict[str, tuple[FirefoxModel, ...]] = {}
        self._models: dict[str, list[SentenceTranslator]] = {}
        self._circuit_breaker = CircuitBreaker()

    def identity(self, language: str) -> EngineInfo:
        """Return the models that translate into a language, in their order.

        Raises ModelError if there are none, or one is damaged.
        """
        if language not in self._identities:
            route = self._route(language)
            for model in route:
                firefox.verified_files(model)
            names = ", then ".join(f"{m.pair} {m.version} {m.architecture}" for m in route)
            digests = " ".join(map(firefox.digest, route))
            self._identities[language] = EngineInfo("firefox", names, digests, self._version)
        return self._identities[language]

    def settings_key(self, language: str) -> str:
        """Return the settings that affect results: none."""
        return ""

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        """Translate requests into `language` and yield their results in order.

        Raises ModelError if a model is missing or damaged, EngineError if a model does not fit
        into memory, cannot be loaded or translates no text.
        """
        models = self._load(language)
        results = _translate(models, requests)
        for result in results:
            if isinstance(result, TranslationResult):
                self._circuit_breaker.record_success()
                yield result
            else:
                yield self._circuit_breaker.record_rejection(result, partial(_probe, models))

    def close(self) -> None:
        """End the worker processes."""
        self._pool.close()

    def _route(self, language: str) -> tuple[FirefoxModel, ...]:
        """Return the models of a route, even if they were removed after their first use."""
        if language not in self._routes:
            self._routes[language] = _find_route(language)
        return self._routes[language]

    def _load(self, language: str) -> list[SentenceTranslator]:
        if language not in self._models:
            route = self._route(language)
            size = sum(model.bytes for model in route)
            memory_limits.require_memory(
                f"{self._workers} worker processes with {' and '.join(m.id for m in route)}",
                self._workers * int(_RUNTIME_BYTES + _MODEL_FACTOR * size),
                "Close other programs, or reduce `workers` in [engines.firefox] (or --jobs).",
            )
            self._models[language] = [SentenceTranslator(model, self._pool) for model in route]
        return self._models[language]


def _find_route(language: str) -> tuple[FirefoxModel, ...]:
    route = firefox.route(SOURCE, language, firefox.installed_models())
    if not route:
        name = f"{firefox.PREFIX}{SOURCE}-{firefox.mozilla_code(language)}"
        raise ModelError(
            f"no Firefox model for {name.removeprefix(firefox.PREFIX)}, and no two models "
            "through English",
            f"Install it: translate models install {name}",
        )
    return route


def _translate(
    models: Sequence[SentenceTranslator], requests: Sequence[TranslationRequest]
) -> list[TranslationResult | TextRejectedError]:
    """Translate the sentences of all requests together."""
    sentences: list[str] = []
    layouts: list[list[tuple[str, int]]] = []
    for request in requests:
        layout, end_before = [], 0
        if not request.previous:
            for start, end in split_sentences(request.text):
                layout.append((request.text[end_before:start], len(sentences)))
                sentences.append(request.text[start:end])
                end_before = end
        layouts.append(layout)
    translated = _through(models, sentences)
    return [
        _joined(request, [(space, translated[number]) for space, number in layout])
        for request, layout in zip(requests, layouts, strict=True)
    ]


def _through(
    models: Sequence[SentenceTranslator], sentences: Sequence[str]
) -> list[SentenceResult]:
    """Translate sentences by each model of a route."""
    results = [SentenceResult(sentence) for sentence in sentences]
    for model in models:
        pending = [place for place, result in enumerate(results) if not result.problem]
        translated = model.translate([results[place].text for place in pending])
        for place, result in zip(pending, translated, strict=True):
            results[place] = result
    return results


def _joined(
    request: TranslationRequest, parts: Sequence[tuple[str, SentenceResult]]
) -> TranslationResult | TextRejectedError:
    """Return the result of a text from those of its sentences, with the space before each."""
    if request.previous:
        return TranslationResult(request.previous)  # The models have no second translation.
    if not parts:
        return TextRejectedError("the text is empty", retry_in_parts=False)
    problem = next((result.problem for _, result in parts if result.problem), None)
    if problem is not None:
        # Several sentences may have a translation each.
        return TextRejectedError(problem.message, retry_in_parts=problem.retry_in_parts)
    return TranslationResult("".join(space + result.text for space, result in parts))


def _probe(models: Sequence[SentenceTranslator]) -> None:
    """Raise the error of a model that translates nothing."""
    for result in _through(models, [PROBE]):
        if result.problem:
            raise result.problem


def open_engine(config: EngineConfig) -> FirefoxEngine:
    """Create the engine. Models are loaded when a language needs them.

    Raises SettingsError for settings that are not valid, EngineError if the runtime is not
    installed or a model is requested.
    """
    if config.model:
        raise EngineError(
            f"the firefox engine has no choice of models ({config.model!r})",
            "Remove --model and the setting model: the language determines the model.",
        )
    settings = load_settings(FirefoxSettings, "firefox", config.settings)
    missing = [name for name in ("fxtranslate", "sentencepiece") if find_spec(name) is None]
    if missing:
        raise EngineError(
            f"the firefox engine is not installed (no module {missing[0]!r})",
            "Install it: pip install 'translate-pipeline[firefox]'.",
        )
    return FirefoxEngine(settings, version("fxtranslate"), config.jobs)


def ready(language: str) -> bool:
    """Return whether the engine and models for a language are installed."""
    return all(map(find_spec, ("fxtranslate", "sentencepiece"))) and bool(
        firefox.route(SOURCE, language, firefox.installed_models())
    )
