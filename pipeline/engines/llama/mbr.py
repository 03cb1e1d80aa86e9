"""Minimum Bayes risk (MBR) reranking of samples by their mutual agreement.

MBR decoding (Eikema and Aziz 2020; Freitag et al. 2022) selects the sample with the highest
expected utility under the other samples. The utility is chrF (Popović 2015): character
n-grams of orders 1 to 6 without white space, with recall weighted twice (beta = 2).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

ORDERS = range(1, 7)
BETA = 2.0

Grams = tuple[Counter[str], ...]


def mbr_rank(candidates: Sequence[str], non_voters: Sequence[str] = ()) -> list[tuple[str, float]]:
    """Return the distinct texts with their mean chrF (0 to 1) against the candidates, best first.

    Repeated candidates count repeatedly. `non_voters` are ranked too, but others are not
    compared with them. Ties keep the order of the arguments.
    """
    votes = Counter(candidates)
    grams = {text: _grams(text) for text in (*votes, *non_voters)}
    scores = []
    for text in grams:
        agreed = sum(
            count * (1.0 if other == text else _chrf(grams[text], grams[other]))
            for other, count in votes.items()
        )
        own = int(text in votes)
        total = len(candidates) - own
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
