"""German compounds: split words into their parts, and complete elliptical words.

A part counts only if the rest of the word consists of known words too: `Rat` is a part of
`Stadtrat`, not of `Ratte`. Linking elements follow the grammar: a form of the noun
(`Kinder-`, `Länder-`), an `s` (`Regierungs-`), a dropped `e` (`Schul-`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.core import Term
from pipeline.lang.german.morphology import fold_umlauts, lemma, noun_lemma
from pipeline.lang.german.regional_spelling import regional_spellings, standard_spelling
from pipeline.lang.lemmatizer import is_known
from pipeline.lang.tokenizer import HYPHENS, Token


def _set(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


_HYPHEN = re.compile(f"[{HYPHENS}]")
_MIN_LENGTH = 4
_MAX_LENGTH = 100
"""Letters; the time grows with the cube, and the longest German words have about 80."""

_PREFIX_LENGTH = 3
# Valid short parts; a dictionary also lists short entries that are not words (His, Sch).
_SHORT_WORDS = _set(
    "öl ei aal akt alm amt arm art ast aas abo app bad bau bär bus box dom ehe eid eis erz fan fee",
    " fuß gas gen gut hai heu hof hut ion job jet kai kap kuh kur lob los mai mob mut not ohr ort",
    " ost pol rad rat ruf see set ski süd tag tal tat tee tod ton tor typ tür uhr uni wal weg wut",
    " zug zoo zar",
)
# Bound first parts, which dictionaries do not list as words.
_CONFIXES = _set(
    "agrar anti bio cyber elektro geo hydro infra inter kontra makro mega mikro mini multi neo",
    " öko polit pseudo quasi semi super tele thermo trans ultra vize",
)
# Prefixes and particles: before a noun they derive another word, not a compound.
_PARTICLES = _set(
    "ab an auf aus bei be da dar durch ein emp ent er für ge her hin hinter in los miss mit",
    " nach nieder ob ohn ohne über um un unter ur ver vor weg wider wieder zer zu",
)
# Nouns in the dictionary, but suffixes at the end of a word.
_SUFFIXES = frozenset({"schaft", "schaften", "ling", "ismus", "chen", "lein", "ion", "ei"})
_CONJUNCTIONS = frozenset({"und", "oder", "bzw", "sowie", "wie", "noch", "als", "auch", "bis"})


@dataclass(frozen=True, slots=True)
class Part:
    """A term that is a part of a word, at `start:end` of it."""

    term: Term
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ellipsis:
    """An elliptical word (`Staats-`) and the complete words it may stand for."""

    start: int
    end: int
    guesses: tuple[str, ...]


class CompoundSplitter:
    """A finder of one-word terms that are parts of longer words.

    `single` returns the term a word is a form of. `sources` are all one-word terms and their
    forms; only positions where one of their beginnings occurs are examined.
    """

    def __init__(self, single: Callable[[str], Term | None], sources: Iterable[str]) -> None:
        self._single = single
        self._prefixes = {
            fold_umlauts(spelling)[:_PREFIX_LENGTH]
            for source in sources
            for spelling in (source, *regional_spellings(source))
        }
        self._cache: dict[str, tuple[Part, ...]] = {}

    def split(self, word: str) -> tuple[Part, ...]:
        """Return the terms a word consists of; a word that is a term itself has no parts."""
        found = self._cache.get(word)
        if found is None:
            whole = not word[:1].isupper() or not word.isalpha() or len(word) > _MAX_LENGTH
            found = () if whole or self._single(word) else tuple(self._split(word))
            self._cache[word] = found
        return found

    def _split(self, word: str) -> Iterator[Part]:
        end = 0
        size = len(word)
        for start in self._starts(word):
            if start < end or (start and not _modifies(word[:start])):
                continue
            for stop in range(size, start + 1, -1):
                whole = stop - start == size
                part = None if whole else self._part(word, start, stop)
                if part:
                    yield part
                    end = part.end
                    break

    def _starts(self, word: str) -> list[int]:
        letters, prefixes = fold_umlauts(word), self._prefixes
        return [
            start
            for start in range(len(letters) - 1)
            if letters[start : start + _PREFIX_LENGTH] in prefixes
            or letters[start : start + 2] in prefixes
        ]

    def _part(self, word: str, start: int, stop: int) -> Part | None:
        piece = word[start:stop].capitalize()
        if piece.lower() in _SUFFIXES:
            return None
        if stop == len(word):
            term = self._single(piece)
            return Part(term, start, stop) if term and _agrees(word, piece) else None
        if not _heads(word[stop:]):
            return None
        for base in _linked_bases(piece):
            term = self._single(base)
            if term:
                joint = piece.endswith("s") and self._single(piece[:-1]) is term
                return Part(term, start, stop - joint)
        return None


def is_compound(word: str) -> bool:
    """Return whether a noun can be split into known words; a very long one never is."""
    return len(word) <= _MAX_LENGTH and any(
        _modifies(word[:cut]) and _heads(word[cut:]) for cut in range(2, len(word) - 1)
    )


def ellipses(text: str, tokens: list[Token]) -> Iterator[Ellipsis]:
    """Find elliptical words: `Staats- und Regierungschefs`, `Waffenhilfe und -export`."""
    if not any(mark in text for mark in HYPHENS):
        return
    marks = {match.start() for match in _HYPHEN.finditer(text)}
    for index, word in enumerate(tokens):
        if word.end not in marks and word.start - 1 not in marks:
            continue
        after = text[word.end : word.end + 2]
        if after[:1] and after[0] in HYPHENS and not after[1:].isalnum():
            full = _completion_after(text, tokens, index)
            if full and word.text[:1].isupper():
                tails = (full[cut:].lower() for cut in range(3, len(full) - 2))
                guesses = tuple(word.text + tail for tail in tails)
                yield Ellipsis(word.start, word.end + 1, guesses)
        before = text[max(word.start - 2, 0) : word.start]
        if before[-1:] and before[-1] in HYPHENS and before[:-1].isspace() and index:
            full = _completion_before(tokens, index)
            if full:
                heads = (full[:cut] for cut in range(len(full) - 3, 2, -1))
                guesses = tuple(head + word.text.lower() for head in heads)
                yield Ellipsis(word.start - 1, word.end, guesses)
        if after[:1] and after[0] in HYPHENS and index + 1 < len(tokens):
            following = tokens[index + 1]
            if following.start == word.end + 1 and word.text[:1].isupper():
                whole = word.text + following.text.lower()
                yield Ellipsis(word.start, following.end, (whole,))


def _completion_after(text: str, tokens: list[Token], index: int) -> str:
    """Return the word that completes `tokens[index]`: the next one without a hyphen."""
    for word in tokens[index + 1 : index + 6]:
        if word.text[:1].isupper() and text[word.end : word.end + 1] not in tuple(HYPHENS):
            return word.text if len(word.text) <= _MAX_LENGTH else ""
    return ""


def _completion_before(tokens: list[Token], index: int) -> str:
    for word in reversed(tokens[max(index - 3, 0) : index]):
        if word.text[:1].isupper():
            return word.text if len(word.text) <= _MAX_LENGTH else ""
        if word.text not in _CONJUNCTIONS:
            return ""
    return ""


def _agrees(word: str, head: str) -> bool:
    """Return whether the lemma of a word ends with a head: `Tage` not in `Montage`."""
    if word.endswith("ende") and noun_lemma(word + "r"):
        return False  # a participle: Vorsitzende
    whole, head = noun_lemma(standard_spelling(word)), standard_spelling(head)
    end = noun_lemma(head) or head
    return not whole or whole.lower().endswith(end.lower())


@lru_cache(1 << 16)
def _linked_bases(piece: str) -> tuple[str, ...]:
    """Return the nouns of a first part: `Regierungs`, `Schul`, `Geschichts`."""
    bases = [piece, piece + "e"]
    if piece.endswith("s") and len(piece) > 3:
        bases += [piece[:-1], piece[:-1] + "e"]
    return tuple(bases)


@lru_cache(1 << 16)
def _modifies(text: str) -> bool:
    """Return whether a text can be the first part (or parts) of a compound."""
    if len(text) > _MAX_LENGTH:
        return False
    text = standard_spelling(text.capitalize())
    lowered = text.lower()
    if lowered in _CONFIXES or lowered in _SHORT_WORDS:
        return True
    if lowered in _PARTICLES or len(text) < 3:
        return False
    if any(
        noun_lemma(base) for base in _linked_bases(text) if len(base) >= _MIN_LENGTH
    ) or _is_stem(lowered):
        return True
    return any(_modifies(text[:cut]) and _modifies(text[cut:]) for cut in range(2, len(text) - 1))


@lru_cache(1 << 16)
def _heads(text: str) -> bool:
    """Return whether a text can be the last part (or parts) of a compound."""
    if len(text) > _MAX_LENGTH:
        return False
    text = standard_spelling(text.capitalize())
    lowered = text.lower()
    if lowered in _SUFFIXES or not (len(text) >= _MIN_LENGTH or lowered in _SHORT_WORDS):
        return False
    return bool(noun_lemma(text)) or is_compound(text)


def _is_stem(lowered: str) -> bool:
    """Return whether a word is an adjective or verb stem that can be a first part."""
    if len(lowered) < 4 and lowered not in ("alt", "bar", "neu", "roh", "rot"):
        return False
    if is_known(lowered, lang="de") and lemma(lowered) == lowered:
        return True
    verbs = (lowered + "en", lowered + "n")
    return any(is_known(verb, lang="de") and lemma(verb) == verb for verb in verbs)
