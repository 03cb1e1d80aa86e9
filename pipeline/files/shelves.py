"""Tables of short texts in the cache folder, searched where they lie, not unpacked.

A large table costs a second and a hundred megabytes to make or unpack at every start; a copy of it
is read in a hundredth of a second. It is only an optimization: a copy that is missing or damaged
is made anew, and one that cannot be written is done without.

A copy is a checksum, 65,537 numbers, and shelves of bytes, one behind the other. A key lies on the
shelf of its own checksum, with its value: "\\n" key "\\t" value; the numbers tell where each
shelf begins, and where the last one ends. Numbers are little-endian, of 32 bits.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import accumulate, chain
from pathlib import Path

from pipeline.core.errors import PipelineError
from pipeline.files import atomic
from pipeline.files.cache_dir import cache_dir

_SHELVES = 1 << 16
_NUMBER = 4
_CHECKSUM = struct.Struct("<I")
_STARTS = struct.Struct(f"<{_SHELVES + 1}I")
_BOTH_ENDS = struct.Struct("<2I")
_FIRST = _CHECKSUM.size + _STARTS.size
"""Where the first shelf begins."""


class Shelves:
    """The keys and values of a copy."""

    def __init__(self, copy: bytes) -> None:
        self._copy = copy

    def find(self, key: bytes) -> bytes | None:
        """Give the value of a key, which has no line break and no tab; None for an unknown one."""
        start, end = _BOTH_ENDS.unpack_from(self._copy, _NUMBER * (1 + zlib.crc32(key) % _SHELVES))
        at = self._copy.find(b"\n" + key + b"\t", start, end)
        if at < 0:
            return None
        at += len(key) + 2
        stop = self._copy.find(b"\n", at, end)
        return self._copy[at : stop if stop >= 0 else end]

    def __iter__(self) -> Iterator[bytes]:
        """Give all keys."""
        for record in self._copy[_FIRST:].split(b"\n")[1:]:
            yield record.partition(b"\t")[0]

    def __len__(self) -> int:
        """Count the keys."""
        return self._copy.count(b"\n", _FIRST)


def kept(name: str, older: Iterable[str], make: Callable[[], Mapping[bytes, bytes]]) -> Shelves:
    """Give the table with a name, from the cache folder; else it is made, and put there.

    When it is, files with names of the patterns `older` are out of date, and go. Values have no
    line breaks.
    """
    path = cache_dir() / name
    copy = _read(path)
    if copy is None:
        copy = _shelved(make())
        with suppress(OSError, PipelineError):
            atomic.write_atomic(path, copy)
            for old in chain.from_iterable(map(path.parent.glob, older)):
                if old != path:
                    old.unlink()
    return Shelves(copy)


def _shelved(table: Mapping[bytes, bytes]) -> bytes:
    """Make a copy of a table."""
    shelves: list[list[bytes]] = [[] for _ in range(_SHELVES)]
    for key, value in table.items():
        shelves[zlib.crc32(key) % _SHELVES].append(b"\n%b\t%b" % (key, value))
    joined = list(map(b"".join, shelves))
    body = b"".join([_STARTS.pack(*accumulate(map(len, joined), initial=_FIRST)), *joined])
    return _CHECKSUM.pack(zlib.crc32(body)) + body


def _read(path: Path) -> bytes | None:
    """Read a copy; None where there is none that is whole."""
    try:
        copy = path.read_bytes()
    except OSError:
        return None
    known = copy[:_NUMBER]
    body = memoryview(copy)[_NUMBER:]
    return copy if known == _CHECKSUM.pack(zlib.crc32(body)) and body else None
