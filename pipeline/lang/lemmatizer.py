"""simplemma, with its dictionaries looked up in copies in the cache folder, not unpacked.

simplemma unpacks a dictionary record by record: 0.75 s for the 1.1 million German forms, and
130 MB, at every start.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import Any

from simplemma import Lemmatizer, __version__
from simplemma.strategies import DefaultStrategy, DictionaryLookupStrategy
from simplemma.strategies.dictionaries import dictionary_factory

from pipeline.files.shelves import Shelves, kept


@lru_cache(1 << 15)
def is_known(word: str, lang: str) -> bool:
    """Tell whether a word, which is not empty, is in the dictionary of a language."""
    token = unicodedata.normalize("NFC", word)
    return _LOOKUP.get_lemma(token, lang) is not None


def supports(lang: str) -> bool:
    """Tell whether there is a dictionary of a language."""
    return lang in dictionary_factory.SUPPORTED_LANGUAGES


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


class _Table(dictionary_factory.DecodedStrMapping):
    """The forms and lemmas of a copy."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def _lookup(self, key: str) -> str | None:
        lemma = self._shelves.find(key.encode())
        return None if lemma is None else lemma.decode()

    def __iter__(self) -> Iterator[str]:
        return map(bytes.decode, self._shelves)

    def __len__(self) -> int:
        return len(self._shelves)


@lru_cache(maxsize=8)
def _dictionary(lang: str) -> Mapping[str, str]:
    load = partial(dictionary_factory._load_dictionary_from_disk, lang)
    older = (f"simplemma-*-{lang}", f"simplemma-*-{lang}.*")
    return _Table(kept(f"simplemma-{__version__}-{lang}", older, load))
