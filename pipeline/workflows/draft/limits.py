"""The limits of a run: a time, a number of failures, a cost."""

from __future__ import annotations

import time

from pipeline.engines.usage import Budget

__all__ = ["MAX_COST", "MAX_FAILURES", "MAX_TIME", "Limits"]

MAX_TIME, MAX_FAILURES, MAX_COST = "max-time", "max-failures", "max-cost"
"""The limits in `DraftReport.stopped`."""


class Limits:
    """When a run stops early: after a time, too many failures, or at a cost."""

    def __init__(
        self, max_seconds: float = 0.0, max_failures: int = 0, max_cost: float = 0.0
    ) -> None:
        self.budget = Budget(max_cost) if max_cost else None
        self._end = time.monotonic() + max_seconds if max_seconds else None
        self._max_failures = max_failures
        self.failures = 0

    def reached(self) -> str:
        """Return the limit that is reached, "" for none."""
        if self.budget and self.budget.exhausted:
            return MAX_COST
        if self._max_failures and self.failures >= self._max_failures:
            return MAX_FAILURES
        return MAX_TIME if self._end is not None and time.monotonic() >= self._end else ""
