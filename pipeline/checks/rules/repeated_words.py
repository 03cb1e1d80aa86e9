"""Repeated words, phrases or texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from operator import eq

from pipeline.checks.base import Check, Context, DraftPolicy
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, lowered, strip_markup
from pipeline.core import Severity

_REPEATED_WORD = re.compile(r"(?<![\w'’-])([^\W\d_]{2,40})[ \u00a0]+\1(?![\w'’-])", re.IGNORECASE)
_LEGITIMATE = {
    "en": frozenset(("that", "had", "is", "very", "no", "so", "bye", "ha", "do")),
    "fr": frozenset(("nous", "vous", "très", "oui", "non", "si")),
    "es": frozenset(("no", "muy", "sí", "casi")),
}
_ARTICLES = {
    "en": frozenset(("the", "a", "an", "this", "his", "her", "their", "its")),
    "fr": frozenset(("le", "la", "les", "l", "un", "une", "des", "ce", "cette", "son", "sa")),
    "es": frozenset(("el", "la", "los", "las", "un", "una", "este", "esta", "su")),
}
_MIN_PHRASE = 3
_MAX_PHRASE = 60


def check_texts(source: str, target: str, context: Context) -> Iterator[str]:
    """Find a word, or a phrase of three words or more, that is repeated immediately."""
    small = lowered(target)
    twice = len(small) - len(set(small))
    if not twice:
        return
    legitimate = _LEGITIMATE.get(context.base, frozenset())
    for match in (
        _REPEATED_WORD.finditer(strip_markup(target)) if any(map(eq, small, small[1:])) else ()
    ):
        word = match[1]
        if word.lower() in legitimate or match[0][-len(word)].isupper():
            continue  # capitalized, so part of a name: Bora Bora
        if not _REPEATED_WORD.search(strip_markup(source)):
            yield f"{match[0]!r}: the word is repeated"
            return
    size = twice >= _MIN_PHRASE and _repeated_phrase(small)
    if size and not _repeated_phrase(lowered(source)):
        yield f"A phrase of {size} words is repeated"
    elif not size and (pair := _repeated_pair(small, context.base)):
        article, word = pair
        phrase = rf"{article}['’ ]{word}"
        if re.search(rf"\b{phrase} {phrase}\b", strip_markup(target), re.IGNORECASE):
            yield f"'{article} {word} {article} {word}': the words are repeated"


def _repeated_pair(tokens: tuple[str, ...], language: str) -> tuple[str, str] | None:
    """Return an article and a word that are repeated: the dog the dog."""
    if not any(map(eq, tokens, tokens[2:])):
        return None
    articles = _ARTICLES.get(language, frozenset())
    for a, b, c, d in zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False):
        if a == c and b == d and a in articles:
            return a, b
    return None


def _has_three_twice(tokens: tuple[str, ...]) -> bool:
    """Return whether a sequence of three words occurs twice."""
    return len(set(zip(tokens, tokens[1:], tokens[2:], strict=False))) < len(tokens) - 2


def _may_repeat(tokens: tuple[str, ...]) -> bool:
    """Return whether a phrase of three words or more may be repeated immediately.

    In that case its first three words occur twice, at a distance of the length of the phrase.
    """
    first: dict[tuple[str, str, str], int] = {}
    again = set()
    for at, three in enumerate(zip(tokens, tokens[1:], tokens[2:], strict=False)):
        before = first.setdefault(three, at)
        if before == at:
            continue
        if three in again or tokens[before:at] == tokens[at : 2 * at - before]:
            return True
        again.add(three)
    return False


def _repeated_phrase(tokens: tuple[str, ...]) -> int:
    """Return the length of an immediately repeated phrase, or 0; linear in the words."""
    if not _has_three_twice(tokens):
        return 0
    for size in range(_MIN_PHRASE, min(_MAX_PHRASE, len(tokens) // 2) + 1):
        run = 0
        for first, second in zip(tokens, tokens[size:], strict=False):
            run = run + 1 if first == second else 0
            if run == size:
                return size
    half, odd = divmod(len(tokens), 2)
    return half if half > _MAX_PHRASE and not odd and tokens[:half] == tokens[half:] else 0


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether no word and no phrase is repeated immediately."""
    small = lowered(target.raw)
    twice = len(small) - len(set(small))
    if not twice:
        return True
    if any(map(eq, small, small[1:])):
        return False
    if twice < 2 or len(set(pairwise(small))) == len(small) - 1:
        return True  # no two words occur twice
    if twice >= _MIN_PHRASE and _has_three_twice(small) and _may_repeat(small):
        return False
    return not _repeated_pair(small, context.base)


CHECK = Check(
    id="repeated-words",
    severity=Severity.WARNING,
    summary="A word, a phrase or the whole text is repeated.",
    why="A typing error, or a machine in a loop.",
    fix="Delete one of the two.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.RETRY,
    confidence_factor=0.4,
    wrong=(
        ("en", "Das ist der Rat.", "This is the the Council."),
        ("en", "Der Rat tagt heute.", "The Council meets today. The Council meets today."),
        ("fr", "Der Hund bellt.", "Le chien le chien aboie."),
    ),
    right=(
        ("en", "Er hatte es gehabt.", "He had had it."),
        ("fr", "Wir treffen uns.", "Nous nous rencontrons."),
        ("en", "Baden Baden", "Baden Baden"),
    ),
)

FAST_PATH = FastPath(fast_pass=fast_pass)
