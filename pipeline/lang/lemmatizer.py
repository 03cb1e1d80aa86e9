"""Lemmas from simplemma, whose dictionaries are tries in our cache folder.

simplemma decodes a dictionary at every start: 0.75 s and 130 MB for 1.1 million German
forms. Its own `TrieDictionaryFactory` caches tries, but neither atomically nor with a
checksum; only the storage is replaced here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import lru_cache, partial
from typing import Any, ClassVar

from pipeline.files import open_trie


@lru_cache(1 << 15)
def is_known(word: str, lang: str) -> bool:
    """Return whether a non-empty word is in the dictionary of a language."""
    return _lookup().get_lemma(unicodedata.normalize("NFC", word), lang) is not None


@lru_cache(1 << 15)
def is_spelled(word: str, lang: str) -> bool:
    """Return whether a word is in the dictionary of a language in this letter case."""
    return word in _trie(lang)


@lru_cache(1 << 15)
def begins_known_word(start: str, lang: str) -> bool:
    """Return whether a longer word of a language starts with some letters, in this case."""
    longer = (word for word in _trie(lang).iterkeys(start) if word != start)
    return next(longer, None) is not None


def supports(lang: str) -> bool:
    """Return whether there is a dictionary of a language."""
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    return lang in SUPPORTED_LANGUAGES


def lemmatize(word: str, lang: str, *, greedy: bool = False) -> str:
    """Return the lemma of a word, or the word itself if none is known.

    `greedy` also decomposes unknown words.
    """
    lemma: str = _lemmatizer(greedy).lemmatize(word, lang)
    return lemma


@lru_cache(maxsize=1)
def _lookup() -> Any:
    from simplemma.strategies import DictionaryLookupStrategy

    return DictionaryLookupStrategy(_tries())


@lru_cache(maxsize=2)
def _lemmatizer(greedy: bool) -> Any:
    from simplemma import Lemmatizer
    from simplemma.strategies import DefaultStrategy

    strategy = DefaultStrategy(greedy=greedy, dictionary_factory=_tries())
    return Lemmatizer(lemmatization_strategy=strategy)


def _trie(lang: str) -> Any:
    factory = _tries()
    factory.get_dictionary(lang)
    return factory.opened[lang]


@lru_cache(maxsize=1)
def _tries() -> Any:
    # The class is defined here, because importing this module must not load simplemma.
    from simplemma import __version__
    from simplemma.strategies.dictionaries import TrieDictionaryFactory
    from simplemma.strategies.dictionaries.trie_dictionary_factory import TrieWrapDict

    class CachedTrieFactory(TrieDictionaryFactory):
        opened: ClassVar[dict[str, Any]] = {}

        def _get_dictionary_uncached(self, lang: str) -> Mapping[str, str]:
            name = f"simplemma-{__version__}-{lang}.trie"
            outdated = (f"simplemma-*-{lang}", f"simplemma-*-{lang}.*")
            self.opened[lang] = open_trie(name, partial(self._build_trie, lang), outdated)
            return TrieWrapDict(self.opened[lang])

    return CachedTrieFactory(use_disk_cache=False)
