"""White space at the ends, double spaces, and spaces before French marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Check, Context, DraftPolicy, Problem
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import TAG, URL
from pipeline.core import Severity

_DOUBLE = re.compile(r"[^\s.!?:] {2,}\S")
_BEFORE_MARK = re.compile(r"[ \u00a0\u202f][,.](?=\s|$)(?<=\w..)")
_FRENCH_MARKS = frozenset(";:!?«»")
_FRENCH_BREAKABLE = re.compile(r"\w ([;:!?»])(?=\s|$)|« (?=\w)")
_FRENCH_TIGHT = re.compile(r"[^\W\d_]([;!?])(?=\s|$)|[^\W\d_](:)(?=\s\w)|«(?=\w)|\w»")


def check_texts(source: str, target: str, context: Context) -> Iterator[Problem]:
    """Compare white space at the ends and line breaks; find double or missing spaces."""
    if not target.strip():
        return
    if any(map(str.isspace, (source[:1], source[-1:], target[:1], target[-1:]))):
        for theirs, ours, where in (
            (_lead(source), _lead(target), "start"),
            (_lead(source[::-1]), _lead(target[::-1]), "end"),
        ):
            if theirs != ours:
                yield Problem(f"White space at the {where} differs from the source")
    before, after = source.strip().count("\n"), target.strip().count("\n")
    if before != after:
        severity = None if 0 in (before, after) else Severity.INFO
        yield Problem(f"{after} line breaks, but {before} in the source", severity)
    if "  " in target and _DOUBLE.search(target) and not _DOUBLE.search(source):
        yield Problem("Two spaces in a row")
    text = TAG.sub("", target) if "<" in target else target
    match = _BEFORE_MARK.search(text)
    if match and not _BEFORE_MARK.search(TAG.sub("", source)):
        yield Problem(f"A space before {match[0][-1]!r}")
    if context.base == "fr" and context.language != "fr_CA":
        yield from _french(URL.sub("", text))


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece has unusual white space, a tag, or a French mark."""
    if not piece or piece in (",", ".") or "<" in piece or "\n" in piece:
        return True
    # Inside the source, other white space does not matter.
    if any(map(str.isspace, piece if is_target else piece[:1] + piece[-1:])):
        return True
    return is_target and context.base == "fr" and not _FRENCH_MARKS.isdisjoint(piece)


def _lead(text: str) -> str:
    """Return the leading white space, with ordinary instead of no-break spaces."""
    return text[: len(text) - len(text.lstrip())].translate({0xA0: " ", 0x202F: " "})


def _french(text: str) -> Iterator[Problem]:
    """Find French marks without a no-break space: ; : ! ? and « ».

    Rule: Imprimerie nationale, Lexique des règles typographiques, "Ponctuation".
    """
    if match := _FRENCH_BREAKABLE.search(text):
        yield Problem(f"Use a no-break space at {match[0].strip()!r}", Severity.INFO)
    if match := _FRENCH_TIGHT.search(text):
        yield Problem(f"A no-break space is missing at {match[0]!r}", Severity.INFO)


CHECK = Check(
    id="whitespace",
    aliases=("blanks",),
    severity=Severity.WARNING,
    summary="Spaces are missing, doubled, or breakable before French marks.",
    why=(
        "Spaces at the ends join or separate words when the article is built. A French mark at the "
        "start of a line looks careless (information only: house styles differ)."
    ),
    fix="Start and end as the source does; in French, put U+00A0 or U+202F before ; : ! ? ».",
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
