"""Misspelled names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from unicodedata import combining, normalize

from pipeline.checks.base import Check, Context, DraftPolicy
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, capitals, lowered, words
from pipeline.core import Severity

_MIN_LENGTH = 5
_MAX_DIFFERENCE = 3
"""Difference in letters from which two words are different names."""

_DICTIONARIES = frozenset(("en", "fr", "es"))


def check_texts(source: str, target: str, context: Context) -> Iterator[str]:
    """Find a name of the source that the translation has only with a spelling error.

    A misspelling starts with the same letter, is one edit away, and is not in the
    dictionary of the target language. Accents and a final s (genitive) are ignored.
    """
    before, after = capitals(source), capitals(target)
    ours = after.difference(before, lowered(target))
    starts = {word[0] for word in ours}
    theirs = {w for w in before if w[0] in starts and len(w) >= _MIN_LENGTH and w not in after}
    for name in sorted(theirs.difference(lowered(source))):
        others = [w for w in ours if w[0] == name[0] and abs(len(w) - len(name)) < _MAX_DIFFERENCE]
        if _without_accents(name) in map(_without_accents, others):
            continue
        for other in sorted(others):
            if _is_misspelling(name, other, context.base) and not _is_in_glossary(
                source, target, name, other, context
            ):
                yield f"{name!r} is spelled {other!r}"
                break


def _is_in_glossary(source: str, target: str, name: str, other: str, context: Context) -> bool:
    """Return whether a glossary term in use has both spellings."""
    if context.matcher is None:
        return False
    return any(
        use.respected
        and name in words(source[use.start : use.end])
        and any(other in words(choice) for choice in use.targets)
        for use in context.matcher.verify(source, target)
    )


@lru_cache(maxsize=1 << 14)
def _is_misspelling(name: str, other: str, language: str) -> bool:
    """Return whether a word may be a misspelling of a name."""
    if abs(len(other) - len(name)) >= _MAX_DIFFERENCE or not name.isalpha():
        return False
    if language not in _DICTIONARIES:
        return False
    edit = _one_edit(_without_accents(name), _without_accents(other))
    if not edit:
        return False
    from pipeline.lang import is_known
    from pipeline.lang.exonyms import exonyms, is_exonym

    if is_exonym(name, other, language):
        return False
    if exonyms(name, language) and not is_known(other, lang=language):
        return True  # a country or city, whose name in the language is known
    return not _is_word(name, other, language, edit)


@lru_cache(maxsize=1 << 14)
def _without_accents(word: str) -> str:
    """Return a name without accents and a genitive s, with ss for ß."""
    if not word.isascii():
        word = word.replace("ß", "ss")
        word = "".join(c for c in normalize("NFD", word) if not combining(c))
    return word.removesuffix("s")


def _one_edit(name: str, other: str) -> str:
    """Return the edit between two names: "letter", "order" (two swapped letters), or ""."""
    if name[:1] != other[:1] or name == other or abs(len(name) - len(other)) > 1:
        return ""
    if name[:2] != other[:2] and name[-1] != other[-1] and len(name) > 3:
        return ""  # after an edit in the second letter, the last one is the same
    start = next((i for i, (a, b) in enumerate(zip(name, other, strict=False)) if a != b), -1)
    if start < 0:
        return "letter"
    rest, left = name[start:], other[start:]
    if rest[:2] == left[1::-1] and rest[2:] == left[2:]:
        return "order"
    return "letter" if rest[1:] in (left, left[1:]) or rest == left[1:] else ""


def _is_word(name: str, other: str, language: str, edit: str) -> bool:
    """Return whether `other` is a word of the target language.

    The French and Spanish dictionaries lack geographical names. There, a name in the German
    dictionary (Europa, Malta) counts as well, unless letters are swapped.
    """
    from pipeline.lang import is_known

    if language == "en":
        return is_known(other, lang="en")
    return is_known(other, lang=language) or (edit == "letter" and is_known(name, lang="de"))


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece has a capitalized word that the target's dictionary lacks."""
    if not is_target or context.base not in _DICTIONARIES or piece.islower():
        return False
    from pipeline.lang import is_known

    return any(
        len(word) > _MIN_LENGTH - _MAX_DIFFERENCE and not is_known(word, lang=context.base)
        for word in capitals(piece)
    )


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether no capitalized word may be a misspelling of one of the source."""
    ours = {word for piece in target.triggering(bit) for word in piece.capitals}
    plain = source.plain
    if all(f" {word} " in plain for word in ours):
        return True
    theirs = source.capitals()
    ours.difference_update(theirs)
    if not ours:
        return True
    starts = {word[0] for word in ours}
    for name in theirs:
        if name[0] in starts and len(name) >= _MIN_LENGTH:
            for other in ours:
                if name[0] == other[0] and _is_misspelling(name, other, context.base):
                    return False
    return True


CHECK = Check(
    id="names",
    severity=Severity.WARNING,
    summary="A name is spelled with one letter changed, added, left out or out of place.",
    why="A misspelled name is embarrassing, and no spell checker knows it.",
    fix=(
        "Copy the name from the source. If the target language has another spelling "
        "(Putin, Poutine), add it to the glossary, or add the flag `ignore-names`."
    ),
    check_texts=check_texts,
    draft_policy=DraftPolicy.RANKING,
    wrong=(
        ("en", "Dies sagte Merkel gestern.", "Merkle said this yesterday."),
        ("fr", "Dies sagte Shaqiri.", "Shaquiri l’a dit."),
    ),
    right=(
        ("en", "Dies sagte Merkel gestern.", "Merkel said this yesterday."),
        ("en", "Das ist Merkels Plan.", "This is Merkel's plan."),
        ("en", "Er fliegt nach Mexiko.", "He flies to Mexico."),
    ),
)

FAST_PATH = FastPath(trigger=trigger, fast_pass=fast_pass)
