"""Translates with a GGUF language model, in this process.

The model is asked for several translations at once, given the meanings that a dictionary has
for rare words, and the one that the others agree with most is taken; how many depends on
the quality (docs/quality.md says what each is worth). Where none has all the terms, more are
drawn in which the missing ones are made likelier; as the best quality does with meanings of
words that the translation seems to leave out.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.core.errors import EngineError, SettingsError
from pipeline.core.settings import load_settings
from pipeline.engines.base import EngineConfig, EngineInfo, TranslationRequest, TranslationResult
from pipeline.engines.llama import bindings, quality_estimation
from pipeline.engines.llama.decoder import Decoder, DecodeRequest, Sample
from pipeline.engines.llama.mbr import mbr_rank
from pipeline.engines.llama.phrase_boosting import Phrase
from pipeline.engines.llama.sampling import SamplingParams
from pipeline.engines.prompts import chat_template, messages, presets
from pipeline.engines.prompts.presets import Preset
from pipeline.glossary.target_matcher import TargetMatcher
from pipeline.lang import dictionary as dictionaries
from pipeline.lang import inflection
from pipeline.lang.dictionary.dictionary import Dictionary

TEMPERATURE = 0.6
"""Of what is drawn by chance: low enough to be sensible, high enough to differ."""

COVERAGE, LIKELIHOOD = 0.1, 0.04
"""What counts beside the agreement of others (0 to 1): how many of the rarer words have one of
their meanings in the translation (0 to 1), and the mean log-probability of its tokens."""

TERM_SCHEDULE = tuple(
    SamplingParams(temperature, seed, insistence)
    for insistence in (3.0, 5.0, 8.0)
    for temperature, seed in ((0.0, 0), (TEMPERATURE, 1))
)
"""How to draw where a term is missing. Insisting less mostly makes the better sentence; above 8
the terms come anywhere."""

COVERAGE_SCHEDULE = (
    *(SamplingParams(logit_bias=insistence) for insistence in (1.5, 2.5, 3.5, 5.0)),
    *(SamplingParams(TEMPERATURE, 1, insistence) for insistence in (1.5, 2.5, 3.5)),
)
"""How to draw where words of the German seem to be left out, or misunderstood."""

COVERAGE_AGAIN = 0.2
"""What coverage counts then, where only the translations drawn at first have a vote."""

_TOKENS_PER_CHARACTER = 0.6
_SPARE_TOKENS = 48
_MARK = re.compile(r"[<\[][^<>\[\]\s]{1,40}[>\]]")


@dataclass(frozen=True, slots=True)
class QualityPlan:
    """How many translations to draw, and whether to look for words that the best leaves out."""

    draws: int
    again: bool = False


QUALITIES: Mapping[str, QualityPlan] = {
    "fast": QualityPlan(1),
    "balanced": QualityPlan(6),
    "best": QualityPlan(6, again=True),
}
DEFAULT_QUALITY = "balanced"


@dataclass(frozen=True, slots=True)
class LlamaSettings:
    """The table `[engines.llama]`; see docs/engines.md."""

    quality: str = DEFAULT_QUALITY
    preset: str = ""


class LlamaEngine:
    """An engine over a loaded model; `close` frees it."""

    def __init__(
        self, identity: EngineInfo, model: Decoder, plan: QualityPlan, preset: Preset | None
    ) -> None:
        self._identity, self._model = identity, model
        self._plan, self._preset = plan, preset
        bos, eos = model.special("bos"), model.special("eos")
        template = preset.template if preset and preset.template else ""
        self._render = chat_template.renderer(
            template or model.metadata("tokenizer.chat_template"), bos, eos
        )

    def identity(self, language: str) -> EngineInfo:
        """Say who translates into a language: the model, and the dictionary that helps it."""
        helper = self._dictionary(language)
        if helper is None:
            return self._identity
        return replace(self._identity, model=f"{self._identity.model} with {helper.name}")

    def settings_key(self, language: str) -> str:
        """All that an answer depends on besides the model: how it is asked, and how often."""
        helper = self._dictionary(language)
        preset = self._preset.name if self._preset else presets.CHAT
        plan = f"Plan(draws={self._plan.draws}, again={self._plan.again})"
        schedules = f"{_schedule_key(TERM_SCHEDULE)}, {_schedule_key(COVERAGE_SCHEDULE)}"
        digest = helper.digest if helper else ""
        return f"({plan}, {schedules}, {preset!r}, {self._shared(language)!r}, {digest!r})"

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        """Translate requests into `language`, yielding the answers in their order.

        Raises EngineError for a text that is too long for the model.
        """
        for request in requests:
            yield self._answer(request, language)

    def close(self) -> None:
        """Free the model's memory."""
        self._model.close()

    def _dictionary(self, language: str) -> Dictionary | None:
        return None if self._preset else dictionaries.load_dictionary(language)

    def _shared(self, language: str) -> list[messages.Message]:
        """What all questions of a language begin with."""
        if self._preset:
            return []
        return messages.prefix(language, hinted=self._dictionary(language) is not None)

    def _answer(self, request: TranslationRequest, language: str) -> TranslationResult:
        request = messages.keeping_addresses(self._harmless(request))
        # German runs at some 2.5 characters a token; an answer thrice that long is rambling.
        limit = int(len(request.text) * _TOKENS_PER_CHARACTER) + _SPARE_TOKENS
        helper = self._dictionary(language)
        question = self._question(request, language, helper)
        drawn = self._drawn(question, limit)
        if wishes := _missing_terms(request, drawn, language):
            drawn += self._drawn(replace(question, sampling=TERM_SCHEDULE, phrases=wishes), limit)
        best = _best(request.text, drawn, helper)
        if self._plan.again and helper:
            known = [term for term, _ in request.terms]
            left_out = helper.left_out(request.text, best.text, known)
            if wishes := tuple(_inflected(meanings, language) for meanings in left_out):
                more = self._drawn(
                    replace(question, sampling=COVERAGE_SCHEDULE, phrases=wishes), limit
                )
                best = _best(request.text, drawn, helper, more)
        return best

    def _question(
        self, request: TranslationRequest, language: str, helper: Dictionary | None
    ) -> DecodeRequest:
        """Word the request, with hints where there is a dictionary."""
        shared = self._shared(language)
        known = [term for term, _ in request.terms]
        hints = helper.hints(request.text, known) if helper else None
        asked = messages.messages(request, language, hints, self._preset)[len(shared) :]
        prefix, text = chat_template.split(self._render, shared, asked)
        self._model.set_prefix(prefix)
        draws = range(self._plan.draws)
        return DecodeRequest(
            text, tuple(SamplingParams(TEMPERATURE if seed else 0.0, seed) for seed in draws)
        )

    def _drawn(self, question: DecodeRequest, limit: int) -> list[Sample]:
        (drawn,) = self._model.generate([question], limit)
        return [replace(d, text=d.text.strip()) for d in drawn]

    def _harmless(self, request: TranslationRequest) -> TranslationRequest:
        """Break up what the model would take for a control mark, so that no text can use one."""

        def broken(match: re.Match[str]) -> str:
            return f"{match[0][0]} {match[0][1:]}" if self._model.controls(match[0]) else match[0]

        return replace(
            request,
            text=_MARK.sub(broken, request.text),
            previous=_MARK.sub(broken, request.previous),
            examples=tuple(
                (_MARK.sub(broken, german), _MARK.sub(broken, ours))
                for german, ours in request.examples
            ),
        )


def open_engine(setup: EngineConfig) -> LlamaEngine:
    """Load the GGUF file `setup.path`, known as `setup.model`.

    Raises SettingsError for settings that do not exist, and EngineError where the library
    is not installed or cannot load the file.
    """
    assert setup.path is not None
    if setup.jobs > 1:
        raise EngineError(
            "the llama engine computes one segment at a time, with all cores", "Leave out --jobs."
        )
    settings = load_settings(LlamaSettings, "llama", setup.settings)
    plan = QUALITIES.get(settings.quality)
    if plan is None:
        raise SettingsError(
            f"there is no quality {settings.quality!r}", f"Qualities: {', '.join(QUALITIES)}."
        )
    presets.find(settings.preset)
    model = Decoder(setup.path, max(1, len(os.sched_getaffinity(0))))
    preset = presets.find(settings.preset, setup.path.name, model.metadata("general.name"))
    identity = EngineInfo("llama", setup.model, setup.digest, bindings.version())
    return LlamaEngine(identity, model, plan, preset)


def gguf_memory(path: Path) -> int:
    """The bytes that llama.cpp needs for a GGUF file, about.

    The weights; the keys and values of 8192 tokens, a fifth of the file in the models of
    today (Qwen2.5 1.5B: 235 MB of 1.1 GB; Llama 3.1 8B: 1.1 GB of 4.9 GB, both Q4_K_M); and
    what computing takes.
    """
    size = path.stat().st_size
    return size + size // 5 + 300 * (1 << 20)


def _schedule_key(schedule: Sequence[SamplingParams]) -> str:
    """Return the key of sampling parameters; other words would invalidate cached responses."""
    keys = (
        f"Draw(temperature={p.temperature}, seed={p.seed}, insistence={p.logit_bias})"
        for p in schedule
    )
    return f"({', '.join(keys)})"


def _missing_terms(
    request: TranslationRequest, drawn: Sequence[Sample], language: str
) -> tuple[Phrase, ...]:
    """The terms that not every translation has, each in its forms; none if one has them all."""
    terms = dict.fromkeys(wanted for _, wanted in request.terms)
    texts = [TargetMatcher(d.text, language) for d in drawn if d.complete]
    found = [{term for term in terms if text.find(term)} for text in texts]
    if any(len(some) == len(terms) for some in found):
        return ()
    everywhere = set.intersection(*found) if found else set()
    return tuple(
        tuple(inflection.forms(term, language)) for term in terms if term not in everywhere
    )


def _inflected(meanings: Sequence[str], language: str) -> Phrase:
    return tuple(form for meaning in meanings for form in inflection.inflect(meaning, language))


def _best(
    text: str, drawn: Sequence[Sample], helper: Dictionary | None,
    more: Sequence[Sample] = (),
) -> TranslationResult:  # fmt: skip
    """Make the answer of what was drawn: the best by all that speaks for it, others behind it.

    What was drawn as `more` has no vote.
    """
    every = [*drawn, *more]
    whole = {d.text: d for d in every if d.complete and d.text} or {d.text: d for d in every}
    voters = [d.text for d in drawn if d.text in whole]
    covering = COVERAGE_AGAIN if more else COVERAGE
    scored = []
    for ours, agreed in mbr_rank(voters, [d.text for d in more if d.text in whole]):
        likelihood = whole[ours].likelihood
        coverage = helper.coverage(text, ours) if helper else None
        score = agreed + covering * (coverage or 0.0) + LIKELIHOOD * likelihood
        sure = quality_estimation.estimate_quality(text, likelihood, coverage)
        scored.append((score, TranslationResult(ours, whole[ours].complete, confidence=sure)))
    first, *others = (answer for _, answer in sorted(scored, key=lambda row: -row[0]))
    return replace(first, alternatives=tuple(others))
