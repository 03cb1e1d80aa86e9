"""Report formats for findings, imported on demand.

A report is a function that takes findings and a tally, and yields text. The tally is complete
once all findings are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.core import Finding, SettingsError

if TYPE_CHECKING:
    from pipeline.checks.runner import Tally

__all__ = ["REPORTS", "Report", "place", "reporter"]

Report = Callable[[Iterable[Finding], "Tally"], Iterator[str]]

REPORTS: Mapping[str, str] = {
    "text": "pipeline.checks.reports.text",
    "json": "pipeline.checks.reports.json",
    "github": "pipeline.checks.reports.github",
    "sarif": "pipeline.checks.reports.sarif",
    "junit": "pipeline.checks.reports.junit",
}


def reporter(name: str, *, verbose: bool = False) -> Report:
    """Return the function of a format; with `verbose`, its `verbose_report` if it has one.

    Raises SettingsError for a name that is not in `REPORTS`.
    """
    if name not in REPORTS:
        raise SettingsError(f"there is no report {name!r}", f"Reports: {', '.join(REPORTS)}.")
    module = import_module(REPORTS[name])
    report: Report = module.report
    return getattr(module, "verbose_report", report) if verbose else report


def place(path: Path | None) -> str:
    """Return a path relative to the working directory, with slashes."""
    return "" if path is None else _place(path, Path.cwd())


@lru_cache(maxsize=64)
def _place(path: Path, folder: Path) -> str:
    try:
        return path.resolve().relative_to(folder).as_posix()
    except ValueError:
        return path.as_posix()
