"""German compounds: which parts a word is made of, and what an ellipsis leaves out.

A part counts only where the rest of the word is made of known words too: `Rat` is a part
of `Stadtrat`, not of `Ratte`. Joints follow the grammar: a form of the noun (`Kinder-`,
`Länder-`), an `s` (`Regierungs-`), a lost `e` (`Schul-`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.core.types import Term
from pipeline.lang.german.morphology import lemma, noun, plain
from pipeline.lang.lemmatizer import is_known
from pipeline.lang.tokenizer import HYPHENS, Token


def _set(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


_HYPHEN = re.compile(f"[{HYPHENS}]")
_MIN = 4
_BEGINNING = 3
# A dictionary has many short entries that are no words (His, Sch): these are.
_SHORT = _set(
    "öl ei aal akt alm amt arm art ast aas abo app bad bau bär bus box dom ehe eid eis erz fan fee",
    " fuß gas gen gut hai heu hof hut ion job jet kai kap kuh kur lob los mai mob mut not ohr ort",
    " ost pol rad rat ruf see set ski süd tag tal tat tee tod ton tor typ tür uhr uni wal weg wut",
    " zug zoo zar",
)
# Bound first parts that no dictionary lists as words.
_CONFIXES = _set(
    "agrar anti bio cyber elektro geo hydro infra inter kontra makro mega mikro mini multi neo",
    " öko polit pseudo quasi semi super tele thermo trans ultra vize",
)
# Known as words, but in front of a noun they make another word of it, not a compound.
_PARTICLES = _set(
    "ab an auf aus bei be da dar durch ein emp ent er für ge her hin hinter in los miss mit",
    " nach nieder ob ohn ohne über um un unter ur ver vor weg wider wieder zer zu",
)
# Nouns in a dictionary, suffixes at the end of a word.
_SUFFIXES = frozenset({"schaft", "schaften", "ling", "ismus", "chen", "lein", "ion", "ei"})
_CONJUNCTIONS = frozenset({"und", "oder", "bzw", "sowie", "wie", "noch", "als", "auch", "bis"})


@dataclass(frozen=True, slots=True)
class Part:
    """A term as a part of a word, at `start:end` of it."""

    term: Term
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ellipsis:
    """A word with a part left out (`Staats-`), and the whole words that may be meant."""

    start: int
    end: int
    guesses: tuple[str, ...]


class CompoundSplitter:
    """Finds terms of one word as parts of longer words.

    `single` names a word's own term; `sources` are the terms of one word and their forms,
    of which only the beginnings count: they tell where in a word a look is worth its time.
    """

    def __init__(self, single: Callable[[str], Term | None], sources: Iterable[str]) -> None:
        self._single = single
        self._beginnings = {plain(source)[:_BEGINNING] for source in sources}
        self._known: dict[str, tuple[Part, ...]] = {}

    def split(self, word: str) -> tuple[Part, ...]:
        """Find the terms that `word` is made of; a word that is a term itself has no parts."""
        found = self._known.get(word)
        if found is None:
            whole = not word[:1].isupper() or not word.isalpha()
            found = () if whole or self._single(word) else tuple(self._split(word))
            self._known[word] = found
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
        letters, beginnings = plain(word), self._beginnings
        return [
            start
            for start in range(len(letters) - 1)
            if letters[start : start + _BEGINNING] in beginnings
            or letters[start : start + 2] in beginnings
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
        for base in _bases(piece):
            term = self._single(base)
            if term:
                joint = piece.endswith("s") and self._single(piece[:-1]) is term
                return Part(term, start, stop - joint)
        return None


def is_compound(word: str) -> bool:
    """Tell whether a noun can be taken apart into known words."""
    return any(_modifies(word[:cut]) and _heads(word[cut:]) for cut in range(2, len(word) - 1))


def ellipses(text: str, found: list[Token]) -> Iterator[Ellipsis]:
    """Find words with a part left out: `Staats- und Regierungschefs`, `Waffenhilfe und -export`."""
    if not any(mark in text for mark in HYPHENS):
        return
    marks = {match.start() for match in _HYPHEN.finditer(text)}
    for at, word in enumerate(found):
        if word.end not in marks and word.start - 1 not in marks:
            continue
        after = text[word.end : word.end + 2]
        if after[:1] and after[0] in HYPHENS and not after[1:].isalnum():
            full = _after(text, found, at)
            if full and word.text[:1].isupper():
                tails = (full[cut:].lower() for cut in range(3, len(full) - 2))
                guesses = tuple(word.text + tail for tail in tails)
                yield Ellipsis(word.start, word.end + 1, guesses)
        before = text[max(word.start - 2, 0) : word.start]
        if before[-1:] and before[-1] in HYPHENS and before[:-1].isspace() and at:
            full = _before(found, at)
            if full:
                heads = (full[:cut] for cut in range(len(full) - 3, 2, -1))
                guesses = tuple(head + word.text.lower() for head in heads)
                yield Ellipsis(word.start - 1, word.end, guesses)
        if after[:1] and after[0] in HYPHENS and at + 1 < len(found):
            following = found[at + 1]
            if following.start == word.end + 1 and word.text[:1].isupper():
                whole = word.text + following.text.lower()
                yield Ellipsis(word.start, following.end, (whole,))


def _after(text: str, found: list[Token], at: int) -> str:
    """Give the word that completes `found[at]`: the first one behind it without a hyphen."""
    for word in found[at + 1 : at + 6]:
        if word.text[:1].isupper() and text[word.end : word.end + 1] not in tuple(HYPHENS):
            return word.text
    return ""


def _before(found: list[Token], at: int) -> str:
    for word in reversed(found[max(at - 3, 0) : at]):
        if word.text[:1].isupper():
            return word.text
        if word.text not in _CONJUNCTIONS:
            return ""
    return ""


def _agrees(word: str, head: str) -> bool:
    """Refuse a head that the word's own lemma does not end with: `Montage` has no `Tage`."""
    if word.endswith("ende") and noun(word + "r"):
        return False  # a participle: Vorsitzende
    whole, end = noun(word), noun(head) or head
    return not whole or whole.lower().endswith(end.lower())


@lru_cache(1 << 16)
def _bases(piece: str) -> tuple[str, ...]:
    """Give what a first part may be a joint form of: `Regierungs`, `Schul`, `Geschichts`."""
    bases = [piece, piece + "e"]
    if piece.endswith("s") and len(piece) > 3:
        bases += [piece[:-1], piece[:-1] + "e"]
    return tuple(bases)


@lru_cache(1 << 16)
def _modifies(text: str) -> bool:
    """Tell whether `text` can stand as the first part (or parts) of a compound."""
    lowered = text.lower()
    if lowered in _CONFIXES or lowered in _SHORT:
        return True
    if lowered in _PARTICLES or len(text) < 3:
        return False
    piece = text.capitalize()
    if any(noun(base) for base in _bases(piece) if len(base) >= _MIN) or _is_stem(lowered):
        return True
    return any(_modifies(text[:cut]) and _modifies(text[cut:]) for cut in range(2, len(text) - 1))


@lru_cache(1 << 16)
def _heads(text: str) -> bool:
    """Tell whether `text` can stand as the last part (or parts) of a compound."""
    lowered = text.lower()
    if lowered in _SUFFIXES or not (len(text) >= _MIN or lowered in _SHORT):
        return False
    return bool(noun(text.capitalize())) or is_compound(text)


def _is_stem(lowered: str) -> bool:
    """Tell whether a word is an adjective or a verb's stem that can be a first part."""
    if len(lowered) < 4 and lowered not in ("alt", "bar", "neu", "roh", "rot"):
        return False
    if is_known(lowered, lang="de") and lemma(lowered) == lowered:
        return True
    verbs = (lowered + "en", lowered + "n")
    return any(is_known(verb, lang="de") and lemma(verb) == verb for verb in verbs)
