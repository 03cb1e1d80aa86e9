"""Report for GitHub Actions: workflow commands, shown as annotations in the diff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipeline.checks.reports import entry_note, place, shorten_text
from pipeline.checks.reports.text import first_line, summary
from pipeline.core import Finding, Severity

if TYPE_CHECKING:
    from pipeline.checks.runner import Tally

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}

_MAX_ANNOTATIONS = 10
"""GitHub shows so many annotations of each kind of a step, and silently drops the others."""


def report(findings: Iterable[Finding], tally: Tally) -> Iterator[str]:
    """Yield a workflow command for every finding that GitHub shows, and a line for the others.

    Escaping as in GitHub's toolkit: docs.github.com, "Workflow commands for GitHub Actions".
    """
    shown: Counter[str] = Counter()
    others = 0
    for finding in findings:
        kind = _COMMANDS[finding.severity]
        shown[kind] += 1
        if shown[kind] <= _MAX_ANNOTATIONS:
            yield _annotation(kind, finding)
        else:
            others += 1
            yield _log_line(first_line(finding))
    for notice in tally.notices:
        shown["notice"] += 1
        if shown["notice"] <= _MAX_ANNOTATIONS:
            yield f"::notice title=translate check::{_data(shorten_text(notice.message))}\n"
        else:
            yield _log_line(notice.message)
    if others:
        are = "1 finding is" if others == 1 else f"{others} findings are"
        limit = f"GitHub shows {_MAX_ANNOTATIONS} errors, warnings and notices of a step"
        yield _log_line(f"{are} only in this log, because {limit}")
    yield summary(tally) + "\n"


def _annotation(kind: str, finding: Finding) -> str:
    fields = [f"file={_property(place(finding.path))}"]
    if finding.line:
        fields.append(f"line={finding.line}")
    fields.append(f"title={_property(finding.check)}")
    entry = entry_note(finding)
    parts = (finding.message + (f" ({entry})" if entry else ""), finding.target)
    message = "\n".join(shorten_text(part) for part in parts if part)
    return f"::{kind} {','.join(fields)}::{_data(message)}\n"


def _log_line(text: str) -> str:
    """Return a line of the log that the runner does not take for a command."""
    line = " ".join(text.split()).replace("##[", "## [")
    return f"- {line}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
