"""Read-only tables on disk: MARISA tries in the cache folder, mapped into memory.

A large table takes a second and a hundred megabytes to decode; its trie opens in
milliseconds, and processes share its pages. It is only an optimization: a missing or damaged
file is recreated, and a cache folder that cannot be written is not used.

A file is a trie followed by the CRC-32 of the trie, 4 bytes, little-endian.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.core import PipelineError
from pipeline.files import atomic
from pipeline.files.cache_dir import cache_dir

_CHECKSUM_SIZE = 4
_READ_SIZE = 1 << 20


def open_trie(name: str, build: Callable[[], Any], outdated: Iterable[str] = ()) -> Any:
    """Open a `BytesTrie` in the cache folder; build and store it if needed.

    `name` is its file name. Files that match the patterns `outdated` are removed after storing.
    """
    from marisa_trie import BytesTrie

    path = cache_dir() / name
    if _is_intact(path):
        # OSError: the file was removed meanwhile; RuntimeError: written by another version.
        with suppress(OSError, RuntimeError):
            return BytesTrie().mmap(str(path))
    trie = build()
    data = trie.tobytes()
    with suppress(OSError, PipelineError):
        atomic.write_atomic(path, data + _checksum(zlib.crc32(data)))
        for pattern in outdated:
            for old in path.parent.glob(pattern):
                if old != path:
                    old.unlink()
    return trie


def _checksum(value: int) -> bytes:
    return value.to_bytes(_CHECKSUM_SIZE, "little")


def _is_intact(path: Path) -> bool:
    try:
        remaining = path.stat().st_size - _CHECKSUM_SIZE
        if remaining <= 0:
            return False
        value = 0
        with path.open("rb") as file:
            while remaining > 0 and (block := file.read(min(remaining, _READ_SIZE))):
                value = zlib.crc32(block, value)
                remaining -= len(block)
            return file.read() == _checksum(value)
    except OSError:
        return False
