"""Progress of long work: a bar on a terminal, plain lines elsewhere, nothing if quiet."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PLAIN_SECONDS = 10.0
"""How far plain lines are apart at least, in seconds."""


class Bar:
    """Counts steps of a job to standard error; a context manager.

    On a terminal it is a bar with the time that is left; elsewhere a line now and then
    and one at the end.
    """

    def __init__(self, label: str, total: int, *, quiet: bool = False) -> None:
        self._label, self._total, self._done = label, total, 0
        self._quiet = quiet
        self._bar: tuple[Progress, TaskID] | None = None
        self._told = self._began = time.monotonic()

    def __enter__(self) -> Self:
        if not self._quiet and sys.stderr.isatty():
            self._bar = _rich_bar(self._label, self._total)
            self._bar[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar[0].stop()

    def advance(self, steps: int = 1) -> None:
        """Count `steps` more as done."""
        self._done += steps
        if self._bar:
            self._bar[0].advance(self._bar[1], steps)
            return
        now = time.monotonic()
        last = self._done >= self._total
        if not self._quiet and (last or now - self._told >= PLAIN_SECONDS):
            self._told = now
            left = (now - self._began) / self._done * (self._total - self._done)
            rest = "" if last else f", about {_span(left)} left"
            sys.stderr.write(f"{self._label}: {self._done} of {self._total} segments{rest}\n")
            sys.stderr.flush()

    def note(self, line: str) -> None:
        """Write a line above the bar."""
        if self._bar:
            self._bar[0].console.print(line, markup=False, highlight=False)
        elif not self._quiet:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes else f"{max(1, round(seconds))} s"


def _rich_bar(label: str, total: int) -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    return progress, progress.add_task(label, total=total)
