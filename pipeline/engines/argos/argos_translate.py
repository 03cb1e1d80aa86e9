"""The engine for Argos packages on Argos Translate itself, if the user prefers its runtime.

A thin adapter: Argos Translate loads the packages that this program found and verified. It splits
a sentence again with its own splitter. `argostranslate` is imported here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pipeline.core import EngineError
from pipeline.engines.argos.engine import find_route
from pipeline.engines.base import (
    EngineInfo,
    TextRejectedError,
    TranslationRequest,
    TranslationResult,
)
from pipeline.engines.circuit_breaker import CircuitBreaker
from pipeline.engines.sentence_route import SentenceResult, translate_requests
from pipeline.models import argos
from pipeline.models.argos import ArgosPackage

_HYPOTHESES = 4
_DISTRIBUTIONS = ("argostranslate", "argos-translate-lt")


class ArgosTranslateEngine:
    """The engine for the installed packages. Each is loaded when a language needs it."""

    batch_size = 32

    def __init__(self) -> None:
        self._version = _installed_version()
        self._models: dict[ArgosPackage, ArgosTranslateModel] = {}
        self._circuit_breaker = CircuitBreaker()

    def identity(self, language: str) -> EngineInfo:
        """Return the packages that translate into a language; raises ModelError."""
        route = find_route(language)
        for package in route:
            argos.verified_path(package)
        names = ", then ".join(f"{package.id} {package.version}" for package in route)
        return EngineInfo("argos", names, " ".join(map(argos.digest, route)), self._version)

    def settings_key(self, language: str) -> str:
        """Return the settings that affect results: those of Argos Translate are not known."""
        return "argostranslate"

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        """Translate requests into `language` and yield their results in order.

        Raises ModelError if a package is missing or damaged, EngineError if it cannot be loaded.
        """
        models = [self._load(package) for package in find_route(language)]
        yield from translate_requests(models, requests, language, self._circuit_breaker)

    def close(self) -> None:
        """Free the models."""
        self._models.clear()

    def _load(self, package: ArgosPackage) -> ArgosTranslateModel:
        if package not in self._models:
            argos.verified_path(package)
            self._models[package] = ArgosTranslateModel(package)
        return self._models[package]


class ArgosTranslateModel:
    """A package, loaded by Argos Translate."""

    def __init__(self, package: ArgosPackage) -> None:
        """Load a package; raises EngineError if Argos Translate cannot."""
        self.source, self.target = package.source, package.target
        translate, packages = (
            _import(f"argostranslate.{name}") for name in ("translate", "package")
        )
        languages = [translate.Language(code, code) for code in (package.source, package.target)]
        try:
            loaded = packages.Package(package.folder)
            self._translation: Any = translate.PackageTranslation(*languages, loaded)
        except (OSError, RuntimeError, ValueError, KeyError, NotImplementedError) as error:
            raise EngineError(
                f"Argos Translate cannot load package {package.id}: {error}",
                'Install the package again, or set runtime = "ctranslate2" in [engines.argos].',
            ) from error

    def translate(self, sentences: Sequence[str]) -> list[SentenceResult]:
        """Translate sentences, in order; further hypotheses are alternatives."""
        return [self._translate(sentence) for sentence in sentences]

    def unknown_characters(self, text: str) -> set[str]:
        """Return no character: Argos Translate does not tell which ones it drops."""
        return set()

    def _translate(self, sentence: str) -> SentenceResult:
        try:
            found = self._translation.hypotheses(sentence, _HYPOTHESES)
        except (OSError, RuntimeError, ValueError, IndexError) as error:
            return SentenceResult(problem=TextRejectedError(f"Argos Translate failed: {error}"))
        texts = [text for text in dict.fromkeys(h.value.strip() for h in found) if text]
        if not texts:
            return SentenceResult(problem=TextRejectedError("Argos Translate returned nothing"))
        return SentenceResult(texts[0], alternatives=tuple(texts[1:]))


def _import(name: str) -> Any:
    try:
        return import_module(name)
    except (ImportError, OSError) as error:
        raise EngineError(
            f"Argos Translate is not installed ({error})",
            "Install it: pip install 'translate-pipeline[argostranslate]'. Without it, set "
            'runtime = "ctranslate2" in [engines.argos].',
        ) from error


def _installed_version() -> str:
    """Return the distribution and version of Argos Translate; raises EngineError without one."""
    _import("argostranslate")
    for name in _DISTRIBUTIONS:
        try:
            return f"{name} {version(name)}"
        except PackageNotFoundError:
            continue
    return "argostranslate"
