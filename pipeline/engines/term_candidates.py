"""Glossary terms with an engine that only translates: no prompt, no scores, no alternatives.

For a term that a translation lacks, the words to replace are found by asking the engine again with
a common noun in place of the German term ("Bericht" for "Abkommen"). Where the two translations
differ, and the second one has the known translation of that noun, the first one has the words of
the term. Candidates are then:

- `replaced`: the term replaces these words, with articles and adjectives made to agree.
- `aligned`: the same, with word alignment by dictionary and position instead.
- `substituted`: the translation with the common noun, with the term in place of that noun: for a
  word that the model does not know, and that spoils the rest of its translation.
- `given`: the translation of the German with the required translation already in it.

Of the candidates with the most terms, those with the figures of the source are kept, in this order:
a replacement changes nothing else. Drafting evaluates the others too, if the checks find a problem
in the first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from pipeline.core import base_language
from pipeline.engines.constraints import Constraint, has_figures, insert_terms
from pipeline.glossary import TargetMatcher
from pipeline.lang import inflection
from pipeline.lang.word_alignment import align, find_words

STRATEGIES = frozenset({"replaced", "aligned", "substituted", "given"})
"""All strategies. A benchmark measures each of them."""

Translate = Callable[[Sequence[str]], Sequence[str]]
"""Translates sentences of the source language, "" for one without a translation."""

SUBSTITUTES: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "de": (
        {"de": "Bericht", "en": "report", "fr": "rapport", "es": "informe"},
        {"de": "Reform", "en": "reform", "fr": "réforme", "es": "reforma"},
        {"de": "Programm", "en": "program", "fr": "programme", "es": "programa"},
    ),
    "en": (
        {"en": "report", "fr": "rapport", "es": "informe"},
        {"en": "reform", "fr": "réforme", "es": "reforma"},
        {"en": "hospital", "fr": "hôpital", "es": "hospital"},
    ),
}
"""Common nouns by source language, with their translations, of different genders in German."""

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|\w+(?:-\w+)*['’]?|[^\w\s]")
_MAX_WORDS = 5
_MAX_ALTERNATIVES = 3
_MAX_OCCURRENCES = 3


@dataclass(slots=True)
class ConstrainedSentence:
    """A sentence, its constraints, and its translation.

    `alternatives` are further candidates that satisfy as many constraints, best first.
    """

    text: str
    constraints: tuple[Constraint, ...]
    translation: str = ""
    alternatives: tuple[str, ...] = field(default=())

    def missing(self, language: str, text: str | None = None) -> list[Constraint]:
        """Return the constraints that a text, or else the translation, violates."""
        translation = self.translation if text is None else text
        return [c for c in self.constraints if not c.is_satisfied(translation, language)]


@dataclass(frozen=True, slots=True)
class _Span:
    """The characters of a translation that a term replaces."""

    start: int
    end: int
    constraint: Constraint


@dataclass(frozen=True, slots=True)
class _Answer:
    """The translation of a sentence with a common noun, and the span of that noun."""

    text: str
    anchor: _Span


def enforce(
    sentences: Sequence[ConstrainedSentence],
    pair: tuple[str, str],
    translate: Translate,
    strategies: Iterable[str] = STRATEGIES,
) -> None:
    """Replace translations that violate constraints, where a better candidate exists.

    `pair` are the codes of the source and the target language of `translate`.
    """
    enabled = frozenset(strategies)
    language = pair[1]
    pending = [sentence for sentence in sentences if sentence.missing(language)]
    if not pending:
        return
    answers = _substitute(pending, pair, translate)
    given = _give(pending, language, translate) if "given" in enabled else [""] * len(pending)
    for sentence, own, translated in zip(pending, answers, given, strict=True):
        spans = _locate(sentence, own, language) if "replaced" in enabled else []
        found = [_replace(sentence.translation, spans, language)]
        if "aligned" in enabled:
            certain = {span.constraint for span in spans}
            rest = [c for c in sentence.missing(language) if c not in certain]
            aligned = [span for c in rest for span in _align(sentence, c, language)]
            found.append(_replace(sentence.translation, [*spans, *aligned], language))
        if "substituted" in enabled and len(sentence.missing(language)) == 1:
            found += [_replace(one.text, [one.anchor], language) for one in own]
        _select(sentence, [*found, translated], language)


def locate(
    sentences: Sequence[ConstrainedSentence], pair: tuple[str, str], translate: Translate
) -> list[dict[Constraint, str]]:
    """Return the words that each constraint's source is translated to, as far as they are found.

    For a pivot: the words in the first translation are the source in the second.
    """
    found: list[dict[Constraint, str]] = []
    answers = _substitute(sentences, pair, translate, missing=False)
    for sentence, given in zip(sentences, answers, strict=True):
        spans = _locate(sentence, given, pair[1])
        words: dict[Constraint, str] = {}
        for constraint in sentence.constraints:
            own = [span for span in spans if span.constraint == constraint]
            own = own or _align(sentence, constraint, pair[1])
            if own:
                words[constraint] = sentence.translation[own[0].start : own[0].end]
        found.append(words)
    return found


def _select(sentence: ConstrainedSentence, candidates: Sequence[str], language: str) -> None:
    """Keep the best candidates, if they violate fewer constraints than the translation."""
    costs = {
        text: (len(sentence.missing(language, text)), not has_figures(sentence.text, text))
        for text in dict.fromkeys(candidates)
        if text
    }
    least = min(costs.values(), default=(len(sentence.constraints), True))
    if least[0] < len(sentence.missing(language)):
        sentence.translation, *rest = [text for text, cost in costs.items() if cost == least]
        sentence.alternatives = tuple(rest[:_MAX_ALTERNATIVES])


def _substitute(
    sentences: Sequence[ConstrainedSentence],
    pair: tuple[str, str],
    translate: Translate,
    *,
    missing: bool = True,
) -> list[list[_Answer]]:
    """Translate the sentences with common nouns in place of terms; keep what has these nouns.

    With `missing`, only the terms that a translation lacks are replaced.
    """
    source, language = pair[0], base_language(pair[1])
    questions: list[tuple[int, Constraint, str]] = []
    texts: list[str] = []
    for number, sentence in enumerate(sentences):
        constraints = sentence.missing(pair[1]) if missing else list(sentence.constraints)
        for constraint in constraints:
            for substitute in SUBSTITUTES.get(source, ()):
                noun, anchor = substitute[source], substitute.get(language, "")
                if not anchor or noun.lower() in sentence.text.lower():
                    continue
                for text in _substituted(sentence.text, constraint.source, noun):
                    questions.append((number, constraint, anchor))
                    texts.append(text)
    found: list[list[_Answer]] = [[] for _ in sentences]
    results = translate(texts) if texts else ()
    for (number, constraint, anchor), result in zip(questions, results, strict=True):
        places = TargetMatcher(result, pair[1]).find(anchor)
        if len(places) == 1:
            found[number].append(_Answer(result, _Span(*places[0], constraint)))
    return found


def _locate(
    sentence: ConstrainedSentence, answers: Sequence[_Answer], language: str
) -> list[_Span]:
    """Return the spans of the translation that most substitutions found; they never overlap."""
    votes: dict[Constraint, Counter[tuple[int, int]]] = {}
    for answer in answers:
        span = _difference(sentence.translation, answer, language)
        if span:
            votes.setdefault(answer.anchor.constraint, Counter())[span] += 1
    spans: list[_Span] = []
    for constraint, counted in votes.items():
        for start, end in sorted(counted, key=lambda span: (-counted[span], span[1] - span[0])):
            if all(end <= other.start or start >= other.end for other in spans):
                spans.append(_Span(start, end, constraint))
                break
    return spans


def _substituted(text: str, term: str, noun: str) -> list[str]:
    """Return the text with a noun in place of each occurrence of a term."""
    if not term:
        return []
    places = [match.span() for match in re.finditer(rf"(?<!\w){re.escape(term)}(?!\w)", text)]
    places = places or [(at, at + len(term)) for at in [text.find(term)] if at >= 0]
    return [text[:start] + noun + text[end:] for start, end in places[:_MAX_OCCURRENCES]]


def _difference(text: str, answer: _Answer, language: str) -> tuple[int, int] | None:
    """Return the words of `text` in whose place an answer has the common noun."""
    other, place = answer.text, (answer.anchor.start, answer.anchor.end)
    words, others = ([m.span() for m in _TOKEN.finditer(t)] for t in (text, other))
    before, after = ([t[a:b].lower() for a, b in s] for t, s in ((text, words), (other, others)))
    for tag, first, last, other_first, other_last in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        covered = others[other_first:other_last]
        if tag != "replace" or not any(a < place[1] and b > place[0] for a, b in covered):
            continue
        # An article that agrees with the noun differs with it, but is not part of it.
        while first < last - 1 and inflection.is_agreeing_word(before[first], language):
            first += 1
        if last - first <= _MAX_WORDS and any(w[0].isalnum() for w in before[first:last]):
            return words[first][0], words[last - 1][1]
    return None


def _align(sentence: ConstrainedSentence, constraint: Constraint, language: str) -> list[_Span]:
    """Return the words that alignment by dictionary and position finds for a term."""
    source, target = find_words(sentence.text), find_words(sentence.translation)
    at = sentence.text.find(constraint.source) if constraint.source else -1
    end = at + len(constraint.source)
    rows = [n for n, word in enumerate(source) if at <= word.start and word.end <= end]
    if at < 0 or not rows or not target:
        return []
    scores = align(source, target, base_language(language))
    columns = [max(range(len(target)), key=lambda column: scores[row][column]) for row in rows]
    first, last = min(columns), max(columns)
    if last - first >= _MAX_WORDS:
        first = last = columns[-1]
    return [_Span(target[first].start, target[last].end, constraint)]


def _replace(text: str, spans: Sequence[_Span], language: str) -> str:
    """Return a translation with terms in place of spans, "" without spans."""
    text = text if spans else ""
    for span in sorted(spans, key=lambda span: -span.start):
        text = _put(text, span, language)
    return text


def _put(text: str, span: _Span, language: str) -> str:
    """Put a term in place of a span, with agreement and the case of a sentence's start."""
    before, words, after = text[: span.start], text[span.start : span.end], text[span.end :]
    term = span.constraint.target
    if span.constraint.exact:
        return before + term + after
    base = base_language(language)
    space, stripped = before[len(before.rstrip()) :], before.rstrip()
    plural = inflection.is_plural(stripped, words, base)
    if plural and not inflection.is_plural("", term, base):
        term = inflection.noun_forms(term, base)[-1]
    agreeing = inflection.agree(stripped, term, base, plural=plural)
    if agreeing != stripped:
        space = "" if agreeing.endswith(("'", "’")) else space or " "
    if not before.strip():
        term = term[:1].upper() + term[1:]
    return agreeing + space + term + after


def _give(
    sentences: Sequence[ConstrainedSentence], language: str, translate: Translate
) -> list[str]:
    """Translate the sentences with the missing terms already in place of the source words."""
    texts = [insert_terms(one.text, one.missing(language)) for one in sentences]
    return list(translate(texts))
