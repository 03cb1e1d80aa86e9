"""Lexical constraints: translations that contain required terms, from a model without prompts.

If a translation lacks a term, several strategies produce candidates:

- `next`: the next hypotheses of the beam search.
- `forced`: prefix-constrained decoding. The model continues its own words and the term, at
  the position that word alignment finds.
- `replaced`: the term replaces the aligned words of the translation.
- `given`: if all others fail, the translation of the source with the term already in it.

Articles and adjectives before a term are tried in every agreement. Of the candidates with
the most terms, the model selects the one with the highest likelihood. Measurements are in
docs/research/terminology.md.

Constrained decoding: Hokamp and Liu (ACL 2017), Post and Vilar (NAACL 2018). Terms in the
source: Dinu et al. (ACL 2019).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.engines.argos.model import Hypothesis, TranslationModel
from pipeline.engines.argos.word_alignment import TargetSpan, align_term
from pipeline.engines.constraints import Constraint, has_figures, insert_terms
from pipeline.lang import inflection

STRATEGIES = frozenset({"next", "forced", "replaced", "given"})
"""All strategies. A benchmark measures each of them."""

_NEXT_COUNT = 4
_MAX_PREFIXES = 24
_MAX_WORDS = 40
_MIN_LENGTH = 0.7
_WORD = re.compile(r"\w+(?:-\w+)*")


@dataclass(slots=True)
class SentenceState:
    """A sentence, its constraints, and its translation so far.

    - `pivot_likelihood`: the sum of the likelihoods of the translations to pivot languages.
    - `previous`: an earlier translation that was rejected.
    - `source`: the tokens of the sentence.
    """

    text: str
    constraints: tuple[Constraint, ...]
    pivot_likelihood: float = 0.0
    previous: str = ""
    source: list[str] = field(default_factory=list)
    hypothesis: Hypothesis = field(default_factory=lambda: Hypothesis((), "", True))

    def missing(self, language: str, text: str | None = None) -> list[Constraint]:
        """Return the constraints that a text, or else the current translation, violates."""
        translation = self.hypothesis.text if text is None else text
        return [c for c in self.constraints if not c.is_satisfied(translation, language)]


def enforce(
    model: TranslationModel,
    sentences: Sequence[SentenceState],
    language: str,
    strategies: Iterable[str] = STRATEGIES,
) -> None:
    """Replace translations that violate constraints, where a better candidate exists.

    `hypothesis` of each sentence must be the model's own translation. Raises EngineError.
    """
    enabled = frozenset(strategies)
    pending = [sentence for sentence in sentences if sentence.missing(language)]
    if not pending:
        return
    beams = model.translate([s.source for s in pending], count=_NEXT_COUNT)
    for sentence, hypotheses in zip(pending, beams, strict=True):
        sentence.hypothesis = hypotheses[0]
    attend(model, pending)
    next_best = [[h.text for h in hypotheses] if "next" in enabled else [] for hypotheses in beams]
    for _ in range(1 + max(len(sentence.constraints) for sentence in pending)):
        unsatisfied = [
            (sentence, texts)
            for sentence, texts in zip(pending, next_best, strict=True)
            if sentence.missing(language)
        ]
        if not unsatisfied:
            return
        pending = [sentence for sentence, _ in unsatisfied]
        _satisfy_next(model, pending, [texts for _, texts in unsatisfied], language, enabled)
        next_best = [[] for _ in pending]


def attend(model: TranslationModel, sentences: Sequence[SentenceState]) -> None:
    """Add the attention to the translations of sentences, for their word alignment."""
    hypotheses = [sentence.hypothesis for sentence in sentences]
    found = model.attend([sentence.source for sentence in sentences], hypotheses)
    for sentence, hypothesis in zip(sentences, found, strict=True):
        sentence.hypothesis = hypothesis


def _satisfy_next(
    model: TranslationModel,
    sentences: Sequence[SentenceState],
    next_best: Sequence[list[str]],
    language: str,
    strategies: frozenset[str],
) -> None:
    """Try to satisfy the first violated constraint of each sentence."""
    prefixes: list[tuple[int, str]] = []
    replaced = [""] * len(sentences)
    candidates: list[list[str]] = [list(texts) for texts in next_best]
    for number, sentence in enumerate(sentences):
        text = sentence.hypothesis.text
        constraint = sentence.missing(language)[0]
        spans = align_term(model, sentence.source, sentence.hypothesis, constraint.source)
        if spans:
            replaced[number] = text[spans[0].start : spans[0].end]
        for span in spans or _word_spans(text):
            for before, form in _prefixes(sentence, span, constraint, language):
                if "forced" in strategies:
                    prefixes.append((number, before + form))
                if spans and "replaced" in strategies:
                    candidates[number].append(before + form + text[span.end :])
    _continue_prefixes(model, sentences, prefixes, candidates)
    _select(model, sentences, candidates, replaced, language)
    left = [number for number, sentence in enumerate(sentences) if sentence.missing(language)]
    if "given" in strategies and left:
        sentences, replaced = [sentences[n] for n in left], [replaced[n] for n in left]
        candidates = _translate_with_terms(model, sentences, language)
        _select(model, sentences, candidates, replaced, language)


def _continue_prefixes(
    model: TranslationModel,
    sentences: Sequence[SentenceState],
    prefixes: Sequence[tuple[int, str]],
    candidates: list[list[str]],
) -> None:
    """Add the continuation of each prefix to the candidates of its sentence."""
    sources = [sentences[number].source for number, _ in prefixes]
    results = model.translate(sources, [text for _, text in prefixes], beam=2)
    for (number, _), (best, *_) in zip(prefixes, results, strict=True):
        if best.complete:
            candidates[number].append(best.text)


def _translate_with_terms(
    model: TranslationModel, sentences: Sequence[SentenceState], language: str
) -> list[list[str]]:
    """Translate the sentences with the missing terms inserted into the source."""
    texts = [insert_terms(one.text, one.missing(language)) for one in sentences]
    results = model.translate([model.tokenizer.encode(text) for text in texts])
    return [[best.text] for best, *_ in results]


def _select(
    model: TranslationModel,
    sentences: Sequence[SentenceState],
    candidates: Sequence[Sequence[str]],
    replaced: Sequence[str],
    language: str,
) -> None:
    """Select the most likely of the candidates that violate the fewest constraints.

    A candidate that lost a part of the sentence is never selected. One that still contains the
    words that the term should replace has the term in another position. It is selected only if
    no other candidate is left.
    """
    pairs = []
    for sentence, texts, words in zip(sentences, candidates, replaced, strict=True):
        whole = [text for text in dict.fromkeys(texts) if text and _is_whole(text, sentence)]
        counts = {text: len(sentence.missing(language, text)) for text in whole}
        minimum = min(counts.values(), default=len(sentence.constraints))
        if minimum < len(sentence.missing(language)):
            best = [text for text, count in counts.items() if count == minimum]
            without = [text for text in best if not _retains(text, words, sentence)]
            pairs += [(sentence, text) for text in without or best]
    scores = model.likelihoods([s.source for s, _ in pairs], [text for _, text in pairs])
    selected: dict[int, tuple[float, str]] = {}
    for (sentence, text), score in zip(pairs, scores, strict=True):
        key = id(sentence)
        selected[key] = max(selected.get(key, (score, text)), (score, text))
    changed = [sentence for sentence in sentences if id(sentence) in selected]
    for sentence in changed:
        likelihood, text = selected[id(sentence)]
        sentence.hypothesis = Hypothesis((), text, True, likelihood=likelihood)
    # The next round needs tokens and attention of the selected text.
    aligned = [sentence for sentence in changed if sentence.missing(language)]
    for sentence in aligned:
        tokens = tuple(model.tokenizer.encode_target(sentence.hypothesis.text))
        sentence.hypothesis = replace(sentence.hypothesis, tokens=tokens)
    attend(model, aligned)


def _is_whole(text: str, sentence: SentenceState) -> bool:
    """Return whether a candidate has the figures of the source, and most of the translation.

    Any candidate is better than a translation that was cut off.
    """
    if not sentence.hypothesis.complete:
        return True
    current = sentence.hypothesis.text
    figures = has_figures(sentence.text, text) or not has_figures(sentence.text, current)
    return figures and len(text) >= _MIN_LENGTH * len(current)


def _retains(text: str, words: str, sentence: SentenceState) -> bool:
    """Return whether a candidate has words as often as the translation that it replaces."""
    if not words or any(words.lower() in c.target.lower() for c in sentence.constraints):
        return False
    current = sentence.hypothesis.text.lower()
    return text.lower().count(words.lower()) >= current.count(words.lower())


def counterpart(model: TranslationModel, sentence: SentenceState, constraint: Constraint) -> str:
    """Return the translation of the source of a constraint, by word alignment; "" if unknown."""
    spans = align_term(model, sentence.source, sentence.hypothesis, constraint.source)
    return sentence.hypothesis.text[spans[0].start : spans[0].end] if spans else ""


def _word_spans(text: str) -> list[TargetSpan]:
    """Return the spans of all words, for a term without alignment."""
    return [TargetSpan(word.start(), word.end()) for word in _WORD.finditer(text)][:_MAX_WORDS]


def _prefixes(
    sentence: SentenceState, span: TargetSpan, constraint: Constraint, language: str
) -> list[tuple[str, str]]:
    """Return pairs (text before the term in each agreement, form of the term)."""
    text = sentence.hypothesis.text
    before = text[: span.start]
    space = before[len(before.rstrip()) :]
    forms = [constraint.target]
    # The number of the replaced word: most plurals of the supported languages end in s or x.
    if not constraint.exact and text[span.end - 1 : span.end] in ("s", "x"):
        forms = inflection.noun_forms(constraint.target, language)
    pairs = []
    for form in forms:
        cased = form[:1].upper() + form[1:] if not before.strip() else form
        if constraint.exact:
            pairs.append((before, form))
            continue
        for variant in inflection.agreement_variants(before.rstrip(), form, language):
            separator = "" if not variant or variant.endswith(("'", "’")) else (space or " ")
            if variant == before.rstrip():
                separator = space
            pairs.append((variant + separator, cased))
    return pairs[:_MAX_PREFIXES]
