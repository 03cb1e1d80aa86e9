"""A map over several processes whose results come in order."""

from __future__ import annotations

import gc
import sys
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")
R = TypeVar("R")

_QUEUED = 3
"""Items that wait for each worker process, at most."""

_START_METHOD = "fork" if sys.platform == "linux" else "spawn"


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
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    pending: deque[tuple[T, Future[R]]] = deque()
    method = get_context(_START_METHOD)
    # A forked worker inherits the paused garbage collector, a spawned one does not.
    with ProcessPoolExecutor(cores - 1, mp_context=method, initializer=gc.disable) as pool:
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


def _completed(result: R) -> Future[R]:
    from concurrent.futures import Future

    future: Future[R] = Future()
    future.set_result(result)
    return future
