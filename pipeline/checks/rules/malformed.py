"""Damaged catalogs; the runner reports them."""

from __future__ import annotations

from pipeline.checks.base import Check
from pipeline.core import Severity

CHECK = Check(
    id="malformed",
    severity=Severity.ERROR,
    summary="The catalog is damaged: its syntax, its encoding, or a duplicate entry.",
    why="Gettext tools silently drop damaged entries, and the next save loses them.",
    fix="Fix the reported line; `msgfmt -c` reports most of them too.",
)
