"""The kinds of files that a report is written to, as far as `outputs` protects them."""

from __future__ import annotations

from pipeline.workflows.outputs import OutputKind
from pipeline.workflows.reporting.pages import is_page

__all__ = ["BADGE", "PROJECT_REPORT"]


def _is_badge(data: bytes) -> bool:
    return data.startswith(b"<svg ") and b"% approved" in data


PROJECT_REPORT = OutputKind("a report", is_page)
BADGE = OutputKind("a badge", _is_badge)
