"""Report for GitHub Actions: workflow commands, shown as annotations in the diff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipeline.checks.reports import place
from pipeline.checks.reports.text import summary
from pipeline.core import Finding, Severity

if TYPE_CHECKING:
    from pipeline.checks.runner import Tally

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def report(findings: Iterable[Finding], tally: Tally) -> Iterator[str]:
    """Yield a workflow command for every finding.

    Escaping as in GitHub's toolkit: docs.github.com, "Workflow commands for GitHub Actions".
    """
    for finding in findings:
        fields = [f"file={_property(place(finding.path))}"]
        if finding.line:
            fields.append(f"line={finding.line}")
        fields.append(f"title={_property(finding.check)}")
        message = finding.message + (f"\n{finding.target}" if finding.target else "")
        yield f"::{_COMMANDS[finding.severity]} {','.join(fields)}::{_data(message)}\n"
    yield summary(tally) + "\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
