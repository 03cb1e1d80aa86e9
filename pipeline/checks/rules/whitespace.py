"""Blanks at the ends, double ones, and those that French wants before its marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import TAG, URL
from pipeline.core.types import Severity

_NBSP = "\u00a0\u202f"
_DOUBLE = re.compile(r"[^\s.!?:] {2,}\S")
_BEFORE_MARK = re.compile(r"[ \u00a0\u202f][,.](?=\s|$)(?<=\w..)")
_FRENCH_MARKS = frozenset(";:!?«»")
_FRENCH_BREAKABLE = re.compile(r"\w ([;:!?»])(?=\s|$)|« (?=\w)")
_FRENCH_TIGHT = re.compile(r"[^\W\d_]([;!?])(?=\s|$)|[^\W\d_](:)(?=\s\w)|«(?=\w)|\w»")


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Compare the blanks at the ends and the line breaks; look for doubled ones."""
    if not target.strip():
        return
    if any(map(str.isspace, (source[:1], source[-1:], target[:1], target[-1:]))):
        for theirs, ours, where in (
            (_lead(source), _lead(target), "start"),
            (_lead(source[::-1]), _lead(target[::-1]), "end"),
        ):
            if theirs != ours:
                yield Problem(f"Other blanks at the {where} than in the source")
    if source.strip().count("\n") != target.strip().count("\n"):
        yield Problem("Another number of line breaks than in the source", Severity.INFO)
    if "  " in target and _DOUBLE.search(target) and not _DOUBLE.search(source):
        yield Problem("Two blanks in a row")
    text = TAG.sub("", target) if "<" in target else target
    match = _BEFORE_MARK.search(text)
    if match and not _BEFORE_MARK.search(TAG.sub("", source)):
        yield Problem(f"A blank before {match[0][-1]!r}")
    if context.base == "fr" and context.language != "fr_CA":
        yield from _french(URL.sub("", text))


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Blanks at an end or doubled, those that are no spaces, and French marks."""
    if not piece or piece in (",", ".") or "<" in piece or "\n" in piece:
        return True
    # Inside the source, blanks of other kinds do not count.
    if any(map(str.isspace, piece if is_target else piece[:1] + piece[-1:])):
        return True
    return is_target and context.base == "fr" and not _FRENCH_MARKS.isdisjoint(piece)


def _lead(text: str) -> str:
    """The white space that a text begins with; every blank of a line counts as one."""
    return text[: len(text) - len(text.lstrip())].translate({0xA0: " ", 0x202F: " "})


def _french(text: str) -> Iterator[Problem]:
    """French: a no-break blank before ; : ! ? and inside « ».

    Rule: Imprimerie nationale, Lexique des règles typographiques, "Ponctuation".
    """
    if match := _FRENCH_BREAKABLE.search(text):
        yield Problem(f"A no-break blank is wanted at {match[0].strip()!r}", Severity.INFO)
    if match := _FRENCH_TIGHT.search(text):
        yield Problem(f"French wants a no-break blank at {match[0]!r}", Severity.INFO)


CHECK = Check(
    id="whitespace",
    aliases=("blanks",),
    severity=Severity.WARNING,
    summary="Blanks are missing, doubled, or breakable where French wants them not.",
    why=(
        "Blanks at the ends join or part words when the article is built. A French mark on a "
        "line of its own looks careless (as information only: house styles differ)."
    ),
    fix="Begin and end as the source does; in French, put U+00A0 or U+202F before ; : ! ? ».",
    check_texts=check_texts,
    draft_policy=DraftPolicy.IGNORE,
    wrong=(
        ("en", "Guten Tag. ", "Good day."),
        ("en", "Guten Tag.", " Good day."),
        ("en", "Guten Tag heute.", "Good  day today."),
        ("en", "Ja, gut.", "Yes , good."),
        ("fr", "Kommt er?", "Vient-il ?"),
        ("fr", "Kommt er?", "Vient-il?"),
    ),
    right=(
        ("en", " Guten Tag. ", " Good day. "),
        ("fr", "Kommt er?", "Vient-il\u00a0?"),
        ("fr", "Um 12:30 Uhr", "À 12:30"),
    ),
)

FAST_PATH = FastPath(trigger=trigger)
