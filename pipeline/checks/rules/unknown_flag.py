"""Flags for checks that do not exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.checks.base import Check, Context, Problems
from pipeline.core import Severity, Translation, find_similar

PREFIX = "ignore-"


def check_entry(translation: Translation, context: Context) -> Problems:
    """Find flags `ignore-ID` with an unknown id."""
    return _unknown(translation.flags) if translation.flags else ()


def _unknown(flags: Iterable[str]) -> Iterator[str]:
    from pipeline.checks.registry import by_id

    for flag in sorted(flags):
        name = flag.removeprefix(PREFIX)
        if not flag.startswith(PREFIX) or name in by_id():
            continue
        similar = find_similar(name, by_id())
        hint = f"; did you mean {PREFIX}{similar}?" if similar else ""
        yield f"There is no check {name!r}{hint}"


CHECK = Check(
    id="unknown-flag",
    severity=Severity.WARNING,
    summary="A flag `ignore-…` names a check that does not exist.",
    why="It silences nothing; usually it is misspelled.",
    fix="Correct the flag, or delete it. `translate check --explain` lists the checks.",
    check_entry=check_entry,
)
