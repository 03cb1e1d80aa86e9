"""Report formats for findings, imported on demand.

A report is a function that takes findings and a tally, and yields text. The tally is complete
once all findings are read, its notices too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.core import Finding, SettingsError
from pipeline.core.file_names import real_path

if TYPE_CHECKING:
    from pipeline.checks.runner import Tally

__all__ = [
    "REPORTS",
    "Report",
    "entry_note",
    "is_report",
    "place",
    "reporter",
    "shorten_text",
]

_LONGEST_TEXT = 2000
"""Characters of a text in a report: an entry may have megabytes."""

Report = Callable[[Iterable[Finding], "Tally"], Iterator[str]]

REPORTS: Mapping[str, str] = {
    "text": "pipeline.checks.reports.text",
    "json": "pipeline.checks.reports.json",
    "github": "pipeline.checks.reports.github",
    "sarif": "pipeline.checks.reports.sarif",
    "junit": "pipeline.checks.reports.junit",
}

# How the reports of structured formats start.
_START = re.compile(
    rb'\{"version": \d+, "tool": "translate [^"\n]*", "findings": \['
    rb'|\{\s*"\$schema": "[^"]*sarif[^"]*",\s*"version": "[\d.]+",\s*"runs": \[\s*\{'
    rb'\s*"tool": \{\s*"driver": \{\s*"name": "translate"'
    rb'|<\?xml [^>]*>\s*<testsuites name="translate check"'
)
# The lines of the others, and their last line.
_LINE = re.compile(
    rb"::(?:error|warning|notice) (?:file|title)=.*|.*: (?:error|warning|info) [\w-]+: .*"
    rb"|    [-+] .*|- \d+ findings? (?:is|are) only in this log, .*"
)
_SUMMARY = re.compile(
    rb"\d+ entr(?:y|ies) in \d+ catalogs?: \d+ errors?, \d+ warnings?(?:, \d+ for information)?"
    rb"(?:, \d+ accepted)?"
)


def is_report(data: bytes) -> bool:
    """Return whether the content of a file is a report in one of the formats."""
    if _START.match(data):
        return True
    *lines, last = data.rstrip(b"\n").split(b"\n")
    return bool(_SUMMARY.fullmatch(last)) and all(map(_LINE.fullmatch, lines))


def reporter(name: str, *, verbose: bool = False) -> Report:
    """Return the function of a format; with `verbose`, its `verbose_report` if it has one.

    Raises SettingsError for a name that is not in `REPORTS`.
    """
    if name not in REPORTS:
        raise SettingsError(f"there is no report {name!r}", f"Reports: {', '.join(REPORTS)}.")
    module = import_module(REPORTS[name])
    report: Report = module.report
    return getattr(module, "verbose_report", report) if verbose else report


def shorten_text(text: str) -> str:
    """Return a text, cut at the length limit of reports with an ellipsis."""
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"


def entry_note(finding: Finding) -> str:
    """Return the context and the plural form of a finding's entry, "" without both."""
    parts = [] if finding.context is None else [f"context {finding.context!r}"]
    if finding.plural_form is not None:
        parts.append(f"plural form {finding.plural_form}")
    return ", ".join(parts)


def place(path: Path | None) -> str:
    """Return a path relative to the working directory, with slashes."""
    return "" if path is None else _place(path, Path.cwd())


@lru_cache(maxsize=64)
def _place(path: Path, folder: Path) -> str:
    try:
        return real_path(path).relative_to(folder).as_posix()
    except ValueError:
        return path.as_posix()
