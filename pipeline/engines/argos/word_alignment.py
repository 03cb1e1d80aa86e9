"""Word alignment: find the translation of a source term from the attention of the model.

Alignment by cross-attention: Garg et al., "Jointly Learning to Align and Translate with
Transformer Models" (EMNLP 2019).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.engines.argos.model import Hypothesis, TranslationModel
from pipeline.lang import inflection

_MAX_SPANS = 2
_MAX_EXTRA_WORDS = 2
_EXPANSION_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class TargetSpan:
    """A span of characters in a translation."""

    start: int
    end: int


def align_term(
    model: TranslationModel, source: Sequence[str], hypothesis: Hypothesis, term: str
) -> list[TargetSpan]:
    """Return the spans that a term of the source is translated to, most probable first.

    `source` are the tokens of the source. Adjacent aligned words form one span.
    """
    term_tokens = source_span(model.tokenizer.words, source, term)
    tokens, rows = hypothesis.tokens, hypothesis.attention
    words = model.tokenizer.words(tokens)
    if not term_tokens or len(rows) < len(tokens):
        return []
    start, end = term_tokens
    weights = [sum(sum(rows[n][start:end]) for n in range(a, b)) / max(1, b - a) for a, b in words]
    # Articles attend to the noun that they agree with, often instead of the noun itself: move
    # their weight to the next word.
    carried = 0.0
    for n, (a, b) in enumerate(words):
        if inflection.is_agreeing_word(model.tokenizer.decode(tokens[a:b]), model.package.target):
            carried, weights[n] = max(carried, weights[n]), 0.0
        else:
            carried, weights[n] = 0.0, max(carried, weights[n])
    maximum = max(weights, default=0.0)
    likely = [n for n in range(len(words)) if weights[n] > 0 and weights[n] >= maximum / 2]
    spans: list[TargetSpan] = []
    for n in sorted(likely, key=lambda n: -weights[n])[:_MAX_SPANS]:
        first, last = _expand_span(weights, n)
        span = _character_span(model, hypothesis, words[first][0], words[last][1])
        if span and span not in spans:
            spans.append(span)
    return spans


def _expand_span(weights: Sequence[float], word: int) -> tuple[int, int]:
    """Return the first and last word of the aligned words around one."""
    first = last = word
    while (
        last + 1 < len(weights)
        and weights[last + 1] > _EXPANSION_WEIGHT
        and last - first < _MAX_EXTRA_WORDS
    ):
        last += 1
    while first > 0 and weights[first - 1] > _EXPANSION_WEIGHT and last - first < _MAX_EXTRA_WORDS:
        first -= 1
    return first, last


def source_span(
    words: Callable[[Sequence[str]], list[tuple[int, int]]], tokens: Sequence[str], text: str
) -> tuple[int, int] | None:
    """Return the span of tokens that contain a text, ignoring white space and token marks."""
    joined, owners = "", []
    for number, token in enumerate(tokens):
        plain = token.replace("▁", "").removesuffix("@@")
        joined += plain
        owners += [number] * len(plain)
    compact = "".join(text.split())
    at = joined.find(compact)
    if at < 0 or not compact:
        return None
    return owners[at], owners[at + len(compact) - 1] + 1


def _character_span(
    model: TranslationModel, hypothesis: Hypothesis, first: int, end: int
) -> TargetSpan | None:
    """Convert a span of tokens to characters, without punctuation around the words."""
    text = hypothesis.text
    before = model.tokenizer.decode(hypothesis.tokens[:first])
    through = model.tokenizer.decode(hypothesis.tokens[:end])
    if not (text.startswith(before) and text.startswith(through)) or len(through) <= len(before):
        return None
    start, stop = len(before), len(through)
    while start < stop and not text[start].isalnum():
        start += 1
    while stop > start and not text[stop - 1].isalnum():
        stop -= 1
    for apostrophe in ("'", "’"):
        # An elided article is not part of the span: l'accord.
        at = text.find(apostrophe, start, min(stop, start + 3))
        if at >= 0 and at + 1 < stop:
            start = at + 1
    return TargetSpan(start, stop) if start < stop else None
