"""Index of the headwords of a Ding word list.

A line has German words and their translations, `Zweck {m}; Ziel {n} | … :: purpose; aim | …`.
Bars separate parts that correspond, semicolons separate synonyms, and brackets enclose
grammar, register and field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.lang.dictionary.sense_ranking import ABBREVIATION

_SYNONYM_SEPARATOR = re.compile(r";(?![^{(\[<]*[})\]>])")
"""A semicolon between synonyms, not inside brackets (`{prp; +Dat.}`)."""

_ANNOTATIONS = re.compile(r"\{[^}]*\}|\[[^\]]*\]|\([^)]*\)|<[^>]*>")
_OBJECT = r"(?:etw|jdn|jdm|jds)\.(?:/(?:etw|jdn|jdm|jds)\.)*"
_PRONOUN = re.compile(
    rf"^(?:(?:sich|es|{_OBJECT}|(?:an|auf|aus|bei|für|gegen|in|mit|nach|über|um|unter|von|vor|zu) "
    rf"{_OBJECT})\s+)+"
)
_ARTICLE = re.compile(r"^(?:der|die|das) (?=[A-ZÄÖÜ])")
_CLAUSE = re.compile(r", (?:dass|ob|wie|um|zu|etw)\b.*")


class HeadwordIndex(Mapping[str, list[tuple[int, int]]]):
    """A mapping of headwords to occurrences: (offset of the line, index of the part)."""

    def __init__(self, trie: Any) -> None:
        self._trie = trie

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and word in self._trie

    def __getitem__(self, word: str) -> list[tuple[int, int]]:
        (value,) = self._trie[word]
        numbers = list(map(int, value.split()))
        return list(zip(numbers[::2], numbers[1::2], strict=True))

    def __iter__(self) -> Iterator[str]:
        yield from self._trie.iterkeys()

    def __len__(self) -> int:
        return len(self._trie)


def build_index(text: str) -> Any:
    """Index the headwords of a word list; returns a `BytesTrie` for `HeadwordIndex`."""
    from marisa_trie import BytesTrie

    occurrences: dict[str, list[str]] = {}
    start = 0
    for line in text.splitlines(keepends=True):
        if " :: " in line and not line.startswith("#"):
            german = line.partition(" :: ")[0]
            for index, part in enumerate(german.split(" | ")):
                for head in split_synonyms(part):
                    word = strip_annotations(head)
                    if word and " " not in word:
                        occurrences.setdefault(word, []).append(f"{start} {index}")
        start += len(line)
    return BytesTrie((word, " ".join(places).encode()) for word, places in occurrences.items())


def split_synonyms(part: str) -> list[str]:
    """Return the synonyms in a part of a line, with their annotations."""
    return _SYNONYM_SEPARATOR.split(part)


def strip_annotations(head: str) -> str:
    """Return a German headword without annotations, abbreviation and objects."""
    text = " ".join(ABBREVIATION.sub("", _ANNOTATIONS.sub("", head)).split())
    return _PRONOUN.sub("", _ARTICLE.sub("", _CLAUSE.sub("", text)))
