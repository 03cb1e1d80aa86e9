"""What a use case reports while it runs, and how it asks: the caller decides what to show.

Use cases never print or prompt. They call an `Events` object: the command line shows bars
and asks on the terminal, a web page or a remote worker does something else, and
`SilentEvents` drops everything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

__all__ = ["Events", "Progress"]


class Progress(Protocol):
    """The progress of one task, from `Events.progress`."""

    def advance(self, steps: int = 1) -> None:
        """Count `steps` more as done."""

    def note(self, line: str) -> None:
        """Report a detail of the task, for example a finished catalog."""


class Events(Protocol):
    """The caller's side of a use case; every method returns quickly and never raises."""

    def notice(self, message: str) -> None:
        """Report what the user may like to know; a quiet caller drops it."""

    def warn(self, message: str) -> None:
        """Report what the user must know, for example that texts leave this machine."""

    def confirm(self, question: str, *, default: bool = True) -> bool | None:
        """Ask a yes/no question; return None if nobody can be asked."""

    def progress(self, label: str, total: int) -> AbstractContextManager[Progress]:
        """Start a task of `total` segments."""

    def downloading(self, done: int, total: int) -> None:
        """Report that `done` of `total` bytes have arrived; a `total` of 0 is unknown."""


class SilentEvents:
    """Events that show nothing and answer no question."""

    def notice(self, message: str) -> None:
        """Drop the message."""

    def warn(self, message: str) -> None:
        """Drop the message."""

    def confirm(self, question: str, *, default: bool = True) -> bool | None:
        """Answer that nobody can be asked."""
        return None

    @contextmanager
    def progress(self, label: str, total: int) -> Iterator[Progress]:
        """Count nothing."""
        yield _SilentProgress()

    def downloading(self, done: int, total: int) -> None:
        """Drop the figure."""


class _SilentProgress:
    def advance(self, steps: int = 1) -> None:
        """Count nothing."""

    def note(self, line: str) -> None:
        """Drop the line."""
