"""Tells a text that a server refuses from a server that refuses whatever it is asked."""

from __future__ import annotations

from pipeline.engines.base import TranslationResult
from pipeline.engines.http.errors import RefusedError

IN_A_ROW = 5
"""How many texts in a row a server may refuse before it is no longer asked."""


class CircuitBreaker:
    """Counts the refusals of a server since its last answer."""

    def __init__(self) -> None:
        self._answered, self._in_a_row = False, 0

    def record_success(self) -> None:
        """Note that the server answered."""
        self._answered, self._in_a_row = True, 0

    def record_rejection(self, error: RefusedError) -> TranslationResult:
        """Give the answer for a refused text.

        Raises the error instead where the server never answered, or refused `IN_A_ROW`
        texts: then the fault is not the text's.
        """
        self._in_a_row += 1
        if not self._answered or self._in_a_row >= IN_A_ROW:
            raise error
        return TranslationResult("", rejection_reason=f"{error.message}.")
