"""German words that were left in a translation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pipeline.checking.check import Check, Context, Problem
from pipeline.checking.function_words import NAMING, TELLING, WORDS
from pipeline.checking.plain import lowered, words
from pipeline.model import Severity

_CLEAR = 3
_RUN = 4


def find(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Find runs of German words: those that tell German, next to words of the source."""
    if context.base == context.source_language:
        return
    small = lowered(target)
    signs = _telling(context.base).intersection(small)
    own = WORDS.get(context.base, frozenset())
    if not signs and _german(context.base).isdisjoint(small):
        return
    found = words(target)
    if len(found) < 2 or source == target:
        return
    german = _german(context.base)
    run = max(_runs(found, set(words(source)), own), key=len, default=())
    if len(run) >= _RUN and _is_prose(run) and any(w in german for w in run):
        severity = None if signs & {w.lower() for w in run} else Severity.WARNING
        yield Problem(f"German left over: {' '.join(run[:12])!r}", severity)
    elif len(signs) >= _CLEAR:
        first = next(i for i, w in enumerate(small) if w in signs)
        yield Problem(f"German left over: {' '.join(found[first : first + 8])!r}", Severity.WARNING)


@lru_cache(maxsize=16)
def _telling(language: str) -> frozenset[str]:
    """The telling German words that are none of a language."""
    return TELLING - WORDS.get(language, frozenset())


@lru_cache(maxsize=16)
def _german(language: str) -> frozenset[str]:
    """The small German words that are none of a language."""
    return WORDS["de"] - WORDS.get(language, frozenset())


def _runs(
    found: tuple[str, ...], known: set[str], own: frozenset[str]
) -> Iterator[tuple[str, ...]]:
    """The stretches of words that all stand in the source, without the target's own ends."""
    start = 0
    for end in range(len(found) + 1):
        if end == len(found) or found[end] not in known or found[end].isdecimal():
            run = found[start:end]
            while run and run[-1] in own:
                run = run[:-1]
            if len(run) > 1:
                yield run
            start = end + 1


def _is_prose(run: tuple[str, ...]) -> bool:
    """Whether words are more than a name: a German verb or particle, or two small words."""
    small = [w for w in run if w[0].islower() and w not in NAMING]
    return len(small) > 1 or any(w in TELLING or w in WORDS["de"] for w in small)


CHECK = Check(
    id="leftover",
    severity=Severity.ERROR,
    summary="German words were left in the translation.",
    why="A part was not translated; such holes are easily overlooked in a long text.",
    fix="Translate the rest. A German title that must stay: add the flag `ignore-leftover`.",
    find=find,
    wrong=(
        (
            "en",
            "Der Rat tagt heute. Die Minister sind nicht gekommen.",
            "The council meets today. Die Minister sind nicht gekommen.",
        ),
    ),
    right=(
        (
            "en",
            "Das Bundesamt für Naturschutz widerspricht.",
            "The Bundesamt für Naturschutz disagrees.",
        ),
        ("en", "Er war in Wien.", "He was in Wien."),
    ),
)
