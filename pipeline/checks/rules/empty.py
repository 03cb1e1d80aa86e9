"""Translations of white space or tags alone."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.base import Check, Context, DraftPolicy
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import TAG, Text
from pipeline.core import Severity


def check_texts(source: str, target: str, context: Context) -> Iterator[str]:
    """Find a translation that contains only white space or tags."""
    if not target or not TAG.sub("", source).strip():
        return
    if not target.strip():
        yield "The translation contains only white space"
    elif not TAG.sub("", target).strip():
        yield "The translation contains only tags, no text"


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece is white space or has a tag."""
    return not piece.strip() or "<" in piece


def fast_pass(source: Text, target: Text, context: Context, bit: int) -> bool:
    """Return whether the translation starts with a letter or mark."""
    first = target.raw[:1]
    return first != "" and first != "<" and not first.isspace()


CHECK = Check(
    id="empty",
    severity=Severity.ERROR,
    summary="The translation contains only white space or tags.",
    why="The entry counts as translated, but readers see a gap.",
    fix="Translate it, or delete the white space: an empty entry counts as missing.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.CRITICAL,
    wrong=(("en", "Guten Tag.", "   "), ("en", "<b>Guten Tag.</b>", "<b> </b>")),
    right=(("en", "Guten Tag.", "Good day."), ("en", "Guten Tag.", "")),
)

FAST_PATH = FastPath(trigger=trigger, fast_pass=fast_pass)
