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
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.engines.argos.model import Hypothesis, TranslationModel
from pipeline.engines.argos.word_alignment import TargetSpan, align_term
from pipeline.glossary.target_matcher import TargetMatcher
from pipeline.lang import inflection

STRATEGIES = frozenset({"next", "forced", "replaced", "given"})
"""The ways to candidates; all are used, and each can be measured alone."""

_NEXT_BEST = 4
_MOST_CANDIDATES = 24
_MOST_WORDS = 40
_WORD = re.compile(r"\w+(?:-\w+)*")


@dataclass(frozen=True, slots=True)
class Constraint:
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
        return bool(TargetMatcher(text, language).find(self.target))


@dataclass(slots=True)
class SentenceState:
    """A text on its way to a translation that meets its demands.

    `before` is the likelihood of the translation, in the language in between, that it is;
    `previous` a translation that was sent back.
    """

    text: str
    demands: tuple[Constraint, ...]
    before: float = 0.0
    previous: str = ""
    source: list[str] = field(default_factory=list)
    found: Hypothesis = field(default_factory=lambda: Hypothesis((), "", True))

    def missing(self, language: str, text: str | None = None) -> list[Constraint]:
        """The demands that a translation, or the one found so far, does not meet."""
        shown = self.found.text if text is None else text
        return [demand for demand in self.demands if not demand.met(shown, language)]


def enforce(
    network: TranslationModel,
    works: Sequence[SentenceState],
    language: str,
    ways: Iterable[str] = STRATEGIES,
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
    network: TranslationModel,
    works: Sequence[SentenceState],
    extra: Sequence[list[str]],
    language: str,
    ways: frozenset[str],
) -> None:
    """One round: the first missing term of every work is brought in."""
    begun: list[tuple[int, str]] = []
    stale = [""] * len(works)
    ready: list[list[str]] = [list(texts) for texts in extra]
    for number, work in enumerate(works):
        demand = work.missing(language)[0]
        spots = align_term(network, work.source, work.found, demand.source)
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
    network: TranslationModel, works: Sequence[SentenceState], begun: Sequence[tuple[int, str]],
    ready: list[list[str]],
) -> None:  # fmt: skip
    """Let the model go on from every beginning."""
    sources = [works[number].source for number, _ in begun]
    founds = network.translate(sources, [text for _, text in begun], beam=2)
    for (number, _), found in zip(begun, founds, strict=True):
        if found[0].complete:
            ready[number].append(found[0].text)


def _give(
    network: TranslationModel, works: Sequence[SentenceState], ready: list[list[str]], language: str
) -> None:
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
    network: TranslationModel, works: Sequence[SentenceState], ready: Sequence[Sequence[str]],
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
        work.found = Hypothesis((), best[id(work)][1], True, likelihood=best[id(work)][0])
    # Where terms are still missing, the model reads the choice, to tell where its words are.
    read = [work for work in changed if work.missing(language)]
    again = network.translate(
        [work.source for work in read], [w.found.text for w in read], beam=1, attention=True
    )
    for work, found in zip(read, again, strict=True):
        work.found = replace(work.found, pieces=found[0].pieces, attention=found[0].attention)


def _keeps(text: str, words: str, work: SentenceState) -> bool:
    """Whether a candidate has words as often as the translation found, demanded ones apart."""
    if not words or any(words.lower() in demand.target.lower() for demand in work.demands):
        return False
    return text.lower().count(words.lower()) >= work.found.text.lower().count(words.lower())


def counterpart(network: TranslationModel, work: SentenceState, demand: Constraint) -> str:
    """The words of the translation found that a demand's words became; "" for none."""
    found = align_term(network, work.source, work.found, demand.source)
    return work.found.text[found[0].start : found[0].end] if found else ""


def _everywhere(text: str) -> list[TargetSpan]:
    """Every word of a text: where nothing tells which one came of a term."""
    return [TargetSpan(word.start(), word.end()) for word in _WORD.finditer(text)][:_MOST_WORDS]


def _beginnings(
    work: SentenceState, place: TargetSpan, demand: Constraint, language: str
) -> list[tuple[str, str]]:
    """Pairs of the text before a term, in every agreement, and the term in its forms."""
    before = work.found.text[: place.start]
    blank = before[len(before.rstrip()) :]
    wordings = [demand.target]
    # The model's own word tells the number: most plurals of the languages known here end so.
    if not demand.exact and work.found.text[place.end - 1 : place.end] in ("s", "x"):
        wordings = inflection.forms(demand.target, language)
    pairs = []
    for wording in wordings:
        shown = wording[:1].upper() + wording[1:] if not before.strip() else wording
        if demand.exact:
            pairs.append((before, wording))
            continue
        for text in inflection.variants(before.rstrip(), wording, language):
            glue = "" if not text or text.endswith(("'", "’")) else (blank or " ")
            if text == before.rstrip():
                glue = blank
            pairs.append((text + glue, shown))
    return pairs[:_MOST_CANDIDATES]
