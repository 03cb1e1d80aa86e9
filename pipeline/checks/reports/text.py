"""The report for people: `file:line: severity id: message`, the two texts, a last line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.checks.reports import place
from pipeline.checks.runner import Tally
from pipeline.core.types import Finding, Severity

# ECMA-48: bold red, bold yellow, bold blue; faint; all off.
_COLOURS = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.INFO: "\x1b[1;34m",
}
_FAINT, _OFF = "\x1b[2m", "\x1b[0m"
_SHOWN = 400


def report(findings: Iterable[Finding], tally: Tally) -> Iterator[str]:
    """Write findings, and what was counted; with colours, which whoever prints may take away."""
    for finding in findings:
        yield from _told(finding, "")
    yield summary(tally) + "\n"


def verbose_report(findings: Iterable[Finding], tally: Tally) -> Iterator[str]:
    """Write as `report` does, and how sure the drafts are in which something was found."""
    for finding in findings:
        sure = finding.confidence
        yield from _told(finding, "" if sure is None else f" (a draft, confidence {sure} %)")
    yield summary(tally) + "\n"


def pair(source: str, target: str) -> Iterator[str]:
    """Write a German text and its translation, a line each; one that is empty is left out."""
    if source:
        yield f"{_FAINT}    - {_visible(source)}{_OFF}\n"
    if target:
        yield f"    + {_visible(target)}\n"


def _told(finding: Finding, more: str) -> Iterator[str]:
    where = place(finding.path) + (f":{finding.line}" if finding.line else "")
    severity = f"{_COLOURS[finding.severity]}{finding.severity}{_OFF}"
    yield f"{where}: {severity} {finding.check}: {_visible(finding.message)}{more}\n"
    yield from pair(finding.source, finding.target)


def summary(tally: Tally) -> str:
    """The last line: what was looked at, and how much was found."""
    counts = [
        _counted(tally.found.get(severity, 0), word)
        for severity, word in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"))
    ]
    if tally.found.get(Severity.INFO):
        counts.append(f"{tally.found[Severity.INFO]} for information")
    looked = f"{_counted(tally.entries, 'entry')} in {_counted(tally.catalogs, 'catalog')}"
    return f"{looked}: {', '.join(counts)}"


def _counted(number: int, word: str) -> str:
    if number == 1:
        return f"1 {word}"
    return f"{number} {word[:-1]}ies" if word.endswith("y") else f"{number} {word}s"


def _visible(text: str) -> str:
    """One line of a text: no control characters (a terminal would obey them), cut when long."""
    if len(text) > _SHOWN:
        text = text[: _SHOWN - 1] + "…"
    return "".join(c if c.isprintable() or c in "\u00a0\u202f" else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return "⏎" if character == "\n" else repr(character)[1:-1]
