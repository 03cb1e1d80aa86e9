"""Sentences with a different final mark."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Check, Context, DraftPolicy
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import Text, strip_markup
from pipeline.core import Severity

_CLOSERS = "\"'”“’‘»«›‹)]}*_` \t\n\u00a0\u202f\u2060\x1f"
_SAME = {"…": "...", "。": ".", "！": "!", "？": "?", "；": ";", "：": ":", "।": ".", "؟": "?"}
_MARKS = (".", "!", "?", ":", ";", "...")
_OPENERS = "\"'“”„«»‘’([*_-–—• \t\n\u00a0"
_SENTENCE = 4
_MAX_SALUTATION = 7
_SALUTATION = re.compile(
    r"(?:Hallo|Hi|Hey|Moin|Servus|Grüezi|Liebe[rs]?|Werte[rs]?|Sehr geehrte[rs]?"
    r"|Guten (?:Tag|Morgen|Abend))\b"
)
# At the end of a text: s. o., z. B., u. a., usw., bzw., etc., Mio.
_ABBREVIATION = re.compile(
    r"(?<!\w)(?:\w\. ?\w|usw|usf|etc|bzw|ggf|Mio|Mrd|Std|Min|Nr|Tel|ca|Jh|Chr|Jr|Sr|Co"
    r"|inkl|exkl|zzgl)\.$"
)


def check_texts(source: str, target: str, context: Context) -> Iterator[str]:
    """Compare the final marks, before closing quotation marks and brackets."""
    if not target.strip():
        return
    theirs, ours = strip_markup(source)[-2:], strip_markup(target)[-2:]
    if theirs[1:] == ours[1:] == "." and ".." not in (theirs, ours):
        return
    before, after = _mark(strip_markup(source)), _mark(strip_markup(target))
    if before != after and _matters(source, before, after) and not _is_usual(source, before, after):
        item = after in (";", ",") and strip_markup(target).lstrip(_OPENERS)[:1].islower()
        if not item:
            yield _message(before, after)
    if context.base == "es":
        for mark, opening in (("?", "¿"), ("!", "¡")):
            if after == mark and opening not in target:
                yield f"Spanish opens a sentence that ends in {mark!r} with {opening!r}"


def _mark(text: str) -> str:
    """Return the final mark of a text without markup, or an empty string."""
    text = text.rstrip(_CLOSERS)
    last = _SAME.get(text[-1:], text[-1:])
    if last == "." and text.endswith(".."):
        return "..."
    return last if last in _MARKS or last == "," else ""


def _matters(source: str, before: str, after: str) -> bool:
    if before in ("?", "!") or after in ("?", "!") or "..." in (before, after):
        return True
    if before == "." and after == "":
        return len(source.split()) >= _SENTENCE
    if before == "" and after == ".":
        return source.rstrip(_CLOSERS)[-1:].isalpha()
    return before == ":" and after == "."


def _is_usual(source: str, before: str, after: str) -> bool:
    """Return whether a mark may differ: after a salutation, and the stop of an abbreviation."""
    if before in ("!", ",") and after in (",", ":", ".", "") and _SALUTATION.match(source):
        return len(source.split()) <= _MAX_SALUTATION
    return after == "" and _ABBREVIATION.search(source.rstrip(_CLOSERS)) is not None


def _message(before: str, after: str) -> str:
    if not before:
        return f"Ends in {after!r}, the source does not"
    return f"The source ends in {before!r}, the translation " + (
        f"in {after!r}" if after else "does not"
    )


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether both texts end in the same mark, without an opening mark in Spanish."""
    theirs, ours = source.plain[-2:], target.plain[-2:]
    if theirs[1:] == ours[1:] == "." and ".." not in (theirs, ours):
        return True
    if theirs[1:] == ours[1:] == ")" and theirs[0].isalnum() and ours[0].isalnum():
        return True  # no final mark
    after = _mark(target.plain)
    return after == _mark(source.plain) and (context.base != "es" or after not in ("?", "!"))


CHECK = Check(
    id="end-punctuation",
    severity=Severity.WARNING,
    summary="The translation ends in a different mark than the source, or in none.",
    why=(
        "A missing full stop often means a missing end; a statement is not a question. List "
        "items may end differently."
    ),
    fix="End the sentence as the source does.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.IGNORE,
    wrong=(
        ("en", "Kommt er morgen wieder?", "He comes back tomorrow."),
        ("fr", "Das ist noch lange nicht alles.", "Ce n’est pas tout"),
        ("es", "Kommt er morgen?", "Viene mañana?"),
    ),
    right=(
        ("en", "„Das ist alles.“", "“That is all.”"),
        ("fr", "Kommt er?", "Vient-il\u00a0?"),
        ("es", "Kommt er morgen?", "¿Viene mañana?"),
        ("en", "das Klima,", "climate;"),
        ("en", "Mal sehen …", "Let us see..."),
    ),
)

FAST_PATH = FastPath(fast_pass=fast_pass)
