"""Minimum Bayes risk (MBR) reranking of samples by their mutual agreement.

MBR decoding (Eikema and Aziz 2020; Freitag et al. 2022) selects the sample with the highest
expected utility under the other samples. The utility is chrF (Popović 2015).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.lang.chrf import character_grams, chrf


def mbr_rank(candidates: Sequence[str], non_voters: Sequence[str] = ()) -> list[tuple[str, float]]:
    """Return the distinct texts with their mean chrF (0 to 1) against the candidates, best first.

    Repeated candidates count repeatedly. `non_voters` are ranked too, but others are not
    compared with them. Ties keep the order of the arguments.
    """
    votes = Counter(candidates)
    grams = {text: character_grams(text) for text in (*votes, *non_voters)}
    scores = []
    for text in grams:
        agreed = sum(
            count * (1.0 if other == text else chrf(grams[text], grams[other]))
            for other, count in votes.items()
        )
        own = int(text in votes)
        total = len(candidates) - own
        scores.append((text, (agreed - own) / total if total else 1.0))
    return sorted(scores, key=lambda pair: -pair[1])
