"""Judges drafts with the checks: which flaws an answer is sent back for, which are grave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.checks.registry import CHECKS, Context, check_segment
from pipeline.core.types import Severity
from pipeline.drafting.refinement import Flaw, Judge
from pipeline.glossary.matcher import TermMatcher

GRAVE = frozenset({"empty", "untranslated", "leftover", "language", "length"})
"""Checks whose errors and warnings make a draft worthless to a reviewer."""

ASKED = GRAVE | {
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

DOUBTED = frozenset({"negation", "names"})
"""Checks that only help to choose among several answers: they are often wrong of a draft."""


def judge(language: str, matcher: TermMatcher | None, severities: Mapping[str, str]) -> Judge:
    """Make the judge of a language: `severities` are the project's settings of the checks."""
    context = Context(language, matcher=matcher)
    ids = [check.id for check in CHECKS if check.id in ASKED | DOUBTED]

    def flaws(source: str, target: str) -> Sequence[Flaw]:
        found = check_segment(source, target, context, ids, severities)
        return [
            Flaw(f.check, f.message, f.check in GRAVE, slight=f.check in DOUBTED)
            for f in found
            if f.severity is not Severity.INFO or f.check in DOUBTED
        ]

    return flaws
