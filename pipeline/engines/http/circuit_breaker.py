"""Circuit breaker: separates a rejected text from a server that rejects everything."""

from __future__ import annotations

from pipeline.engines.base import TranslationResult
from pipeline.engines.http.errors import RequestRejectedError

MAX_CONSECUTIVE_REJECTIONS = 5
"""Rejections in a row after which a server is no longer asked."""


class CircuitBreaker:
    """A counter of the rejections since the last success."""

    def __init__(self) -> None:
        self._succeeded, self._consecutive = False, 0

    def record_success(self) -> None:
        """Reset the counter."""
        self._succeeded, self._consecutive = True, 0

    def record_rejection(self, error: RequestRejectedError) -> TranslationResult:
        """Return the result for a rejected text.

        Raises the error instead if no request has succeeded yet, or after
        `MAX_CONSECUTIVE_REJECTIONS` in a row: then the text is not the cause.
        """
        self._consecutive += 1
        if not self._succeeded or self._consecutive >= MAX_CONSECUTIVE_REJECTIONS:
            raise error
        return TranslationResult("", rejection_reason=f"{error.message}.")
