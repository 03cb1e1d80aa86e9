"""Forms under which a dictionary may list a German word, and recognition of names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.lang.german.regional_spelling import standard_spelling
from pipeline.lang.lemmatizer import lemmatize

MAX_IGNORED_LENGTH = 3
"""Words and stems of this length or less are not looked up."""

_VERBS_OF_SAYING = (
    "sagte|sagt|erklärte|meinte|betonte|fügte|berichtete|schrieb|kündigte|kritisierte|fragte|"
    "antwortete|forderte|warnte|räumte"
)
_NAME = re.compile(
    rf"\b(?:{_VERBS_OF_SAYING}) ([A-ZÄÖÜ]\w+)(?! [A-ZÄÖÜ])"
    rf"|(?:^|[„“\".!?] )([A-ZÄÖÜ]\w+) (?:{_VERBS_OF_SAYING})\b"
)


_THEIRS = re.compile(r"(?:^|[.!?:] )(Ihre?[mnrs]?)\b")
_ADDRESS = re.compile(r"(?<![.!?:„“\"] )(?<!^)\b(?:Sie|Ihnen|Ihre?[mnrs]?|[Dd]u|dich|dein)\b")


def third_person_possessive(text: str) -> str:
    """Return a word `Ihr…` at the start of a sentence that means "their", or "".

    It means "your" if the text addresses somebody elsewhere too.
    """
    match = _THEIRS.search(text)
    return match[1] if match and not _ADDRESS.search(text) else ""


def quoted_names(text: str) -> Iterator[str]:
    """Yield capitalized words next to a verb of saying without an article: names."""
    for match in _NAME.finditer(text):
        yield match[1] or match[2]


def lookup_forms(word: str) -> Iterator[str]:
    """Yield the forms that may be listed, the likeliest first."""
    lemma = lemmatize(word, lang="de")
    forms = [lemma, word, word.lower(), lemmatize(word.lower(), lang="de")]
    standard = standard_spelling(word)
    if standard != word:
        forms = [lemmatize(standard, lang="de"), standard, standard.lower(), *forms]
    yield from dict.fromkeys(forms)


def without_case_endings(word: str) -> Iterator[str]:
    """Yield a word without the endings of cases and adjectives."""
    for ending in ("es", "s", "en", "er", "em", "e", "n"):
        if word.endswith(ending) and len(word) - len(ending) > MAX_IGNORED_LENGTH:
            yield word.removesuffix(ending)
            yield word.removesuffix(ending).lower()


_PAST = re.compile(r"(?!ge|\w+ge)\w+(?<!s)te(?:n)?")
"""Looks like the past tense of a verb; participles have `ge`, superlatives `st`."""


def adjective_stems(word: str) -> Iterator[str]:
    """Yield an adjective without its attributive endings."""
    if word.islower() and not _PAST.fullmatch(word):
        for ending in ("es", "en", "er", "em", "e"):
            if word.endswith(ending) and len(word) - len(ending) > MAX_IGNORED_LENGTH:
                yield word.removesuffix(ending)


_HALF_PREFIXES = (
    "Brutto",
    "Einzel",
    "Gesamt",
    "Grund",
    "Haupt",
    "Leit",
    "Lieblings",
    "Mindest",
    "Riesen",
    "Sonder",
    "Spitzen",
)
"""First parts with another meaning than the word alone (Duden, "Wortbildung"): `Haupt` is a
head, `Hauptinhalt` the main content."""


def first_parts(word: str) -> Iterator[str]:
    """Yield possible first parts of a compound: half-prefixes, then the longest first."""
    if word[:1].isupper() and len(word) >= 9:
        yield from filter(word.startswith, _HALF_PREFIXES)
        yield from (word[:cut] for cut in range(len(word) - 4, 3, -1))


def first_part_forms(head: str) -> Iterator[str]:
    """Yield the forms under which a first part may be listed."""
    if head in _HALF_PREFIXES:
        yield f"{head}…"
        return
    yield head
    if not head.endswith("en"):
        yield head.lower()
    for joint in ("es", "s", "en", "n", "er", "-"):
        if head.endswith(joint):
            yield head.removesuffix(joint)
    yield head + "e"
