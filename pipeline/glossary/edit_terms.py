"""Suggest terms from the edits of reviewers: words that they keep changing in drafts.

A change is a replaced stretch of words, compared by lemma, so that inflection is none. Words that
only moved are not changed either. A stretch belongs to the German word that aligns with both its
versions. What is changed once, or what reviewers leave unchanged elsewhere, is style, not a term.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations_with_replacement, takewhile

from pipeline.core import base_language
from pipeline.glossary.matcher import TermMatcher
from pipeline.glossary.target_matcher import LEMMATIZED, TargetMatcher
from pipeline.glossary.term_extraction import is_stop_word, starts_sentence
from pipeline.lang import FUNCTION_WORDS, Token, is_known
from pipeline.lang.german import (
    base_noun,
    find_separable_verbs,
    is_compound,
    lemma,
    noun_lemma,
)
from pipeline.lang.word_alignment import Word, align, find_words

__all__ = ["EditExample", "EditedTerm", "ReviewedText", "learn_terms"]

MIN_AGREEMENT = 0.6
"""Least share of the reviewed translations of a word that contain the proposed term."""

_MAX_WORDS, _MAX_REWRITTEN = 5, 8
"""Words of a term, and of a stretch beyond which the sentence was rewritten."""

_EXAMPLES = 3
_CERTAIN = 2.0  # score of an alignment by dictionary, or by equal words


@dataclass(frozen=True, slots=True)
class ReviewedText:
    """An approved translation and the draft that it was made from; they may be equal."""

    article: str
    source: str
    draft: str
    target: str


@dataclass(frozen=True, slots=True)
class EditExample:
    """One segment in which a reviewer made the change."""

    article: str
    source: str
    draft: str
    target: str


@dataclass(frozen=True, slots=True)
class EditedTerm:
    """A German word in its base form, and the translation that reviewers put in.

    `replaced` are the machine's words, most frequent first. Of `reviewed` segments with the
    German word, `agreeing` contain the translation; it was put into `segments` of them.
    """

    source: str
    target: str
    replaced: tuple[str, ...]
    segments: int
    articles: int
    reviewed: int
    agreeing: int
    examples: tuple[EditExample, ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    """Words that a reviewer put in, in base forms (`key`) and as written (`surface`).

    `owners` are the German words that they may translate, by index, each with the strength of
    its alignment. `left` and `right` are the words beside them, as pairs (key, text), up to
    one that is aligned with another German word; the nearest comes first.
    """

    text: ReviewedText
    key: tuple[str, ...]
    surface: tuple[str, ...]
    replaced: str
    owners: Mapping[str, float]
    base_forms: frozenset[str]
    left: tuple[tuple[str, str], ...]
    right: tuple[tuple[str, str], ...]


def learn_terms(
    texts: Iterable[ReviewedText], language: str, matcher: TermMatcher, min_count: int = 2
) -> tuple[EditedTerm, ...]:
    """List the terms changed in at least `min_count` different segments, most frequent first.

    Words of the glossary are excluded. A name is listed only if no reviewer left it otherwise.
    """
    by_target: dict[tuple[str, ...], list[_Edit]] = defaultdict(list)
    occurrences: dict[str, list[ReviewedText]] = defaultdict(list)
    excluded: set[str] = set()
    for text in dict.fromkeys(texts):
        source = _Source(text.source, matcher)
        excluded |= source.excluded
        for base in dict.fromkeys(source.bases.values()):
            occurrences[base].append(text)
        if text.draft != text.target and source.bases:
            for edit in _Comparison(text, source, language).edits():
                by_target[edit.key].append(edit)
    best: dict[str, EditedTerm] = {}
    for edits in by_target.values():
        base = _owner(edits, min_count)
        if base and base not in excluded:
            own = [edit for edit in edits if base in edit.owners]
            term = _term(base, own, occurrences, language)
            rank = term.segments, len(term.target.split())
            if base not in best or rank > (best[base].segments, len(best[base].target.split())):
                best[base] = term
    found = (term for term in best.values() if _is_consistent(term))
    return tuple(sorted(found, key=lambda t: (-t.segments, -t.articles, t.source.casefold())))


def _is_consistent(term: EditedTerm) -> bool:
    least = 1.0 if _is_name(term.source) else MIN_AGREEMENT
    return term.agreeing >= least * term.reviewed


class _GermanWords:
    """All known German words, for the search of separated verbs."""

    def __contains__(self, word: object) -> bool:
        """Return whether a word is in the dictionary."""
        return isinstance(word, str) and is_known(word, lang="de")


_VERBS = _GermanWords()


class _Source:
    """A German text, its words, and their base forms by index, without function words.

    `excluded` are no candidates, but changes may belong to them: terms of the glossary, and
    nouns of time and measure.
    """

    def __init__(self, text: str, matcher: TermMatcher) -> None:
        self.text, self.words = text, find_words(text)
        self._verbs = {form: verb.verb for form, verb in find_separable_verbs(text, _VERBS)}
        known = [(match.start, match.end) for match in matcher.find(text) if not match.compound]
        self.bases: dict[int, str] = {}
        self.excluded: set[str] = set()
        for at, word in enumerate(self.words):
            if len(word.text) < 3 or not word.text.isalpha():
                continue
            if word.text.lower() in FUNCTION_WORDS["de"]:
                continue
            self.bases[at] = self._base(word)
            in_glossary = any(word.start < stop and start < word.end for start, stop in known)
            if in_glossary or is_stop_word(word.text):
                self.excluded.add(self.bases[at])

    def _base(self, word: Word) -> str:
        text = word.text
        if text in self._verbs:
            return self._verbs[text]
        if not text[:1].isupper():
            return lemma(text)
        if noun_lemma(text):
            return base_noun(text)
        lowered = text.lower()
        first = starts_sentence(self.text, Token(text, word.start, word.end))
        if first and is_known(lowered, lang="de"):
            return lemma(lowered)
        noun = base_noun(text)
        return noun.removesuffix("s") if noun == text else noun  # an unknown genitive


def _is_name(base: str) -> bool:
    return base[:1].isupper() and not noun_lemma(base) and not is_known(base.lower(), lang="de")


class _Side:
    """A translation: its words, their keys, and their alignment with the German words."""

    def __init__(self, text: str, source: _Source, language: str) -> None:
        self.text, self.words = text, find_words(text)
        self._language = base_language(language)
        self.keys = [self._key(word.text) for word in self.words]
        self.scores = align(source.words, self.words, language)
        # German words that the dictionary aligns, or that look the same.
        self.certain = {
            row: column
            for row in range(len(source.words))
            if (column := self.best(row)) is not None and self.scores[row][column] >= _CERTAIN
        }

    def best(self, row: int) -> int | None:
        """Return the word with which a German word aligns best."""
        scores = self.scores[row]
        return max(range(len(scores)), key=scores.__getitem__) if scores else None

    def is_content(self, at: int) -> bool:
        """Return whether a word is no function word and no number."""
        text = self.words[at].text
        functional = FUNCTION_WORDS.get(self._language, frozenset())
        return text[0].isalpha() and text.lower() not in functional

    def content(self, span: tuple[int, int], excluded: Collection[str] = ()) -> list[int]:
        """Return the content words of a range whose keys are not excluded."""
        return [at for at in range(*span) if self.is_content(at) and self.keys[at] not in excluded]

    def surface(self, at: int, *, names: bool) -> str:
        """Return a word without the capital that it only has at the start of a sentence."""
        word = self.words[at]
        lowered = word.text.lower()
        usual = not names and self._language in LEMMATIZED
        usual = usual and is_known(lowered, lang=self._language)
        first = starts_sentence(self.text, Token(word.text, word.start, word.end))
        return lowered if usual and first else word.text

    def _key(self, word: str) -> str:
        if self._language in LEMMATIZED:
            return lemma(word.lower(), self._language).lower()
        return word.casefold()


class _Comparison:
    """A draft and its approved version, compared word by word."""

    def __init__(self, text: ReviewedText, source: _Source, language: str) -> None:
        self._text, self._source = text, source
        self._old, self._new = (_Side(one, source, language) for one in (text.draft, text.target))

    def edits(self) -> Iterator[_Edit]:
        """Yield all phrases of each replaced stretch: those that recur are terms."""
        stretches = _stretches(self._old, self._new)
        removed = [Counter(self._old.keys[at] for at in range(*old)) for old, _ in stretches]
        inserted = [Counter(self._new.keys[at] for at in range(*new)) for _, new in stretches]
        for number, (old, new) in enumerate(stretches):
            # What was removed in one stretch and inserted in another one has moved.
            elsewhere = {key for n, keys in enumerate(inserted) if n != number for key in keys}
            arrived = {key for n, keys in enumerate(removed) if n != number for key in keys}
            before = self._old.content(old, elsewhere)
            after = self._new.content(new, arrived)
            if not before or not 0 < len(after) <= _MAX_REWRITTEN:
                continue
            for first, last in combinations_with_replacement(range(len(after)), 2):
                span = after[first : last + 1]
                kept = all(self._new.keys[at] in removed[number] for at in span)
                if not kept and span[-1] - span[0] < _MAX_WORDS:
                    same = len(before) == len(after)
                    edit = self._edit(before[first : last + 1] if same else before, before, span)
                    yield from (edit,) if edit else ()

    def _is_elsewhere(self, side: _Side, row: int, columns: Sequence[int]) -> bool:
        """Return whether a German word certainly aligns with a word that is not beside these."""
        column = side.certain.get(row)
        beside = 2 if is_compound(self._source.words[row].text) else 1
        return column is not None and not (columns[0] - beside <= column <= columns[-1] + beside)

    def _edit(
        self, replaced: Sequence[int], before: Sequence[int], after: Sequence[int]
    ) -> _Edit | None:
        """Return the edit for a phrase `after`; `before` is the whole stretch of the draft."""
        words, bases = self._source.words, self._source.bases
        rows = [
            row
            for row in bases
            if not self._is_elsewhere(self._old, row, before)
            and not self._is_elsewhere(self._new, row, after)
        ]
        if not rows:
            return None
        owners: dict[str, float] = {}
        for row in rows:
            strength = self._strength(self._old, row, before)
            strength += self._strength(self._new, row, after)
            owners[bases[row]] = max(owners.get(bases[row], 0.0), strength)
        names = all(_is_name(base) for base in owners)
        old, span = self._old, range(after[0], after[-1] + 1)
        return _Edit(
            self._text,
            tuple(self._new.keys[at] for at in span),
            tuple(self._new.surface(at, names=names) for at in span),
            self._text.draft[old.words[replaced[0]].start : old.words[replaced[-1]].end],
            owners,
            frozenset(bases[row] for row in rows if words[row].text == bases[row]),
            self._beside(after[0], -1, rows),
            self._beside(after[-1], 1, rows),
        )

    def _strength(self, side: _Side, row: int, columns: Sequence[int]) -> float:
        certain = side.certain.get(row)
        if certain is not None:
            return 2.0 if certain in columns else 0.5
        return 1.0 if side.best(row) in columns else 0.0

    def _beside(self, at: int, step: int, rows: Sequence[int]) -> tuple[tuple[str, str], ...]:
        side = self._new
        taken = {column for row, column in side.certain.items() if row not in rows}
        found = []
        for other in (at + step, at + 2 * step):
            first, last = sorted((other - step, other))
            if not 0 <= other < len(side.words) or other in taken or not side.is_content(other):
                break
            if side.text[side.words[first].end : side.words[last].start] != " ":
                break
            found.append((side.keys[other], side.surface(other, names=False)))
        return tuple(found)


def _stretches(old: _Side, new: _Side) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return the ranges that differ; an insertion and a deletion around one word are one range."""
    found: list[tuple[tuple[int, int], tuple[int, int]]] = []
    matcher = SequenceMatcher(None, old.keys, new.keys, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        if found:
            (e, f), (g, h) = found[-1]
            near = len(old.content((f, a))) <= 1
            if near and ((e == f and c == d) or (g == h and a == b)):
                found[-1] = (e, b), (g, d)
                continue
        found.append(((a, b), (c, d)))
    return found


def _owner(edits: Sequence[_Edit], min_count: int) -> str:
    """Return the German word that was translated in most of the segments, "" if it is unclear."""
    sources: dict[str, set[str]] = defaultdict(set)
    strengths: Counter[str] = Counter()
    for edit in edits:
        for base, strength in edit.owners.items():
            sources[base].add(edit.text.source)
            strengths[base] += round(10 * strength)
    ranked = sorted(sources, key=lambda base: (-len(sources[base]), -strengths[base]))
    if not ranked or len(sources[ranked[0]]) < min_count:
        return ""
    rank = [(len(sources[base]), strengths[base]) for base in ranked[:2]]
    return "" if len(rank) > 1 and rank[0] == rank[1] else ranked[0]


def _term(
    base: str,
    edits: Sequence[_Edit],
    occurrences: Mapping[str, Sequence[ReviewedText]],
    language: str,
) -> EditedTerm:
    target = _target(base, edits)
    replaced = Counter(edit.replaced.lower() for edit in edits)
    texts = tuple(dict.fromkeys(edit.text for edit in edits))
    reviewed = occurrences[base]
    return EditedTerm(
        base,
        target,
        tuple(words for words, _ in replaced.most_common()),
        len({text.source for text in texts}),
        len({text.article for text in texts}),
        len(reviewed),
        sum(bool(TargetMatcher(one.target, language).find(target)) for one in reviewed),
        tuple(EditExample(t.article, t.source, t.draft, t.target) for t in texts[:_EXAMPLES]),
    )


def _target(base: str, edits: Sequence[_Edit]) -> str:
    """Return the base form of the words put in, as reviewers wrote it if they did."""
    left = _constant(base, edits, [edit.left for edit in edits])[::-1]
    right = _constant(base, edits, [edit.right for edit in edits])
    own = [edit for edit in edits if base in edit.base_forms]
    surfaces = [surface for surface, _ in Counter(e.surface for e in own or edits).most_common()]
    key = edits[0].key
    lowered = [s for s in surfaces if all(w.lower() == k for w, k in zip(s, key, strict=True))]
    if lowered or own:
        words = (lowered or surfaces)[0]
    else:
        pairs = zip(surfaces[0], key, strict=True)
        words = tuple(base if word.islower() else word for word, base in pairs)
    return " ".join((*left, *words, *right))


def _constant(
    base: str, edits: Sequence[_Edit], beside: Sequence[tuple[tuple[str, str], ...]]
) -> tuple[str, ...]:
    """Return the unchanged words that are beside all edits, and so belong to the term.

    None if all segments share another German word, whose translation they may be.
    """
    shared = frozenset.intersection(*(frozenset(edit.owners) for edit in edits))
    if shared != {base}:
        return ()
    same = takewhile(lambda words: len({key for key, _ in words}) == 1, zip(*beside, strict=False))
    return tuple(words[0][1] for words in same)
