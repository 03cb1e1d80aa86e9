"""Bounded waits that report what they wait for.

Locks and files are waited for deep below the use cases. So the reporter is set once for the
process; without one, `logging` prints the warning.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from pipeline.core import interrupts

__all__ = ["REPORT_AFTER", "TIMEOUT", "Wait", "report", "set_reporter"]

TIMEOUT = 30.0
"""Default limit of a wait in seconds."""

REPORT_AFTER = 3.0
"""Seconds after which a wait is reported."""

_INTERVAL = 0.02  # seconds between two attempts


def _log(message: str) -> None:
    import logging

    logging.getLogger("pipeline").warning(message)


_reporter: Callable[[str], None] = _log


def set_reporter(reporter: Callable[[str], None]) -> None:
    """Pass the messages of all waits in this process to `reporter`."""
    global _reporter
    _reporter = reporter


def report(message: str) -> None:
    """Report what this process waits for, or why it cannot wait."""
    _reporter(message)


class Wait:
    """A wait of at most `timeout` seconds.

    Call `pause` between attempts. `subject` returns what is waited for, and is called once.
    """

    def __init__(self, subject: Callable[[], str], timeout: float = TIMEOUT) -> None:
        self._subject = subject
        self._timeout = timeout
        self._start = time.monotonic()
        self._reported = False

    def pause(self) -> bool:
        """Sleep before the next attempt; return False if the time is over.

        It is also over if Ctrl-C is pending. After `REPORT_AFTER` seconds, report the wait.
        """
        passed = time.monotonic() - self._start
        if passed >= self._timeout or interrupts.is_pending():
            return False
        if passed >= REPORT_AFTER and not self._reported:
            self._reported = True
            report(f"waiting up to {self._timeout:.0f} s for {self._subject()}")
        time.sleep(min(_INTERVAL, max(self._timeout - passed, 0.0)))
        return True
