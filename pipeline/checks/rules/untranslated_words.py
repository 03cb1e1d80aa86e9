"""German words left in a translation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import lowered, words
from pipeline.core import Severity
from pipeline.lang.function_words import DISTINCTIVE_GERMAN, FUNCTION_WORDS, GERMAN_IN_NAMES

_MIN_CLEAR_WORDS = 3
_MIN_RUN = 4
_DICTIONARIES = ("en", "fr", "es")
# Suffixes of abstract nouns, which are no names.
_ABSTRACT = (
    "ung",
    "heit",
    "keit",
    "schaft",
    "nis",
    "ität",
    "ungen",
    "heiten",
    "keiten",
    "schaften",
)
_QUOTED = re.compile("[„»‚][^„“”»«‚‘]*[“”«‘]")


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Find sequences of words of the source that are clearly German."""
    if context.base == context.source_language:
        return
    small = lowered(target)
    signs = _clearly_german(context.base).intersection(small)
    own = FUNCTION_WORDS.get(context.base, frozenset())
    found = words(target)
    noun = _german_noun(found, words(source), context.base)
    if noun and not _is_quoted_title((noun,), source):
        yield Problem(f"German left over: {noun!r}", Severity.WARNING)
    if not signs and _german(context.base).isdisjoint(small):
        return
    if len(found) < 2 or source == target:
        return
    german = _german(context.base)
    runs = list(_runs(found, set(words(source)), own))
    run = max(runs, key=len, default=())
    if _is_quoted_title(run, source):
        return
    if len(run) >= _MIN_RUN and _is_prose(run, context.base) and any(w in german for w in run):
        severity = None if signs & {w.lower() for w in run} else Severity.WARNING
        yield Problem(f"German left over: {' '.join(_trimmed(run, context.base)[:12])!r}", severity)
    elif len(signs) >= _MIN_CLEAR_WORDS:
        first = next(i for i, w in enumerate(small) if w in signs)
        yield Problem(f"German left over: {' '.join(found[first : first + 8])!r}", Severity.WARNING)
    else:
        for run in runs:
            if _is_clause(run, context.base):
                yield Problem(f"German left over: {' '.join(run)!r}", Severity.WARNING)
                return


def _german_noun(found: Sequence[str], source: Sequence[str], language: str) -> str:
    """Return an abstract German noun among words of the target language.

    A capitalized word beside it would make it part of a name: Stiftung Warentest.
    """
    if language not in _DICTIONARIES:
        return ""
    for before, word, after in zip(found, found[1:], (*found[2:], ""), strict=False):
        is_after_word = before.islower() or before.lower() in FUNCTION_WORDS[language]
        is_alone = is_after_word and word[:1].isupper() and not after[:1].isupper()
        if is_alone and word.lower().endswith(_ABSTRACT) and word in source:
            from pipeline.lang import is_known

            if is_known(word, lang="de") and not is_known(word, lang=language):
                return word
    return ""


def _is_clause(run: tuple[str, ...], language: str) -> bool:
    """Return whether a short sequence is a German noun after a word that only German has.

    `den Vorschlag`, but not `Neustadt an der Weinstraße`, which starts with a name.
    """
    if language not in _DICTIONARIES or run[0] not in _german(language) or len(run) > _MIN_RUN:
        return False
    from pipeline.lang import is_known

    return any(
        word[0].isupper() and is_known(word, lang="de") and not is_known(word, lang=language)
        for word in run[1:]
    )


def _is_quoted_title(run: tuple[str, ...], source: str) -> bool:
    """Return whether a sequence is in quotation marks in the source, and no speech."""
    signs = DISTINCTIVE_GERMAN.intersection(word.lower() for word in run)
    title = " ".join(run)
    return bool(run) and not signs and any(title in text for text in _QUOTED.findall(source))


@lru_cache(maxsize=16)
def _clearly_german(language: str) -> frozenset[str]:
    """Return the clearly German words that a language does not have."""
    return DISTINCTIVE_GERMAN - FUNCTION_WORDS.get(language, frozenset())


@lru_cache(maxsize=16)
def _german(language: str) -> frozenset[str]:
    """Return the German function words that a language does not have."""
    return FUNCTION_WORDS["de"] - FUNCTION_WORDS.get(language, frozenset())


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece of the translation has a German function word."""
    if not is_target:
        return False
    found = lowered(piece)
    if piece[:1].isupper() and any(word.endswith(_ABSTRACT) for word in found):
        return True
    return not (
        _clearly_german(context.base).isdisjoint(found) and _german(context.base).isdisjoint(found)
    )


def _runs(
    found: tuple[str, ...], known: set[str], own: frozenset[str]
) -> Iterator[tuple[str, ...]]:
    """Yield sequences of words of the source, without function words of the target at the end.

    Figures, which are the same in both languages, neither count nor end a sequence.
    """
    run: list[str] = []
    for word in (*found, ""):
        if word.isdecimal():
            continue
        if word in known:
            run.append(word)
            continue
        while run and run[-1] in own:
            run.pop()
        if len(run) > 1:
            yield tuple(run)
        run = []


def _trimmed(run: tuple[str, ...], language: str) -> tuple[str, ...]:
    """Trim a sequence to its first and last word that only German has."""
    if language not in ("en", "fr", "es"):
        return run
    from pipeline.lang import is_known

    german = [
        i
        for i, word in enumerate(run)
        if is_known(word, lang="de") and not is_known(word, lang=language)
    ]
    return run[german[0] : german[-1] + 1] if german else run


def _is_prose(run: tuple[str, ...], language: str) -> bool:
    """Return whether words are more than a name.

    They include a German verb or particle, or two other lower-case words; a longer sequence
    needs only one word that the target's dictionary lacks.
    """
    small = [w for w in run if w[0].islower() and w not in GERMAN_IN_NAMES]
    if len(small) > 1 or any(w in DISTINCTIVE_GERMAN or w in FUNCTION_WORDS["de"] for w in small):
        return True
    if len(run) <= _MIN_RUN or language not in ("en", "fr", "es"):
        return False
    from pipeline.lang import is_known

    return any(not is_known(word, lang=language) for word in small)


CHECK = Check(
    id="untranslated-words",
    aliases=("leftover",),
    severity=Severity.ERROR,
    summary="German words were left in the translation.",
    why="A part was not translated, which is easily overlooked in a long text.",
    fix=(
        "Translate the rest. A German title that must stay: add the flag "
        "`ignore-untranslated-words`."
    ),
    check_texts=check_texts,
    draft_policy=DraftPolicy.CRITICAL,
    wrong=(
        (
            "en",
            "Der Rat tagt heute. Die Minister sind nicht gekommen.",
            "The council meets today. Die Minister sind nicht gekommen.",
        ),
        ("en", "Sie begrüßt den Beschluss.", "She welcomes den Beschluss."),
    ),
    right=(
        (
            "en",
            "Das Bundesamt für Naturschutz widerspricht.",
            "The Bundesamt für Naturschutz disagrees.",
        ),
        ("en", "Er war in Wien.", "He was in Wien."),
        ("en", "Sie las „Die Stadt der Blinden“.", "She read Die Stadt der Blinden."),
    ),
)

FAST_PATH = FastPath(trigger=trigger)
