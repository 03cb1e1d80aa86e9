"""Quality checks of translations: their registry, the runner over catalogs, and reports.

A check is a value of `Check`. The same checks evaluate machine drafts (`draft_checks`,
`check_segment`) and guard catalogs (`check_catalogs`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.core.lazy_exports import lazy_exports

if TYPE_CHECKING:
    from pipeline.checks.base import Aggregator, Check, Context, DraftPolicy, Problem
    from pipeline.checks.registry import (
        CHECKS,
        MALFORMED,
        TERMINOLOGY,
        by_id,
        canonical_id,
        canonical_severities,
        check_segment,
        draft_checks,
        select_checks,
        severity_of,
        validate_severities,
    )
    from pipeline.checks.runner import (
        CheckPlan,
        Notice,
        Tally,
        check_catalogs,
        check_entries,
        has_terms,
    )

__all__ = [
    "CHECKS",
    "MALFORMED",
    "TERMINOLOGY",
    "Aggregator",
    "Check",
    "CheckPlan",
    "Context",
    "DraftPolicy",
    "Notice",
    "Problem",
    "Tally",
    "by_id",
    "canonical_id",
    "canonical_severities",
    "check_catalogs",
    "check_entries",
    "check_segment",
    "draft_checks",
    "has_terms",
    "select_checks",
    "severity_of",
    "validate_severities",
]

if not TYPE_CHECKING:
    __getattr__ = lazy_exports(
        __name__,
        {
            "base": (
                "Aggregator",
                "Check",
                "Context",
                "DraftPolicy",
                "Problem",
            ),
            "registry": (
                "CHECKS",
                "MALFORMED",
                "TERMINOLOGY",
                "by_id",
                "canonical_id",
                "canonical_severities",
                "check_segment",
                "draft_checks",
                "select_checks",
                "severity_of",
                "validate_severities",
            ),
            "runner": (
                "CheckPlan",
                "Notice",
                "Tally",
                "check_catalogs",
                "check_entries",
                "has_terms",
            ),
        },
    )
