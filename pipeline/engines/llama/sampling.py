"""Sampling of the next token: greedy, or top-k and nucleus sampling with a temperature.

Nucleus sampling (top-p) is that of Holtzman et al. (2020), top-k that of Fan et al. (2018).
Boosted probabilities are those of Dinh and Niehues (2025).
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

_ROUNDING = 1e-6

DOMINANT = 4.0
"""Tokens with lower logits than the maximum by more than this are never dominant."""


@dataclass(frozen=True, slots=True)
class SamplingParams:
    """How to sample a continuation.

    A temperature of 0 selects the most probable token. `logit_bias` is added to the logits of
    the tokens that phrase boosting selects.
    """

    temperature: float = 0.0
    seed: int = 0
    logit_bias: float = 0.0


@dataclass(frozen=True, slots=True)
class SampledToken:
    """A sampled token, with its log-probability (base e) without logit bias.

    `boosted` is its boosted log-probability: of all dominant tokens together, if it is one of
    them. Several good continuations share the probability, which says nothing about quality.
    """

    id: int
    likelihood: float
    boosted: float


def sample_token(
    logits: Logits, sampling: SamplingParams, rng: random.Random, boosted: Collection[int]
) -> SampledToken:
    """Sample the next token."""
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
    likelihood = float(logits[token]) - log_total
    return SampledToken(token, likelihood, _boosted(logits, likelihood, maximum, log_total))


def _boosted(logits: Logits, likelihood: float, maximum: float, log_total: float) -> float:
    """Return the boosted log-probability of a token with this log-probability.

    Dominant are the tokens above the largest drop between two successive probabilities.
    """
    import numpy as np

    highest = -np.sort(-logits[logits > maximum - DOMINANT].astype(np.float64))
    probabilities = np.exp(highest - log_total)
    drops = probabilities - np.append(probabilities[1:], 0.0)
    count = int(drops.argmax()) + 1
    if likelihood < float(highest[count - 1]) - log_total - _ROUNDING:
        return likelihood
    return min(0.0, float(np.log(probabilities[:count].sum())))
