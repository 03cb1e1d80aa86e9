"""Report for CI servers that read JUnit XML: GitLab, Jenkins, Azure and others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from pipeline.checks.reports import entry_note, place, shorten_text
from pipeline.core import Finding, Severity

if TYPE_CHECKING:
    from pipeline.checks.runner import Tally

# Characters that XML 1.0 does not allow, even escaped.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def report(findings: Iterable[Finding], tally: Tally) -> Iterator[str]:
    """Yield a suite for every catalog with findings, and a test case for every finding.

    An error is a failure; a warning or information is a passed case with output. Without
    findings, there is one case: passed, or skipped if no entry was checked. Notices are the
    output of a passed case.
    """
    found = list(findings)
    failures = sum(f.severity is Severity.ERROR for f in found)
    others = _other_cases(tally, has_findings=bool(found))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="translate check" tests="{len(found) + len(others)}"'
    yield f' failures="{failures}">\n'
    suites: dict[str, list[Finding]] = {}
    for finding in found:
        suites.setdefault(place(finding.path), []).append(finding)
    for path, of_path in suites.items():
        yield from _suite(path, of_path)
    if others:
        counts = f'tests="{len(others)}" failures="0" errors="0"'
        yield f'  <testsuite name="translate check" {counts}>\n'
        yield from others
        yield "  </testsuite>\n"
    yield "</testsuites>\n"


def _other_cases(tally: Tally, *, has_findings: bool) -> list[str]:
    cases = []
    if not has_findings:
        nothing = '<skipped message="no entry was checked"/>' if not tally.entries else ""
        cases.append(f'    <testcase classname="translate" name="all catalogs">{nothing}')
    if tally.notices:
        lines = "\n".join(notice.message for notice in tally.notices)
        output = f"<system-out>{escape(_legal(lines))}</system-out>"
        cases.append(f'    <testcase classname="translate" name="notices">{output}')
    return [f"{case}</testcase>\n" for case in cases]


def _suite(path: str, findings: list[Finding]) -> Iterator[str]:
    failures = sum(f.severity is Severity.ERROR for f in findings)
    counts = f'tests="{len(findings)}" failures="{failures}" errors="0"'
    yield f"  <testsuite name={_attribute(path)} {counts}>\n"
    for finding in findings:
        name = f"{finding.check} at line {finding.line}: {finding.source[:60]}"
        yield f"    <testcase classname={_attribute(path)} name={_attribute(name)}>\n"
        first = f"{path}:{finding.line}: {finding.message}"
        lines = [first, entry_note(finding), finding.source, finding.target]
        text = escape(_legal("\n".join(shorten_text(line) for line in lines if line)))
        if finding.severity is Severity.ERROR:
            message = _attribute(shorten_text(finding.message))
            kind = f"message={message} type={_attribute(finding.check)}"
            yield f"      <failure {kind}>{text}</failure>\n"
        else:
            yield f"      <system-out>{finding.severity}: {text}</system-out>\n"
        yield "    </testcase>\n"
    yield "  </testsuite>\n"


def _attribute(text: str) -> str:
    return quoteattr(_legal(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
