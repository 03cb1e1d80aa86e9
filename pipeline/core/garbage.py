"""Garbage collection, paused where many objects are created that all stay.

The collector of Python looks for cycles again and again while objects are created. A parser
creates none, and is a fifth faster without.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["paused_collection"]


@contextmanager
def paused_collection() -> Iterator[None]:
    """Pause the collector, for all threads; whoever found it on turns it on again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
