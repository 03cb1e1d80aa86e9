"""Judges drafts with the checks: which flaws an answer is sent back for, which are grave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.checks.registry import CHECKS, Context, check_segment
from pipeline.core.types import Severity
from pipeline.drafting.types import Evaluator, Issue
from pipeline.glossary.matcher import TermMatcher

CRITICAL_CHECKS = frozenset({"empty", "untranslated", "untranslated-words", "language", "length"})
"""Checks whose errors and warnings make a draft worthless to a reviewer."""

RETRY_CHECKS = CRITICAL_CHECKS | {
    "terminology",
    "numbers",
    "dates",
    "placeholders",
    "markup",
    "urls",
    "repeated-words",
    "brackets",
}
"""Checks an answer is sent back for; a reviewer mends the rest faster than a machine."""

RANKING_CHECKS = frozenset({"negation", "names"})
"""Checks that only help to choose among several answers: they are often wrong of a draft."""


def make_evaluator(
    language: str, matcher: TermMatcher | None, severities: Mapping[str, str]
) -> Evaluator:
    """Make the judge of a language: `severities` are the project's settings of the checks."""
    context = Context(language, matcher=matcher)
    ids = [check.id for check in CHECKS if check.id in RETRY_CHECKS | RANKING_CHECKS]

    def flaws(source: str, target: str) -> Sequence[Issue]:
        found = check_segment(source, target, context, ids, severities)
        return [
            Issue(
                f.check,
                f.message,
                f.check in CRITICAL_CHECKS,
                ranking_only=f.check in RANKING_CHECKS,
            )
            for f in found
            if f.severity is not Severity.INFO or f.check in RANKING_CHECKS
        ]

    return flaws
