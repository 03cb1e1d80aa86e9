"""Confidence of drafts, so that reviewers can start with the least certain ones.

    estimate   = 1 / (1 + exp(-(intercept + sum of weight × (feature - mean) / deviation)))
    confidence = estimate × the factor of each issue

The estimate is the probability that a draft has no error that changes the meaning. Each engine
has its own weights in `confidence.toml`, fitted by `benchmarks/confidence.py` (a logistic
regression; see docs/research/confidence.md). A feature that is not known counts as average.
Engines of plug-ins may estimate by themselves. Copies have confidences by origin and length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp, isnan, log
from typing import TYPE_CHECKING

from pipeline.core.input import parse_toml
from pipeline.engines import Signals

if TYPE_CHECKING:
    from pipeline.drafting.types import DraftResult, Issue

__all__ = [
    "UNSURE",
    "Calibration",
    "draft_confidence",
    "estimate",
    "features",
    "from_labels",
    "from_memory",
    "from_names",
    "logistic",
    "logit",
    "percent",
    "word_count",
]

MAX_ESTIMATE = 0.99
"""The highest estimate of a machine's draft."""

CRITICAL = 0.1
"""The factor of a critical issue, whatever its check declares."""

UNSURE = 50
"""Drafts with less confidence, in per cent, count as unsure."""

OTHER_ENGINES = "other"
"""The table of engines without weights of their own; it has features of the texts only."""

SHORT = 7
"""Texts with fewer words are short."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_DEFAULT_FREQUENCY = 5.0  # Zipf frequency that is assumed for a text without words
_UNKNOWN_NAME = 0.3  # highest estimate of a word that may be a name, unless it is copied
_MAX_LOGIT = 20.0

# Confidence of copies, in per cent: of a name, and of a translation from the memory or the table
# of labels, by its number of words. A single word may have another sense here.
_NAMES, _LABELS = 95, {1: 95, 2: 98}
_MEMORY = {1: 85, 2: 90, 3: 95, 4: 95, 5: 97, 6: 97}


def word_count(text: str) -> int:
    """Return the number of words of a text, at least 1."""
    return max(1, len(text.split()))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A correction of the estimates of an engine: logit' = intercept + slope × logit.

    `short` is added for texts of less than `SHORT` words. It is fitted to the drafts that the
    reviewers of a project approved or edited.
    """

    intercept: float = 0.0
    slope: float = 1.0
    short: float = 0.0

    def corrected(self, estimate: float, source: str) -> float:
        """Return the corrected estimate (0 to 1) of a draft of `source`."""
        is_short = word_count(source) < SHORT
        return logistic(self.intercept + self.slope * logit(estimate) + self.short * is_short)


def estimate(result: DraftResult, language: str) -> float:
    """Return the estimated probability (0 to 1) that a draft is right, apart from its issues.

    A word that may be the name of somebody or something is hardly known to a model, unless it
    was copied.
    """
    from pipeline.drafting.names import may_be_name

    own = result.result.confidence if result.estimate is None else result.estimate
    if own is not None and not isnan(own):
        return min(max(own, 0.0), MAX_ESTIMATE)
    known = features(result.source, result.text, language, result.result.signals)
    highest = MAX_ESTIMATE
    if result.text != result.source and may_be_name(result.source, language):
        highest = _UNKNOWN_NAME
    return min(_regression(result.engine_info.engine).estimate(known), highest)


def features(
    source: str, target: str, language: str, signals: Signals | None = None
) -> dict[str, float]:
    """Return what is known of a draft, by name of the feature.

    - `words`: logarithm of the number of words of the source
    - `rarest`: frequency of its rarest word (Zipf scale of wordfreq); missing without wordfreq,
      which not every extra installs
    - `coverage`: share of its rarer words with a dictionary meaning in the draft; missing
      without a dictionary
    - the signals of the engine that are known
    """
    from pipeline.lang import dictionary

    known = {"words": log(word_count(source))}
    with suppress(ImportError):
        from wordfreq import zipf_frequency

        frequencies = (zipf_frequency(word, "de") for word in _WORD.findall(source))
        known["rarest"] = min(frequencies, default=_DEFAULT_FREQUENCY)
    if lexicon := dictionary.load_dictionary(language):
        known["coverage"] = lexicon.coverage(source, target)
    if signals:
        known |= {name: value for name, value in asdict(signals).items() if value is not None}
    return known


@dataclass(frozen=True, slots=True)
class Regression:
    """A logistic regression; `weights` are mean, deviation and weight by name of the feature."""

    intercept: float
    weights: Mapping[str, tuple[float, float, float]]

    def estimate(self, known: Mapping[str, float]) -> float:
        """Return the estimate (0 to 1) for the known features; the others count as average."""
        return logistic(
            self.intercept
            + sum(
                weight * (known[name] - mean) / deviation
                for name, (mean, deviation, weight) in self.weights.items()
                if name in known
            )
        )


@lru_cache(maxsize=1)
def _regressions() -> Mapping[str, Regression]:
    data = files(__package__).joinpath("confidence.toml").read_bytes()
    return {
        name: Regression(table["intercept"], {k: tuple(v) for k, v in table["weights"].items()})
        for name, table in parse_toml(data).items()
    }


def _regression(engine: str) -> Regression:
    return _regressions().get(engine) or _regressions()[OTHER_ENGINES]


def logit(probability: float) -> float:
    """Return the logarithm of the odds, limited for probabilities near 0 and 1."""
    inner = min(max(probability, 1e-6), 1 - 1e-6)
    return log(inner / (1 - inner))


def logistic(value: float) -> float:
    """Return the probability whose `logit` is `value`."""
    return 1 / (1 + exp(-min(max(value, -_MAX_LOGIT), _MAX_LOGIT)))


def percent(probability: float, issues: Iterable[Issue]) -> int:
    """Return the confidence of a draft with these issues, in whole per cent."""
    for issue in issues:
        probability *= CRITICAL if issue.critical else issue.confidence_factor
    return round(100 * probability)


def draft_confidence(result: DraftResult, language: str) -> int:
    """Return the confidence of a draft, in per cent."""
    return percent(estimate(result, language), result.confidence_issues)


def from_names(issues: Iterable[Issue]) -> int:
    """Return the confidence of a name from a table, in per cent."""
    return percent(_NAMES / 100, issues)


def from_labels(source: str, issues: Iterable[Issue]) -> int:
    """Return the confidence of a translation from the table of page labels, in per cent."""
    return percent(_LABELS.get(word_count(source), 100) / 100, issues)


def from_memory(source: str, neighbours: int, issues: Iterable[Issue]) -> int:
    """Return the confidence of an approved translation of the same text, in per cent.

    A short text may have another sense in another place, unless one of its `neighbours`, the
    texts before and after it, is the same too.
    """
    sure = 100 if neighbours else _MEMORY.get(word_count(source), 100)
    return percent(sure / 100, issues)
