"""Sampling of the next token: greedy, or top-k and nucleus sampling with a temperature."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Logits = NDArray[np.float32]

TOP, MASS = 40, 0.95
"""What is drawn from by chance: so many of the likeliest tokens, up to this probability."""


@dataclass(frozen=True, slots=True)
class SamplingParams:
    """How to draw a continuation: the likeliest tokens at temperature 0, else by chance.

    `insistence` is what is added to the logits of tokens that the question wishes for.
    """

    temperature: float = 0.0
    seed: int = 0
    logit_bias: float = 0.0


def sample_token(
    logits: Logits, draw: SamplingParams, chance: random.Random, wished: Collection[int]
) -> tuple[int, float]:
    """Choose a token; gives it with the logarithm of its probability."""
    import numpy as np

    highest = float(logits.max())
    total = highest + float(np.log(np.exp(logits - highest).sum()))
    weighed = logits
    if wished:
        weighed = logits.copy()
        weighed[list(wished)] += draw.logit_bias
    best = token = int(weighed.argmax())
    if draw.temperature > 0:
        likely = np.argpartition(-weighed, TOP)[:TOP]
        likely = likely[np.argsort(-weighed[likely], kind="stable")]
        weights = np.exp((weighed[likely] - weighed[best]) / draw.temperature)
        shares = np.cumsum(weights / weights.sum())
        shares = shares[: int(np.searchsorted(shares, MASS)) + 1]
        token = int(likely[int(np.searchsorted(shares, chance.random() * shares[-1]))])
    return token, float(logits[token]) - total
