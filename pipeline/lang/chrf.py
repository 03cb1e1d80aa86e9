"""Similarity of two texts: chrF (Popović 2015).

The F score of character n-grams of orders 1 to 6 without white space, with recall weighted twice
(beta = 2).
"""

from __future__ import annotations

from collections import Counter

__all__ = ["Grams", "agreement", "character_grams", "chrf"]

ORDERS = range(1, 7)
BETA = 2.0

Grams = tuple[Counter[str], ...]
"""The character n-grams of a text with their counts, by order."""


def character_grams(text: str) -> Grams:
    """Return the character n-grams of a text without its white space."""
    text = "".join(text.split())
    return tuple(Counter(text[i : i + n] for i in range(len(text) - n + 1)) for n in ORDERS)


def chrf(hypothesis: Grams, reference: Grams) -> float:
    """Return the chrF of a hypothesis, from 0 to 1."""
    precision = recall = 0.0
    orders = 0
    for ours, theirs in zip(hypothesis, reference, strict=True):
        if not ours or not theirs:
            continue
        common = sum(min(count, theirs[gram]) for gram, count in ours.items() if gram in theirs)
        precision += common / ours.total()
        recall += common / theirs.total()
        orders += 1
    if not precision or not recall:
        return 0.0
    precision, recall = precision / orders, recall / orders
    return (1 + BETA**2) * precision * recall / (BETA**2 * precision + recall)


def agreement(one: str, other: str) -> float:
    """Return how similar two translations of a text are, from 0 to 1: chrF in both directions."""
    if one == other:
        return 1.0
    grams, others = character_grams(one), character_grams(other)
    return (chrf(grams, others) + chrf(others, grams)) / 2
