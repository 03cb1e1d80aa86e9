"""Report for code scanning: SARIF 2.1.0 (OASIS standard, 27 March 2020)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pipeline import __version__
from pipeline.checks.registry import CHECKS, Check, by_id
from pipeline.checks.reports import place
from pipeline.core import Finding, Severity

if TYPE_CHECKING:
    from pipeline.checks.runner import Tally

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def report(findings: Iterable[Finding], tally: Tally) -> Iterator[str]:
    """Yield one run with a rule for every check and a result for every finding."""
    checks = [*CHECKS]
    rules = {check.id: number for number, check in enumerate(checks)}
    results = []
    for finding in findings:
        if finding.check not in rules:  # one of a plug-in
            rules[finding.check] = len(checks)
            checks.append(by_id()[finding.check])
        results.append(_result(finding, rules[finding.check]))
    driver = {
        "name": "translate",
        "semanticVersion": __version__,
        "rules": [_rule(check) for check in checks],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    whole = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _rule(check: Check) -> dict[str, Any]:
    return {
        "id": check.id,
        "shortDescription": {"text": check.summary},
        "fullDescription": {"text": check.why},
        "help": {"text": check.fix},
        "defaultConfiguration": {"level": _LEVELS[check.severity]},
    }


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    where: dict[str, Any] = {"artifactLocation": {"uri": quote(place(finding.path))}}
    if finding.line:
        where["region"] = {"startLine": finding.line}
    parts = (finding.check, place(finding.path), finding.source, finding.message)
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    properties: dict[str, Any] = {
        "language": finding.language,
        "source": finding.source,
        "target": finding.target,
    }
    rank = {}
    if finding.confidence is not None:
        properties["confidence"] = finding.confidence
        rank["rank"] = 100.0 - finding.confidence  # 100 is the most urgent (3.27.25)
    return {
        "ruleId": finding.check,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": where}],
        "partialFingerprints": {"findingDigest/v1": digest},
        **rank,
        "properties": properties,
    }
