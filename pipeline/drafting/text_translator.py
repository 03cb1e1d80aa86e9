"""Translates texts that belong to no catalog, with a glossary and terms of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from pipeline.checks import TERMINOLOGY
from pipeline.core import BlockKind, PipelineError
from pipeline.drafting.estimators import GuardedEstimator
from pipeline.drafting.evaluation import make_evaluator
from pipeline.drafting.missing_terms import TermEngine
from pipeline.drafting.refinement import draft, nothing_to_translate
from pipeline.drafting.second_opinion import SecondEngine
from pipeline.drafting.types import DraftRequest, DraftResult, Issue
from pipeline.engines import (
    Engine,
    EngineConfig,
    EngineInfo,
    ResponseCache,
    TranslationResult,
    batch_size,
    takes_tags,
)
from pipeline.glossary import TargetMatcher, TermMatcher


@dataclass(frozen=True, slots=True)
class TextRequest:
    """A text, and required translations of words in it, in addition to the glossary's.

    `tagged` is the text with its markup, for an engine that takes tags.
    """

    text: str
    terms: Mapping[str, str] = field(default_factory=dict)
    tagged: str = ""


class TextTranslator:
    """Translates texts with an engine that was opened with `config`, and evaluates the results.

    `on_warning` is called if the response cache cannot be used. `batch` is how many texts
    to translate at once: one, unless the engine declares more.
    """

    def __init__(
        self,
        engine: Engine,
        config: EngineConfig,
        language: str,
        matcher: TermMatcher | None,
        on_warning: Callable[[str], None],
    ) -> None:
        self.batch, self.takes_tags = batch_size(engine, 1), takes_tags(engine)
        self.engine_name = engine.identity(language).engine
        self._engine, self._language, self._matcher = engine, language, matcher
        self._responses = ResponseCache(on_warning)
        self._cache = self._responses.for_engine(engine, language, config)
        self._evaluate = make_evaluator(language, matcher, {})
        self._second: SecondEngine | None = None
        self._term_engine: TermEngine | None = None
        self._on_close: list[Callable[[], None]] = []
        self._estimator: GuardedEstimator | None = None

    def compare_with(self, engine: Engine, config: EngineConfig) -> None:
        """Compare translations with those of a second engine, opened with `config`."""
        cache = self._responses.for_engine(engine, self._language, config)
        self._second = SecondEngine(engine, cache)

    def complete_terms_with(
        self,
        open_engine: Callable[[], tuple[Engine, EngineConfig] | None],
        on_failure: Callable[[PipelineError], None],
    ) -> None:
        """Ask a second engine, as `TermEngine` does; it is opened when it is first needed."""

        def opened() -> SecondEngine | None:
            if (found := open_engine()) is None:
                return None
            engine, config = found
            self._on_close.append(engine.close)
            return SecondEngine(engine, self._responses.for_engine(engine, self._language, config))

        self._term_engine = TermEngine(opened, on_failure)

    def estimate_with(self, estimator: GuardedEstimator | None) -> None:
        """Estimate the quality of translations, for their confidence."""
        self._estimator = estimator

    def translate(self, requests: Sequence[TextRequest]) -> Iterator[DraftResult]:
        """Translate texts; yield the results in order, each as soon as it is ready.

        Raises EngineError if the engine cannot translate.
        """
        terms: dict[str, Mapping[str, str]] = {}
        pending: list[TextRequest] = []
        for request in requests:
            if terms.setdefault(request.text, request.terms) != request.terms:
                yield from self._translate_batch(pending, terms)
                terms, pending = {request.text: request.terms}, []
            pending.append(request)
        yield from self._translate_batch(pending, terms)

    def terms(self, request: TextRequest, translation: str) -> list[dict[str, object]]:
        """Return the required terms of a text, each with whether the translation respects it."""
        found: list[dict[str, object]] = [
            {"source": source, "target": target, "respected": self._contains(translation, target)}
            for source, target in request.terms.items()
        ]
        for use in self._matcher.verify(request.text, translation) if self._matcher else ():
            if use.targets:
                target = {"target": use.targets[0], "respected": use.respected}
                found.append({"source": use.term.source, **target})
        return found

    def required(self, request: TextRequest) -> tuple[tuple[str, str], ...]:
        """Return the pairs (term as in the text, translation) of the glossary and the request."""
        required = self._matcher.required(request.text) if self._matcher else ()
        return tuple((dict(required) | dict(request.terms)).items())

    def close(self) -> None:
        """Close the engine and the cache."""
        self._responses.close()
        self._engine.close()
        if self._second:
            self._second.engine.close()
        for close in self._on_close:
            close()
        if self._estimator:
            self._estimator.close()

    def _translate_batch(
        self, requests: Sequence[TextRequest], terms: Mapping[str, Mapping[str, str]]
    ) -> Iterator[DraftResult]:
        """Translate texts, each of which has one set of terms."""

        def evaluate(source: str, target: str) -> list[Issue]:
            missing = [
                Issue(
                    TERMINOLOGY, f"'{german}' must be translated as '{required}'.", critical=False
                )
                for german, required in terms[source].items()
                if not self._contains(target, required)
            ]
            return [*self._evaluate(source, target), *missing]

        drafts = [self._request(one) for one in requests]
        unique = list(dict.fromkeys(drafts))
        copied = {one: self._copied(one) for one in unique if _is_copied(one)}
        asked = [one for one in unique if one not in copied]
        found = draft(self._engine, self._language, asked, evaluate, self._cache)
        if self._second:
            found = self._second.compare(self._language, list(found), evaluate)
        elif self._term_engine:
            found = self._term_engine.complete(self._language, found, evaluate)
        if self._estimator:
            found = iter(self._estimator.apply(self._language, list(found)).items())
        results: dict[DraftRequest, DraftResult] = {}
        yielded = 0
        for request, result in chain(copied.items(), found):
            results[request] = result
            while yielded < len(drafts) and drafts[yielded] in results:
                yield results[drafts[yielded]]
                yielded += 1

    def _request(self, request: TextRequest) -> DraftRequest:
        return DraftRequest(request.text, self.required(request), tagged=request.tagged)

    def _copied(self, request: DraftRequest) -> DraftResult:
        """Return the result of a text that is the same in every language."""
        text = request.text
        info = EngineInfo("source", "", "", "")
        return DraftResult(text, text, (), TranslationResult(text, confidence=1.0), info)

    def _contains(self, translation: str, target: str) -> bool:
        return bool(TargetMatcher(translation, self._language).find(target))


def _is_copied(request: DraftRequest) -> bool:
    """Whether no engine is asked: asked for the translation of an address, models talk about it."""
    return not request.terms and nothing_to_translate(request.text, BlockKind.PARAGRAPH)
