"""Unpaired brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.base import Check, Context, DraftPolicy
from pipeline.checks.fast_path import FastPath
from pipeline.checks.text import strip_markup
from pipeline.core import Severity

_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"))
_BRACKETS = frozenset("()[]{}")
_BRACKET = re.compile(r"[()\[\]{}]")
_ITEM = re.compile(r"(?:^|\W)(?:[^\W\d_]{1,4}|\d{1,3})[.]?[)\]]$")


def check_texts(source: str, target: str, context: Context) -> Iterator[str]:
    """Find brackets that are paired in the source, but not in the translation."""
    for opening, closing in _PAIRS:
        count = target.count(opening)
        if count == target.count(closing) and (
            not count or (count == 1 and target.find(opening) < target.find(closing))
        ):
            continue
        theirs = _unmatched(strip_markup(source), opening, closing)
        ours = _unmatched(strip_markup(target), opening, closing)
        if theirs == (0, 0) != ours:
            yield f"{opening} and {closing} do not pair"


def trigger(piece: str, is_target: bool, context: Context) -> bool:
    """Return whether a piece of the translation has an unpaired bracket."""
    if not is_target or _BRACKETS.isdisjoint(piece):
        return False
    return any(_unmatched(piece, opening, closing) != (0, 0) for opening, closing in _PAIRS)


def _unmatched(text: str, opening: str, closing: str) -> tuple[int, int]:
    """Count unpaired opening and closing brackets, except in a list marker: `a)`."""
    depth = alone = 0
    for match in _BRACKET.finditer(text):
        if match[0] == opening:
            depth += 1
        elif match[0] == closing and depth:
            depth -= 1
        elif match[0] == closing and not _ITEM.search(
            text[max(0, match.start() - 6) : match.end()]
        ):
            alone += 1
    return depth, alone


CHECK = Check(
    id="brackets",
    severity=Severity.WARNING,
    summary="An opening or closing bracket is missing.",
    why="The reader cannot tell where the remark ends.",
    fix="Add the other bracket. Dashes or commas in place of both are fine.",
    check_texts=check_texts,
    draft_policy=DraftPolicy.RETRY,
    wrong=(("en", "der Rat (in Brüssel)", "the Council (in Brussels"),),
    right=(
        ("en", "der Rat (in Brüssel)", "the Council (in Brussels)"),
        ("en", "der Rat (in Brüssel)", "the Council, in Brussels"),
        ("en", "a) Klima", "a) Climate"),
    ),
)

FAST_PATH = FastPath(trigger=trigger)
