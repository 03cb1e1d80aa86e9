"""How sure a draft is, for reviewers who want to begin with the least sure ones.

    confidence = estimate × the factor of each flaw

The estimate is the engine's own, or `UNKNOWN`. What was copied (an approved translation of
the same text, a name, a figure) is estimated at 1; a machine's draft never quite.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.drafting.types import Issue

UNKNOWN = 0.5
"""The estimate where an engine has none."""

MOST = 0.99
"""The highest estimate of a machine's draft."""

CRITICAL = 0.1
"""The factor of a critical issue, whatever its check declares."""

UNSURE = 50
"""A draft of less confidence, in per cent, counts as unsure."""


def percent(estimate: float | None, flaws: Iterable[Issue], *, copied: bool = False) -> int:
    """The confidence in a draft with these flaws, in whole per cent.

    `estimate` is the engine's, from 0 to 1; it does not matter for what was `copied`.
    """
    if copied:
        sure = 1.0
    elif estimate is None or isnan(estimate):
        sure = UNKNOWN
    else:
        sure = min(max(estimate, 0.0), MOST)
    for flaw in flaws:
        sure *= CRITICAL if flaw.critical else flaw.confidence_factor
    return round(100 * sure)
