"""A map over several processes whose results come in order."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from pipeline.core.errors import RetryLaterError

__all__ = ["START_METHOD", "after_chunks", "map_in_order"]

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")
R = TypeVar("R")

_QUEUED = 3
"""Items that wait for each worker process, at most."""

START_METHOD = "fork" if sys.platform == "linux" else "spawn"
"""How worker processes start; with `spawn`, they load everything anew."""


def map_in_order(
    function: Callable[[T], R], items: Iterator[T], cores: int, is_warm: Callable[[R], bool]
) -> Iterator[tuple[T, R]]:
    """Call `function` on each item in `cores` processes; yield items with their results.

    The first items are processed here, until `is_warm` returns true for a result: forked
    workers inherit what `function` has loaded and remembered by then. Afterwards this process
    reads items, yields results, and processes an item itself whenever all workers are busy.
    """
    for item in items:
        result = function(item)
        yield item, result
        if cores > 1 and is_warm(result):
            break
    else:
        return
    from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
    from multiprocessing import get_context

    pending: deque[tuple[T, Future[R]]] = deque()
    method = get_context(START_METHOD)
    pool = ProcessPoolExecutor(cores - 1, mp_context=method, initializer=_start_worker)
    try:
        for item in items:
            unfinished = sum(not future.done() for _, future in pending)
            if unfinished < _QUEUED * (cores - 1):
                pending.append((item, pool.submit(function, item)))
            else:
                pending.append((item, _completed(function(item))))
            while pending and pending[0][1].done():
                first, future = pending.popleft()
                yield first, future.result()
        for item, future in pending:
            yield item, future.result()
    except BrokenExecutor as error:
        raise RetryLaterError(
            "a worker process was killed; the system may be out of memory",
            "Close other programs, or use one process: -j 1.",
        ) from error
    finally:
        # If the caller stops early, for example on Ctrl-C, do not finish what is queued.
        pool.shutdown(wait=False, cancel_futures=True)


def after_chunks(amount: Callable[[R], int], chunk: int) -> Callable[[R], bool]:
    """Return an `is_warm` that starts workers when enough was done to expect that they pay off.

    `amount` is the work in a result. A forked worker pays off after one `chunk`; a spawned one
    imports everything anew.
    """
    enough = chunk if START_METHOD == "fork" else 10 * chunk
    done = 0

    def is_warm(result: R) -> bool:
        nonlocal done
        done += amount(result)
        return done >= enough

    return is_warm


def _start_worker() -> None:
    """Prepare a worker process, which ends with the main process, even if that is killed.

    A terminal sends Ctrl-C to all processes, but only the main process handles it.
    """
    gc.disable()  # A forked worker inherits this, a spawned one does not.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import connection, parent_process

    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _completed(result: R) -> Future[R]:
    from concurrent.futures import Future

    future: Future[R] = Future()
    future.set_result(result)
    return future
