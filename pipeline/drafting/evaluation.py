"""Evaluation of drafts by the checks, each according to its `draft_policy`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.checks import Check, Context, DraftPolicy, check_segment, draft_checks
from pipeline.core import Finding, Severity
from pipeline.drafting.types import Evaluator, Issue
from pipeline.glossary import TermMatcher


def make_evaluator(
    language: str, matcher: TermMatcher | None, severities: Mapping[str, str]
) -> Evaluator:
    """Return an evaluator of drafts; `severities` are the project's settings of the checks.

    Raises SettingsError for an unknown check or severity in the settings.
    """
    context = Context(language, matcher=matcher)
    checks = {check.id: check for check in draft_checks(severities)}

    def evaluate(source: str, target: str) -> Sequence[Issue]:
        found = check_segment(source, target, context, checks, severities)
        pairs = [(finding, checks[finding.check]) for finding in found]
        return [_issue(finding, check) for finding, check in pairs if _counts(finding, check)]

    return evaluate


def _counts(finding: Finding, check: Check) -> bool:
    return finding.severity is not Severity.INFO or check.draft_policy is DraftPolicy.RANKING


def _issue(finding: Finding, check: Check) -> Issue:
    return Issue(
        check.id,
        finding.message,
        critical=check.draft_policy is DraftPolicy.CRITICAL,
        ranking_only=check.draft_policy is DraftPolicy.RANKING,
        confidence_factor=check.confidence_factor,
    )
