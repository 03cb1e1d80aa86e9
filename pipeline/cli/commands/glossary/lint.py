"""`translate glossary lint`: report defects of glossary files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.output import echo
from pipeline.core import Severity
from pipeline.project import load_project
from pipeline.workflows.glossary import LintOptions, lint


@click.command("lint")
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def command(folder: Path | None, files: tuple[Path, ...]) -> None:
    """Check glossary files for broken and contradictory rows.

    Checks FILES, or all glossaries of the project. The exit code is 1 if there are errors,
    but not for warnings.
    """
    project = None if files else load_project(folder)
    result = lint(project, LintOptions(files), ConsoleEvents())
    for finding in result.findings:
        echo(f"{finding.path}:{finding.line}: {finding.severity}: {finding.message}")
    errors = sum(finding.severity is Severity.ERROR for finding in result.findings)
    count, warnings = len(result.files), len(result.findings) - errors
    echo(f"{count} {'file' if count == 1 else 'files'}: {errors} errors, {warnings} warnings")
    sys.exit(1 if errors else 0)
