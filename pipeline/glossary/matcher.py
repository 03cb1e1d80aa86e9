"""Find glossary terms in German text, inflected or not, and verify translations.

Terms form a trie of words. A word is found by its lookup keys (see `pipeline.lang.tokenizer`),
so that one scan of a text finds all terms.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from threading import Lock

from pipeline.core import Term, TermMatch, TermStatus
from pipeline.glossary.file import Glossary
from pipeline.glossary.target_matcher import TargetMatcher
from pipeline.lang import HYPHENS, CompoundSplitter, Token, TokenCache, tokenize
from pipeline.lang.german import ellipses, term_keys, text_keys

# Bounds of the memo: number of texts, and their total length.
_MEMO_TEXTS = 1 << 16
_MEMO_CHARACTERS = 1 << 24

# Separators of the words of a term: blanks, hyphens, markup for emphasis.
_WORD_GAP = re.compile(r"(?:[^\S\n]|\n(?!\s*\n)|[-\u2010\u2011*_])+")

# A hyphen that connects to a word elsewhere: Staats- und, -chefs.
_OPEN_HYPHEN = re.compile(rf"[{HYPHENS}](?![^\W_])|(?:^|\s)[{HYPHENS}]")

# A hyphen that is not between two word characters: a part of the word is elided.
_LOOSE_HYPHEN = re.compile(rf"[{HYPHENS}](?![^\W_])|(?<![^\W_])[{HYPHENS}]")


@dataclass(frozen=True, slots=True)
class TermUse:
    """How a translation uses a term of its source.

    `start` and `end` are the first occurrence in the source. `respected` is true if the translation
    contains one of `targets`, or if there are none (a source with forbidden rows only). `forbidden`
    are the forbidden targets in the translation.
    """

    term: Term
    start: int
    end: int
    respected: bool
    targets: tuple[str, ...]
    forbidden: tuple[str, ...] = ()


@dataclass(slots=True)
class _Node:
    """A node of the trie: terms that end here, and following words by key."""

    terms: list[int] = field(default_factory=list)
    edges: dict[str, list[_Node]] = field(default_factory=dict)
    words: dict[tuple[str, bool, bool], _Node] = field(default_factory=dict)

    def follow(self, keys: Iterable[str]) -> list[_Node]:
        followers: dict[int, _Node] = {}
        for key in keys:
            for node in self.edges.get(key, ()):
                followers[id(node)] = node
        return list(followers.values())


class TermMatcher:
    """Finds the terms of a glossary in texts; build one for each glossary and run."""

    def __init__(self, glossary: Glossary) -> None:
        self.glossary = glossary
        self._terms = [t for t in glossary.terms if t.status is not TermStatus.FORBIDDEN]
        self._forbidden: dict[str, list[Term]] = {}
        targets = {term.source for term in self._terms}
        for term in glossary.terms:
            if term.status is TermStatus.FORBIDDEN:
                self._forbidden.setdefault(term.source, []).append(term)
                if term.source not in targets:
                    self._terms.append(term)
                    targets.add(term.source)
        self._root = _Node()
        single_words = []
        for number, term in enumerate(self._terms):
            for form in (term.source, *term.forms):
                self._insert(form, term.exact_case, number)
                single_words += [form] if form.isalpha() else []
        self._has_number_terms = any(first.isdecimal() for first, _, _ in self._root.words)
        self._start_cache: dict[str, list[_Node]] = {}
        self._piece_terms = TokenCache(self._terms_of_piece)
        self._compounds = CompoundSplitter(self._single_word_term, single_words)
        self._memo: dict[str, tuple[TermMatch, ...]] = {}
        self._memo_characters = 0
        self._memo_lock = Lock()

    def find(self, text: str) -> tuple[TermMatch, ...]:
        """Find the terms in a German text, by start; of overlapping terms, the longest.

        Terms inside longer words have `compound` set.
        """
        tokens = tokenize(text)
        full = self._matches(text, tokens)
        covered = bytearray(len(text))
        for match in full:
            covered[match.start : match.end] = b"\1" * (match.end - match.start)
        parts = self._compound_parts(text, tokens)
        free = [part for part in parts if not any(covered[part.start : part.end])]
        matches = [m for m in (*full, *free) if m.term.status is not TermStatus.FORBIDDEN]
        return tuple(sorted(matches, key=lambda match: (match.start, match.end)))

    def required(self, text: str) -> tuple[tuple[str, str], ...]:
        """Return the pairs (surface form, preferred target) that a text requires."""
        pairs = ((text[m.start : m.end], m.term) for m in self._matches(text))
        return tuple(
            dict.fromkeys(
                (surface, term.targets[0])
                for surface, term in pairs
                if term.status is not TermStatus.FORBIDDEN
            )
        )

    def verify(self, source: str, target: str) -> tuple[TermUse, ...]:
        """Return how `target` uses each distinct term of `source`."""
        target_matcher = TargetMatcher(target, self.glossary.language)
        first: dict[str, TermMatch] = {}
        for match in self._matches(source):
            first.setdefault(match.term.source, match)
        return tuple(self._use(match, target_matcher) for match in first.values())

    def clearly_used(self, pieces: Iterable[str], target: str) -> bool:
        """Return whether `verify` certainly reports no problem: a fast pre-check.

        `pieces` are the pieces of the source that `may_begin` a term. The result is true if each
        term is a single word and the translation contains its target literally.
        """
        target_matcher = TargetMatcher(target, self.glossary.language)
        terms = chain.from_iterable(map(self._piece_terms.__getitem__, pieces))
        return all(
            term is not None and self._is_clearly_used(term, target_matcher) for term in terms
        )

    def _terms_of_piece(self, piece: str) -> tuple[Term | None, ...]:
        """Return the terms of a piece, (None,) if the words around it matter."""
        tokens = tokenize(piece)
        if _OPEN_HYPHEN.search(piece) or any(
            node.edges for word in tokens for node in self._start_nodes(word.text)
        ):
            return (None,)
        return tuple(match.term for match in _longest(self._whole_words(piece, tokens), len(piece)))

    def _use(self, match: TermMatch, target_matcher: TargetMatcher) -> TermUse:
        term = match.term
        if self._is_clearly_used(term, target_matcher):
            return TermUse(term, match.start, match.end, True, term.targets)
        spans: list[tuple[int, int]] = []
        targets = () if term.status is TermStatus.FORBIDDEN else term.targets
        for choice in targets:
            if term.status is TermStatus.KEEP:
                spans += target_matcher.find_verbatim(choice)
            else:
                spans += target_matcher.find(choice, exact=term.exact_case)
        forbidden = [
            choice
            for row in self._forbidden.get(term.source, ())
            for choice in row.targets
            if any(
                not _overlaps(*span, spans)
                for span in target_matcher.find(choice, exact=row.exact_case)
            )
        ]
        respected = bool(spans) or not targets
        unique = tuple(dict.fromkeys(forbidden))
        return TermUse(term, match.start, match.end, respected, targets, unique)

    def _is_clearly_used(self, term: Term, target_matcher: TargetMatcher) -> bool:
        """Return whether a term has no forbidden targets and is used literally."""
        exact = term.exact_case or term.status is TermStatus.KEEP
        return term.source not in self._forbidden and any(
            target_matcher.contains_exact(choice, exact=exact) for choice in term.targets
        )

    def _insert(self, form: str, exact: bool, number: int) -> None:
        parts = tokenize(form)
        node = self._root
        for at, part in enumerate(parts):
            last = at == len(parts) - 1
            name = (part.text, last, exact)
            if name not in node.words:
                child = node.words[name] = _Node()
                for key in term_keys(part.text, single=len(parts) == 1, last=last, exact=exact):
                    node.edges.setdefault(key, []).append(child)
            node = node.words[name]
        if parts:
            node.terms.append(number)
        if len(parts) == 2 and any(mark in form for mark in HYPHENS):
            self._insert(parts[0].text + parts[1].text.lower(), exact, number)

    def _single_word_term(self, word: str) -> Term | None:
        """Return the one-word term that `word` is a form of."""
        numbers = [n for node in self._start_nodes(word) for n in node.terms]
        return self._terms[self._best(numbers, word)] if numbers else None

    def _start_nodes(self, word: str) -> list[_Node]:
        nodes = self._start_cache.get(word)
        if nodes is None:
            if word.isdecimal():  # unbounded, so not cached
                return self._root.edges.get(f"l:{word}", [])
            nodes = self._start_cache[word] = self._root.follow(text_keys(word))
        return nodes

    def _best(self, numbers: list[int], surface: str) -> int:
        """Select one of several terms: the one with the same spelling, else the first."""
        same = [n for n in numbers if self._terms[n].source == surface]
        return min(same or numbers)

    def _matches(self, text: str, tokens: list[Token] | None = None) -> tuple[TermMatch, ...]:
        """Return the whole-word matches of a text, scanning each text once.

        The memo drops the oldest texts first. Threads may share a matcher.
        """
        matches = self._memo.get(text)
        if matches is None:
            matches = self._scan(text, tokenize(text) if tokens is None else tokens)
            with self._memo_lock:
                if text not in self._memo:
                    self._memo[text] = matches
                    self._memo_characters += len(text)
                while len(self._memo) > _MEMO_TEXTS or self._memo_characters > _MEMO_CHARACTERS:
                    oldest = next(iter(self._memo))
                    del self._memo[oldest]
                    self._memo_characters -= len(oldest)
        return matches

    def _scan(self, text: str, tokens: list[Token]) -> tuple[TermMatch, ...]:
        """Find terms that are whole words; of overlapping matches, the longest."""
        return tuple(_longest(self._whole_words(text, tokens), len(text)))

    def may_begin(self, piece: str) -> bool:
        """Return whether a piece between blanks may begin or end a term.

        The result is the same for all digits.
        """
        tokens = tokenize(piece)
        if any(
            self._has_number_terms if w.text.isdecimal() else self._start_nodes(w.text)
            for w in tokens
        ):
            return True
        hyphened = any(mark in piece for mark in HYPHENS)
        return hyphened and (
            _LOOSE_HYPHEN.search(piece) is not None or bool(self._ellipses(piece, tokens))
        )

    def _whole_words(self, text: str, tokens: list[Token]) -> list[TermMatch]:
        """Find terms that are whole words, including overlapping ones."""
        candidates = [
            match
            for at, word in enumerate(tokens)
            if self._start_nodes(word.text)
            for match in self._matches_from(text, tokens, at)
        ]
        return candidates + self._ellipses(text, tokens)

    def _ellipses(self, text: str, tokens: list[Token]) -> list[TermMatch]:
        """Find terms in words with a suspended hyphen (`Staats- und Regierungschefs`)."""
        matches = []
        for gap in ellipses(text, tokens):
            term = next(filter(None, map(self._single_word_term, gap.guesses)), None)
            if term:
                matches.append(TermMatch(term, gap.start, gap.end))
        return matches

    def _matches_from(self, text: str, tokens: list[Token], at: int) -> Iterator[TermMatch]:
        """Find the terms that begin at word `at` and are whole words."""
        if _is_hyphenated(text, tokens[at].start - 1, -1):
            return
        nodes, end = self._start_nodes(tokens[at].text), at
        while nodes:
            numbers = [n for node in nodes for n in node.terms]
            stop = tokens[end].end
            if numbers and not _is_hyphenated(text, stop, 1):
                start = tokens[at].start
                best = self._best(numbers, text[start:stop])
                yield TermMatch(self._terms[best], start, stop)
            end += 1
            nodes = [node for node in nodes if node.edges]
            if not nodes or end == len(tokens):
                return
            if not _WORD_GAP.fullmatch(text, stop, tokens[end].start):
                return
            keys = text_keys(tokens[end].text)
            nodes = list({id(n): n for node in nodes for n in node.follow(keys)}.values())

    def _compound_parts(self, text: str, tokens: list[Token]) -> Iterator[TermMatch]:
        """Find terms that are a part of a compound or of a hyphenated word."""
        compounds = self._compounds
        hyphens = any(mark in text for mark in HYPHENS)
        for word in tokens:
            if hyphens and (
                _is_hyphenated(text, word.start - 1, -1) or _is_hyphenated(text, word.end, 1)
            ):
                term = self._single_word_term(word.text)
                if term:
                    yield TermMatch(term, word.start, word.end, compound=True)
                    continue
            if word.end - word.start == len(word.text):
                for part in compounds.split(word.text):
                    start = word.start + part.start
                    yield TermMatch(part.term, start, word.start + part.end, compound=True)


def _is_hyphenated(text: str, at: int, step: int) -> bool:
    """Return whether a hyphen at `at` joins a word to another word."""
    tied = 0 <= at < len(text) and text[at] in HYPHENS
    return tied and 0 <= at + step < len(text) and text[at + step].isalnum()


def _longest(candidates: list[TermMatch], size: int) -> list[TermMatch]:
    """Select the longest of overlapping matches in a text of `size` characters."""
    if not candidates:
        return []
    covered = bytearray(size)
    selected = []
    for match in sorted(candidates, key=lambda m: (m.start - m.end, m.start)):
        if not any(covered[match.start : match.end]):
            covered[match.start : match.end] = b"\1" * (match.end - match.start)
            selected.append(match)
    return sorted(selected, key=lambda match: match.start)


def _overlaps(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in spans)


def terms_digest(pairs: Iterable[tuple[str, str]]) -> str:
    """Return eight hexadecimal digits of the terms that a segment requires.

    `pairs` are those of `TermMatcher.required`; the digest of no pairs is `-`.
    """
    lines = "\n".join(f"{source}\t{target}" for source, target in pairs)
    return hashlib.sha256(lines.encode()).hexdigest()[:8] if lines else "-"


def is_digest_of_terms(digest: str, pairs: Iterable[tuple[str, str]]) -> bool:
    """Return whether the digest in a provenance, which may be shorter, is that of the terms."""
    return bool(digest) and terms_digest(pairs).startswith(digest)
