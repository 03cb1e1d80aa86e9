"""Translations in another language than that of the catalog."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pipeline.checks.base import Check, Context, DraftPolicy
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, lowered, strip_markup
from pipeline.core import Severity
from pipeline.lang.function_words import FUNCTION_WORDS

MIN_LENGTH = 80
"""Characters; langdetect is unreliable on shorter texts (95 % right at 20 to 60)."""

_MIN_PROBABILITY = 0.95
_NAMES = 3
"""A text is checked if at least 1/3 of it is not capitalized words of the German."""

# A text is in a language if this share of its words are function words of the language, and
# fewer are of any other language …
_MIN_SHARE = 0.12
# … or this share, in a language whose function words no other language has.
_MIN_SHARE_DISTINCT = 0.25
_DISTINCT = frozenset(("de", "en"))
# Languages that langdetect confuses.
_SIMILAR = (
    {"da", "no", "nb", "nn", "sv"},
    {"hr", "sr", "bs", "sl"},
    {"cs", "sk"},
    {"bg", "mk"},
    {"id", "ms"},
    {"pt", "gl"},
    {"es", "gl", "ca"},
    {"nl", "af"},
    {"ru", "uk", "be"},
)


def check_texts(source: str, target: str, context: Context) -> Iterator[str]:
    """Identify the language of 80 characters or more by function words, else by langdetect."""
    text = strip_markup(target)
    if len(text) < MIN_LENGTH or _is_in_language(target, context.base):
        return
    # A list of names, which are the same in German, says little about the language.
    names = {word for word in source.split() if not word[0].islower()}
    if sum(len(word) for word in text.split() if word not in names) * _NAMES < len(text):
        return
    from pipeline.lang import identify_other_language

    found, probability = identify_other_language(text, context.base)
    if not found or probability < _MIN_PROBABILITY:
        return
    if any({found, context.base} <= group for group in _SIMILAR):
        return
    yield f"The translation looks like {found!r}, not {context.base!r}"


def _is_in_language(target: str, language: str) -> bool:
    """Return whether the function words are clearly those of a language."""
    names, found = FUNCTION_WORDS.get(language), lowered(target)
    if names is None:
        return False
    own = sum(map(names.__contains__, found))
    if language in _DISTINCT and own >= _MIN_SHARE_DISTINCT * len(found):
        return True
    if own < _MIN_SHARE * len(found):
        return False
    if own > sum(map(_others(language).__contains__, found)):
        return True
    others = (FUNCTION_WORDS[code] for code in FUNCTION_WORDS if code != language)
    return all(own > sum(map(other.__contains__, found)) for other in others)


@lru_cache(maxsize=16)
def _others(language: str) -> frozenset[str]:
    """Return the function words of all other languages."""
    return frozenset().union(*(words for code, words in FUNCTION_WORDS.items() if code != language))


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether the translation is short, or clearly in its language."""
    return len(target.plain) < MIN_LENGTH or _is_in_language(target.raw, context.base)


CHECK = Check(
    id="language",
    severity=Severity.ERROR,
    summary="The translation is in another language than its catalog.",
    why=(
        "Catalogs get mixed up, and a machine may answer in the wrong language. Texts below "
        "80 characters are not checked: they are too short."
    ),
    fix="Put the translation into the catalog of its language, and translate this entry.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.CRITICAL,
    wrong=(
        (
            "en",
            "Die Regierung hat am Montag beschlossen, den Haushalt für das kommende Jahr noch "
            "einmal zu beraten.",
            "Le gouvernement a décidé lundi de débattre encore une fois du budget de l’année "
            "prochaine devant le parlement.",
        ),
    ),
    right=(
        (
            "en",
            "Die Regierung hat am Montag beschlossen, den Haushalt für das kommende Jahr noch "
            "einmal zu beraten.",
            "On Monday, the government decided to discuss the budget for the coming year once "
            "more in parliament.",
        ),
        ("en", "Bonjour", "Bonjour"),
    ),
)

FAST_PATH = FastPath(fast_pass=fast_pass)
