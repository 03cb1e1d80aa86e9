"""Circuit breaker: separates a text that an engine cannot take from an engine that fails."""

from __future__ import annotations

import threading
from collections.abc import Callable

from pipeline.core import EngineError
from pipeline.engines.base import TextRejectedError, TranslationResult

PROBE = "Guten Tag."
"""A text that every working engine translates."""

PROBE_INTERVAL = 5
"""After how many further rejections in a row the engine is probed again."""


class CircuitBreaker:
    """A counter of the rejections since the last success."""

    def __init__(self) -> None:
        self._consecutive = 0
        self._lock = threading.Lock()

    def record_success(self) -> None:
        """Reset the counter."""
        self._consecutive = 0

    def record_rejection(
        self, error: TextRejectedError, probe: Callable[[], object]
    ) -> TranslationResult:
        """Return the result for a rejected text.

        At the first rejection in a row, and then after every `PROBE_INTERVAL`, `probe`
        translates `PROBE`. If that fails too, the text is not the cause: `error` is raised.
        """
        with self._lock:
            self._consecutive += 1
            if self._consecutive % PROBE_INTERVAL == 1:
                try:
                    probe()
                except EngineError:
                    self._consecutive = 0
                    raise error from None
        return TranslationResult(
            "", rejection_reason=f"{error.message}.", retry_in_parts=error.retry_in_parts
        )
