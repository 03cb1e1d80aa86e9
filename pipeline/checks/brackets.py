"""Brackets that do not pair."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checking.check import Check, Context
from pipeline.checking.plain import plain
from pipeline.model import Severity

_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"))


def find(source: str, target: str, context: Context) -> Iterator[str]:
    """Find brackets that pair in the source and do not in the translation."""
    for opening, closing in _PAIRS:
        if opening not in target and closing not in target:
            continue
        theirs, ours = plain(source), plain(target)
        if theirs.count(opening) - theirs.count(closing) != ours.count(opening) - ours.count(
            closing
        ):
            yield f"{opening} and {closing} do not pair as in the source"


CHECK = Check(
    id="brackets",
    severity=Severity.WARNING,
    summary="An opening or closing bracket is missing.",
    why="The reader cannot tell where the remark ends.",
    fix="Add the other bracket. Dashes or commas in place of both are fine.",
    find=find,
    wrong=(("en", "der Rat (in Brüssel)", "the Council (in Brussels"),),
    right=(
        ("en", "der Rat (in Brüssel)", "the Council (in Brussels)"),
        ("en", "der Rat (in Brüssel)", "the Council, in Brussels"),
        ("en", "a) Klima", "a) Climate"),
    ),
)
