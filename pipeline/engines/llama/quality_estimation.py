"""How likely a language model's draft is sound, by what is known without a reference.

    errors = words × exp(base + likelihood·l + coverage·c + frequency·f)
    sound  = exp(-errors)

That is the chance of none where errors that change the meaning come one by one (Poisson).
The weights were fitted to drafts of the default model in which such errors had been marked;
docs/quality.md says how well they order others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import exp

_WORD = re.compile(r"[^\W\d_]{2,}")
_MOST_ERRORS = 20.0


@dataclass(frozen=True, slots=True)
class Weights:
    """What each thing known adds to the logarithm of the errors in a word."""

    base: float
    likelihood: float
    coverage: float
    frequency: float


WITH_DICTIONARY = Weights(-0.69, -2.54, -0.56, -0.56)
WITHOUT = Weights(-1.27, -2.76, 0.0, -0.55)

_COMMON = 5.0
"""The frequency of the words of a text that has none."""


def estimate_quality(text: str, likelihood: float, coverage: float | None) -> float:
    """The estimated probability, 0 to 1, that a translation of a German text is sound.

    `likelihood` is the mean natural logarithm of the probability of its tokens, `coverage` the
    share of the text's rarer words one of whose meanings it has; None without a dictionary.
    """
    from wordfreq import zipf_frequency

    words = _WORD.findall(text)
    frequencies = [zipf_frequency(word, "de") for word in words] or [_COMMON]
    weights = WITHOUT if coverage is None else WITH_DICTIONARY
    logarithm = (
        weights.base
        + weights.likelihood * likelihood
        + weights.coverage * (coverage or 0.0)
        + weights.frequency * sum(frequencies) / len(frequencies)
    )
    return exp(-min(_MOST_ERRORS, max(1, len(words)) * exp(logarithm)))
