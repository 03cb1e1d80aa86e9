"""Ctrl-C and SIGTERM: stop at a safe point, without a traceback.

The command line calls `install`. From then on, a signal raises `InterruptedRunError`, and code
that must not be cut in two delays it with `uninterrupted`. The state on the disk is consistent at
any moment, because a process may also be killed.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType, TracebackType

__all__ = ["InterruptedRunError", "install", "is_pending", "recognized", "uninterrupted"]

_REPEAT_SECONDS = 1.0
"""A second signal within this time is the same one: wrappers forward Ctrl-C once more."""

_AGAIN_SECONDS = 0.01
"""After this time, a signal that was lost in a callback is sent once more."""


class InterruptedRunError(KeyboardInterrupt):
    """The user or the system asks the program to stop; `exit_code` is 128 + the signal."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


class _Signals:
    """The delayed signal, and when the first signal arrived."""

    def __init__(self) -> None:
        self.installed = False
        self.delays = 0
        self.pending = 0
        self.first_time = 0.0

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Raise at the first signal, now or after the delay; exit at once at the second."""
        now = time.monotonic()
        if self.first_time and now - self.first_time > _REPEAT_SECONDS:
            os._exit(128 + number)
        if self.first_time:
            return
        self.first_time = now
        self.raise_or_delay(number)

    def raise_or_delay(self, number: int) -> None:
        if self.delays:
            self.pending = number
        else:
            self.pending = 0
            raise InterruptedRunError(number)


_signals = _Signals()


def install() -> None:
    """Handle SIGINT and SIGTERM in this process. A signal that is ignored stays ignored."""
    _signals.__init__()  # type: ignore[misc]
    _signals.installed = True
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _signals.handle)
    previous = sys.unraisablehook

    def raise_again(unraisable: sys.UnraisableHookArgs) -> None:
        # Raised in a callback that cannot raise, for example one of the import system.
        if isinstance(unraisable.exc_value, InterruptedRunError):
            _signals.first_time = 0.0
            number = unraisable.exc_value.exit_code - 128
            # Not here: what a hook raises is lost, too.
            again = threading.Timer(_AGAIN_SECONDS, os.kill, (os.getpid(), number))
            again.daemon = True
            again.start()
        else:
            previous(unraisable)

    sys.unraisablehook = raise_again


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Delay a signal until the block ends. Without `install`, signals are not delayed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _signals.delays += 1
    try:
        yield
    finally:
        _signals.delays -= 1
        if _signals.pending:
            _signals.raise_or_delay(_signals.pending)


@contextmanager
def recognized() -> Iterator[None]:
    """Raise InterruptedRunError again if other code has turned it into another error.

    Some libraries convert all exceptions, KeyboardInterrupt included, to errors of their own.
    """
    with ExitStack() as stack:
        stack.push(_raise_cause)
        yield


def _raise_cause(
    kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
) -> None:
    cause = error
    while cause is not None and not isinstance(cause, InterruptedRunError):
        cause = cause.__cause__ or cause.__context__
    if cause is not None and cause is not error:
        raise InterruptedRunError(cause.exit_code - 128) from error


def is_pending() -> bool:
    """Return whether a signal is delayed: a wait within `uninterrupted` should end."""
    return bool(_signals.pending)
