"""Translates texts that stand in no catalog, with a glossary and demands of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.drafting.evaluation import make_evaluator
from pipeline.drafting.refinement import DraftRequest, DraftResult, Issue, draft
from pipeline.engines.base import Engine, EngineConfig, batch
from pipeline.engines.cache import ResponseCache
from pipeline.glossary.matcher import TermMatcher
from pipeline.glossary.target_matcher import TargetText


@dataclass(frozen=True, slots=True)
class Asked:
    """A text, and translations that it demands of words in it, beyond the glossary's."""

    text: str
    terms: Mapping[str, str] = field(default_factory=dict)


class TextTranslator:
    """Translates texts with an engine, opened with `setup`, and judges what comes.

    `tell` is told what is wrong with the cache of answers. `batch` is how many texts are best
    asked for at once: one, unless the engine says otherwise.
    """

    def __init__(
        self,
        engine: Engine,
        setup: EngineConfig,
        language: str,
        matcher: TermMatcher | None,
        tell: Callable[[str], None],
    ) -> None:
        self.batch = batch(engine, 1)
        self._engine, self._language, self._matcher = engine, language, matcher
        self._answers = ResponseCache(tell)
        self._known = self._answers.for_engine(engine, language, setup)
        self._judge = make_evaluator(language, matcher, {})

    def translate(self, asked: Sequence[Asked]) -> Iterator[DraftResult]:
        """Translate texts; gives what comes of each as soon as it may, in their order.

        Raises EngineError where the engine cannot translate.
        """
        demands: dict[str, Mapping[str, str]] = {}
        waiting: list[Asked] = []
        for one in asked:
            if demands.setdefault(one.text, one.terms) != one.terms:
                yield from self._at_once(waiting, demands)
                demands, waiting = {one.text: one.terms}, []
            waiting.append(one)
        yield from self._at_once(waiting, demands)

    def terms(self, asked: Asked, translation: str) -> list[dict[str, object]]:
        """Tell of the terms of a text whether a translation respects them."""
        found: list[dict[str, object]] = [
            {"source": source, "target": target, "respected": self._stands(translation, target)}
            for source, target in asked.terms.items()
        ]
        for use in self._matcher.verify(asked.text, translation) if self._matcher else ():
            if use.wanted:
                target = {"target": use.wanted[0], "respected": use.respected}
                found.append({"source": use.term.source, **target})
        return found

    def close(self) -> None:
        """Free the engine."""
        self._answers.close()
        self._engine.close()

    def _at_once(
        self, asked: Sequence[Asked], demands: Mapping[str, Mapping[str, str]]
    ) -> Iterator[DraftResult]:
        """Translate texts of which none has two sets of demands."""

        def flaws(source: str, target: str) -> list[Issue]:
            missing = [
                Issue(
                    "terminology", f"'{german}' must be translated as '{wanted}'.", critical=False
                )
                for german, wanted in demands[source].items()
                if not self._stands(target, wanted)
            ]
            return [*self._judge(source, target), *missing]

        tasks = [self._task(one) for one in asked]
        made: dict[DraftRequest, DraftResult] = {}
        given = 0
        for task, drafted in draft(
            self._engine, self._language, list(dict.fromkeys(tasks)), flaws, self._known
        ):
            made[task] = drafted
            while given < len(tasks) and tasks[given] in made:
                yield made[tasks[given]]
                given += 1

    def _task(self, asked: Asked) -> DraftRequest:
        required = self._matcher.required(asked.text) if self._matcher else ()
        return DraftRequest(asked.text, tuple((dict(required) | dict(asked.terms)).items()))

    def _stands(self, translation: str, target: str) -> bool:
        return bool(TargetText(translation, self._language).find(target))
