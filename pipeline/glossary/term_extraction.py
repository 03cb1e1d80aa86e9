"""Expressions that may belong into a glossary: frequent, and not in it yet.

Three kinds are collected: names and titles (`Weißes Haus`), an adjective with its noun
(`strategische Partnerschaft`), and compounds (`Sanktionspolitik`). What they mean is for
a human to decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.core.types import Article, BlockKind
from pipeline.glossary.matcher import TermMatcher
from pipeline.lang.german.compounds import is_compound
from pipeline.lang.german.morphology import lemma, noun, stem
from pipeline.lang.tokenizer import HYPHENS, Token, tokenize

_SKIPPED = frozenset({BlockKind.BOILERPLATE, BlockKind.BYLINE})
_ENDS = '.!?:…„“"»«•'
_AROUND = 40
# Inflected like adjectives, but they belong to no term; by their stems.
_NO_ADJECTIVES = frozenset(
    {
        *("all", "ander", "beid", "best", "d", "dass", "dies", "dein", "eigen", "ein", "einig"),
        *("einzeln", "erst", "euer", "ganz", "gleich", "groß", "gut", "halb", "ihr", "jed"),
        *("jen", "kein", "klein", "letzt", "manch", "mehr", "mehrer", "mein", "meist", "neu"),
        *("nächst", "sein", "selb", "solch", "sämtlich", "unser", "vergangen", "viel", "viert"),
        *("dritt", "voll", "weit", "weiter", "welch", "wenig", "wichtig", "zweit", "rund"),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TermCandidate:
    """An expression in its most frequent form, how often it occurs, and one place of it."""

    source: str
    count: int
    place: str
    example: str


@dataclass(slots=True)
class _Seen:
    forms: Counter[str] = field(default_factory=Counter)
    place: str = ""
    example: str = ""


def extract_terms(
    articles: Iterable[tuple[str, Article]], matcher: TermMatcher, least: int
) -> tuple[TermCandidate, ...]:
    """List what occurs `least` times or more, most frequent first, then by alphabet.

    `articles` are pairs (name to show, article). An expression that overlaps a term of
    the glossary is left out.
    """
    seen: dict[tuple[str, ...], _Seen] = {}
    for name, article in articles:
        for line, text in _blocks(article):
            taken = [(m.start, m.end) for m in matcher.find(text) if not m.compound]
            for key, start, end in _expressions(text):
                if any(start < stop and begin < end for begin, stop in taken):
                    continue
                entry = seen.setdefault(key, _Seen())
                entry.forms[_shown(key, text[start:end])] += 1
                if not entry.place:
                    entry.place, entry.example = f"{name}:{line}", _around(text, start, end)
    found = [
        TermCandidate(entry.forms.most_common(1)[0][0], count, entry.place, entry.example)
        for entry in seen.values()
        if (count := entry.forms.total()) >= least
    ]
    return tuple(sorted(found, key=lambda c: (-c.count, c.source.casefold())))


def _blocks(article: Article) -> Iterator[tuple[int, str]]:
    """Give the texts of an article with their lines, each once: titles are often repeated."""
    given: set[str] = set()
    for block in article.blocks:
        text = article.text[block.start : block.end]
        if block.kind not in _SKIPPED and text not in given:
            given.add(text)
            yield block.line, text


def _expressions(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Give every expression of a text as its key and its place."""
    found = tokenize(text)
    at = 0
    while at < len(found):
        length = _name(text, found, at) or _phrase(text, found, at) or _compound(text, found, at)
        if length:
            part = found[at : at + length]
            key = tuple(_base(word.text) for word in part)
            yield key, part[0].start, part[-1].end
        at += max(length, 1)


def _name(text: str, found: list[Token], at: int) -> int:
    """Count the capitalized words that follow one another as a name, with two or more."""
    if at and found[at - 1].text.isdigit():
        return 0  # 50 Milliarden Dollar
    length = 0
    for word in found[at:]:
        if not word.text[:1].isupper() or (
            length and not _follows(text, found[at + length - 1], word)
        ):
            break
        length += 1
    if length and _begins(text, found[at]) and not _is_name(found[at].text):
        return 0
    return length if 2 <= length <= 4 else 0


def _phrase(text: str, found: list[Token], at: int) -> int:
    if at + 1 >= len(found) or not _follows(text, found[at], found[at + 1]):
        return 0
    first, second = found[at].text, found[at + 1].text
    adjective = stem(first)
    if adjective in _NO_ADJECTIVES or adjective == first.lower() or len(adjective) < 3:
        return 0
    if first[:1].isupper() and not (_begins(text, found[at]) and not noun(first)):
        return 0
    if lemma(first).lower() in _NO_ADJECTIVES or lemma(first.lower()).endswith("en"):
        return 0  # a verb in front of a noun: liefern Waffen
    return 2 if noun(second) else 0


def _compound(text: str, found: list[Token], at: int) -> int:
    word = found[at]
    length = 1
    while at + length < len(found) and text[
        found[at + length - 1].end : found[at + length].start
    ] in tuple(HYPHENS):
        length += 1
    if length > 1:
        return length if found[at + length - 1].text[:1].isupper() else 0
    return int(word.text[:1].isupper() and is_compound(word.text))


def _follows(text: str, one: Token, other: Token) -> bool:
    return text[one.end : other.start] in (" ", "\u00a0")


def _begins(text: str, word: Token) -> bool:
    """Tell whether a word is the first one of a sentence, whose capital says nothing."""
    before = text[: word.start].rstrip()
    return not before or before[-1] in _ENDS


def _is_name(word: str) -> bool:
    return lemma(word)[:1].isupper() and lemma(word.lower())[:1].isupper()


def _base(word: str) -> str:
    return noun(word) or (stem(word) if word.islower() else word.removesuffix("s"))


def _shown(key: tuple[str, ...], surface: str) -> str:
    return key[0] if len(key) == 1 else " ".join(surface.split())


def _around(text: str, start: int, end: int) -> str:
    left, right = max(start - _AROUND, 0), min(end + _AROUND, len(text))
    shown = " ".join(text[left:right].split())
    return ("…" if left else "") + shown + ("…" if right < len(text) else "")
