"""Which old texts a new text of an article was edit_entry from, by position and by words.

Texts that stay, in their order, are anchors. A new text is compared with the old ones
between the same two anchors and with no others: one that moved and changed is simply new,
since likeness alone finds wrong sentences. The time grows linearly with the texts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

_MIN_SIMILARITY = 0.5  # of the words shared; unrelated German sentences share a fifth to a third
_MIN_GAIN = 0.1  # by so much must two texts together fit better than one of them
_MAX_BLOCK = 20  # texts compared with each other at most; a longer gap is cut to such blocks
_STEM_LENGTH = 5  # letters of a word that are compared: endings change with every edit

_WORD = re.compile(r"\w+")

Words = Counter[str]


def align_sources(old: Sequence[str], new: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Map new texts to the old ones they were made of: one, or two that were joined.

    `old` and `new` are distinct texts in the order of the article. When an old text was
    split in two, both halves are mapped to it.
    """
    found: dict[str, tuple[str, ...]] = {}
    for removed, added in _gaps(old, new):
        blocks = -(-max(len(removed), len(added)) // _MAX_BLOCK)
        for n in range(blocks):
            old_part = slice(n * len(removed) // blocks, (n + 1) * len(removed) // blocks)
            new_part = slice(n * len(added) // blocks, (n + 1) * len(added) // blocks)
            found.update(_align_block(removed[old_part], added[new_part]))
    return found


def _gaps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Between every two anchors: the old texts that are removed, and the new that have added."""
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
    """The longest run of pairs whose second numbers increase as the first do (patience)."""
    tops: list[int] = []
    pile_tops: list[int] = []  # for each pile, the number of the pair on top
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
    """Pair texts in order so that the sum of the similarities is the greatest."""
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
    """Add to every pair the neighbour that makes it fit better."""
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
    """The share of the words that two texts have in common (Dice's coefficient)."""
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0
