"""simplemma, with its dictionaries looked up in copies in the cache folder, not unpacked.

simplemma unpacks a dictionary record by record: 0.75 s for the 1.1 million German forms, and
130 MB, at every start. A copy is read in a hundredth of a second, and searched where it lies.
It is only an optimization: a copy that is missing or damaged is made anew, and one that cannot be
written is done without.

A copy is a checksum, 65,537 numbers, and shelves of bytes, one behind the other. A form lies on the
shelf of its own checksum, with its lemma: "\\n" form "\\t" lemma; the numbers tell where each
shelf begins, and where the last one ends. Numbers are little-endian, of 32 bits.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from simplemma import Lemmatizer, __version__
from simplemma.strategies import DefaultStrategy, DictionaryLookupStrategy
from simplemma.strategies.dictionaries import dictionary_factory

from pipeline import atomic
from pipeline.cache import cache_folder
from pipeline.errors import PipelineError

_SHELVES = 1 << 16
_NUMBER = 4
_CHECKSUM = struct.Struct("<I")
_STARTS = struct.Struct(f"<{_SHELVES + 1}I")
_BOTH_ENDS = struct.Struct("<2I")
_FIRST = _CHECKSUM.size + _STARTS.size
"""Where the first shelf begins."""


@lru_cache(1 << 15)
def is_known(word: str, lang: str) -> bool:
    """Tell whether a word, which is not empty, is in the dictionary of a language."""
    token = unicodedata.normalize("NFC", word)
    return _LOOKUP.get_lemma(token, lang) is not None


def lemmatize(word: str, lang: str, *, greedy: bool = False) -> str:
    """Give the lemma of a word, or the word itself where none is known.

    `greedy` guesses further, and takes unknown words apart.
    """
    lemma: str = _lemmatizer(greedy).lemmatize(word, lang)
    return lemma


class _Dictionaries(dictionary_factory.DictionaryFactory):
    """What simplemma asks for its dictionaries."""

    def get_dictionary(self, lang: str) -> Mapping[str, str]:
        return _dictionary(lang)


_LOOKUP = DictionaryLookupStrategy(_Dictionaries())


@lru_cache(maxsize=2)
def _lemmatizer(greedy: bool) -> Any:
    strategy = DefaultStrategy(greedy=greedy, dictionary_factory=_Dictionaries())
    return Lemmatizer(lemmatization_strategy=strategy)


class _Shelves(dictionary_factory.DecodedStrMapping):
    """The forms and lemmas of a copy."""

    def __init__(self, copy: bytes) -> None:
        self._copy = copy

    def _lookup(self, key: str) -> str | None:
        form = key.encode()
        start, end = _BOTH_ENDS.unpack_from(self._copy, _NUMBER * (1 + zlib.crc32(form) % _SHELVES))
        at = self._copy.find(b"\n" + form + b"\t", start, end)
        if at < 0:
            return None
        at += len(form) + 2
        stop = self._copy.find(b"\n", at, end)
        return self._copy[at : stop if stop >= 0 else end].decode()

    def __iter__(self) -> Iterator[str]:
        for record in self._copy[_FIRST:].split(b"\n")[1:]:
            yield record.partition(b"\t")[0].decode()

    def __len__(self) -> int:
        return self._copy.count(b"\n", _FIRST)


@lru_cache(maxsize=8)
def _dictionary(lang: str) -> Mapping[str, str]:
    path = cache_folder() / f"simplemma-{__version__}-{lang}"
    copy = _read(path)
    if copy is None:
        copy = _shelved(dictionary_factory._load_dictionary_from_disk(lang))
        with suppress(OSError, PipelineError):
            atomic.write(path, copy)
            for ending in ("", ".*"):
                for old in path.parent.glob(f"simplemma-*-{lang}{ending}"):
                    if old != path:
                        old.unlink()
    return _Shelves(copy)


def _shelved(table: Mapping[bytes, bytes]) -> bytes:
    """Make a copy of a dictionary."""
    shelves: list[list[bytes]] = [[] for _ in range(_SHELVES)]
    for form, lemma in table.items():
        shelves[zlib.crc32(form) % _SHELVES].append(b"\n%b\t%b" % (form, lemma))
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
