"""Translations that repeat the German source."""

from __future__ import annotations

from collections.abc import Iterator
from operator import ne

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, lowered, strip_markup, words
from pipeline.core import Severity, shorten
from pipeline.lang.function_words import DISTINCTIVE_GERMAN, FUNCTION_WORDS, GERMAN_IN_NAMES

_FIRST_PIECES = 4
_LABEL = 4
"""Words; a longer text has function words, which are German or not."""
_DICTIONARIES = ("en", "fr", "es")
# Of infinitives, participles and adjectives; proper nouns rarely have a verb of the same spelling.
_ENDINGS = ("en", "ern", "eln", "ert", "iert", "bar", "lich", "ig", "isch", "los")
_MAX_SHOWN = 60
_SENTENCE_END = (".", "!", "?", ":")


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Find a translation that equals the source, unless it is a name."""
    if context.base == context.source_language:
        return
    if _first_letter(target) != _first_letter(source):
        return
    if _normalized(target) != _normalized(source) or lowered(source) != lowered(target):
        return
    found = words(source)
    if len(set(lowered(source))) == 1 and len(found) > 1:
        return  # Ha ha ha!
    if _is_german(found) or _is_sentence(source, found):
        yield Problem(f"The translation is the German text: {shorten(target, _MAX_SHOWN)}")
    elif 0 < len(found) <= _LABEL and any(
        _is_label(word, context.base) for word in found if len(found) == 1 or word[0].islower()
    ):
        yield Problem(
            f"The translation is the German text: {shorten(target, _MAX_SHOWN)}", Severity.WARNING
        )


def _is_label(word: str, language: str) -> bool:
    """Return whether a word of a short text is a German verb or adjective, and no name.

    In lower case it is in the German dictionary, and it is in no form in that of the language.
    """
    if len(word) <= len("neu") or language not in _DICTIONARIES or word.isupper():
        return False
    from pipeline.lang import is_known

    small = word.lower()
    if not small.endswith(_ENDINGS) or not is_known(small, lang="de"):
        return False
    return not is_known(word, lang=language) and not is_known(small, lang=language)


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
        ("en", "Speichern", "Speichern"),
    ),
    right=(
        ("en", "Angela Merkel", "Angela Merkel"),
        ("en", "12,5 %", "12,5 %"),
        ("en", "Bundesamt für Naturschutz", "Bundesamt für Naturschutz"),
        ("en", "Das ist nicht alles.", "That is not all."),
    ),
)

FAST_PATH = FastPath(fast_pass=fast_pass)
