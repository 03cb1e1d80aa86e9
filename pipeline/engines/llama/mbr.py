"""Chooses among translations of a text the one that most of the others agree with.

That is minimum Bayes risk decoding with chrF as the measure (Eikema and Aziz 2020; Freitag
et al. 2022): what a model says again and again, in other words, it more likely knows. chrF
is that of Popović (2015): character n-grams of one to six, blanks left out, recall counted
twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

ORDERS = range(1, 7)
BETA = 2.0

Grams = tuple[Counter[str], ...]


def mbr_rank(texts: Sequence[str], silent: Sequence[str] = ()) -> list[tuple[str, float]]:
    """Give the distinct texts, the most agreed with first, each with its mean agreement, 0 to 1.

    A text that was given more often counts as often; those that are `silent` are not agreed
    with. Of equals the earlier one comes first.
    """
    votes = Counter(texts)
    grams = {text: _grams(text) for text in (*votes, *silent)}
    scores = []
    for text in grams:
        agreed = sum(
            count * (1.0 if other == text else _chrf(grams[text], grams[other]))
            for other, count in votes.items()
        )
        own = int(text in votes)
        total = len(texts) - own
        scores.append((text, (agreed - own) / total if total else 1.0))
    return sorted(scores, key=lambda pair: -pair[1])


def _grams(text: str) -> Grams:
    text = "".join(text.split())
    return tuple(Counter(text[i : i + n] for i in range(len(text) - n + 1)) for n in ORDERS)


def _chrf(hypothesis: Grams, reference: Grams) -> float:
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
