"""Find glossary targets in a translation.

English, French and Spanish are compared by lemma. Other languages are compared word by word,
allowing for inflected endings; languages written without spaces are compared literally.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache
from unicodedata import combining

from pipeline.core import base_language
from pipeline.lang import Token, tokenize
from pipeline.lang.german import common_prefix_length, lemma

LEMMATIZED = frozenset({"en", "fr", "es"})
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my"})
_HYPHENS = ("-", "\u2010", "\u2011")
_MIN_STEM = 4
_MIN_SHARED = 2 / 3
_MAX_ENDING = 3


class TargetMatcher:
    """A translation, tokenized once for all targets that are looked up in it."""

    def __init__(self, text: str, language: str) -> None:
        self.text = text
        self.language = base_language(language)

    @cached_property
    def words(self) -> list[Token]:
        """The words of the text."""
        return tokenize(self.text)

    def contains_exact(self, target: str, *, exact: bool) -> bool:
        """Return whether the text contains `target` literally; faster than `find`."""
        if self.language in _UNSPACED:
            return target in self.text
        return _contains_whole(self.text, target) or (
            not exact and target.islower() and _contains_whole(self.text.lower(), target)
        )

    def find(self, target: str, *, exact: bool = False) -> list[tuple[int, int]]:
        """Return the spans of a target, in characters.

        `exact` makes case significant; it always is for acronyms (`US`).
        """
        if self.language in _UNSPACED:
            return _occurrences(self.text, target)
        parts = _parts(target)
        if not parts:
            return []
        spans = []
        for start in self._possible_starts(parts):
            end = self._match_end(start, parts, exact=exact)
            if end:
                spans.append((self.words[start].start, self.words[end - 1].end))
        return spans

    def _possible_starts(self, parts: list[Token]) -> Iterable[int]:
        """Return the indices of words where a target may start."""
        if self.language not in LEMMATIZED:
            return range(len(self.words))
        keys = _keys(parts[0].text, self.language)
        if len(parts) > 1:
            keys |= _keys(parts[0].text + parts[1].text, self.language)
        return sorted({at for key in keys for at in self._index.get(key, ())})

    @cached_property
    def _index(self) -> dict[str, list[int]]:
        """Word indices by lookup key; hyphenated pairs of words are included."""
        index: dict[str, list[int]] = {}
        for at, word in enumerate(self.words):
            keys = _keys(word.text, self.language)
            if self.text[word.end : word.end + 1] in _HYPHENS and at + 1 < len(self.words):
                keys |= _keys(word.text + self.words[at + 1].text, self.language)
            for key in keys:
                index.setdefault(key, []).append(at)
        return index

    def find_verbatim(self, name: str) -> list[tuple[int, int]]:
        """Find a name that must not change (`Putin's` contains `Putin`)."""
        if self.language in _UNSPACED:
            return _occurrences(self.text, name)
        parts = [part.text for part in _parts(name)]
        count = len(parts)
        texts = [word.text for word in self.words]
        return [
            (self.words[at].start, self.words[at + count - 1].end)
            for at in range(len(texts) - count + 1)
            if parts and texts[at : at + count] == parts
        ]

    def _match_end(self, start: int, parts: list[Token], *, exact: bool) -> int:
        """Match `parts` from word `start`; return the end of the match, 0 for none."""
        at = matched = 0
        while matched < len(parts):
            if start + at >= len(self.words):
                return 0
            here = self.words[start + at]
            if self._is_same_word(parts[matched].text, here.text, exact=exact):
                at, matched = at + 1, matched + 1
            elif self._matches_hyphenated(start + at, parts[matched].text, exact=exact):
                at, matched = at + 2, matched + 1  # cease-fire for ceasefire
            elif matched + 1 < len(parts) and self._is_same_word(
                parts[matched].text + parts[matched + 1].text, here.text, exact=exact
            ):
                at, matched = at + 1, matched + 2  # ceasefire for cease-fire
            else:
                return 0
        return start + at

    def _matches_hyphenated(self, at: int, target: str, *, exact: bool) -> bool:
        if at + 1 >= len(self.words):
            return False
        first, second = self.words[at : at + 2]
        if self.text[first.end : second.start] not in _HYPHENS:
            return False
        return self._is_same_word(target, first.text + second.text, exact=exact)

    def _is_same_word(self, target: str, word: str, *, exact: bool) -> bool:
        if target == word:
            return True
        if len(target) > 1 and target.isupper():
            return False
        if exact and not _has_same_case(target, word):
            return False
        if self.language in LEMMATIZED:
            return not _keys(target, self.language).isdisjoint(_keys(word, self.language))
        return _has_same_stem(target.casefold(), word.casefold())


@lru_cache(1 << 14)
def _parts(target: str) -> list[Token]:
    return tokenize(target)


def _contains_whole(text: str, target: str) -> bool:
    """Return whether a text contains `target`, not as a part of longer words."""
    at = text.find(target) if len(target) > 1 else -1
    while at >= 0:
        around = text[at - 1 : at] + text[at + len(target) : at + len(target) + 1]
        if not any(map(_is_word_character, around)):
            return True
        at = text.find(target, at + 1)
    return False


def _is_word_character(character: str) -> bool:
    """Return whether a character continues the word beside it."""
    return character.isalnum() or character == "\u00ad" or bool(combining(character))


@lru_cache(1 << 16)
def _keys(word: str, language: str) -> frozenset[str]:
    """Return the lookup keys of a word: itself and its lemmas, in lower case."""
    lowered = word.lower()
    readings = {lowered, lemma(lowered, language), lemma(word, language)}
    if language != "en" and lowered.endswith("s") and len(lowered) > 4:
        # The dictionary has different lemmas for bilatérale and bilatérales.
        readings.add(lemma(lowered[:-1], language))
    return frozenset(reading.lower() for reading in readings)


def _has_same_stem(target: str, word: str) -> bool:
    if target == word:
        return True
    common, longest = common_prefix_length(target, word), max(len(target), len(word))
    return common >= max(_MIN_STEM, longest * _MIN_SHARED) and longest - common <= _MAX_ENDING


def _has_same_case(target: str, word: str) -> bool:
    same = common_prefix_length(target.casefold(), word.casefold())
    return target[:same] == word[:same]


def _occurrences(text: str, target: str) -> list[tuple[int, int]]:
    spans, at = [], text.find(target)
    while at >= 0 and target:
        spans.append((at, at + len(target)))
        at = text.find(target, at + len(target))
    return spans


def is_same_target(
    forbidden: str, required: str, language: str, *, exact_case: bool = False
) -> bool:
    """Return whether the required target is a form of the forbidden one, or equals it.

    With `exact_case`, targets that differ in case alone are different.
    """
    if forbidden == required:
        return True
    if exact_case and forbidden.casefold() == required.casefold():
        return False
    spans = TargetMatcher(required, language).find(forbidden)
    return any(end - start == len(required) for start, end in spans)
