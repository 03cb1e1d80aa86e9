"""Entries that no human has approved."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.base import Check, Context
from pipeline.core import Severity, State, Translation

_MESSAGES = {
    State.MISSING: "Not translated",
    State.DRAFT: "A machine's draft, not reviewed",
    State.TOUCHED: "Edited, but still marked as fuzzy",
}


def check_entry(translation: Translation, context: Context) -> Iterator[str]:
    """Find a missing, drafted or fuzzy entry."""
    if translation.state is not State.APPROVED:
        yield _MESSAGES[translation.state]


CHECK = Check(
    id="unreviewed",
    severity=Severity.ERROR,
    summary="An entry is missing or still a draft (only with `--require-reviewed`).",
    why="A release may require human approval of every sentence.",
    fix="Review the entry in a gettext editor; approving removes its mark `fuzzy`.",
    check_entry=check_entry,
    optional=True,
)
