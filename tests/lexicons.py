"""Lexicons and dictionaries that tests have built, for the caches of later tests.

A cache of its own costs a test several seconds if it has to build them again.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

place: Path | None = None
"""The folder of all workers, set at the beginning of a session."""


def lend(cache: Path) -> None:
    """Create a cache folder with what is there so far."""
    cache.mkdir(parents=True, exist_ok=True)
    if place is not None:
        _link(place, cache)


def collect(cache: Path) -> None:
    """Keep what a test has built."""
    if place is not None:
        _link(cache, place)


def _link(one: Path, other: Path) -> None:
    for built in one.glob("*.trie"):
        with suppress(FileExistsError, FileNotFoundError):
            (other / built.name).hardlink_to(built)
