"""German compounds: which parts a word is made of, and what an ellipsis leaves out.

A part counts only where the rest of the word is made of known words too: `Rat` is a part
of `Stadtrat`, not of `Ratte`. Joints follow the grammar: a form of the noun (`Kinder-`,
`Länder-`), an `s` (`Regierungs-`), a lost `e` (`Schul-`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.lemmas import Word, lemma, noun
from pipeline.model import Term

_MIN = 3
_SHORT = frozenset({"öl", "ei"})
# Known as words, but in front of a noun they make another word of it, not a compound.
_PARTICLES = frozenset(
    "ab an auf aus bei be da dar durch ein emp ent er für ge her hin hinter in los miss mit"
    " nach nieder ob ohn ohne über um un unter ur ver vor weg wider wieder zer zu".split()
)
# Nouns in a dictionary, suffixes at the end of a word.
_SUFFIXES = frozenset(
    "schaft heit keit tum ling ion ismus ist ant ant ent enz ung nis chen lein ern ens ei er".split()
)
_CONJUNCTIONS = frozenset({"und", "oder", "bzw", "sowie", "wie", "noch", "als", "auch", "bis"})
_HYPHENS = "-\u2010\u2011"


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


class Compounds:
    """Finds terms of one word as parts of longer words; `single` names a word's own term."""

    def __init__(self, single: Callable[[str], Term | None]) -> None:
        self._single = single
        self._known: dict[str, tuple[Part, ...]] = {}

    def parts(self, word: str) -> tuple[Part, ...]:
        """Find the terms that `word` is made of; a word that is a term itself has no parts."""
        found = self._known.get(word)
        if found is None:
            whole = len(word) < 2 * _MIN - 1 or not word[:1].isupper() or not word.isalpha()
            found = () if whole or self._single(word) else tuple(self._split(word))
            self._known[word] = found
        return found

    def _split(self, word: str) -> Iterator[Part]:
        end = 0
        size = len(word)
        for start in range(size - _MIN + 1):
            if start < end or (start and not _modifies(word[:start])):
                continue
            for stop in range(size, start + _MIN - 1, -1):
                if stop - start == size:
                    continue
                part = self._part(word, start, stop)
                if part:
                    yield part
                    end = part.end
                    break

    def _part(self, word: str, start: int, stop: int) -> Part | None:
        piece = word[start:stop].capitalize()
        if stop == len(word):
            term = self._single(piece)
            return Part(term, start, stop) if term and _agrees(word, piece) else None
        if not _heads(word[stop:]):
            return None
        for base in _bases(piece):
            term = self._single(base)
            if term:
                return Part(term, start, stop)
        return None


def ellipses(text: str, found: list[Word]) -> Iterator[Ellipsis]:
    """Find words with a part left out: `Staats- und Regierungschefs`, `Waffenhilfe und -exporte`."""
    if not any(mark in text for mark in _HYPHENS):
        return
    for at, word in enumerate(found):
        after = text[word.end : word.end + 2]
        if after[:1] and after[0] in _HYPHENS and not after[1:].isalnum():
            full = _after(text, found, at)
            if full and word.text[:1].isupper():
                tails = (full[cut:].lower() for cut in range(_MIN, len(full) - _MIN + 1))
                guesses = tuple(word.text + tail for tail in tails)
                yield Ellipsis(word.start, word.end + 1, guesses)
        before = text[max(word.start - 2, 0) : word.start]
        if before[-1:] and before[-1] in _HYPHENS and before[:-1].isspace() and at:
            full = _before(found, at)
            if full:
                heads = (full[:cut] for cut in range(len(full) - _MIN, _MIN - 1, -1))
                guesses = tuple(head + word.text.lower() for head in heads)
                yield Ellipsis(word.start - 1, word.end, guesses)
        if after[:1] and after[0] in _HYPHENS and at + 1 < len(found):
            following = found[at + 1]
            if following.start == word.end + 1 and word.text[:1].isupper():
                whole = word.text + following.text.lower()
                yield Ellipsis(word.start, following.end, (whole,))


def _after(text: str, found: list[Word], at: int) -> str:
    """Give the word that completes `found[at]`: the first one behind it without a hyphen."""
    for word in found[at + 1 : at + 6]:
        if word.text[:1].isupper() and text[word.end : word.end + 1] not in tuple(_HYPHENS):
            return word.text
    return ""


def _before(found: list[Word], at: int) -> str:
    for word in reversed(found[max(at - 3, 0) : at]):
        if word.text[:1].isupper():
            return word.text
        if word.text not in _CONJUNCTIONS:
            return ""
    return ""


def _agrees(word: str, head: str) -> bool:
    """Refuse a head that the word's own lemma does not end with: `Montage` has no `Tage`."""
    whole, end = noun(word), noun(head) or head
    return not whole or whole.lower().endswith(end.lower())


@lru_cache(1 << 16)
def _bases(piece: str) -> tuple[str, ...]:
    """Give what a first part may be a joint form of: `Regierungs`, `Schul`, `Geschichts`."""
    bases = [piece, piece + "e"]
    if piece.endswith("s") and len(piece) > _MIN:
        bases += [piece[:-1], piece[:-1] + "e"]
    return tuple(bases)


@lru_cache(1 << 16)
def _modifies(text: str) -> bool:
    """Tell whether `text` can stand as the first part (or parts) of a compound."""
    lowered = text.lower()
    if lowered in _PARTICLES or (len(text) < _MIN and lowered not in _SHORT):
        return False
    piece = text.capitalize()
    if any(noun(base) for base in _bases(piece)) or _is_stem(lowered):
        return True
    return any(
        _modifies(text[:cut]) and _modifies(text[cut:])
        for cut in range(_MIN, len(text) - _MIN + 1)
    )


@lru_cache(1 << 16)
def _heads(text: str) -> bool:
    """Tell whether `text` can stand as the last part (or parts) of a compound."""
    lowered = text.lower()
    if lowered in _SUFFIXES or (len(text) < _MIN and lowered not in _SHORT):
        return False
    if noun(text.capitalize()):
        return True
    return any(
        _modifies(text[:cut]) and _heads(text[cut:]) for cut in range(_MIN, len(text) - _MIN + 1)
    )


def _is_stem(lowered: str) -> bool:
    """Tell whether a word is an adjective or a verb's stem that can be a first part."""
    import simplemma

    if len(lowered) < 4 and lowered not in ("alt", "neu", "rot"):
        return False
    if simplemma.is_known(lowered, lang="de") and lemma(lowered) == lowered:
        return True
    verbs = (lowered + "en", lowered + "n")
    return any(simplemma.is_known(verb, lang="de") and lemma(verb) == verb for verb in verbs)
