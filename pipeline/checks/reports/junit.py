"""Report for CI servers that read JUnit XML: GitLab, Jenkins, Azure and others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from pipeline.checks.reports import place
from pipeline.core import Finding, Severity

if TYPE_CHECKING:
    from pipeline.checks.runner import Tally

# Characters that XML 1.0 does not allow, even escaped.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def report(findings: Iterable[Finding], tally: Tally) -> Iterator[str]:
    """Yield a suite for every catalog with findings, and a test case for every finding.

    An error is a failure; a warning or information is a passed case with output. Without
    findings, there is one passed case.
    """
    found = list(findings)
    failures = sum(f.severity is Severity.ERROR for f in found)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="translate check" tests="{len(found) or 1}" failures="{failures}">\n'
    for path, group in groupby(found, key=lambda f: place(f.path)):
        yield from _suite(path, list(group))
    if not found:
        yield '  <testsuite name="translate check" tests="1" failures="0" errors="0">\n'
        yield '    <testcase classname="translate" name="all catalogs"/>\n  </testsuite>\n'
    yield "</testsuites>\n"


def _suite(path: str, findings: list[Finding]) -> Iterator[str]:
    failures = sum(f.severity is Severity.ERROR for f in findings)
    counts = f'tests="{len(findings)}" failures="{failures}" errors="0"'
    yield f"  <testsuite name={_attribute(path)} {counts}>\n"
    for finding in findings:
        name = f"{finding.check} at line {finding.line}: {finding.source[:60]}"
        yield f"    <testcase classname={_attribute(path)} name={_attribute(name)}>\n"
        lines = [f"{path}:{finding.line}: {finding.message}", finding.source, finding.target]
        text = escape(_legal("\n".join(filter(None, lines))))
        if finding.severity is Severity.ERROR:
            kind = f"message={_attribute(finding.message)} type={_attribute(finding.check)}"
            yield f"      <failure {kind}>{text}</failure>\n"
        else:
            yield f"      <system-out>{finding.severity}: {text}</system-out>\n"
        yield "    </testcase>\n"
    yield "  </testsuite>\n"


def _attribute(text: str) -> str:
    return quoteattr(_legal(text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
