"""Which old texts a new text of an article was edited from, by position and by words.

Texts that stay, in their order, are anchors. A new text is compared with the old ones
between the same two anchors and with no others: one that moved and changed is simply new,
since likeness alone finds wrong sentences. The time grows linearly with the texts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

_LIKE = 0.5  # of the words shared; unrelated German sentences share a fifth to a third
_BETTER = 0.1  # by so much must two texts together fit better than one of them
_BLOCK = 20  # texts compared with each other at most; a longer gap is cut to such blocks
_STEM = 5  # letters of a word that are compared: endings change with every edit

_WORD = re.compile(r"\w+")

Words = Counter[str]


def align_sources(old: Sequence[str], new: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Map new texts to the old ones they were made of: one, or two that were joined.

    `old` and `new` are distinct texts in the order of the article. When an old text was
    split in two, both halves are mapped to it.
    """
    found: dict[str, tuple[str, ...]] = {}
    for gone, come in _gaps(old, new):
        blocks = -(-max(len(gone), len(come)) // _BLOCK)
        for n in range(blocks):
            part = slice(n * len(gone) // blocks, (n + 1) * len(gone) // blocks)
            into = slice(n * len(come) // blocks, (n + 1) * len(come) // blocks)
            found.update(_aligned(gone[part], come[into]))
    return found


def _gaps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Between every two anchors: the old texts that are gone, and the new that have come."""
    place = {text: n for n, text in enumerate(new)}
    common = [(n, place[text]) for n, text in enumerate(old) if text in place]
    stays = set(old) & set(new)
    start, begin = 0, 0
    for end, finish in [*_increasing(common), (len(old), len(new))]:
        gone = [text for text in old[start:end] if text not in stays]
        come = [text for text in new[begin:finish] if text not in stays]
        if gone and come:
            yield gone, come
        start, begin = end + 1, finish + 1


def _increasing(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs whose second numbers increase as the first do (patience)."""
    tops: list[int] = []
    piles: list[int] = []  # for each pile, the number of the pair on top
    before: list[int] = []
    for number, (_, value) in enumerate(pairs):
        pile = bisect_left(tops, value)
        before.append(piles[pile - 1] if pile else -1)
        tops[pile : pile + 1] = [value]
        piles[pile : pile + 1] = [number]
    chain = []
    number = piles[-1] if piles else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]


def _aligned(gone: Sequence[str], come: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Pair texts in order so that the sum of the similarities is the greatest."""
    olds, news = [_words(t) for t in gone], [_words(t) for t in come]
    like = [[_similarity(a, b) for b in news] for a in olds]
    best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
    for i in range(len(olds) - 1, -1, -1):
        for j in range(len(news) - 1, -1, -1):
            paired = like[i][j] + best[i + 1][j + 1] if like[i][j] >= _LIKE else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    partner: dict[int, int] = {}
    i = j = 0
    while i < len(olds) and j < len(news):
        if like[i][j] >= _LIKE and best[i][j] == like[i][j] + best[i + 1][j + 1]:
            partner[j] = i
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    for j, sources in _joined_or_split(partner, like, olds, news):
        yield come[j], tuple(gone[i] for i in sources)


def _joined_or_split(
    partner: Mapping[int, int],
    like: Sequence[Sequence[float]],
    olds: Sequence[Words],
    news: Sequence[Words],
) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Add to every pair the neighbour that makes it fit better."""
    taken = set(partner.values())
    for j, i in partner.items():
        enough = like[i][j] + _BETTER
        sources: tuple[int, ...] = (i,)
        for other in (i - 1, i + 1):
            free = 0 <= other < len(olds) and other not in taken
            if free and _similarity(olds[i] + olds[other], news[j]) > enough:
                sources = (min(i, other), max(i, other))
        yield j, sources
        for other in (j - 1, j + 1):
            free = 0 <= other < len(news) and other not in partner
            if free and _similarity(olds[i], news[j] + news[other]) > enough:
                yield other, (i,)


def _words(text: str) -> Words:
    return Counter(word[:_STEM].casefold() for word in _WORD.findall(text))


def _similarity(a: Words, b: Words) -> float:
    """The share of the words that two texts have in common (Dice's coefficient)."""
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0
