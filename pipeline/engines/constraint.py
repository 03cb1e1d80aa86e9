"""Makes a model that takes no instructions use the wordings that a glossary demands.

For a text whose translation lacks a term, candidates are gathered: the model's next best
translations; translations that it goes on with after being forced to begin with its own
words and the term, at the place that its attention points to; its translation with the
term put over the words found there. Where none has it: that of a text in which the term
stands already. Articles and adjectives before the term are tried in every agreement. Of the
candidates that have the most terms the model's own likelihood chooses. See docs/models.md for
measurements.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.engines import agreement
from pipeline.engines.network import Found, Network
from pipeline.targets import Wording

WAYS = frozenset({"next", "forced", "replaced", "given"})
"""The ways to candidates; all are used, and each can be measured alone."""

_NEXT_BEST = 4
_PLACES = 2
_LONGEST = 2  # words beside the one that a term became
_MOST_CANDIDATES = 24
_MOST_WORDS = 40
_WORD = re.compile(r"\w+(?:-\w+)*")


@dataclass(frozen=True, slots=True)
class Demand:
    """A wording that a translation must have, and the words of the source that it is for.

    `exact` demands it letter by letter: for names, addresses and placeholders.
    """

    source: str
    target: str
    exact: bool = False

    def met(self, text: str, language: str) -> bool:
        """Whether a translation has the wording, inflected or not."""
        if self.exact:
            whole = rf"(?<!\w){re.escape(self.target)}(?!\w)"
            return re.search(whole, text) is not None
        return bool(Wording(text, language).find(self.target))


@dataclass(slots=True)
class Work:
    """A text on its way to a translation that meets its demands."""

    text: str
    demands: tuple[Demand, ...]
    source: list[str] = field(default_factory=list)
    found: Found = field(default_factory=lambda: Found((), "", True))

    def missing(self, language: str, text: str | None = None) -> list[Demand]:
        """The demands that a translation, or the one found so far, does not meet."""
        shown = self.found.text if text is None else text
        return [demand for demand in self.demands if not demand.met(shown, language)]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a translation a term's words came out: spans of characters."""

    start: int
    end: int


def satisfy(
    network: Network, works: Sequence[Work], language: str, ways: Iterable[str] = WAYS
) -> None:
    """Give every work a translation that meets its demands, where one can be found.

    `found` of each must hold the model's own translation. Raises EngineError.
    """
    chosen = frozenset(ways)
    todo = [work for work in works if work.missing(language)]
    if not todo:
        return
    best = network.translate([w.source for w in todo], count=_NEXT_BEST, attention=True)
    for work, founds in zip(todo, best, strict=True):
        work.found = founds[0]
    extra = [[f.text for f in founds] if "next" in chosen else [] for founds in best]
    for _ in range(1 + max(len(work.demands) for work in todo)):
        todo_extra = [(w, e) for w, e in zip(todo, extra, strict=True) if w.missing(language)]
        if not todo_extra:
            return
        todo, extra = [w for w, _ in todo_extra], [e for _, e in todo_extra]
        _improve(network, todo, extra, language, chosen)
        extra = [[] for _ in todo]


def _improve(
    network: Network, works: Sequence[Work], extra: Sequence[list[str]], language: str,
    ways: frozenset[str],
) -> None:  # fmt: skip
    """One round: the first missing term of every work is brought in."""
    begun: list[tuple[int, str]] = []
    stale = [""] * len(works)
    ready: list[list[str]] = [list(texts) for texts in extra]
    for number, work in enumerate(works):
        demand = work.missing(language)[0]
        spots = places(network, work, demand)
        if spots:
            stale[number] = work.found.text[spots[0].start : spots[0].end]
        for place in spots or _everywhere(work.found.text):
            for before, wording in _beginnings(work, place, demand, language):
                if "forced" in ways:
                    begun.append((number, before + wording))
                if spots and "replaced" in ways:
                    ready[number].append(before + wording + work.found.text[place.end :])
    _go_on(network, works, begun, ready)
    _choose(network, works, ready, stale, language)
    left = [number for number, work in enumerate(works) if work.missing(language)]
    if "given" in ways and left:
        works, stale = [works[n] for n in left], [stale[n] for n in left]
        ready = [[] for _ in left]
        _give(network, works, ready, language)
        _choose(network, works, ready, stale, language)


def _go_on(
    network: Network, works: Sequence[Work], begun: Sequence[tuple[int, str]],
    ready: list[list[str]],
) -> None:  # fmt: skip
    """Let the model go on from every beginning."""
    sources = [works[number].source for number, _ in begun]
    founds = network.translate(sources, [text for _, text in begun], beam=2)
    for (number, _), found in zip(begun, founds, strict=True):
        if found[0].complete:
            ready[number].append(found[0].text)


def _give(network: Network, works: Sequence[Work], ready: list[list[str]], language: str) -> None:
    """Translate the texts with the missing terms standing in them already."""
    texts = []
    for work in works:
        text = work.text
        for demand in work.missing(language):
            text = text.replace(demand.source, demand.target, 1) if demand.source else text
        texts.append(text)
    founds = network.translate([network.pieces.encode(text) for text in texts])
    for texts_of_work, found in zip(ready, founds, strict=True):
        texts_of_work.append(found[0].text)


def _choose(
    network: Network, works: Sequence[Work], ready: Sequence[Sequence[str]],
    stale: Sequence[str], language: str,
) -> None:  # fmt: skip
    """Take the likeliest of the candidates that miss the fewest terms.

    A candidate that still has the words that the term was to stand for, `stale`, has it in
    another place: it is taken only where there is none without.
    """
    pairs = []
    for work, texts, words in zip(works, ready, stale, strict=True):
        missed = {text: len(work.missing(language, text)) for text in dict.fromkeys(texts) if text}
        least = min(missed.values(), default=len(work.demands))
        if least < len(work.missing(language)):
            fit = [text for text, count in missed.items() if count == least]
            fresh = [text for text in fit if not _keeps(text, words, work)]
            pairs += [(work, text) for text in fresh or fit]
    scores = network.likelihoods([w.source for w, _ in pairs], [text for _, text in pairs])
    best: dict[int, tuple[float, str]] = {}
    for (work, text), score in zip(pairs, scores, strict=True):
        best[id(work)] = max(best.get(id(work), (score, text)), (score, text))
    changed = [work for work in works if id(work) in best]
    for work in changed:
        work.found = Found((), best[id(work)][1], True)
    # Where terms are still missing, the model reads the choice, to tell where its words are.
    read = [work for work in changed if work.missing(language)]
    again = network.translate(
        [work.source for work in read], [w.found.text for w in read], beam=1, attention=True
    )
    for work, found in zip(read, again, strict=True):
        work.found = Found(found[0].pieces, work.found.text, True, found[0].attention)


def _keeps(text: str, words: str, work: Work) -> bool:
    """Whether a candidate has words as often as the translation found, demanded ones apart."""
    if not words or any(words.lower() in demand.target.lower() for demand in work.demands):
        return False
    return text.lower().count(words.lower()) >= work.found.text.lower().count(words.lower())


def places(network: Network, work: Work, demand: Demand) -> list[_Place]:
    """Where a demand's words came out in the translation found, the likeliest place first.

    Adjoining words that the model looked at the source's words for are one place.
    """
    looked = source_span(network.pieces.words, work.source, demand.source)
    pieces, text = work.found.pieces, work.found.text
    spans = network.pieces.words(pieces)
    rows = work.found.attention
    if not looked or len(rows) < len(pieces):
        return []
    start, end = looked
    weights = [sum(sum(rows[n][start:end]) for n in range(a, b)) / max(1, b - a) for a, b in spans]
    # An article looks at the noun that it agrees with, and not seldom in the noun's stead.
    ahead = 0.0
    for n, (a, b) in enumerate(spans):
        if agreement.agrees(network.pieces.decode(pieces[a:b]), network.package.target):
            ahead, weights[n] = max(ahead, weights[n]), 0.0
        else:
            ahead, weights[n] = 0.0, max(ahead, weights[n])
    most = max(weights, default=0.0)
    likely = [n for n in range(len(spans)) if weights[n] > 0 and weights[n] >= most / 2]
    order = sorted(likely, key=lambda n: -weights[n])[:_PLACES]
    found = []
    for n in order:
        first, last = _grown(weights, n)
        place = _characters(network, pieces, text, spans[first][0], spans[last][1])
        if place and place not in found:
            found.append(place)
    return found


def _grown(weights: Sequence[float], at: int) -> tuple[int, int]:
    """The first and last of the words around one that the model had the same words for."""
    first = last = at
    while last + 1 < len(weights) and weights[last + 1] > 0.5 and last - first < _LONGEST:
        last += 1
    while first > 0 and weights[first - 1] > 0.5 and last - first < _LONGEST:
        first -= 1
    return first, last


def counterpart(network: Network, work: Work, demand: Demand) -> str:
    """The words of the translation found that a demand's words became; "" for none."""
    found = places(network, work, demand)
    return work.found.text[found[0].start : found[0].end] if found else ""


def _everywhere(text: str) -> list[_Place]:
    """Every word of a text: where nothing tells which one came of a term."""
    return [_Place(word.start(), word.end()) for word in _WORD.finditer(text)][:_MOST_WORDS]


def source_span(
    words: Callable[[Sequence[str]], list[tuple[int, int]]], pieces: Sequence[str], text: str
) -> tuple[int, int] | None:
    """The span of pieces in which a text stands, compared without blanks and marks."""
    shown, owners = "", []
    for number, piece in enumerate(pieces):
        plain = piece.replace("▁", "").removesuffix("@@")
        shown += plain
        owners += [number] * len(plain)
    wanted = "".join(text.split())
    at = shown.find(wanted)
    if at < 0 or not wanted:
        return None
    return owners[at], owners[at + len(wanted) - 1] + 1


def _characters(
    network: Network, pieces: Sequence[str], text: str, first: int, end: int
) -> _Place | None:
    """The characters of a span of pieces, without the marks around the words."""
    before = network.pieces.decode(pieces[:first])
    upto = network.pieces.decode(pieces[:end])
    if not (text.startswith(before) and text.startswith(upto)) or len(upto) <= len(before):
        return None
    start, stop = len(before), len(upto)
    while start < stop and not text[start].isalnum():
        start += 1
    while stop > start and not text[stop - 1].isalnum():
        stop -= 1
    for mark in ("'", "’"):
        # An elided article belongs to what stands before: l'accord.
        at = text.find(mark, start, min(stop, start + 3))
        if at >= 0 and at + 1 < stop:
            start = at + 1
    return _Place(start, stop) if start < stop else None


def _beginnings(work: Work, place: _Place, demand: Demand, language: str) -> list[tuple[str, str]]:
    """Pairs of the text before a term, in every agreement, and the term in its forms."""
    before = work.found.text[: place.start]
    blank = before[len(before.rstrip()) :]
    wordings = [demand.target]
    # The model's own word tells the number: most plurals of the languages known here end so.
    if not demand.exact and work.found.text[place.end - 1 : place.end] in ("s", "x"):
        wordings = agreement.forms(demand.target, language)
    pairs = []
    for wording in wordings:
        shown = wording[:1].upper() + wording[1:] if not before.strip() else wording
        if demand.exact:
            pairs.append((before, wording))
            continue
        for text in agreement.variants(before.rstrip(), wording, language):
            glue = "" if not text or text.endswith(("'", "’")) else (blank or " ")
            if text == before.rstrip():
                glue = blank
            pairs.append((text + glue, shown))
    return pairs[:_MOST_CANDIDATES]
