"""The forms under which a dictionary may list a German word, and words that are names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.lang.lemmatizer import lemmatize

SHORT = 3
"""The longest word, or rest of one, that is not worth looking for."""

_SAYS = (
    "sagte|sagt|erklärte|meinte|betonte|fügte|berichtete|schrieb|kündigte|kritisierte|fragte|"
    "antwortete|forderte|warnte|räumte"
)
_NAME = re.compile(
    rf"\b(?:{_SAYS}) ([A-ZÄÖÜ]\w+)(?! [A-ZÄÖÜ])|(?:^|[„“\".!?] )([A-ZÄÖÜ]\w+) (?:{_SAYS})\b"
)


_THEIRS = re.compile(r"(?:^|[.!?:] )(Ihre?[mnrs]?)\b")
_ADDRESS = re.compile(r"(?<![.!?:„“\"] )(?<!^)\b(?:Sie|Ihnen|Ihre?[mnrs]?|[Dd]u|dich|dein)\b")


def foreign_names(text: str) -> str:
    """Give the word `Ihr…` that begins a sentence and is not the polite "your"; "" if none.

    It is taken for that unless the text addresses somebody elsewhere too.
    """
    match = _THEIRS.search(text)
    return match[1] if match and not _ADDRESS.search(text) else ""


def names(text: str) -> Iterator[str]:
    """Name the words that stand beside a verb of saying without an article: so stand names."""
    for match in _NAME.finditer(text):
        yield match[1] or match[2]


def forms(word: str) -> Iterator[str]:
    """What a dictionary may list a word as, the likeliest first."""
    lemma = lemmatize(word, lang="de")
    yield from dict.fromkeys((lemma, word, word.lower(), lemmatize(word.lower(), lang="de")))


def bare(word: str) -> Iterator[str]:
    """A word without the ending of a case or an adjective, which its lemma should not have."""
    for ending in ("es", "s", "en", "er", "em", "e", "n"):
        if word.endswith(ending) and len(word) - len(ending) > SHORT:
            yield word.removesuffix(ending)
            yield word.removesuffix(ending).lower()


_PAST = re.compile(r"(?!ge|\w+ge)\w+(?<!s)te(?:n)?")
"""What looks like the past tense of a verb: a participle has `ge`, a superlative `st`."""


def plain(word: str) -> Iterator[str]:
    """An adjective without the ending that it has before a noun."""
    if word.islower() and not _PAST.fullmatch(word):
        for ending in ("es", "en", "er", "em", "e"):
            if word.endswith(ending) and len(word) - len(ending) > SHORT:
                yield word.removesuffix(ending)


_BEFORE = (
    "Brutto", "Einzel", "Gesamt", "Grund", "Haupt", "Leit", "Lieblings", "Mindest",
    "Riesen", "Sonder", "Spitzen",
)  # fmt: skip
"""What means something else before a word than by itself, or only stands there (Duden,
"Wortbildung", on half-prefixes): `Haupt` is a head, `Hauptinhalt` the main content."""


def heads(word: str) -> Iterator[str]:
    """Beginnings of a compound: one that only stands before words, then the longest first."""
    if word[:1].isupper() and len(word) >= 9:
        yield from filter(word.startswith, _BEFORE)
        yield from (word[:cut] for cut in range(len(word) - 4, 3, -1))


def stems(head: str) -> Iterator[str]:
    """What the beginning of a compound may be listed as; `Haupt…` is one before a word."""
    if head in _BEFORE:
        yield f"{head}…"
        return
    yield head
    if not head.endswith("en"):
        yield head.lower()
    for joint in ("es", "s", "en", "n", "er", "-"):
        if head.endswith(joint):
            yield head.removesuffix(joint)
    yield head + "e"
