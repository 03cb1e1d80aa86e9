"""Report for programs: one JSON object, specified by `docs/report-schema.json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.checks.reports import place, shorten_text
from pipeline.core import Finding, Severity

if TYPE_CHECKING:
    from pipeline.checks.runner import Tally

VERSION = 1
"""Incremented if a field is renamed, removed or changes its meaning; fields may be added."""


def report(findings: Iterable[Finding], tally: Tally) -> Iterator[str]:
    """Yield one finding per line, then the notices and the summary."""
    yield f'{{"version": {VERSION}, "tool": "translate {__version__}", "findings": ['
    comma = "\n"
    for finding in findings:
        yield comma + json.dumps(_row(finding), ensure_ascii=False)
        comma = ",\n"
    counts = {f"{severity}s": tally.found.get(severity, 0) for severity in Severity}
    totals = {"catalogs": tally.catalogs, "entries": tally.entries, **counts}
    totals["accepted"] = tally.accepted
    notices = [{"message": n.message, "language": n.language} for n in tally.notices]
    yield f'\n], "notices": {json.dumps(notices, ensure_ascii=False)}'
    yield f', "summary": {json.dumps(totals)}}}\n'


def _row(finding: Finding) -> dict[str, str | int | None]:
    return {
        "check": finding.check,
        "severity": finding.severity.value,
        "message": shorten_text(finding.message),
        "path": place(finding.path),
        "line": finding.line,
        "language": finding.language,
        "source": shorten_text(finding.source),
        "target": shorten_text(finding.target),
        "context": finding.context,
        "plural_form": finding.plural_form,
        "confidence": finding.confidence,
    }
