"""simplemma, with its dictionaries read in a third of the time from copies in the cache folder.

simplemma unpacks a dictionary record by record: 0.75 s for the 1.1 million German forms, at every
start. A copy is the unpacked table as Python reads it best, with its checksum in front, since a
damaged one could end the program. It is only an optimization: a copy that is missing or damaged
is made anew, and one that cannot be written is done without.
"""

from __future__ import annotations

import marshal
import sys
import unicodedata
import zlib
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from simplemma import Lemmatizer, __version__
from simplemma.strategies import DefaultStrategy, DictionaryLookupStrategy
from simplemma.strategies.dictionaries import dictionary_factory

from pipeline import atomic
from pipeline.errors import PipelineError
from pipeline.memory import cache_folder

_CHECKSUM = 4
"""Bytes of the checksum that a copy begins with."""


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


@lru_cache(maxsize=8)
def _dictionary(lang: str) -> Mapping[str, str]:
    tag = f"{lang}.{sys.implementation.cache_tag}"
    path = cache_folder() / f"simplemma-{__version__}-{tag}"
    table = _copied(path)
    if table is None:
        table = dictionary_factory._load_dictionary_from_disk(lang)
        with suppress(OSError, PipelineError):
            body = marshal.dumps(table)
            atomic.write(path, zlib.crc32(body).to_bytes(_CHECKSUM, "big") + body)
            for old in path.parent.glob(f"simplemma-*-{tag}"):
                if old != path:
                    old.unlink()
    found: Mapping[str, str] = dictionary_factory.MappingStrToByteString(table)
    return found


def _copied(path: Path) -> dict[bytes, bytes] | None:
    """Read a copy; None where there is none that is whole."""
    try:
        data = memoryview(path.read_bytes())
    except OSError:
        return None
    body = data[_CHECKSUM:]
    if zlib.crc32(body).to_bytes(_CHECKSUM, "big") != data[:_CHECKSUM]:
        return None
    table: dict[bytes, bytes] = marshal.loads(body)
    return table
