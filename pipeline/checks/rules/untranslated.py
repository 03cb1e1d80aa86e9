"""Translations that repeat the German source."""

from __future__ import annotations

from collections.abc import Iterator
from operator import ne

from pipeline.checks.base import Check, Context, DraftPolicy
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, lowered, strip_markup, words
from pipeline.core import Severity
from pipeline.lang.function_words import DISTINCTIVE_GERMAN, FUNCTION_WORDS, GERMAN_IN_NAMES

_FIRST_PIECES = 4
_SENTENCE_END = (".", "!", "?", ":")


def check_texts(source: str, target: str, context: Context) -> Iterator[str]:
    """Find a translation that equals the source, unless it is a name."""
    if context.base == context.source_language:
        return
    if _first_letter(target) != _first_letter(source):
        return
    if _normalized(target) != _normalized(source) or lowered(source) != lowered(target):
        return
    found = words(source)
    if _is_german(found) or _is_sentence(source, found):
        yield "The translation is the German text"


def _first_letter(text: str) -> str:
    return strip_markup(text).lstrip()[:1].casefold()[:1]


def _normalized(text: str) -> list[str]:
    return strip_markup(text).casefold().split()


def _is_german(found: tuple[str, ...]) -> bool:
    """Return whether words include a German verb, pronoun or particle, or function words."""
    lower = [w for w in found if w[0].islower()]
    if any(w in DISTINCTIVE_GERMAN for w in lower):
        return True
    return len(lower) >= 2 and any(w in FUNCTION_WORDS["de"] for w in lower) and not _is_name(found)


def _is_name(found: tuple[str, ...]) -> bool:
    """Return whether words may be a name: capitalized except articles and prepositions."""
    return all(not w[0].islower() or w in GERMAN_IN_NAMES for w in found)


def _is_sentence(source: str, found: tuple[str, ...]) -> bool:
    """Return whether a text ends like a sentence and has lower-case words, unlike names."""
    lower = [w for w in found if w[0].islower() and w not in GERMAN_IN_NAMES]
    return bool(lower) and len(found) > 2 and source.rstrip().endswith(_SENTENCE_END)


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether the translation starts with different words."""
    one, other = source.pieces[0].lowered, target.pieces[0].lowered
    if one and other and one[0] != other[0]:
        return True
    theirs, ours = (
        [word for piece in text.pieces[:_FIRST_PIECES] for word in piece.lowered]
        for text in (source, target)
    )
    return any(map(ne, theirs, ours))


CHECK = Check(
    id="untranslated",
    severity=Severity.ERROR,
    summary="The translation is the German source, unchanged.",
    why="Readers of the translation see a German sentence. Names and figures may stay.",
    fix="Translate it. If it must stay as it is, add the flag `ignore-untranslated`.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.CRITICAL,
    wrong=(
        ("en", "Das ist nicht alles.", "Das ist nicht alles."),
        ("fr", "Die Regierung berät den Haushalt.", "Die Regierung berät den Haushalt."),
    ),
    right=(
        ("en", "Angela Merkel", "Angela Merkel"),
        ("en", "12,5 %", "12,5 %"),
        ("en", "Bundesamt für Naturschutz", "Bundesamt für Naturschutz"),
        ("en", "Das ist nicht alles.", "That is not all."),
    ),
)

FAST_PATH = FastPath(fast_pass=fast_pass)
