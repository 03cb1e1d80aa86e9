"""`translate glossary lint`: report defects of glossary files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import json_option
from pipeline.cli.output import echo, echo_json
from pipeline.core import Finding, Severity, counted
from pipeline.project import load_project
from pipeline.workflows.glossary import LintOptions, lint


@click.command("lint")
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False, path_type=Path))
@json_option
@click.pass_obj
def command(folder: Path | None, files: tuple[Path, ...], as_json: bool) -> None:
    """Check glossary files for broken and contradictory rows.

    Checks FILES, or all glossaries of the project. The exit code is 1 if there are errors,
    but not for warnings.
    """
    project = None if files else load_project(folder)
    result = lint(project, LintOptions(files), ConsoleEvents())
    errors = sum(finding.severity is Severity.ERROR for finding in result.findings)
    if as_json:
        echo_json([_object(finding) for finding in result.findings])
        sys.exit(1 if errors else 0)
    for finding in result.findings:
        line = f":{finding.line}" if finding.line else ""
        echo(f"{finding.path}{line}: {finding.severity}: {finding.message}")
    warnings = len(result.findings) - errors
    files_read = counted(len(result.files), "file")
    echo(f"{files_read}: {counted(errors, 'error')}, {counted(warnings, 'warning')}")
    sys.exit(1 if errors else 0)


def _object(finding: Finding) -> dict[str, object]:
    names = ("severity", "message", "path", "line")
    return {name: getattr(finding, name) for name in names}
