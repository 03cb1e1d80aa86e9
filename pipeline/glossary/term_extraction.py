"""Suggest terms for a glossary: frequent expressions that are not in it.

They are names and titles (`Weißes Haus`), adjectives with a noun (`strategische Partnerschaft`)
and compounds (`Sanktionspolitik`). A human decides on their translation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pipeline.core import Article, BlockKind
from pipeline.glossary.matcher import TermMatcher
from pipeline.lang import HYPHENS, Token, tokenize
from pipeline.lang.german import is_compound, lemma, noun_lemma, stem

_SKIPPED = frozenset({BlockKind.BOILERPLATE, BlockKind.BYLINE})
_SENTENCE_ENDS = '.!?:…„“"»«•'
_CONTEXT = 40
# Stems of words that are inflected like adjectives but are not part of terms.
_EXCLUDED_STEMS = frozenset(
    {
        *("all", "ander", "beid", "best", "d", "dass", "dies", "dein", "eigen", "ein", "einig"),
        *("einzeln", "erst", "euer", "ganz", "gleich", "groß", "gut", "halb", "ihr", "jed"),
        *("jen", "kein", "klein", "letzt", "manch", "mehr", "mehrer", "mein", "meist", "neu"),
        *("nächst", "sein", "selb", "solch", "sämtlich", "unser", "vergangen", "viel", "viert"),
        *("dritt", "voll", "weit", "weiter", "welch", "wenig", "wichtig", "zweit", "rund"),
    }
)


@dataclass(frozen=True, slots=True)
class TermCandidate:
    """An expression in its most frequent form, with count and one location."""

    source: str
    count: int
    location: str
    example: str


@dataclass(slots=True)
class _Occurrences:
    forms: Counter[str] = field(default_factory=Counter)
    location: str = ""
    example: str = ""


def extract_terms(
    articles: Iterable[tuple[str, Article]], matcher: TermMatcher, min_count: int
) -> tuple[TermCandidate, ...]:
    """List expressions that occur at least `min_count` times, most frequent first.

    `articles` are pairs (display name, article). Expressions that overlap a term of the glossary
    are excluded.
    """
    seen: dict[tuple[str, ...], _Occurrences] = {}
    for name, article in articles:
        for line, text in _blocks(article):
            term_spans = [(m.start, m.end) for m in matcher.find(text) if not m.compound]
            for key, start, end in _expressions(text):
                if any(start < stop and begin < end for begin, stop in term_spans):
                    continue
                entry = seen.setdefault(key, _Occurrences())
                entry.forms[_display_form(key, text[start:end])] += 1
                if not entry.location:
                    entry.location, entry.example = f"{name}:{line}", _excerpt(text, start, end)
    candidates = [
        TermCandidate(entry.forms.most_common(1)[0][0], count, entry.location, entry.example)
        for entry in seen.values()
        if (count := entry.forms.total()) >= min_count
    ]
    return tuple(sorted(candidates, key=lambda c: (-c.count, c.source.casefold())))


def _blocks(article: Article) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of each distinct block: titles are often repeated."""
    seen: set[str] = set()
    for block in article.blocks:
        text = article.plain_text(block)
        if block.kind not in _SKIPPED and text not in seen:
            seen.add(text)
            yield block.line, text


def _expressions(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Yield (key, start, end) of each expression in a text."""
    tokens = tokenize(text)
    at = 0
    while at < len(tokens):
        length = (
            _name_length(text, tokens, at)
            or _phrase_length(text, tokens, at)
            or _compound_length(text, tokens, at)
        )
        if length:
            part = tokens[at : at + length]
            key = tuple(_base_form(word.text) for word in part)
            yield key, part[0].start, part[-1].end
        at += max(length, 1)


def _name_length(text: str, tokens: list[Token], at: int) -> int:
    """Return the number of consecutive capitalized words, 0 unless they are a name."""
    if at and tokens[at - 1].text.isdigit():
        return 0  # 50 Milliarden Dollar
    length = 0
    for word in tokens[at:]:
        if not word.text[:1].isupper() or (
            length and not _is_adjacent(text, tokens[at + length - 1], word)
        ):
            break
        length += 1
    if length and _starts_sentence(text, tokens[at]) and not _is_name(tokens[at].text):
        return 0
    return length if 2 <= length <= 4 else 0


def _phrase_length(text: str, tokens: list[Token], at: int) -> int:
    if at + 1 >= len(tokens) or not _is_adjacent(text, tokens[at], tokens[at + 1]):
        return 0
    first, second = tokens[at].text, tokens[at + 1].text
    adjective = stem(first)
    if adjective in _EXCLUDED_STEMS or adjective == first.lower() or len(adjective) < 3:
        return 0
    if first[:1].isupper() and not (_starts_sentence(text, tokens[at]) and not noun_lemma(first)):
        return 0
    if lemma(first).lower() in _EXCLUDED_STEMS or lemma(first.lower()).endswith("en"):
        return 0  # a verb before a noun: liefern Waffen
    return 2 if noun_lemma(second) else 0


def _compound_length(text: str, tokens: list[Token], at: int) -> int:
    word = tokens[at]
    length = 1
    while at + length < len(tokens) and text[
        tokens[at + length - 1].end : tokens[at + length].start
    ] in tuple(HYPHENS):
        length += 1
    if length > 1:
        return length if tokens[at + length - 1].text[:1].isupper() else 0
    return int(word.text[:1].isupper() and is_compound(word.text))


def _is_adjacent(text: str, first: Token, second: Token) -> bool:
    return text[first.end : second.start] in (" ", "\u00a0")


def _starts_sentence(text: str, word: Token) -> bool:
    """Return whether a word starts a sentence, where its capital means nothing."""
    before = text[: word.start].rstrip()
    return not before or before[-1] in _SENTENCE_ENDS


def _is_name(word: str) -> bool:
    return lemma(word)[:1].isupper() and lemma(word.lower())[:1].isupper()


def _base_form(word: str) -> str:
    return noun_lemma(word) or (stem(word) if word.islower() else word.removesuffix("s"))


def _display_form(key: tuple[str, ...], surface: str) -> str:
    return key[0] if len(key) == 1 else " ".join(surface.split())


def _excerpt(text: str, start: int, end: int) -> str:
    left, right = max(start - _CONTEXT, 0), min(end + _CONTEXT, len(text))
    excerpt = " ".join(text[left:right].split())
    return ("…" if left else "") + excerpt + ("…" if right < len(text) else "")
