"""The engine for GGUF language models in this process.

The model samples several translations, with dictionary hints for rare words in the prompt. MBR
reranking selects one of them. If no sample contains all glossary terms, further samples boost
the missing ones. The quality `best` does the same for dictionary meanings of words that the
translation seems to omit. docs/quality.md compares the levels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from pipeline.core import EngineError, SettingsError, load_settings
from pipeline.core.settings import choice
from pipeline.core.system import usable_cores
from pipeline.engines.base import (
    EngineConfig,
    EngineInfo,
    Signals,
    TextRejectedError,
    TranslationRequest,
    TranslationResult,
)
from pipeline.engines.circuit_breaker import PROBE, CircuitBreaker
from pipeline.engines.llama import bindings
from pipeline.engines.llama.decoder import Decoder, DecodeRequest, Sample
from pipeline.engines.llama.mbr import mbr_rank
from pipeline.engines.llama.phrase_boosting import Phrase
from pipeline.engines.llama.sampling import SamplingParams
from pipeline.engines.prompts import chat_template, messages, presets
from pipeline.engines.prompts.presets import Preset
from pipeline.glossary import TargetMatcher
from pipeline.lang import dictionary as dictionaries
from pipeline.lang import inflection
from pipeline.lang.dictionary.dictionary import Dictionary

TEMPERATURE = 0.6
"""Temperature of random samples: low enough for sensible ones, high enough for variety."""

COVERAGE_WEIGHT, LIKELIHOOD_WEIGHT = 0.1, 0.04
"""Weights of dictionary coverage (0 to 1) and of the mean log-probability of the tokens,
added to the MBR score (0 to 1)."""

TERM_SCHEDULE = tuple(
    SamplingParams(temperature, seed, logit_bias)
    for logit_bias in (3.0, 5.0, 8.0)
    for temperature, seed in ((0.0, 0), (TEMPERATURE, 1))
)
"""Samples for missing terms. A small bias usually makes better sentences; above 8, terms appear
in arbitrary places."""

COVERAGE_SCHEDULE = (
    *(SamplingParams(logit_bias=logit_bias) for logit_bias in (1.5, 2.5, 3.5, 5.0)),
    *(SamplingParams(TEMPERATURE, 1, logit_bias) for logit_bias in (1.5, 2.5, 3.5)),
)
"""Samples for German words that seem to be omitted or misunderstood."""

RETRY_COVERAGE_WEIGHT = 0.2
"""Weight of dictionary coverage if samples of `COVERAGE_SCHEDULE` are ranked too."""

STYLE_IGNORED_BY = frozenset({"qwen2.5-coder-1.5b-instruct-q4_k_m"})
"""Models that followed none of the style instructions; see docs/research/drafts-llm.md."""

_TOKENS_PER_CHARACTER = 0.6
_EXTRA_TOKENS = 48
_CONTROL_TOKEN = re.compile(r"[<\[][^<>\[\]\s]{1,40}[>\]]")

_KV_CACHE_SHARE = 5
_COMPUTE_BYTES = 300 << 20


@dataclass(frozen=True, slots=True)
class QualityPlan:
    """The number of samples, and whether to boost meanings that the best one omits."""

    samples: int
    boost_coverage: bool = False


QUALITIES: Mapping[str, QualityPlan] = {
    "fast": QualityPlan(1),
    "balanced": QualityPlan(6),
    "best": QualityPlan(6, boost_coverage=True),
}
DEFAULT_QUALITY = "balanced"


@dataclass(frozen=True, slots=True)
class LlamaSettings:
    """The table `[engines.llama]`; see docs/engines.md."""

    quality: str = DEFAULT_QUALITY
    preset: str = ""
    style: str = field(default="auto", metadata={"rule": choice("auto", "always", "never")})


class LlamaEngine:
    """The engine for one loaded model. It translates one request at a time."""

    def __init__(
        self,
        identity: EngineInfo,
        model: Decoder,
        plan: QualityPlan,
        preset: Preset | None,
        formality: Mapping[str, str] | None = None,
        *,
        accepts_style: bool = True,
    ) -> None:
        self._identity, self._model, self._formality = identity, model, formality or {}
        self._plan, self._preset = plan, preset
        self.accepts_style = accepts_style and preset is None
        self._circuit_breaker = CircuitBreaker()
        bos, eos = model.special_token("bos"), model.special_token("eos")
        template = preset.template if preset and preset.template else ""
        self._render = chat_template.compile_template(
            template or model.metadata("tokenizer.chat_template"), bos, eos
        )

    def identity(self, language: str) -> EngineInfo:
        """Return the model, and the dictionary whose hints it receives."""
        dictionary = self._dictionary(language)
        if dictionary is None:
            return self._identity
        return replace(self._identity, model=f"{self._identity.model} with {dictionary.name}")

    def settings_key(self, language: str) -> str:
        """Return everything that affects results besides the model: prompts and sampling."""
        dictionary = self._dictionary(language)
        preset = self._preset.name if self._preset else presets.CHAT
        # Other words than these would invalidate the responses in the users' caches.
        plan = f"Plan(draws={self._plan.samples}, again={self._plan.boost_coverage})"
        schedules = f"{_schedule_key(TERM_SCHEDULE)}, {_schedule_key(COVERAGE_SCHEDULE)}"
        digest = dictionary.digest if dictionary else ""
        return f"({plan}, {schedules}, {preset!r}, {self._shared(language)!r}, {digest!r})"

    def uses_formality(self, language: str) -> bool:
        """Return whether the prompt states how to address the reader."""
        return self._preset is None and messages.has_formality(language)

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        """Translate requests into `language` and yield their results in order.

        A text that is too long for the model is rejected. Raises EngineError if the model
        translates no text.
        """
        for request in requests:
            try:
                result = self._translate_one(request, language)
            except TextRejectedError as error:
                probe = partial(self._translate_one, TranslationRequest(PROBE), language)
                result = self._circuit_breaker.record_rejection(error, probe)
            else:
                self._circuit_breaker.record_success()
            yield result

    def close(self) -> None:
        """Free the memory of the model."""
        self._model.close()

    def _dictionary(self, language: str) -> Dictionary | None:
        return None if self._preset else dictionaries.load_dictionary(language)

    def _shared(self, language: str) -> list[messages.Message]:
        """Return the messages that all requests of a language share."""
        if self._preset:
            return []
        return messages.prefix(
            language,
            hinted=self._dictionary(language) is not None,
            formality=self._formality.get(language, ""),
        )

    def _translate_one(self, request: TranslationRequest, language: str) -> TranslationResult:
        request = messages.require_site_names(self._escape_control_tokens(request))
        # German has about 2.5 characters per token; output of thrice the length has degenerated.
        limit = int(len(request.text) * _TOKENS_PER_CHARACTER) + _EXTRA_TOKENS
        dictionary = self._dictionary(language)
        decode_request = self._decode_request(request, language, dictionary)
        samples = self._generate(decode_request, limit)
        if phrases := _missing_terms(request, samples, language):
            boosted = replace(decode_request, sampling=TERM_SCHEDULE, phrases=phrases)
            samples += self._generate(boosted, limit)
        best = _rank(request.text, samples, dictionary)
        if self._plan.boost_coverage and dictionary:
            terms = [term for term, _ in request.terms]
            omitted = dictionary.omitted_meanings(request.text, best.text, terms)
            if phrases := tuple(_inflected_phrase(meanings, language) for meanings in omitted):
                boosted = replace(decode_request, sampling=COVERAGE_SCHEDULE, phrases=phrases)
                further = self._generate(boosted, limit)
                best = _rank(request.text, samples, dictionary, further)
        return best

    def _decode_request(
        self, request: TranslationRequest, language: str, dictionary: Dictionary | None
    ) -> DecodeRequest:
        """Render the prompt and set its shared part as the prefix of the decoder."""
        shared = self._shared(language)
        terms = [term for term, _ in request.terms]
        hints = dictionary.hints(request.text, terms) if dictionary else None
        formality = self._formality.get(language, "")
        own = messages.conversation(request, language, hints, self._preset, formality)
        own = own[len(shared) :]
        prefix, text = chat_template.split_prefix(self._render, shared, own)
        self._model.set_prefix(prefix)
        seeds = range(self._plan.samples)
        return DecodeRequest(
            text, tuple(SamplingParams(TEMPERATURE if seed else 0.0, seed) for seed in seeds)
        )

    def _generate(self, request: DecodeRequest, limit: int) -> list[Sample]:
        (samples,) = self._model.generate([request], limit)
        return [replace(sample, text=sample.text.strip()) for sample in samples]

    def _escape_control_tokens(self, request: TranslationRequest) -> TranslationRequest:
        """Insert a space into text that the tokenizer would parse as a control token."""

        def escape(match: re.Match[str]) -> str:
            token = match[0]
            return f"{token[0]} {token[1:]}" if self._model.is_control_token(token) else token

        return replace(
            request,
            text=_CONTROL_TOKEN.sub(escape, request.text),
            previous=_CONTROL_TOKEN.sub(escape, request.previous),
            style=_CONTROL_TOKEN.sub(escape, request.style),
            examples=tuple(
                (_CONTROL_TOKEN.sub(escape, source), _CONTROL_TOKEN.sub(escape, target))
                for source, target in request.examples
            ),
        )


def open_engine(config: EngineConfig) -> LlamaEngine:
    """Load the GGUF file `config.path`, which is named `config.model`.

    Raises SettingsError for settings that are not valid, EngineError if the library is not
    installed or cannot load the file.
    """
    assert config.path is not None
    if config.jobs > 1:
        raise EngineError(
            "the llama engine translates one segment at a time on all cores", "Remove --jobs."
        )
    settings = load_settings(LlamaSettings, "llama", config.settings)
    plan = QUALITIES.get(settings.quality)
    if plan is None:
        raise SettingsError(
            f"there is no quality {settings.quality!r}", f"Qualities: {', '.join(QUALITIES)}."
        )
    presets.find(settings.preset)
    model = Decoder(config.path, usable_cores())
    preset = presets.find(settings.preset, config.path.name, model.metadata("general.name"))
    identity = EngineInfo("llama", config.model, config.digest, bindings.version())
    return LlamaEngine(
        identity,
        model,
        plan,
        preset,
        config.formality,
        accepts_style=_sends_style(settings, config.model),
    )


def _sends_style(settings: LlamaSettings, model: str) -> bool:
    if settings.style == "auto":
        return model not in STYLE_IGNORED_BY
    return settings.style == "always"


def gguf_memory(path: Path) -> int:
    """Estimate the bytes of memory that llama.cpp needs for a GGUF file.

    The sum of the weights, the KV cache, and buffers. The KV cache of 8192 tokens takes about
    a fifth of the file: Qwen2.5 1.5B 235 MB of 1.1 GB, Llama 3.1 8B 1.1 GB of 4.9 GB (Q4_K_M).
    """
    size = path.stat().st_size
    return size + size // _KV_CACHE_SHARE + _COMPUTE_BYTES


def _schedule_key(schedule: Sequence[SamplingParams]) -> str:
    keys = (
        f"Draw(temperature={p.temperature}, seed={p.seed}, insistence={p.logit_bias})"
        for p in schedule
    )
    return f"({', '.join(keys)})"


def _missing_terms(
    request: TranslationRequest, samples: Sequence[Sample], language: str
) -> tuple[Phrase, ...]:
    """Return the terms missing from any complete sample; none if one sample has all."""
    terms = dict.fromkeys(target for _, target in request.terms)
    matchers = [TargetMatcher(sample.text, language) for sample in samples if sample.complete]
    found = [{term for term in terms if matcher.find(term)} for matcher in matchers]
    if any(len(matched) == len(terms) for matched in found):
        return ()
    in_all = set.intersection(*found) if found else set()
    return tuple(
        tuple(inflection.noun_forms(term, language)) for term in terms if term not in in_all
    )


def _inflected_phrase(meanings: Sequence[str], language: str) -> Phrase:
    return tuple(form for meaning in meanings for form in inflection.inflect(meaning, language))


def _rank(
    source: str,
    samples: Sequence[Sample],
    dictionary: Dictionary | None,
    non_voters: Sequence[Sample] = (),
) -> TranslationResult:
    """Return the best sample by MBR, coverage and likelihood, with the others as alternatives.

    Incomplete samples are used only if none is complete.
    """
    pool = [*samples, *non_voters]
    usable = {s.text: s for s in pool if s.complete and s.text} or {s.text: s for s in pool}
    voters = [s.text for s in samples if s.text in usable]
    others = [s.text for s in non_voters if s.text in usable]
    coverage_weight = RETRY_COVERAGE_WEIGHT if non_voters else COVERAGE_WEIGHT
    sampled = sum(sample.likelihood for sample in samples) / len(samples)
    scored = []
    for text, agreement in mbr_rank(voters, others):
        likelihood = usable[text].likelihood
        coverage = dictionary.coverage(source, text) if dictionary else None
        score = agreement + coverage_weight * (coverage or 0.0) + LIKELIHOOD_WEIGHT * likelihood
        sample = usable[text]
        signals = Signals(likelihood, sample.boosted, sampled)
        result = TranslationResult(text, sample.complete, signals=signals)
        scored.append((score, result))
    best, *alternatives = (result for _, result in sorted(scored, key=lambda row: -row[0]))
    return replace(best, alternatives=tuple(alternatives))
