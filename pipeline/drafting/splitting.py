"""Translate a text in parts if an engine cannot take it as a whole.

A text is split between sentences, else between clauses, never inside quotation marks,
brackets, markup or a glossary term. The joined result is evaluated like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.drafting.postprocessing import normalize
from pipeline.engines import Engine, TranslationRequest, TranslationResult
from pipeline.lang import split_sentences

MIN_WORDS = 4
"""Minimum length of a part, in words."""

MAX_DEPTH = 5
"""How often a text is halved at most."""

_CLAUSE = re.compile(
    r"[;:](?=\s)|\s[–—](?=\s)|,(?=\s(?:aber|als|bevor|bis|da|damit|dass|denn|doch|ehe|falls|"
    r"indem|nachdem|ob|obwohl|oder|seit|seitdem|sodass|sondern|sowie|und|während|weil|wenn|"
    r"wobei|wohingegen)\s)"
)
_START_TAG = re.compile(r"<\w[^<>]*(?<!/)>")
_TWINS = '"*_`'
"""Straight quotation marks, and the marks of emphasis and code in Markdown."""

_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"), ("„", "“"), ("»", "«"), ("‚", "‘"))


def translate(
    engine: Engine, requests: Sequence[TranslationRequest], language: str
) -> Iterator[TranslationResult]:
    """Yield the result of each request, in order; texts that are too long are split.

    A text that has no translation in parts either keeps its rejection. Raises EngineError if
    the engine cannot translate at all.
    """
    for request, result in zip(requests, engine.translate(requests, language), strict=False):
        yield _repaired(engine, request, result, language, MAX_DEPTH)


def _repaired(
    engine: Engine,
    request: TranslationRequest,
    result: TranslationResult,
    language: str,
    depth: int,
) -> TranslationResult:
    """Return the result, or that of the parts if the text was rejected or cut off."""
    if request.tagged or (result.complete and not result.retry_in_parts):
        return result  # a text with tags is requested again without them
    parts = split_text(request) if depth else ()
    results = []
    for part in parts:
        answer = next(iter(engine.translate([part], language)), None)
        if answer is None:
            return result
        if answer.withheld:
            return answer
        answer = _repaired(engine, part, answer, language, depth - 1)
        if answer.rejection_reason or not answer.complete or not answer.text.strip():
            return result
        results.append(answer)
    return _joined(request, parts, results, language) if results else result


def split_text(request: TranslationRequest) -> tuple[TranslationRequest, ...]:
    """Split a request in two, near the middle; empty if there is no safe place."""
    text = request.text
    sentences = [end for _, end in split_sentences(text)][:-1]
    clauses = [match.end() for match in _CLAUSE.finditer(text)]
    for places in (sentences, clauses):
        for at in sorted(places, key=lambda at: abs(at - len(text) // 2)):
            parts = tuple(_part(request, side) for side in (text[:at], text[at:].lstrip()))
            if all(map(_is_safe, parts)) and _terms_fit(request, parts):
                return parts
    return ()


def _part(request: TranslationRequest, text: str) -> TranslationRequest:
    terms = tuple(term for term in request.terms if term[0] in text)
    return TranslationRequest(text, terms, label=request.label, style=request.style)


def _is_safe(part: TranslationRequest) -> bool:
    """Whether a part has enough words, and closes what it opens."""
    text = part.text
    return (
        len(text.split()) >= MIN_WORDS
        and all(text.count(opening) == text.count(closing) for opening, closing in _PAIRS)
        and all(text.count(mark) % 2 == 0 for mark in _TWINS)
        and len(_START_TAG.findall(text)) == text.count("</")
    )


def _terms_fit(request: TranslationRequest, parts: Sequence[TranslationRequest]) -> bool:
    """Whether every term of the text is in a part."""
    return all(any(term in part.terms for part in parts) for term in request.terms)


def _joined(
    request: TranslationRequest,
    parts: Sequence[TranslationRequest],
    results: Sequence[TranslationResult],
    language: str,
) -> TranslationResult:
    """Join the translations of two parts with the white space between them."""
    first, second = parts
    space = request.text[len(first.text) : len(request.text) - len(second.text)]
    texts = [
        normalize(part.text, result.text, language)
        for part, result in zip(parts, results, strict=True)
    ]
    known = [result.confidence for result in results if result.confidence is not None]
    confidence = min(known) if len(known) == len(results) else None
    one, two = (result.signals for result in results)
    signals = one.lower(two) if one and two else None
    return replace(
        results[0],
        text=space.join(texts),
        confidence=confidence,
        signals=signals,
        alternatives=(),
    )
