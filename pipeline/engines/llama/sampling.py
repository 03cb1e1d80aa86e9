"""Sampling of the next token: greedy, or top-k and nucleus sampling with a temperature.

Nucleus sampling (top-p) is that of Holtzman et al. (2020), top-k that of Fan et al. (2018).
"""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Logits = NDArray[np.float32]

TOP_K, TOP_P = 40, 0.95
"""Candidates of random sampling: the most probable tokens, up to this total probability."""


@dataclass(frozen=True, slots=True)
class SamplingParams:
    """How to sample a continuation.

    A temperature of 0 selects the most probable token. `logit_bias` is added to the logits of
    the tokens that phrase boosting selects.
    """

    temperature: float = 0.0
    seed: int = 0
    logit_bias: float = 0.0


def sample_token(
    logits: Logits, sampling: SamplingParams, rng: random.Random, boosted: Collection[int]
) -> tuple[int, float]:
    """Sample a token; returns it with its log-probability, which excludes the bias."""
    import numpy as np

    maximum = float(logits.max())
    log_total = maximum + float(np.log(np.exp(logits - maximum).sum()))
    biased = logits
    if boosted:
        biased = logits.copy()
        biased[list(boosted)] += sampling.logit_bias
    best = token = int(biased.argmax())
    if sampling.temperature > 0:
        candidates = np.argpartition(-biased, TOP_K)[:TOP_K]
        candidates = candidates[np.argsort(-biased[candidates], kind="stable")]
        weights = np.exp((biased[candidates] - biased[best]) / sampling.temperature)
        cumulative = np.cumsum(weights / weights.sum())
        cumulative = cumulative[: int(np.searchsorted(cumulative, TOP_P)) + 1]
        index = int(np.searchsorted(cumulative, rng.random() * cumulative[-1]))
        token = int(candidates[index])
    return token, float(logits[token]) - log_total
