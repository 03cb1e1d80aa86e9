"""The report for programs: one JSON object, as `docs/report-schema.json` describes it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from pipeline import __version__
from pipeline.checks.reports import place
from pipeline.checks.runner import Tally
from pipeline.core.types import Finding, Severity

VERSION = 1
"""Goes up when a field is renamed, removed or means something else; new fields may come."""


def report(findings: Iterable[Finding], tally: Tally) -> Iterator[str]:
    """Write findings one a line, then the summary."""
    yield f'{{"version": {VERSION}, "tool": "translate {__version__}", "findings": ['
    comma = "\n"
    for finding in findings:
        yield comma + json.dumps(_row(finding), ensure_ascii=False)
        comma = ",\n"
    counts = {f"{severity}s": tally.found.get(severity, 0) for severity in Severity}
    totals = {"catalogs": tally.catalogs, "entries": tally.entries, **counts}
    yield f'\n], "summary": {json.dumps(totals)}}}\n'


def _row(finding: Finding) -> dict[str, str | int | None]:
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "message": finding.message,
        "path": place(finding.path),
        "line": finding.line,
        "language": finding.language,
        "source": finding.source,
        "target": finding.target,
        "confidence": finding.confidence,
    }
