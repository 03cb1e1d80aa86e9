"""Words in the spelling of another variant of the language: `color` in `en_GB`."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.base import Check, Context, DraftPolicy
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import lowered, strip_markup, words
from pipeline.core import Severity, english_name
from pipeline.lang.variants import has_spelling, spellings_of_others

_MAX_LISTED = 4


def check_texts(source: str, target: str, context: Context) -> Iterator[str]:
    """Find words of another variant, except names, copied words and required translations."""
    if not has_spelling(context.language):
        return
    found = {one.word: one for one in spellings_of_others(strip_markup(target), context.language)}
    for word in {*found}.intersection(words(source)):
        del found[word]
    if found and context.matcher is not None:
        uses = context.matcher.verify(source, target)
        required = {word for use in uses for choice in use.targets for word in lowered(choice)}
        found = {word: one for word, one in found.items() if word.lower() not in required}
    if found:
        listed = [f"{one.word!r} ({one.expected})" for one in found.values()][:_MAX_LISTED]
        name = english_name(context.language)
        yield f"Not the spelling of {name}: {', '.join(listed)}"


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece of the translation has a word of another variant."""
    if not is_target or not has_spelling(context.language):
        return False
    return next(spellings_of_others(piece, context.language), None) is not None


CHECK = Check(
    id="variant-spelling",
    severity=Severity.WARNING,
    summary="A word has the spelling of another variant: `color` in British English.",
    why=(
        "Readers notice the spelling of another country. Only languages with a region are checked "
        "(`en_GB`, `en_US`, `es_MX`); `en` accepts both. Words in -ize are British, too. "
        "Capitalized words inside a sentence count as names."
    ),
    fix=(
        "Write the spelling in brackets. A glossary term that requires the word, or the flag "
        "`ignore-variant-spelling`, keeps it."
    ),
    check_texts=check_texts,
    draft_policy=DraftPolicy.IGNORE,
    wrong=(
        ("en_GB", "Die Farbe ist schön.", "The color is beautiful."),
        ("en_US", "Das Zentrum ist weit weg.", "The centre is far away."),
        ("es_MX", "Das Video ist neu.", "El vídeo es nuevo."),
    ),
    right=(
        ("en_GB", "Die Farbe ist schön.", "The colour is beautiful."),
        ("en_GB", "Sie organisieren das.", "They organize that."),
        ("en_GB", "Er war in Pearl Harbor.", "He was in Pearl Harbor."),
        ("en_US", "Er wählt die Labour Party.", "He votes for the Labour Party."),
        ("en", "Die Farbe ist schön.", "The color is beautiful."),
    ),
)

FAST_PATH = FastPath(trigger=trigger)
