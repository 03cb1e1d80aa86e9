"""Translates with Argos packages, in this process, through CTranslate2.

The models are called directly, with all texts at once: nothing of Argos Translate is used,
nor of the sentence splitters that it brings. Where there is no package for a pair, the texts
go through English, which the origin of the drafts says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from importlib.util import find_spec
from math import exp
from operator import mul

from pipeline.core.errors import EngineError, ModelError
from pipeline.core.settings import load_settings
from pipeline.engines import memory_limits
from pipeline.engines.argos import lexical_constraints
from pipeline.engines.argos.lexical_constraints import Constraint, SentenceState
from pipeline.engines.argos.model import ArgosSettings, Hypothesis, TranslationModel
from pipeline.engines.base import EngineConfig, EngineInfo, TranslationRequest, TranslationResult
from pipeline.lang.german.sentences import split_sentences
from pipeline.models import argos
from pipeline.models.argos import ArgosPackage

SOURCE = "de"
CHUNK = 2000
"""How many texts are translated together, at most: memory is bounded."""

_ALTERNATIVES = 4
_ALIKE = 1.5
"""How many times as long as the longest text another translation may get."""
_VERBATIM = re.compile(
    r"https?://[^\s<>\"„“]+[^\s<>\"„“.,;:!?)]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\{\w*\}|%\(\w+\)[sd]|%[sd]\b"
    r"|</?\w[^<>]*>|\b\w+_\w+\b"
)


class ArgosEngine:
    """An engine over the installed packages; each is loaded when a language needs it.

    `batch_size` is the number of texts that it is best given at once.
    """

    batch_size = 256

    def __init__(self, settings: ArgosSettings, version: str) -> None:
        self._settings, self._version = settings, version
        self._ways: dict[str, tuple[ArgosPackage, ...]] = {}
        self._identities: dict[str, EngineInfo] = {}
        self._networks: dict[ArgosPackage, TranslationModel] = {}

    def identity(self, language: str) -> EngineInfo:
        """Say who translates into a language: the packages, one after another.

        Raises ModelError where there are none, or one is damaged.
        """
        if language not in self._identities:
            way = self._way(language)
            names = ", then ".join(f"{package.id} {package.version}" for package in way)
            for package in way:
                argos.verified_path(package)
            digests = [argos.digest(package) for package in way]
            known = EngineInfo("argos", names, " ".join(digests), self._version)
            self._identities[language] = known
        return self._identities[language]

    def settings_key(self, language: str) -> str:
        """The settings that change answers: all but the number of threads."""
        # Other words would invalidate cached responses.
        values = asdict(replace(self._settings, threads=0)).items()
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in values)})"

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        """Translate requests into `language`, yielding the answers in their order.

        Raises ModelError where a package is missing or damaged, EngineError where a model
        does not fit into memory or cannot translate.
        """
        way = [self._network(package) for package in self._way(language)]
        for start in range(0, len(requests), CHUNK):
            yield from _translate(way, requests[start : start + CHUNK], language)

    def close(self) -> None:
        """Free the models."""
        self._networks.clear()

    def _way(self, language: str) -> tuple[ArgosPackage, ...]:
        """The packages found at first: what is loaded goes on though its files change or go."""
        if language not in self._ways:
            self._ways[language] = _way(language)
        return self._ways[language]

    def _network(self, package: ArgosPackage) -> TranslationModel:
        if package not in self._networks:
            argos.verified_path(package)
            memory_limits.require_memory(
                f"package {package.id}",
                package_memory(package.bytes, self._settings),
                "Close other programs, or compute less at once: see `threads` and `batch_tokens` "
                "in [engines.argos].",
            )
            self._networks[package] = TranslationModel(package, self._settings)
        return self._networks[package]


def _way(language: str) -> tuple[ArgosPackage, ...]:
    way = argos.route(SOURCE, language, argos.installed_packages())
    if not way:
        name = f"{SOURCE}-{argos.argos_code(language)}"
        raise ModelError(
            f"no Argos package translates {name}, nor do two through English",
            f"Install it: translate models install {name}",
        )
    return way


def _translate(
    way: Sequence[TranslationModel], requests: Sequence[TranslationRequest], language: str
) -> list[TranslationResult]:
    """Translate requests, sentence by sentence, all at once."""
    cut = [_sentences(request) for request in requests]
    works = [work for sentences in cut for _, work in sentences]
    for network in way[:-1]:
        works = _on_the_way(network, works)
    _ask(way[-1], [work for work in works if not work.previous], attention=False)
    _ask_again(way[-1], [work for work in works if work.previous], language)
    lexical_constraints.enforce(way[-1], works, language)
    answers, at = [], 0
    for sentences in cut:
        own, at = works[at : at + len(sentences)], at + len(sentences)
        text = "".join(
            blank + work.found.text for (blank, _), work in zip(sentences, own, strict=True)
        )
        complete = all(work.found.complete for work in own)
        answers.append(TranslationResult(text, complete, confidence=_confidence(own)))
    return answers


def _confidence(works: Sequence[SentenceState]) -> float:
    """The probability of a piece, on the geometric mean, through all models on the way.

    It is a usual estimate of quality where nothing else is known (Fomicheva et al. 2020).
    """
    lengths = [len(work.text) for work in works]
    logarithms = [work.before + work.found.likelihood for work in works]
    return exp(min(0.0, sum(map(mul, lengths, logarithms)) / max(1, sum(lengths))))


def _sentences(request: TranslationRequest) -> list[tuple[str, SentenceState]]:
    """A request's sentences, each with the blanks before it; a demand belongs to one of them."""
    text, before, sentences = request.text, 0, []
    demands = _demands(request)
    for start, end in split_sentences(text) or [(0, len(text))]:
        own = tuple(demand for demand in demands if demand.source in text[start:end])
        demands = [demand for demand in demands if demand not in own]
        sentences.append((text[before:start], SentenceState(text[start:end], own)))
        before = end
    if len(sentences) == 1:  # of several, nothing tells which one is to change
        blank, work = sentences[0]
        work.previous = request.previous.removeprefix(blank)
    return sentences


def _demands(request: TranslationRequest) -> list[Constraint]:
    """The glossary's demands, and all that must stay letter by letter."""
    kept = dict.fromkeys(_VERBATIM.findall(request.text))
    demands = [Constraint(source, target, source == target) for source, target in request.terms]
    return [*demands, *(Constraint(text, text, exact=True) for text in kept)]


def _ask(network: TranslationModel, works: Sequence[SentenceState], *, attention: bool) -> None:
    """Let a network translate works; `attention` is kept for those with demands."""
    for work in works:
        work.source = network.pieces.encode(work.text)
    for wanted in (True, False):
        group = [work for work in works if (attention and bool(work.demands)) is wanted]
        founds = network.translate([work.source for work in group], attention=wanted)
        for work, found in zip(group, founds, strict=True):
            work.found = found[0]


def _ask_again(network: TranslationModel, works: Sequence[SentenceState], language: str) -> None:
    """Give works the translation after the previous one that misses no more terms.

    Where there is none left, it is the previous one once more; and the best one if that is unknown.
    """
    for work in works:
        work.source = network.pieces.encode(work.text)
    sources = [work.source for work in works]
    best = network.translate(sources, count=_ALTERNATIVES, growth=_ALIKE)
    for work, several in zip(works, best, strict=True):
        found: dict[str, Hypothesis] = {}
        for one in [one for one in several if one.complete] or several[:1]:
            found.setdefault(one.text, one)
        texts = list(found)
        least = len(work.missing(language, texts[0]))
        at = texts.index(work.previous) if work.previous in found else -1
        fit = [text for text in texts[at + 1 :] if len(work.missing(language, text)) <= least]
        work.found = found[fit[0] if fit else work.previous]


def _on_the_way(network: TranslationModel, works: Sequence[SentenceState]) -> list[SentenceState]:
    """Translate to the language in between, and find there the words that demands are for."""
    _ask(network, works, attention=True)
    exact = [replace(w, demands=tuple(d for d in w.demands if d.exact)) for w in works]
    lexical_constraints.enforce(network, exact, network.package.target)
    handed = []
    for work, kept in zip(works, exact, strict=True):
        text = kept.found.text
        demands = tuple(
            d if d.exact else replace(d, source=lexical_constraints.counterpart(network, kept, d))
            for d in work.demands
        )
        before = work.before + kept.found.likelihood
        handed.append(SentenceState(text, demands, before, work.previous))
    return handed


def open_engine(config: EngineConfig) -> ArgosEngine:
    """Make the engine; packages are loaded when a language needs them.

    Raises SettingsError for the table `[engines.argos]`, and EngineError where CTranslate2
    is not installed or a model is named, which the language decides on.
    """
    if config.model:
        raise EngineError(
            f"the argos engine takes no model ({config.model!r})",
            "Leave --model and the setting model out: the language decides on the package.",
        )
    settings = load_settings(ArgosSettings, "argos", config.settings)
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
    """The bytes that CTranslate2 needs for a package with `size` bytes of files, about.

    The weights, and in each thread some 60 kB for each piece of a batch and beam: mostly the
    scores of all words of the vocabulary (measured: 32,000 words, 494 MB in two threads). More
    than eight batches at once are rare, however many cores there are.
    """
    batch = settings.batch_tokens * settings.beam_size * 60_000
    return size + min(settings.parallel, 8) * batch + 100 * (1 << 20)


def ready(language: str) -> bool:
    """Whether the engine and packages for a language are installed."""
    return find_spec("ctranslate2") is not None and bool(
        argos.route(SOURCE, language, argos.installed_packages())
    )
