"""Alignment of an article's old and new texts, by position and by shared words.

Unchanged texts, in their order, are anchors. A new text is compared only with the old texts
between the same two anchors: similarity alone finds wrong sentences. A text that moved and
changed therefore counts as new. The time is linear in the number of texts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

_MIN_SIMILARITY = 0.5  # Dice's coefficient; unrelated German sentences have 0.2 to 0.33
_MIN_GAIN = 0.1  # by which two texts together must be more similar than one of them
_MAX_BLOCK = 20  # texts to compare with each other; longer gaps are split
_STEM_LENGTH = 5  # letters; approximates the stem, as edits change endings

_WORD = re.compile(r"\w+")

Words = Counter[str]


def align_sources(old: Sequence[str], new: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Map each edited text to the old text, or the two joined texts, it came from.

    `old` and `new` are distinct texts in the order of the article. Both halves of a text that
    was split map to the same old text. New texts have no key.
    """
    aligned: dict[str, tuple[str, ...]] = {}
    for removed, added in _gaps(old, new):
        blocks = -(-max(len(removed), len(added)) // _MAX_BLOCK)
        for n in range(blocks):
            old_part = slice(n * len(removed) // blocks, (n + 1) * len(removed) // blocks)
            new_part = slice(n * len(added) // blocks, (n + 1) * len(added) // blocks)
            aligned.update(_align_block(removed[old_part], added[new_part]))
    return aligned


def _gaps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the removed and added texts between every two anchors."""
    position = {text: n for n, text in enumerate(new)}
    common = [(n, position[text]) for n, text in enumerate(old) if text in position]
    unchanged = set(old) & set(new)
    start, begin = 0, 0
    for end, finish in [*_longest_increasing(common), (len(old), len(new))]:
        removed = [text for text in old[start:end] if text not in unchanged]
        added = [text for text in new[begin:finish] if text not in unchanged]
        if removed and added:
            yield removed, added
        start, begin = end + 1, finish + 1


def _longest_increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest increasing subsequence of pairs (patience sorting)."""
    tops: list[int] = []
    pile_tops: list[int] = []  # for each pile, the index of its top pair
    before: list[int] = []
    for number, (_, value) in enumerate(pairs):
        pile = bisect_left(tops, value)
        before.append(pile_tops[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [value]
        pile_tops[pile : pile + 1] = [number]
    chain = []
    number = pile_tops[-1] if pile_tops else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _align_block(
    removed: Sequence[str], added: Sequence[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Pair texts in order, so that the sum of their similarities is the greatest."""
    old_words, new_words = [_words(t) for t in removed], [_words(t) for t in added]
    similarity = [[_similarity(a, b) for b in new_words] for a in old_words]
    best = [[0.0] * (len(new_words) + 1) for _ in range(len(old_words) + 1)]
    for i in range(len(old_words) - 1, -1, -1):
        for j in range(len(new_words) - 1, -1, -1):
            paired = (
                similarity[i][j] + best[i + 1][j + 1]
                if similarity[i][j] >= _MIN_SIMILARITY
                else 0.0
            )
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    partner: dict[int, int] = {}
    i = j = 0
    while i < len(old_words) and j < len(new_words):
        if (
            similarity[i][j] >= _MIN_SIMILARITY
            and best[i][j] == similarity[i][j] + best[i + 1][j + 1]
        ):
            partner[j] = i
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    for j, sources in _extend_pairs(partner, similarity, old_words, new_words):
        yield added[j], tuple(removed[i] for i in sources)


def _extend_pairs(
    partner: Mapping[int, int],
    similarity: Sequence[Sequence[float]],
    old_words: Sequence[Words],
    new_words: Sequence[Words],
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Add a neighbour to each pair if both texts together are more similar."""
    used = set(partner.values())
    for j, i in partner.items():
        required = similarity[i][j] + _MIN_GAIN
        sources: tuple[int, ...] = (i,)
        for other in (i - 1, i + 1):
            free = 0 <= other < len(old_words) and other not in used
            if free and _similarity(old_words[i] + old_words[other], new_words[j]) > required:
                sources = (min(i, other), max(i, other))
        yield j, sources
        for other in (j - 1, j + 1):
            free = 0 <= other < len(new_words) and other not in partner
            if free and _similarity(old_words[i], new_words[j] + new_words[other]) > required:
                yield other, (i,)


def _words(text: str) -> Words:
    return Counter(word[:_STEM_LENGTH].casefold() for word in _WORD.findall(text))


def _similarity(a: Words, b: Words) -> float:
    """Return Dice's coefficient of two bags of words."""
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0
