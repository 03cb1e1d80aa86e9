"""The headwords of a word list of Ding, and where each stands.

A line has German words and their English, `Zweck {m}; Ziel {n} | … :: purpose; aim | …`:
parts between bars that go together, words between semicolons that mean the same, and marks
of grammar, register and field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pipeline.files.shelves import Shelves
from pipeline.lang.dictionary.sense_ranking import SHORT

_PARTS = re.compile(r";(?![^{(\[<]*[})\]>])")
"""Between two words that mean the same: no semicolon of a mark, as in `{prp; +Dat.}`."""

_MARKS = re.compile(r"\{[^}]*\}|\[[^\]]*\]|\([^)]*\)|<[^>]*>")
_WHOM = r"(?:etw|jdn|jdm|jds)\.(?:/(?:etw|jdn|jdm|jds)\.)*"
_PRONOUN = re.compile(
    rf"^(?:(?:sich|es|{_WHOM}|(?:an|auf|aus|bei|für|gegen|in|mit|nach|über|um|unter|von|vor|zu) "
    rf"{_WHOM})\s+)+"
)
_ARTICLE = re.compile(r"^(?:der|die|das) (?=[A-ZÄÖÜ])")
_CLAUSE = re.compile(r", (?:dass|ob|wie|um|zu|etw)\b.*")


class HeadwordIndex(Mapping[str, list[tuple[int, int]]]):
    """The headwords, each with where its lines begin, and which part of a line it stands in."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self._shelves.find(word.encode()) is not None

    def __getitem__(self, word: str) -> list[tuple[int, int]]:
        found = self._shelves.find(word.encode())
        if found is None:
            raise KeyError(word)
        numbers = list(map(int, found.split()))
        return list(zip(numbers[::2], numbers[1::2], strict=True))

    def __iter__(self) -> Iterator[str]:
        return map(bytes.decode, self._shelves)

    def __len__(self) -> int:
        return len(self._shelves)


def read_headwords(text: str) -> dict[bytes, bytes]:
    """Read the headwords of a word list: for each, two numbers for every place it stands at."""
    found: dict[str, list[str]] = {}
    start = 0
    for line in text.splitlines(keepends=True):
        if " :: " in line and not line.startswith("#"):
            german = line.partition(" :: ")[0]
            for index, part in enumerate(german.split(" | ")):
                for head in parts(part):
                    word = bare(head)
                    if word and " " not in word:
                        found.setdefault(word, []).append(f"{start} {index}")
        start += len(line)
    return {word.encode(): " ".join(places).encode() for word, places in found.items()}


def parts(part: str) -> list[str]:
    """The words of a part of a line that mean the same, with their marks."""
    return _PARTS.split(part)


def bare(head: str) -> str:
    """A word of the German side without marks, its short form and its objects."""
    text = " ".join(SHORT.sub("", _MARKS.sub("", head)).split())
    return _PRONOUN.sub("", _ARTICLE.sub("", _CLAUSE.sub("", text)))
