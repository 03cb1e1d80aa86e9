"""Report for people: `file:line: severity id: message`, the two texts, and a summary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipeline.checks.reports import entry_note, place
from pipeline.core import Finding, Severity

if TYPE_CHECKING:
    from pipeline.checks.runner import Tally

__all__ = ["pair", "summary"]

# ECMA-48: bold red, bold yellow, bold blue; faint; all off.
_COLOURS = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.INFO: "\x1b[1;34m",
}
_FAINT, _OFF = "\x1b[2m", "\x1b[0m"
_SHOWN = 400


def report(findings: Iterable[Finding], tally: Tally) -> Iterator[str]:
    """Yield findings and a summary with ANSI colours, which the caller may strip."""
    for finding in findings:
        yield from _lines(finding, "")
    yield summary(tally) + "\n"


def verbose_report(findings: Iterable[Finding], tally: Tally) -> Iterator[str]:
    """Yield the same as `report`, with the confidence of drafts."""
    for finding in findings:
        percent = finding.confidence
        note = "" if percent is None else f" (a draft, confidence {percent} %)"
        yield from _lines(finding, note)
    yield summary(tally) + "\n"


def pair(source: str, target: str) -> Iterator[str]:
    """Yield a line for the German text and one for the translation, unless empty."""
    if source:
        yield f"{_FAINT}    - {_visible(source)}{_OFF}\n"
    if target:
        yield f"    + {_visible(target)}\n"


def first_line(finding: Finding, colour: str = "", off: str = "") -> str:
    """Return `file:line: severity id: message`, with context and plural form."""
    where = place(finding.path) + (f":{finding.line}" if finding.line else "")
    entry = entry_note(finding)
    note = f" ({_visible(entry)})" if entry else ""
    severity = f"{colour}{finding.severity}{off}"
    return f"{_visible(where)}: {severity} {finding.check}: {_visible(finding.message)}{note}"


def _lines(finding: Finding, note: str) -> Iterator[str]:
    yield f"{first_line(finding, _COLOURS[finding.severity], _OFF)}{note}\n"
    yield from pair(finding.source, finding.target)


def summary(tally: Tally) -> str:
    """Return the last line: the number of entries, catalogs, and new and accepted findings."""
    counts = [
        _counted(tally.found.get(severity, 0), word)
        for severity, word in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"))
    ]
    if tally.found.get(Severity.INFO):
        counts.append(f"{tally.found[Severity.INFO]} for information")
    if tally.accepted:
        counts.append(f"{tally.accepted} accepted")
    checked = f"{_counted(tally.entries, 'entry')} in {_counted(tally.catalogs, 'catalog')}"
    return f"{checked}: {', '.join(counts)}"


def _counted(number: int, word: str) -> str:
    if number == 1:
        return f"1 {word}"
    return f"{number} {word[:-1]}ies" if word.endswith("y") else f"{number} {word}s"


def _visible(text: str) -> str:
    """Return a text in one line, shortened, with control characters escaped for terminals."""
    if len(text) > _SHOWN:
        text = text[: _SHOWN - 1] + "…"
    return "".join(c if c.isprintable() or c in "\u00a0\u202f" else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return "⏎" if character == "\n" else repr(character)[1:-1]
