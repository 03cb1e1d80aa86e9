"""Report for code scanning: SARIF 2.1.0 (OASIS standard, 27 March 2020)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pipeline import __version__
from pipeline.checks.baseline import stable_message
from pipeline.checks.registry import CHECKS, Check, by_id
from pipeline.checks.reports import place, shorten_text
from pipeline.core import Finding, Severity

if TYPE_CHECKING:
    from pipeline.checks.runner import Tally

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

_MAX_RESULTS = 24_999
"""GitHub rejects a run with more than 25,000 results (docs.github.com, "SARIF support")."""


def report(findings: Iterable[Finding], tally: Tally) -> Iterator[str]:
    """Yield one run with a rule for every check and a result for every finding.

    If there are too many findings, the worst ones come first and the others are left out.
    """
    findings, left_out = _worst(findings)
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
        "invocations": [_invocation(tally, left_out)],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    whole = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    yield json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _worst(findings: Iterable[Finding]) -> tuple[list[Finding], int]:
    """Return the findings in their order, or the worst ones, and the number left out."""
    kept: dict[Severity, list[tuple[int, Finding]]] = {severity: [] for severity in _LEVELS}
    number = 0
    for number, finding in enumerate(findings, 1):
        of_severity = kept[finding.severity]
        if len(of_severity) < _MAX_RESULTS:
            of_severity.append((number, finding))
    ranked = [pair for of_severity in kept.values() for pair in of_severity]
    if number <= _MAX_RESULTS:
        ranked.sort(key=itemgetter(0))
    return [finding for _, finding in ranked[:_MAX_RESULTS]], max(0, number - _MAX_RESULTS)


def _invocation(tally: Tally, left_out: int) -> dict[str, Any]:
    notifications = [
        {"level": "warning", "message": {"text": notice.message}} for notice in tally.notices
    ]
    if left_out:
        text = f"{left_out} findings are left out: this file has the {_MAX_RESULTS} worst ones"
        notifications.append({"level": "warning", "message": {"text": text}})
    return {"executionSuccessful": True, "toolExecutionNotifications": notifications}


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
    parts = (finding.check, place(finding.path), finding.source, stable_message(finding.message))
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
    properties: dict[str, Any] = {
        "language": finding.language,
        "source": shorten_text(finding.source),
        "target": shorten_text(finding.target),
    }
    if finding.context is not None:
        properties["context"] = finding.context
    if finding.plural_form is not None:
        properties["pluralForm"] = finding.plural_form
    rank = {}
    if finding.confidence is not None:
        properties["confidence"] = finding.confidence
        rank["rank"] = 100.0 - finding.confidence  # 100 is the most urgent (3.27.25)
    return {
        "ruleId": finding.check,
        "ruleIndex": rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": shorten_text(finding.message)},
        "locations": [{"physicalLocation": where}],
        "partialFingerprints": {"findingDigest/v1": digest},
        **rank,
        "properties": properties,
    }
