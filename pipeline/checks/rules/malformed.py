"""Catalogs that cannot be checked; the runner reports them."""

from __future__ import annotations

from pipeline.checks.base import Check
from pipeline.core import Severity

CHECK = Check(
    id="malformed",
    severity=Severity.ERROR,
    summary="The catalog cannot be checked: its syntax, its encoding, a duplicate, no language.",
    why=(
        "None of its entries was checked. Gettext tools silently drop damaged entries, and the "
        "next save loses them. It is always an error: no option, setting or baseline hides it."
    ),
    fix=(
        "Fix the reported line; `msgfmt -c` reports most of them too. A missing language goes into "
        "the field `Language` of the header."
    ),
)
