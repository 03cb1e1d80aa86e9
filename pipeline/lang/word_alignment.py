"""Word alignment of a German text and its translation, by words and positions.

Each German word gets a score for each word of the translation: glossary terms, the
dictionary, and words that look the same decide; the relative position breaks ties and aligns
the rest. See Hanneman and Dinu, "How Should Markup Tags Be Translated?" (WMT 2020), for the
use of alignments to place tags.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul

from pipeline.core import base_language
from pipeline.lang.dictionary import load_dictionary
from pipeline.lang.function_words import FUNCTION_WORDS

__all__ = ["Word", "align", "find_words", "is_function_word"]

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d]+(?:['’][^\W\d]+)*\w*|\w+")
_TERM, _SAME, _DICTIONARY, _COGNATE = 3.0, 2.5, 2.0, 1.2
_POSITION = 0.9  # score of a word at the same relative position
_POSITION_WIDTH = 3.0  # words after which the score of the position has fallen to a half
_NEIGHBOUR = 0.6  # share of a certain alignment that the words beside it receive
_OTHER_CLASS = 0.4  # share of the score of the position, of a function word and another word
_MIN_COGNATE = 4
_MAX_WORDS = 400  # longer texts are aligned by position alone


@dataclass(frozen=True, slots=True)
class Word:
    """A word at `start:end` of a text."""

    text: str
    start: int
    end: int


def find_words(text: str) -> list[Word]:
    """Return the words and numbers of a text."""
    return [Word(match[0], *match.span()) for match in _WORD.finditer(text)]


def is_function_word(word: str, language: str) -> bool:
    """Return whether a word is an article, pronoun, preposition or the like."""
    return word.casefold() in FUNCTION_WORDS.get(base_language(language), ())


def align(
    source: Sequence[Word],
    target: Sequence[Word],
    language: str,
    terms: Sequence[tuple[str, str]] = (),
) -> list[list[float]]:
    """Return a matrix of scores: a row for each source word, a column for each target word.

    `terms` are pairs (German as in the text, required translation).
    """
    if not source or not target:
        return [[0.0] * len(target) for _ in source]
    scores = [_position_scores(index, len(source), len(target)) for index in range(len(source))]
    if max(len(source), len(target)) > _MAX_WORDS:
        return scores
    shares = _class_shares(source, target, language)
    for row, factors in zip(scores, shares, strict=True):
        row[:] = map(mul, row, factors)
    lexical = _lexical_scores(source, target, language, terms)
    certain = _anchors(lexical, scores)
    for i, j in certain.items():
        scores[i][j] += lexical[i][j]
    _shift_towards_anchors(scores, certain, shares)
    return scores


def _position_scores(index: int, count: int, width: int) -> list[float]:
    expected = (index + 0.5) / count * width - 0.5
    return [_POSITION / (1 + (abs(j - expected) / _POSITION_WIDTH) ** 2) for j in range(width)]


def _class_shares(
    source: Sequence[Word], target: Sequence[Word], language: str
) -> list[list[float]]:
    """Return factors of what positions tell: little of a function word and another word."""
    others = [is_function_word(word.text, language) for word in target]
    german = (is_function_word(word.text, "de") for word in source)
    return [[1.0 if other == one else _OTHER_CLASS for other in others] for one in german]


def _lexical_scores(
    source: Sequence[Word], target: Sequence[Word], language: str, terms: Sequence[tuple[str, str]]
) -> list[list[float]]:
    dictionary = load_dictionary(language)
    required = [
        ({word.text.casefold() for word in find_words(german)}, find_words(other))
        for german, other in terms
    ]
    lowered = [word.text.casefold() for word in target]
    rows = []
    for word in source:
        text = word.text.casefold()
        translated = {
            one.text.casefold() for german, other in required if text in german for one in other
        }
        row = []
        for other, candidate in zip(target, lowered, strict=True):
            if any(_is_form(candidate, form) for form in translated):
                row.append(_TERM)
            elif text == candidate:
                row.append(_SAME)
            elif dictionary and len(text) > 2 and dictionary.translates(word.text, other.text):
                row.append(_DICTIONARY)
            else:
                row.append(_COGNATE * _likeness(text, candidate))
        rows.append(row)
    return rows


def _is_form(word: str, base: str) -> bool:
    """Return whether a word may be an inflected form of another one."""
    stem = base[: max(3, len(base) - 2)]
    return word.startswith(stem) and abs(len(word) - len(base)) <= 3


def _likeness(text: str, other: str) -> float:
    """Return how much two words look alike, 0 to 1; 0 if they are short or differ much."""
    shorter = min(len(text), len(other))
    if shorter < _MIN_COGNATE:
        return 0.0
    common = next((n for n in range(shorter) if text[n] != other[n]), shorter)
    share = common / max(len(text), len(other))
    return share if common >= _MIN_COGNATE else 0.0


def _anchors(lexical: list[list[float]], positions: list[list[float]]) -> dict[int, int]:
    """Return the best one-to-one alignment of words with a lexical score, greedily."""
    candidates = sorted(
        (
            (row[j] + positions[i][j], i, j)
            for i, row in enumerate(lexical)
            for j in range(len(row))
            if row[j] > 0
        ),
        key=lambda one: (-one[0], abs(one[1] - one[2])),
    )
    found: dict[int, int] = {}
    used: set[int] = set()
    for _, i, j in candidates:
        if i not in found and j not in used:
            found[i] = j
            used.add(j)
    return found


def _shift_towards_anchors(
    scores: list[list[float]], certain: dict[int, int], shares: list[list[float]]
) -> None:
    """Align the words without a lexical match relative to their aligned neighbours."""
    rows, columns = len(scores), len(scores[0])
    fixed = sorted(certain)
    for before, after in pairwise([-1, *fixed, rows]):
        for i in range(before + 1, after):
            for anchor in (before, after):
                if anchor in certain:
                    j = certain[anchor] + (i - anchor)
                    if 0 <= j < columns and j not in certain.values():
                        scores[i][j] += _NEIGHBOUR * shares[i][j] / abs(i - anchor)
