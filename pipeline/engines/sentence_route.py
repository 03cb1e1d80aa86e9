"""Translate texts sentence by sentence with models that only translate, through a pivot if needed.

For runtimes without prompts and scores: texts are split by our rules, glossary terms and parts that
must stay unchanged are enforced with `term_candidates`, and symbols that no model knows are put
back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from pipeline.engines import term_candidates
from pipeline.engines.base import TextRejectedError, TranslationRequest, TranslationResult
from pipeline.engines.circuit_breaker import PROBE, CircuitBreaker
from pipeline.engines.constraints import Constraint, find_constraints
from pipeline.engines.symbols import put_back, take_out
from pipeline.engines.term_candidates import ConstrainedSentence
from pipeline.lang import split_sentences

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class SentenceResult:
    """The translation of a sentence, or the reason why there is none.

    `alternatives` are other translations, best first.
    """

    text: str = ""
    problem: TextRejectedError | None = None
    alternatives: tuple[str, ...] = ()


class SentenceModel(Protocol):
    """A model for one pair of languages."""

    @property
    def source(self) -> str:
        """The code of the source language."""

    @property
    def target(self) -> str:
        """The code of the target language."""

    def translate(self, sentences: Sequence[str]) -> list[SentenceResult]:
        """Translate sentences, in order; raises EngineError if the model cannot be used."""

    def unknown_characters(self, text: str) -> Set[str]:
        """Return the characters of a text that the model would drop."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence of a request, and the white space before it."""

    space: str
    sentence: str
    constraints: tuple[Constraint, ...]


def translate_requests(
    models: Sequence[SentenceModel],
    requests: Sequence[TranslationRequest],
    language: str,
    breaker: CircuitBreaker,
) -> Iterator[TranslationResult]:
    """Translate the sentences of all requests together, by each model of a route.

    Yields a result for each request. Raises EngineError if a model fails, or translates no text
    at all.
    """
    split = [() if request.previous else tuple(_split(request, models[0])) for request in requests]
    results = iter(_through(models, [part for parts in split for part in parts], language))
    for request, parts in zip(requests, split, strict=True):
        result = _joined(request, [(part, next(results)) for part in parts])
        if isinstance(result, TranslationResult):
            breaker.record_success()
            yield result
        else:
            yield breaker.record_rejection(result, partial(_probe, models, language))


def _split(request: TranslationRequest, model: SentenceModel) -> Iterator[_Part]:
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
    models: Sequence[SentenceModel], parts: Sequence[_Part], language: str
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
        target = language if leg == len(models) else model.target
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
    model: SentenceModel,
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
    pair = (model.source, language)
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
    term_candidates.enforce(list(states.values()), pair, partial(_texts, model))
    for n, state in states.items():
        if state.translation != results[n].text:
            results[n] = SentenceResult(state.translation, alternatives=state.alternatives)
    return results, _next_constraints(model, states, constraints, pair) if pivot else list(
        constraints
    )


def _next_constraints(
    model: SentenceModel,
    states: Mapping[int, ConstrainedSentence],
    constraints: Sequence[tuple[Constraint, ...]],
    pair: tuple[str, str],
) -> list[tuple[Constraint, ...]]:
    """Return the constraints with their sources in the pivot language."""
    terms = {n: tuple(c for c in constraints[n] if not c.exact) for n in states}
    numbers = [n for n, own in terms.items() if own]
    asked = [replace(states[n], constraints=terms[n]) for n in numbers]
    found = dict(
        zip(numbers, term_candidates.locate(asked, pair, partial(_texts, model)), strict=True)
    )
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


def _probe(models: Sequence[SentenceModel], language: str) -> None:
    """Raise the error of a model that translates nothing."""
    for result in _through(models, [_Part("", PROBE, ())], language):
        if result.problem:
            raise result.problem


def _texts(model: SentenceModel, sentences: Sequence[str]) -> list[str]:
    """Translate sentences; "" for one without a translation."""
    return [result.text for result in model.translate(sentences)]
