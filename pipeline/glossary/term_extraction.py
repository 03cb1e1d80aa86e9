"""Suggest terms for a glossary: frequent expressions that are not in it.

They are names and titles (`Weißes Haus`), adjectives with a noun (`strategische Partnerschaft`)
and compounds (`Sanktionspolitik`), in the base form that a glossary needs, without stop words. A
human decides on their translation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.core import Article, BlockKind
from pipeline.glossary.matcher import TermMatcher
from pipeline.lang import FUNCTION_WORDS, HYPHENS, Token, tokenize
from pipeline.lang.german import (
    adjective_gender,
    base_noun,
    inflect_nominative,
    is_compound,
    is_inflected_adjective,
    lemma,
    noun_gender,
    noun_lemma,
    stem,
)

_SKIPPED = frozenset({BlockKind.BOILERPLATE, BlockKind.BYLINE})
_SENTENCE_ENDS = '.!?:…„“"»«•'
_CONTEXT = 40
# Stems of words that are inflected like adjectives but are not part of terms.
_EXCLUDED_STEMS = frozenset(
    {
        *("all", "ander", "beid", "best", "d", "dass", "dies", "dein", "eigen", "ein", "einig"),
        *("einzeln", "erst", "euer", "ganz", "gleich", "groß", "gut", "halb", "ihr", "jed"),
        *("jen", "kein", "klein", "letzt", "manch", "mehr", "mehrer", "mein", "meist", "neu"),
        *(
            "nächst",
            "sein",
            "selb",
            "solch",
            "sämtlich",
            "unser",
            "vergangen",
            "kommend",
            "viel",
            "viert",
        ),
        *(
            "kommend",
            "dritt",
            "voll",
            "weit",
            "weiter",
            "welch",
            "wenig",
            "wichtig",
            "zweit",
            "rund",
        ),
    }
)
# Nouns of time and measure, which occur in every text.
_STOP_NOUNS = frozenset(
    {
        *("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
        *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September"),
        *("Oktober", "November", "Dezember", "Frühjahr", "Sommer", "Herbst"),
        *("Jahr", "Monat", "Woche", "Tag", "Stunde", "Minute", "Sekunde", "Uhr", "Mal", "Zeit"),
        *("Morgen", "Abend", "Nacht", "Mittag", "Anfang", "Mitte", "Ende", "Hälfte", "Teil"),
        *("Prozent", "Euro", "Dollar", "Million", "Milliarde", "Kilometer", "Meter", "Tonne"),
    }
)
_TIMES = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
_TIMES_END = ("anfang", "ende", "mitte", "hälfte", "jahr", "monat", "woche", "stunde", "minute")


@dataclass(frozen=True, slots=True)
class TermCandidate:
    """An expression in its base form, with count and one location."""

    source: str
    count: int
    location: str
    example: str


@dataclass(frozen=True, slots=True)
class _Expression:
    """An expression at `start:end` of a text.

    `words` are its words, and `surface` its text with single spaces. `article` is the word
    before it, in lower case. Equal keys are forms of one expression.
    """

    key: tuple[str, ...]
    start: int
    end: int
    words: tuple[str, ...]
    surface: str
    article: str


@dataclass(slots=True)
class _Occurrences:
    expressions: list[_Expression] = field(default_factory=list)
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
            for one in _expressions(text):
                if any(one.start < stop and begin < one.end for begin, stop in term_spans):
                    continue
                entry = seen.setdefault(one.key, _Occurrences())
                entry.expressions.append(one)
                if not entry.location:
                    entry.location = f"{name}:{line}"
                    entry.example = _excerpt(text, one.start, one.end)
    candidates = [
        TermCandidate(_base_form(entry.expressions), count, entry.location, entry.example)
        for entry in seen.values()
        if (count := len(entry.expressions)) >= min_count
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


def _expressions(text: str) -> Iterator[_Expression]:
    """Yield the expressions in a text; they do not overlap."""
    tokens = tokenize(text)
    at = 0
    while at < len(tokens):
        length = 0
        if not is_stop_word(tokens[at].text):
            length = (
                _name_length(text, tokens, at)
                or _phrase_length(text, tokens, at)
                or _compound_length(text, tokens, at)
            )
        if length:
            part = tokens[at : at + length]
            start, end = part[0].start, part[-1].end
            words = tuple(word.text for word in part)
            article = tokens[at - 1].text.lower() if at else ""
            surface = " ".join(text[start:end].split())
            yield _Expression(_key(words), start, end, words, surface, article)
        at += max(length, 1)


def is_stop_word(word: str) -> bool:
    """Return whether a word is a function word, or names a time or a measure."""
    return word.lower() in FUNCTION_WORDS["de"] or noun_lemma(word) in _STOP_NOUNS


def _name_length(text: str, tokens: list[Token], at: int) -> int:
    """Return the number of consecutive capitalized words, 0 unless they are a name."""
    if at and tokens[at - 1].text.isdigit():
        return 0  # 50 Milliarden Dollar
    length = 0
    for word in tokens[at:]:
        if not word.text[:1].isupper() or is_stop_word(word.text):
            break
        if length and not _is_adjacent(text, tokens[at + length - 1], word):
            break
        length += 1
    if length and starts_sentence(text, tokens[at]) and not _is_name(tokens[at].text):
        return 0
    return length if 2 <= length <= 4 else 0


def _phrase_length(text: str, tokens: list[Token], at: int) -> int:
    if at + 1 >= len(tokens) or not _is_adjacent(text, tokens[at], tokens[at + 1]):
        return 0
    first, second = tokens[at].text, tokens[at + 1].text
    adjective = stem(first)
    if adjective in _EXCLUDED_STEMS or adjective == first.lower() or len(adjective) < 3:
        return 0
    if first[:1].isupper() and not (starts_sentence(text, tokens[at]) and not noun_lemma(first)):
        return 0
    if lemma(first).lower() in _EXCLUDED_STEMS or lemma(first.lower()).endswith("en"):
        return 0  # a verb before a noun: liefern Waffen
    is_noun = bool(noun_lemma(second)) or (second[:1].isupper() and is_compound(second))
    return 2 if is_noun and not is_stop_word(second) else 0


def _compound_length(text: str, tokens: list[Token], at: int) -> int:
    word = tokens[at]
    length = 1
    while at + length < len(tokens) and text[
        tokens[at + length - 1].end : tokens[at + length].start
    ] in tuple(HYPHENS):
        length += 1
    if length > 1:
        return length if tokens[at + length - 1].text[:1].isupper() else 0
    is_time = base_noun(word.text).startswith(_TIMES) or base_noun(word.text).endswith(_TIMES_END)
    return int(word.text[:1].isupper() and not is_time and is_compound(word.text))


def _is_adjacent(text: str, first: Token, second: Token) -> bool:
    return text[first.end : second.start] in (" ", "\u00a0")


def starts_sentence(text: str, word: Token) -> bool:
    """Return whether a word starts a sentence, where its capital means nothing."""
    before = text[: word.start].rstrip()
    return not before or before[-1] in _SENTENCE_ENDS


def _is_name(word: str) -> bool:
    return lemma(word)[:1].isupper() and lemma(word.lower())[:1].isupper()


def _key(words: tuple[str, ...]) -> tuple[str, ...]:
    *others, last = words
    noun = base_noun(last)
    # Names that no dictionary has may be genitives.
    noun = noun.removesuffix("s") if noun == last and not noun_lemma(last) else noun
    return (*(stem(w) if is_inflected_adjective(w) else w for w in others), noun)


def _base_form(forms: Sequence[_Expression]) -> str:
    """Return the base form of an expression: singular and nominative, if it has a singular."""
    surfaces = Counter(one.surface for one in forms)
    surface = surfaces.most_common(1)[0][0]
    one = next(one for one in forms if one.surface == surface)
    *others, last = one.words
    noun = base_noun(last)
    if not any(map(is_inflected_adjective, others)):
        if " " in surface:  # a name
            return surface[:-1] if last.endswith("s") and surface[:-1] in surfaces else surface
        return surface.removesuffix(last) + noun if surface.endswith(last) else surface
    singular = (noun, f"{noun}s", f"{noun}es")
    if others[0][:1].isupper() and all(one.words[-1] not in singular for one in forms):
        gender, noun = None, last  # a name in the plural: Vereinte Nationen
    else:
        gender = noun_gender(noun) or adjective_gender(_evidence(forms, noun))
    inflected = (
        inflect_nominative(w[: len(stem(w))], gender) if is_inflected_adjective(w) else w
        for w in others
    )
    return " ".join((*inflected, noun))


def _evidence(forms: Iterable[_Expression], noun: str) -> Iterator[tuple[str, str]]:
    """Yield the article and the adjective's ending of the forms in the singular."""
    for one in forms:
        adjective = one.words[-2]
        if one.words[-1] == noun:
            yield one.article, adjective[len(stem(adjective)) :]


def _excerpt(text: str, start: int, end: int) -> str:
    left, right = max(start - _CONTEXT, 0), min(end + _CONTEXT, len(text))
    excerpt = " ".join(text[left:right].split())
    return ("…" if left else "") + excerpt + ("…" if right < len(text) else "")
