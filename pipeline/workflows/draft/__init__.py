"""Drafting: plan what the catalogs of a project miss, and fill it with drafts.

- `session`: the use case `draft`, and `DraftSession`, which keeps engines open between calls
- `run`: fills the catalogs of a language in batches
- `engines`: selects, announces and opens the engines of a run
- `costs`, `limits`: what a run consumes, and when it stops
- `types`: options and results
"""

from pipeline.workflows.draft.limits import MAX_COST, MAX_FAILURES, MAX_TIME, Limits
from pipeline.workflows.draft.run import DraftRun
from pipeline.workflows.draft.session import DraftSession, draft, reaches
from pipeline.workflows.draft.types import (
    CatalogOutcome,
    CostEstimate,
    DraftOptions,
    DraftReport,
    SegmentFailure,
)

__all__ = [
    "MAX_COST",
    "MAX_FAILURES",
    "MAX_TIME",
    "CatalogOutcome",
    "CostEstimate",
    "DraftOptions",
    "DraftReport",
    "DraftRun",
    "DraftSession",
    "Limits",
    "SegmentFailure",
    "draft",
    "reaches",
]
