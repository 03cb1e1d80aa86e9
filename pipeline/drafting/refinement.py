"""Drafting loop: translate, run the checks, retry with feedback, keep the best candidate.

The final result of a text is cached with its remaining issues. When the same text comes
again, the cached result is evaluated anew, and retried only for issues that are new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.checks import TERMINOLOGY
from pipeline.core import BlockKind, EngineError, base_language
from pipeline.core.secrets import SecretSet, environment_secrets
from pipeline.drafting import answer_validation, splitting
from pipeline.drafting.postprocessing import normalize
from pipeline.drafting.source_spelling import for_engine, restore_spelling
from pipeline.drafting.types import DraftRequest, DraftResult, Evaluator, Issue
from pipeline.engines import (
    CachedResponse,
    CacheScope,
    Engine,
    EngineInfo,
    TranslationRequest,
    TranslationResult,
    parse_answer,
)
from pipeline.engines.prompts.few_shot import EXAMPLES
from pipeline.engines.usage import CostLimitError

RETRIES = 2
"""How often a text is requested again."""

BYLINE_PREFIX = "Von "
"""The start of a German byline that names the author."""


def draft(
    engine: Engine,
    language: str,
    requests: Sequence[DraftRequest],
    evaluate: Evaluator,
    cache: CacheScope | None = None,
) -> Iterator[tuple[DraftRequest, DraftResult]]:
    """Draft texts in `language`; yield each request with its result as soon as it is final.

    Results with issues are requested again with the messages of the issues, at most
    `RETRIES` times; the retries of all texts form one batch, so that an engine computes them
    together. If a term is still missing, the last retry has the required translation in
    place of the German term. Cached results are not requested. Raises EngineError if the
    engine cannot translate, and CostLimitError after all results if it withheld some texts.
    """
    loop = _Refinement(engine, language, evaluate, cache)
    attempts = loop.start(requests)
    for number in range(RETRIES):
        unfinished = []
        for attempt in attempts:
            if attempt.finished:
                yield attempt.request, loop.finish(attempt)
            else:
                unfinished.append(attempt)
        attempts = loop.retry(unfinished, final=number == RETRIES - 1)
    for attempt in attempts:
        yield attempt.request, loop.finish(attempt)
    if loop.withheld:
        raise CostLimitError("the limit of --max-cost is reached", "Raise it to continue.")


@dataclass(slots=True)
class DraftAttempt:
    """The retry state of a request: its best and its last result.

    `is_complete_from_cache` means that the cached result has no new issue; `repeated` that
    the last retry returned the text before it, so that the same request would again.
    `finished` means that no further request is useful.
    """

    request: DraftRequest
    best: DraftResult
    last: DraftResult
    is_complete_from_cache: bool = False
    repeated: bool = False
    finished: bool = field(init=False)

    def __post_init__(self) -> None:
        """Decide whether the first result needs a retry."""
        self.finished = self.is_complete_from_cache or _is_final(self.last)

    def next_request(self, *, final: bool) -> TranslationRequest | None:
        """Return the next request, None if no further one may help."""
        if final and any(issue.check == TERMINOLOGY for issue in self.best.issues):
            text = self.request.text
            for german, required in self.request.terms:
                safe = required.replace("\\", r"\\")
                text = re.sub(rf"(?<!\w){re.escape(german)}(?!\w)", safe, text)
            if text != self.request.text:
                return replace(self.request.request(), text=text, tagged="")
        return None if self.repeated else self.request.request(self.last.text, self.last.messages)

    def record(self, result: DraftResult) -> None:
        """Record the result of a retry."""
        self.repeated = result.text == self.last.text
        self.last, self.best = result, min(self.best, result, key=ranking_key)
        self.finished = _is_final(result)


def _is_final(result: DraftResult) -> bool:
    """Whether a result has no issue, or the engine rejects the text."""
    return not result.issues or bool(result.result.rejection_reason)


@dataclass(frozen=True, slots=True)
class _Refinement:
    """An engine for one language, the evaluator of its results, and the cache."""

    engine: Engine
    language: str
    evaluate: Evaluator
    cache: CacheScope | None
    withheld: list[DraftRequest] = field(default_factory=list)

    def start(self, requests: Sequence[DraftRequest]) -> Iterator[DraftAttempt]:
        """Request what is not cached; yield an attempt for each text that was not withheld."""
        cached = [self.cache.get(one.request()) if self.cache else None for one in requests]
        pairs = list(zip(requests, cached, strict=True))
        results = self._translate([request.request() for request, found in pairs if not found])
        for request, found in pairs:
            if found:
                first = self._from_cache(request, found)
            else:
                result = _next(results)
                if result.withheld:
                    self.withheld.append(request)
                    continue
                first = self._best_candidate(request, result)
            complete = bool(found and set(first.messages) <= set(found.issues))
            yield DraftAttempt(request, first, first, complete)

    def retry(self, attempts: Sequence[DraftAttempt], *, final: bool) -> Iterator[DraftAttempt]:
        """Request all attempts again in one batch; those without a request come first."""
        pairs = [(attempt, attempt.next_request(final=final)) for attempt in attempts]
        for attempt, request in pairs:
            if not request:
                attempt.finished = True
                yield attempt
        results = self._translate([request for _, request in pairs if request])
        for attempt, request in pairs:
            if request:
                result = _next(results)
                if result.withheld:
                    attempt.finished = True  # The draft before is kept.
                else:
                    told = attempt.last.messages
                    attempt.record(self._best_candidate(attempt.request, result, told))
                yield attempt

    def finish(self, attempt: DraftAttempt) -> DraftResult:
        """Return the best result; cache it if it is new and has not failed."""
        best = attempt.best
        if self.cache and not attempt.is_complete_from_cache and not best.failed:
            response = CachedResponse(best.result, best.engine_info, best.messages)
            self.cache.put(attempt.request.request(), response)
        return best

    def _translate(self, requests: Sequence[TranslationRequest]) -> Iterator[TranslationResult]:
        if not requests:
            return iter(())
        results = splitting.translate(self.engine, for_engine(requests), self.language)
        return map(self._without_tags, requests, results)

    def _without_tags(
        self, request: TranslationRequest, result: TranslationResult
    ) -> TranslationResult:
        """Return a result with plain text; request a text whose tags came back wrong without."""
        if not request.tagged or result.withheld:
            return result
        if (accepted := _accepted(request, result)) is None:
            return _next(self._translate([replace(request, tagged="")]))
        others = (_accepted(request, one) for one in result.alternatives)
        return replace(accepted, alternatives=tuple(one for one in others if one))

    def _from_cache(self, request: DraftRequest, cached: CachedResponse) -> DraftResult:
        """Evaluate a cached result with the present checks."""
        result = self._best_candidate(request, cached.result)
        return replace(result, engine_info=cached.engine_info, from_cache=True)

    def _best_candidate(
        self, request: DraftRequest, result: TranslationResult, told: Sequence[str] = ()
    ) -> DraftResult:
        """Evaluate a result, and its alternatives until one has no issue.

        `told` are the problems that a retry was told.
        """
        best = self._evaluated(request, result, told)
        for alternative in result.alternatives:
            if not best.issues and not best.ranking_issues:
                break
            best = min(best, self._evaluated(request, alternative, told), key=ranking_key)
        return best

    def _evaluated(
        self, request: DraftRequest, result: TranslationResult, told: Sequence[str]
    ) -> DraftResult:
        result = replace(result, alternatives=())
        keys = environment_secrets()
        info = _without_keys(self.engine.identity(self.language), keys)
        if keys.is_in(result.text):  # Whatever the engine did to the response of a server.
            result = TranslationResult("", rejection_reason="The answer contains a secret key.")
        if result.rejection_reason:
            issue = Issue("answer", keys.redact(result.rejection_reason), critical=True)
            return DraftResult(request.text, "", (issue,), result, info)
        source = request.text
        if message := answer_validation.unstorable(source, result.text):
            issue = Issue("answer", message, critical=True)
            return DraftResult(request.text, "", (issue,), replace(result, text=""), info)
        issues = [
            Issue("answer", message, critical=True)
            for message in answer_validation.problems(source, result.text, result.complete)
        ]
        restored = restore_spelling(source, result.text)
        text = normalize(source, restored, self.language, request.terms)
        if text:
            shown = self._shown(request)
            copied = answer_validation.copied_examples(source, text, shown)
            issues += [Issue("answer", message, critical=True) for message in copied]
            leaked = answer_validation.repeated_style(request.style, source, text)
            issues += [Issue("answer", message, critical=True) for message in leaked]
            repeated = answer_validation.repeated_problems(told, source, text)
            issues += [Issue("answer", message, critical=True) for message in repeated]
            lost = answer_validation.lost_addresses(source, text)
            issues += [Issue("answer", message, critical=False) for message in lost]
            issues += self.evaluate(source, text)
        ranking = tuple(issue for issue in issues if issue.ranking_only)
        others = tuple(issue for issue in issues if not issue.ranking_only)
        return DraftResult(source, text, others, result, info, ranking_issues=ranking)

    def _shown(self, request: DraftRequest) -> Iterator[tuple[str, str]]:
        """Yield the examples that the engine may have seen in its prompt."""
        yield from request.examples
        for example in EXAMPLES.get(base_language(self.language), ()):
            yield example.german, example.translation


def _accepted(request: TranslationRequest, result: TranslationResult) -> TranslationResult | None:
    """Return a result with plain text and verified tags; None if the tags are not the same."""
    answer = parse_answer(request.tagged, result.text)
    return replace(result, text=answer.plain, tagged=result.text) if answer else None


def nothing_to_translate(text: str, kind: BlockKind) -> bool:
    """Whether a text is the same in every language: no words, an address, an author's name.

    A byline of two to four capitalised words is treated as a name, unless it starts with
    the German "Von".
    """
    if not any(character.isalpha() for character in text) or _ADDRESS.fullmatch(text):
        return True
    if kind is not BlockKind.BYLINE or text.startswith(BYLINE_PREFIX):
        return False
    return bool(_NAME.fullmatch(text))


_ADDRESS = re.compile(r"(https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.]+")
_NAME = re.compile(
    r"[^\W\d_a-zäöüß][\w.’'-]*( (von|van|de|der|zu|al)?\s?[^\W\d_a-zäöüß][\w.’'-]*){1,3}"
)


def _without_keys(info: EngineInfo, keys: SecretSet) -> EngineInfo:
    """Remove keys from what a server or plug-in says about itself: it ends in catalogs."""
    return replace(info, model=keys.redact(info.model), version=keys.redact(info.version))


def _next(results: Iterator[TranslationResult]) -> TranslationResult:
    try:
        return next(results)
    except StopIteration:
        raise EngineError(
            "the engine returned fewer results than requests", "Report it to its author."
        ) from None


def ranking_key(result: DraftResult) -> tuple[int, int, int]:
    """Return a sort key: the best result has the fewest critical, all, and ranking issues."""
    critical = sum(issue.critical for issue in result.issues)
    return critical, len(result.issues), len(result.ranking_issues)
