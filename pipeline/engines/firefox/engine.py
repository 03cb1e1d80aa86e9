"""The engine for models of Firefox Translations, on fxtranslate in worker processes.

Without a model for a language pair, texts are translated through English as a pivot language,
which the provenance of the drafts states. Texts are split by our own rules: the splitter of the
runtime breaks after German abbreviations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from importlib.util import find_spec

from pipeline.core import EngineError, ModelError
from pipeline.core.system import usable_cores
from pipeline.engines import memory_limits
from pipeline.engines.base import (
    EngineConfig,
    EngineInfo,
    TranslationRequest,
    TranslationResult,
)
from pipeline.engines.circuit_breaker import CircuitBreaker
from pipeline.engines.firefox.model import SentenceTranslator
from pipeline.engines.firefox.pool import WorkerPool
from pipeline.engines.firefox.settings import FirefoxSettings, firefox_settings
from pipeline.engines.sentence_route import translate_requests
from pipeline.models import firefox
from pipeline.models.firefox import FirefoxModel

SOURCE = "de"

_RUNTIME_BYTES = 30 << 20
"""Memory of a worker process without a model."""

_MODEL_FACTOR = 2.5
"""Memory of a loaded model relative to its files: they are read, then converted."""


class FirefoxEngine:
    """The engine for the installed models. Each is loaded when a language needs it."""

    batch_size = 256

    def __init__(self, settings: FirefoxSettings, version: str, jobs: int = 0) -> None:
        self._version, self._pins = version, settings.pins
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
        yield from translate_requests(models, requests, language, self._circuit_breaker)

    def close(self) -> None:
        """End the worker processes."""
        self._pool.close()

    def _route(self, language: str) -> tuple[FirefoxModel, ...]:
        """Return the models of a route, even if they were removed after their first use."""
        if language not in self._routes:
            self._routes[language] = self._pinned(_find_route(language))
        return self._routes[language]

    def _pinned(self, route: tuple[FirefoxModel, ...]) -> tuple[FirefoxModel, ...]:
        """Return a route whose models are those that the settings require, if they do."""
        for model in route:
            pin = self._pins.get(model.pair)
            if pin and not pin.matches(model.architecture, model.version):
                raise ModelError(
                    f"the settings require {pin}, and {model.version} {model.architecture} is "
                    "installed",
                    f"Install it: translate models install {pin}. Or correct models in "
                    "[engines.firefox].",
                )
        return route

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


def open_engine(config: EngineConfig) -> FirefoxEngine:
    """Create the engine. Models are loaded when a language needs them.

    Raises SettingsError for settings that are not valid, EngineError if the runtime is not
    installed or a model is requested.
    """
    if config.model:
        raise EngineError(
            f"the firefox engine has no choice of models ({config.model!r})",
            "Remove --model and the setting model: the language determines the model. Versions are "
            'required with models = ["firefox:de-en@3.0"] in [engines.firefox].',
        )
    settings = firefox_settings(config.settings)
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
