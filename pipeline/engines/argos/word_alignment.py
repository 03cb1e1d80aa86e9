"""Finds the words of a translation that words of its source became, by the model's attention."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.engines.argos.model import Hypothesis, TranslationModel
from pipeline.lang import inflection

_PLACES = 2
_LONGEST = 2  # words beside the one that a term became


@dataclass(frozen=True, slots=True)
class TargetSpan:
    """Where in a translation a term's words came out: a span of characters."""

    start: int
    end: int


def align_term(
    network: TranslationModel, source: Sequence[str], found: Hypothesis, term: str
) -> list[TargetSpan]:
    """Where a term's words came out in a translation, the likeliest place first.

    Adjoining words that the model looked at the source's words for are one place.
    """
    looked = source_span(network.pieces.words, source, term)
    pieces, text = found.pieces, found.text
    spans = network.pieces.words(pieces)
    rows = found.attention
    if not looked or len(rows) < len(pieces):
        return []
    start, end = looked
    weights = [sum(sum(rows[n][start:end]) for n in range(a, b)) / max(1, b - a) for a, b in spans]
    # An article looks at the noun that it agrees with, and not seldom in the noun's stead.
    ahead = 0.0
    for n, (a, b) in enumerate(spans):
        if inflection.agrees(network.pieces.decode(pieces[a:b]), network.package.target):
            ahead, weights[n] = max(ahead, weights[n]), 0.0
        else:
            ahead, weights[n] = 0.0, max(ahead, weights[n])
    most = max(weights, default=0.0)
    likely = [n for n in range(len(spans)) if weights[n] > 0 and weights[n] >= most / 2]
    order = sorted(likely, key=lambda n: -weights[n])[:_PLACES]
    spots: list[TargetSpan] = []
    for n in order:
        first, last = _expand_span(weights, n)
        place = _characters(network, pieces, text, spans[first][0], spans[last][1])
        if place and place not in spots:
            spots.append(place)
    return spots


def _expand_span(weights: Sequence[float], at: int) -> tuple[int, int]:
    """The first and last of the words around one that the model had the same words for."""
    first = last = at
    while last + 1 < len(weights) and weights[last + 1] > 0.5 and last - first < _LONGEST:
        last += 1
    while first > 0 and weights[first - 1] > 0.5 and last - first < _LONGEST:
        first -= 1
    return first, last


def source_span(
    words: Callable[[Sequence[str]], list[tuple[int, int]]], pieces: Sequence[str], text: str
) -> tuple[int, int] | None:
    """The span of pieces in which a text stands, compared without blanks and marks."""
    shown, owners = "", []
    for number, piece in enumerate(pieces):
        plain = piece.replace("▁", "").removesuffix("@@")
        shown += plain
        owners += [number] * len(plain)
    wanted = "".join(text.split())
    at = shown.find(wanted)
    if at < 0 or not wanted:
        return None
    return owners[at], owners[at + len(wanted) - 1] + 1


def _characters(
    network: TranslationModel, pieces: Sequence[str], text: str, first: int, end: int
) -> TargetSpan | None:
    """The characters of a span of pieces, without the marks around the words."""
    before = network.pieces.decode(pieces[:first])
    upto = network.pieces.decode(pieces[:end])
    if not (text.startswith(before) and text.startswith(upto)) or len(upto) <= len(before):
        return None
    start, stop = len(before), len(upto)
    while start < stop and not text[start].isalnum():
        start += 1
    while stop > start and not text[stop - 1].isalnum():
        stop -= 1
    for mark in ("'", "’"):
        # An elided article belongs to what stands before: l'accord.
        at = text.find(mark, start, min(stop, start + 3))
        if at >= 0 and at + 1 < stop:
            start = at + 1
    return TargetSpan(start, stop) if start < stop else None
