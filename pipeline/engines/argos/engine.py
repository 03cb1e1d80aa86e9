"""The engine for Argos packages in this process, on CTranslate2.

It calls the models directly with all texts at once, and needs neither Argos Translate nor
its sentence splitters. Without a package for a language pair, texts are translated through
English as a pivot language, which the provenance of the drafts states.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial
from importlib.util import find_spec
from operator import mul

from pipeline.core import EngineError, ModelError, load_settings
from pipeline.engines import memory_limits
from pipeline.engines.argos import lexical_constraints
from pipeline.engines.argos.lexical_constraints import SentenceState
from pipeline.engines.argos.model import (
    ARGOSTRANSLATE,
    ArgosSettings,
    Hypothesis,
    TranslationModel,
)
from pipeline.engines.base import (
    Engine,
    EngineConfig,
    EngineInfo,
    Signals,
    TextRejectedError,
    TranslationRequest,
    TranslationResult,
)
from pipeline.engines.circuit_breaker import PROBE, CircuitBreaker
from pipeline.engines.constraints import find_constraints
from pipeline.lang import split_sentences
from pipeline.models import argos
from pipeline.models.argos import ArgosPackage

SOURCE = "de"

CHUNK_SIZE = 2000
"""Maximum number of texts translated together, which bounds the memory."""

_ALTERNATIVES = 4

_ALTERNATIVE_GROWTH = 1.5
"""Maximum length of an alternative, relative to the longest text."""

_LIKELIHOOD_STEP, _LIKELIHOOD_NOISE = 0.05, 0.001
"""To what likelihoods are rounded, and twice by what a batch changes them."""

_BYTES_PER_TOKEN = 60_000
_MAX_CONCURRENT_BATCHES = 8
_BASE_BYTES = 100 << 20


class ArgosEngine:
    """The engine for the installed packages. Each is loaded when a language needs it."""

    batch_size = 256

    def __init__(self, settings: ArgosSettings, version: str) -> None:
        self._settings, self._version = settings, version
        self._routes: dict[str, tuple[ArgosPackage, ...]] = {}
        self._identities: dict[str, EngineInfo] = {}
        self._models: dict[ArgosPackage, TranslationModel] = {}
        self._circuit_breaker = CircuitBreaker()

    def identity(self, language: str) -> EngineInfo:
        """Return the packages that translate into a language, in their order.

        Raises ModelError if there are none, or one is damaged.
        """
        if language not in self._identities:
            route = self._route(language)
            names = ", then ".join(f"{package.id} {package.version}" for package in route)
            for package in route:
                argos.verified_path(package)
            digests = [argos.digest(package) for package in route]
            info = EngineInfo("argos", names, " ".join(digests), self._version)
            self._identities[language] = info
        return self._identities[language]

    def settings_key(self, language: str) -> str:
        """Return the settings that affect results: all but the number of threads."""
        values = asdict(replace(self._settings, threads=0))
        del values["runtime"]  # It is this one.
        # Another name than this would invalidate the responses in the users' caches.
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in values.items())})"

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        """Translate requests into `language` and yield their results in order.

        Raises ModelError if a package is missing or damaged, EngineError if a model does not
        fit into memory or translates no text.
        """
        models = [self._load(package) for package in self._route(language)]
        for start in range(0, len(requests), CHUNK_SIZE):
            yield from self._translate(models, requests[start : start + CHUNK_SIZE], language)

    def close(self) -> None:
        """Free the models."""
        self._models.clear()

    def _translate(
        self,
        models: Sequence[TranslationModel],
        requests: Sequence[TranslationRequest],
        language: str,
    ) -> list[TranslationResult]:
        """Translate texts together; if that fails, halve them until the cause is found."""
        try:
            results = _translate(models, requests, language)
        except EngineError as error:
            if len(requests) > 1:
                half = len(requests) // 2
                parts = (requests[:half], requests[half:])
                return [one for part in parts for one in self._translate(models, part, language)]
            rejected = TextRejectedError(error.message, error.hint)
            probe = partial(_translate, models, [TranslationRequest(PROBE)], language)
            return [self._circuit_breaker.record_rejection(rejected, probe)]
        self._circuit_breaker.record_success()
        return results

    def _route(self, language: str) -> tuple[ArgosPackage, ...]:
        """Return the packages of a route, even if they were removed after their first use."""
        if language not in self._routes:
            self._routes[language] = find_route(language)
        return self._routes[language]

    def _load(self, package: ArgosPackage) -> TranslationModel:
        if package not in self._models:
            argos.verified_path(package)
            memory_limits.require_memory(
                f"package {package.id}",
                package_memory(package.bytes, self._settings),
                "Close other programs, or reduce `threads` and `batch_tokens` in [engines.argos].",
            )
            self._models[package] = TranslationModel(package, self._settings)
        return self._models[package]


def find_route(language: str) -> tuple[ArgosPackage, ...]:
    """Return the packages that translate into a language; raises ModelError if there are none."""
    route = argos.route(SOURCE, language, argos.installed_packages())
    if not route:
        name = f"{SOURCE}-{argos.argos_code(language)}"
        raise ModelError(
            f"no Argos package for {name}, and no two packages through English",
            f"Install it: translate models install {name}",
        )
    return route


def _translate(
    models: Sequence[TranslationModel], requests: Sequence[TranslationRequest], language: str
) -> list[TranslationResult]:
    """Translate the sentences of all requests in one batch."""
    split = [_split(request) for request in requests]
    sentences = [sentence for parts in split for _, sentence in parts]
    for pivot in models[:-1]:
        sentences = _translate_to_pivot(pivot, sentences)
    model = models[-1]
    _decode(model, [s for s in sentences if not s.previous])
    _decode_alternatives(model, [s for s in sentences if s.previous], language)
    lexical_constraints.enforce(model, sentences, language)
    _round_likelihoods(model, sentences)
    results, at = [], 0
    for parts in split:
        own, at = sentences[at : at + len(parts)], at + len(parts)
        text = "".join(
            space + sentence.hypothesis.text
            for (space, _), sentence in zip(parts, own, strict=True)
        )
        complete = all(sentence.hypothesis.complete for sentence in own)
        results.append(TranslationResult(text, complete, signals=Signals(_likelihood(own))))
    return results


def _round_likelihoods(model: TranslationModel, sentences: Sequence[SentenceState]) -> None:
    """Round the likelihoods, so that no confidence depends on the texts beside a sentence.

    The same translation differs by up to 0.0005 from batch to batch. Where that decides on the
    rounding, the translation is scored once more, alone.
    """
    for sentence in sentences:
        value = sentence.hypothesis.likelihood
        is_near = abs(value / _LIKELIHOOD_STEP % 1 - 0.5) < _LIKELIHOOD_NOISE / _LIKELIHOOD_STEP
        if is_near and sentence.hypothesis.text:
            (value,) = model.likelihoods([sentence.source], [sentence.hypothesis.text])
        rounded = round(value / _LIKELIHOOD_STEP) * _LIKELIHOOD_STEP
        sentence.hypothesis = replace(sentence.hypothesis, likelihood=rounded)


def _likelihood(sentences: Sequence[SentenceState]) -> float:
    """Return the mean log-probability of a token, over all models of the route.

    The usual estimate of quality from a model alone (Fomicheva et al. 2020).
    """
    lengths = [len(s.text) for s in sentences]
    likelihoods = [s.pivot_likelihood + s.hypothesis.likelihood for s in sentences]
    total = float(sum(map(mul, lengths, likelihoods)))
    return min(0.0, total / max(1, sum(lengths)))


def _split(request: TranslationRequest) -> list[tuple[str, SentenceState]]:
    """Split a request into sentences with the white space before them.

    Each constraint belongs to the first sentence with its source.
    """
    text, end_before, sentences = request.text, 0, []
    constraints = find_constraints(request)
    for start, end in split_sentences(text) or [(0, len(text))]:
        own = tuple(c for c in constraints if c.source in text[start:end])
        constraints = [c for c in constraints if c not in own]
        sentences.append((text[end_before:start], SentenceState(text[start:end], own)))
        end_before = end
    if len(sentences) == 1:  # Of several sentences, it is unknown which one to change.
        space, sentence = sentences[0]
        sentence.previous = request.previous.removeprefix(space)
    return sentences


def _decode(model: TranslationModel, sentences: Sequence[SentenceState]) -> None:
    """Translate sentences."""
    for sentence in sentences:
        sentence.source = model.tokenizer.encode(sentence.text)
    results = model.translate([s.source for s in sentences])
    for sentence, (best, *_) in zip(sentences, results, strict=True):
        sentence.hypothesis = best


def _decode_alternatives(
    model: TranslationModel, sentences: Sequence[SentenceState], language: str
) -> None:
    """Translate sentences to the hypothesis after their previous translation.

    The hypothesis must violate no more constraints than the best one. If none is left, the
    result is the previous translation; if that is not a hypothesis, the best one.
    """
    for sentence in sentences:
        sentence.source = model.tokenizer.encode(sentence.text)
    sources = [sentence.source for sentence in sentences]
    results = model.translate(sources, count=_ALTERNATIVES, max_growth=_ALTERNATIVE_GROWTH)
    for sentence, hypotheses in zip(sentences, results, strict=True):
        distinct: dict[str, Hypothesis] = {}
        for hypothesis in [h for h in hypotheses if h.complete] or hypotheses[:1]:
            distinct.setdefault(hypothesis.text, hypothesis)
        texts = list(distinct)
        maximum = len(sentence.missing(language, texts[0]))
        at = texts.index(sentence.previous) if sentence.previous in distinct else -1
        usable = [t for t in texts[at + 1 :] if len(sentence.missing(language, t)) <= maximum]
        sentence.hypothesis = distinct[usable[0] if usable else sentence.previous]


def _translate_to_pivot(
    model: TranslationModel, sentences: Sequence[SentenceState]
) -> list[SentenceState]:
    """Translate to a pivot language and find the sources of the constraints there."""
    _decode(model, sentences)
    lexical_constraints.attend(model, [s for s in sentences if s.constraints])
    exact = [replace(s, constraints=tuple(c for c in s.constraints if c.exact)) for s in sentences]
    lexical_constraints.enforce(model, exact, model.package.target)
    _round_likelihoods(model, exact)
    translated = []
    for sentence, pivot in zip(sentences, exact, strict=True):
        constraints = tuple(
            c if c.exact else replace(c, source=lexical_constraints.counterpart(model, pivot, c))
            for c in sentence.constraints
        )
        likelihood = sentence.pivot_likelihood + pivot.hypothesis.likelihood
        translated.append(
            SentenceState(pivot.hypothesis.text, constraints, likelihood, sentence.previous)
        )
    return translated


def open_engine(config: EngineConfig) -> Engine:
    """Create the engine of the setting `runtime`. Packages are loaded when a language needs them.

    Raises SettingsError for settings that are not valid, EngineError if the runtime is not
    installed or a model is requested.
    """
    if config.model:
        raise EngineError(
            f"the argos engine has no choice of models ({config.model!r})",
            "Remove --model and the setting model: the language determines the package.",
        )
    settings = load_settings(ArgosSettings, "argos", config.settings)
    if settings.runtime == ARGOSTRANSLATE:
        from pipeline.engines.argos.argos_translate import ArgosTranslateEngine

        return ArgosTranslateEngine()
    try:
        import ctranslate2
        import sentencepiece  # noqa: F401 - most packages need it
    except ImportError as error:
        raise EngineError(
            f"the argos engine is not installed ({error})",
            "Install it: pip install 'translate-pipeline[argos]'.",
        ) from error
    return ArgosEngine(settings, ctranslate2.__version__)


def package_memory(size: int, settings: ArgosSettings) -> int:
    """Estimate the bytes of memory that CTranslate2 needs for `size` bytes of files.

    The sum of the weights and, per concurrent batch, about 60 kB for each token and hypothesis:
    mostly the scores of the vocabulary (494 MB in two threads for 32,000 words). More than
    eight batches at once are rare, however many cores there are.
    """
    batch = settings.batch_tokens * settings.beam_size * _BYTES_PER_TOKEN
    return size + min(settings.parallel, _MAX_CONCURRENT_BATCHES) * batch + _BASE_BYTES


def ready(language: str) -> bool:
    """Return whether the engine and packages for a language are installed."""
    return find_spec("ctranslate2") is not None and bool(
        argos.route(SOURCE, language, argos.installed_packages())
    )
