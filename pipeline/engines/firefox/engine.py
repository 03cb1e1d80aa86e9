"""The engine for models of Firefox Translations, on fxtranslate in worker processes.

Without a model for a language pair, texts are translated through English as a pivot language,
which the provenance of the drafts states. Texts are split by our own rules: the splitter of the
runtime breaks after German abbreviations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec

from pipeline.core import EngineError, ModelError, load_settings, number
from pipeline.core.system import usable_cores
from pipeline.engines import memory_limits, term_candidates
from pipeline.engines.base import (
    EngineConfig,
    EngineInfo,
    TextRejectedError,
    TranslationRequest,
    TranslationResult,
)
from pipeline.engines.circuit_breaker import PROBE, CircuitBreaker
from pipeline.engines.constraints import Constraint, find_constraints
from pipeline.engines.firefox.model import SentenceResult, SentenceTranslator
from pipeline.engines.firefox.pool import WorkerPool
from pipeline.engines.firefox.symbols import put_back, take_out
from pipeline.engines.term_candidates import ConstrainedSentence
from pipeline.lang import split_sentences
from pipeline.models import firefox
from pipeline.models.firefox import FirefoxModel

SOURCE = "de"

_WORD = re.compile(r"\w+")

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
        results = _translate(models, requests, language)
        for result in results:
            if isinstance(result, TranslationResult):
                self._circuit_breaker.record_success()
                yield result
            else:
                probe = partial(_probe, models, language)
                yield self._circuit_breaker.record_rejection(result, probe)

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


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence of a request, and the white space before it."""

    space: str
    sentence: str
    constraints: tuple[Constraint, ...]


def _translate(
    models: Sequence[SentenceTranslator], requests: Sequence[TranslationRequest], language: str
) -> list[TranslationResult | TextRejectedError]:
    """Translate the sentences of all requests together."""
    split = [() if request.previous else tuple(_split(request, models[0])) for request in requests]
    results = iter(_through(models, [part for parts in split for part in parts], language))
    return [
        _joined(request, [(part, next(results)) for part in parts])
        for request, parts in zip(requests, split, strict=True)
    ]


def _split(request: TranslationRequest, model: SentenceTranslator) -> Iterator[_Part]:
    """Split a request into sentences. Each constraint belongs to the first with its source."""
    text, end_before = request.text, 0
    constraints = find_constraints(request)
    unknown = model.unknown_characters(text)
    for start, end in split_sentences(text):
        sentence = text[start:end]
        own = [c for c in constraints if c.source in sentence]
        constraints = [c for c in constraints if c not in own]
        # A word with a letter that the model does not know stays as it is.
        own += [
            Constraint(word, word, exact=True)
            for word in dict.fromkeys(_WORD.findall(sentence))
            if unknown & set(word) and not any(word in c.source for c in own)
        ]
        yield _Part(text[end_before:start], sentence, tuple(own))
        end_before = end


def _through(
    models: Sequence[SentenceTranslator], parts: Sequence[_Part], language: str
) -> list[SentenceResult]:
    """Translate sentences by each model of a route, with symbols that no model knows."""
    taken = [
        take_out(
            part.sentence,
            models[0].unknown_characters(part.sentence),
            [constraint.source for constraint in part.constraints],
        )
        for part in parts
    ]
    results = [SentenceResult(plain) for part, (plain, _) in zip(parts, taken, strict=True)]
    constraints = [part.constraints for part in parts]
    for leg, model in enumerate(models, 1):
        target = language if leg == len(models) else model.model.target
        results, constraints = _by(model, results, constraints, target, pivot=leg < len(models))
    return [
        result
        if result.problem
        else replace(
            result,
            text=put_back(plain, result.text, symbols, language),
            alternatives=tuple(put_back(plain, t, symbols, language) for t in result.alternatives),
        )
        for result, (plain, symbols) in zip(results, taken, strict=True)
    ]


def _by(
    model: SentenceTranslator,
    sources: Sequence[SentenceResult],
    constraints: Sequence[tuple[Constraint, ...]],
    language: str,
    *,
    pivot: bool,
) -> tuple[list[SentenceResult], list[tuple[Constraint, ...]]]:
    """Translate by one model; return results, and the constraints on the next translation.

    In a translation to a pivot language, only exact constraints apply. The words there that stand
    for a term are its source in the next translation.
    """
    pair = (model.model.source, language)
    pending = [n for n, source in enumerate(sources) if not source.problem]
    results = list(sources)
    for n, result in zip(pending, model.translate([sources[n].text for n in pending]), strict=True):
        results[n] = result
    states = {
        n: ConstrainedSentence(
            sources[n].text,
            tuple(c for c in constraints[n] if c.exact or not pivot),
            results[n].text,
        )
        for n in pending
    }
    term_candidates.enforce(list(states.values()), pair, model.texts)
    for n, state in states.items():
        if state.translation:
            results[n] = SentenceResult(state.translation, alternatives=state.alternatives)
    return results, _next_constraints(model, states, constraints, pair) if pivot else list(
        constraints
    )


def _next_constraints(
    model: SentenceTranslator,
    states: Mapping[int, ConstrainedSentence],
    constraints: Sequence[tuple[Constraint, ...]],
    pair: tuple[str, str],
) -> list[tuple[Constraint, ...]]:
    """Return the constraints with their sources in the pivot language."""
    terms = {n: tuple(c for c in constraints[n] if not c.exact) for n in states}
    numbers = [n for n, own in terms.items() if own]
    asked = [replace(states[n], constraints=terms[n]) for n in numbers]
    found = dict(zip(numbers, term_candidates.locate(asked, pair, model.texts), strict=True))
    return [
        tuple(c if c.exact else replace(c, source=found.get(n, {}).get(c, "")) for c in own)
        for n, own in enumerate(constraints)
    ]


def _joined(
    request: TranslationRequest, parts: Sequence[tuple[_Part, SentenceResult]]
) -> TranslationResult | TextRejectedError:
    """Return the result of a text from those of its sentences, with what is around them."""
    if request.previous:
        return TranslationResult(request.previous)  # The models have no second translation.
    if not parts:
        return TextRejectedError("the text is empty", retry_in_parts=False)
    problem = next((result.problem for _, result in parts if result.problem), None)
    if problem is not None:
        # Several sentences may have a translation each.
        return TextRejectedError(problem.message, retry_in_parts=problem.retry_in_parts)
    choices = [(result.text, *result.alternatives) for _, result in parts]
    tail = request.text[sum(len(part.space) + len(part.sentence) for part, _ in parts) :]
    texts = [
        "".join(
            part.space + texts[min(number, len(texts) - 1)]
            for (part, _), texts in zip(parts, choices, strict=True)
        )
        + tail
        for number in range(max(map(len, choices)))
    ]
    return TranslationResult(
        texts[0], alternatives=tuple(TranslationResult(text) for text in texts[1:])
    )


def _probe(models: Sequence[SentenceTranslator], language: str) -> None:
    """Raise the error of a model that translates nothing."""
    for result in _through(models, [_Part("", PROBE, ())], language):
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
