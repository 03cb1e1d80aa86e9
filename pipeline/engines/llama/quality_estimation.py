"""Quality estimation of a translation without a reference.

    errors  = words × exp(base + likelihood·l + coverage·c + frequency·f)
    quality = exp(-errors)

The quality is the probability of no error that changes the meaning, if errors follow a
Poisson distribution. The weights were fitted to annotated drafts of the default model;
docs/quality.md evaluates them. Sequence likelihood as an estimate: Fomicheva et al. (2020).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import exp

_WORD = re.compile(r"[^\W\d_]{2,}")
_MAX_ERRORS = 20.0


@dataclass(frozen=True, slots=True)
class Weights:
    """Coefficients of the logarithm of the errors per word."""

    base: float
    likelihood: float
    coverage: float
    frequency: float


WITH_DICTIONARY = Weights(-0.69, -2.54, -0.56, -0.56)
WITHOUT_DICTIONARY = Weights(-1.27, -2.76, 0.0, -0.55)

_DEFAULT_FREQUENCY = 5.0
"""Zipf frequency that is assumed for a text without words."""


def estimate_quality(text: str, likelihood: float, coverage: float | None) -> float:
    """Return the estimated probability (0 to 1) that a translation of `text` has no error.

    `likelihood` is the mean log-probability (base e) of its tokens. `coverage` is the share of
    the rarer German words with a dictionary meaning in it; None without a dictionary.
    """
    from wordfreq import zipf_frequency

    words = _WORD.findall(text)
    frequencies = [zipf_frequency(word, "de") for word in words] or [_DEFAULT_FREQUENCY]
    weights = WITHOUT_DICTIONARY if coverage is None else WITH_DICTIONARY
    logarithm = (
        weights.base
        + weights.likelihood * likelihood
        + weights.coverage * (coverage or 0.0)
        + weights.frequency * sum(frequencies) / len(frequencies)
    )
    return exp(-min(_MAX_ERRORS, max(1, len(words)) * exp(logarithm)))
