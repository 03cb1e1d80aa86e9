"""Progress of long tasks on standard error: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Self

from pipeline.cli.output import is_smart_terminal
from pipeline.core import counted
from pipeline.core.terminal import printable

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn, TaskID


@dataclass(frozen=True, slots=True)
class Unit:
    """What a task counts, and how often plain lines report it.

    Plain lines are at least `interval` seconds apart, and `min_share` of the total. After
    `max_interval` seconds a line is due in any case, so that a slow task still shows progress.
    With `final_line` the end of the task is a line of its own.
    """

    interval: float
    max_interval: float
    min_share: float
    final_line: bool


SEGMENTS = Unit(interval=10.0, max_interval=10.0, min_share=0.0, final_line=True)
BYTES = Unit(interval=5.0, max_interval=60.0, min_share=0.05, final_line=False)


class ProgressDisplay:
    """Display of one task; a context manager.

    A `total` of 0 is unknown. Quiet displays show nothing. `clock` returns seconds.
    """

    def __init__(
        self,
        unit: Unit,
        label: str = "",
        total: int = 0,
        *,
        quiet: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._unit, self._label, self._total, self._quiet = unit, label, total, quiet
        self._clock = clock
        self._done = 0
        self._bar: tuple[Progress, TaskID] | None = None
        self._start = self._last_time = clock()
        self._start_done: int | None = 0 if unit is SEGMENTS else None
        self._last_done = 0

    def __enter__(self) -> Self:
        if self._unit is SEGMENTS and not self._quiet and is_smart_terminal():
            self._bar = self._open_bar()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def advance(self, steps: int = 1) -> None:
        """Count `steps` more as done."""
        self.update(self._done + steps, self._total)

    def update(self, done: int, total: int) -> None:
        """Set how much of the task is done."""
        self._done, self._total = done, total
        if self._quiet:
            return
        now = self._clock()
        if self._start_done is None:  # speed counts what arrives from here on
            self._start_done = self._last_done = done
            self._start = self._last_time = now
        if is_smart_terminal():
            if self._bar is None:
                self._bar = self._open_bar()
            bar, task = self._bar
            bar.update(task, completed=done)
        elif self._is_due(now):
            self._last_time, self._last_done = now, done
            _write(self._line(now))

    def note(self, line: str) -> None:
        """Print a line above the bar."""
        if self._quiet:
            return
        if self._bar:
            self._bar[0].console.print(printable(line), markup=False, highlight=False)
        else:
            _write(line)

    def close(self) -> None:
        """Stop the bar."""
        if self._bar:
            self._bar[0].stop()
            self._bar = None

    def _is_due(self, now: float) -> bool:
        unit, passed = self._unit, now - self._last_time
        if unit.final_line and self._done >= self._total:
            return True
        if passed >= unit.max_interval:
            return True
        return (
            passed >= unit.interval and self._done - self._last_done >= unit.min_share * self._total
        )

    def _line(self, now: float) -> str:
        done, total = self._done, self._total
        speed = (done - (self._start_done or 0)) / max(now - self._start, 0.001)
        left = f", about {_duration((total - done) / speed)} left" if speed and done < total else ""
        if self._unit is SEGMENTS:
            return f"{self._label}: {done} of {counted(total, 'segment')}{left}"
        from rich.filesize import decimal

        if not total:
            return f"  {decimal(done)}, {decimal(int(speed))}/s"
        return f"  {done * 100 // total:3} % of {decimal(total)}, {decimal(int(speed))}/s{left}"

    def _open_bar(self) -> tuple[Progress, TaskID]:
        from rich.console import Console
        from rich.progress import Progress

        console = Console(stderr=True)
        progress = Progress(*self._columns(), console=console, speed_estimate_period=60)
        progress.start()
        total = self._total or None
        return progress, progress.add_task(self._label, total=total, completed=self._done)

    def _columns(self) -> list[ProgressColumn]:
        from rich import progress as rich

        if self._unit is SEGMENTS:
            return [
                rich.TextColumn("{task.description}"),
                rich.BarColumn(),
                rich.MofNCompleteColumn(),
                rich.TimeRemainingColumn(),
            ]
        return [
            rich.BarColumn(),
            rich.TaskProgressColumn(),
            rich.DownloadColumn(),
            rich.TransferSpeedColumn(),
            rich.TimeRemainingColumn(),
        ]


def _write(line: str) -> None:
    sys.stderr.write(printable(line) + "\n")
    sys.stderr.flush()


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min"
