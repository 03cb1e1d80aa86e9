"""Confidence of drafts, so that reviewers can start with the least certain ones.

    confidence = estimate × the factor of each issue

The estimate is the engine's own, or `UNKNOWN`. It is 1 for copies (an approved translation
of the same text, a name, a figure), and at most `MAX_ESTIMATE` for a machine's draft.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.drafting.types import Issue

UNKNOWN = 0.5
"""The estimate if the engine has none."""

MAX_ESTIMATE = 0.99
"""The highest estimate of a machine's draft."""

CRITICAL = 0.1
"""The factor of a critical issue, whatever its check declares."""

UNSURE = 50
"""Drafts with less confidence, in per cent, count as unsure."""


def percent(estimate: float | None, issues: Iterable[Issue], *, copied: bool = False) -> int:
    """Return the confidence of a draft with these issues, in whole per cent.

    `estimate` is the engine's, from 0 to 1; it is ignored for a text that was `copied`.
    """
    if copied:
        confidence = 1.0
    elif estimate is None or isnan(estimate):
        confidence = UNKNOWN
    else:
        confidence = min(max(estimate, 0.0), MAX_ESTIMATE)
    for issue in issues:
        confidence *= CRITICAL if issue.critical else issue.confidence_factor
    return round(100 * confidence)
