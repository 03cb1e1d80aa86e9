"""Catalogs that cannot be read."""

from __future__ import annotations

from pipeline.checks.base import Check
from pipeline.core.types import Severity

CHECK = Check(
    id="malformed",
    severity=Severity.ERROR,
    summary="The catalog is damaged: its syntax, its encoding, or an entry that stands twice.",
    why="Gettext tools drop such entries without a word, and the next save loses them.",
    fix="Go to the line that is named and mend it; `msgfmt -c` agrees on most of them.",
)
