"""Show a download: a bar on a terminal, a line now and then elsewhere, nothing if quiet."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rich.filesize import decimal

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PLAIN_SECONDS = 5.0
"""How far plain lines are apart at least; and, for a slow line, at most twelve times that."""

_PLAIN_SHARE = 0.05


class Display:
    """Shows what `install` tells through its `progress` and `note`, on standard error.

    A context manager. `clock` gives seconds from any start.
    """

    def __init__(self, *, quiet: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self._quiet, self._clock = quiet, clock
        self._bar: tuple[Progress, TaskID] | None = None
        self._began = self._told = clock()
        self._first = self._last = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def note(self, line: str) -> None:
        """Show a line; the next progress is that of a new piece of work."""
        self._stop()
        self._first = -1
        if not self._quiet:
            _write(line)

    def progress(self, done: int, total: int) -> None:
        """Show that `done` of `total` bytes are there; a total of 0 is not known."""
        if self._quiet:
            return
        now = self._clock()
        if self._first < 0:
            self._first = self._last = done
            self._began = self._told = now
        if sys.stderr.isatty():
            self._draw(done, total)
        elif self._is_due(done, total, now):
            self._told, self._last = now, done
            _write(self._line(done, total, now))

    def _is_due(self, done: int, total: int, now: float) -> bool:
        passed = now - self._told
        if passed >= 12 * PLAIN_SECONDS:
            return True
        return passed >= PLAIN_SECONDS and done - self._last >= _PLAIN_SHARE * total

    def _line(self, done: int, total: int, now: float) -> str:
        speed = (done - self._first) / max(now - self._began, 0.001)
        if not total:
            return f"  {decimal(done)}, {decimal(int(speed))}/s"
        left = f", about {_span((total - done) / speed)} left" if speed and done < total else ""
        share = f"{done * 100 // total:3} % of {decimal(total)}"
        return f"  {share}, {decimal(int(speed))}/s{left}"

    def _draw(self, done: int, total: int) -> None:
        if self._bar is None:
            self._bar = _rich_bar(done, total)
        bar, task = self._bar
        bar.update(task, completed=done)

    def _stop(self) -> None:
        if self._bar:
            self._bar[0].stop()
            self._bar = None


def _write(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _span(seconds: float) -> str:
    if seconds < 100:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"


def _rich_bar(done: int, total: int) -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TaskProgressColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    progress = Progress(
        BarColumn(),
        TaskProgressColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        speed_estimate_period=60,
    )
    progress.start()
    return progress, progress.add_task("", total=total or None, completed=done)
