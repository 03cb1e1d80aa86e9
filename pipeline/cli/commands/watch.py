"""`translate watch`: keep catalogs and built articles up to date while files change."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.checks.reports import place
from pipeline.cli.console import ConsoleEvents, show_problems
from pipeline.cli.options import (
    engine_option,
    languages_option,
    model_option,
    offline_option,
    trust_option,
)
from pipeline.cli.output import echo
from pipeline.core import SettingsError, counted
from pipeline.core.interrupts import InterruptedRunError
from pipeline.project import Project, load_project
from pipeline.workflows.build import BuildPolicy
from pipeline.workflows.draft import DraftOptions
from pipeline.workflows.extract import ArticleProblem, ExtractOptions
from pipeline.workflows.watch import WatchOptions, WatchStep, watch, watched_folders

if TYPE_CHECKING:
    from watchfiles import Change

_LISTED = 10


@click.command("watch")
@languages_option
@engine_option
@model_option
@offline_option
@trust_option
@click.option("--no-draft", is_flag=True, help="Extract, check and build only.")
@click.option("--no-build", is_flag=True, help="Build no articles.")
@click.option("--approved", is_flag=True, help="Build from approved segments only.")
@click.pass_obj
def command(
    folder: Path | None,
    languages: tuple[str, ...],
    engine: str,
    model: str,
    offline: bool,
    trust: bool,
    no_draft: bool,
    no_build: bool,
    approved: bool,
) -> None:
    """Extract, draft, check and build what changes, until Ctrl-C.

    Watches articles, glossaries, catalogs and settings. Everything is brought up to date first.
    Catalogs may be open in an editor: saves there are never lost.
    """
    project = load_project(folder, trust=trust)
    drafting = DraftOptions(
        extract=ExtractOptions(languages=languages), engine=engine, model=model, offline=offline
    )
    policy = BuildPolicy.APPROVED if approved else BuildPolicy.DRAFT
    options = WatchOptions(drafting, not no_draft, None if no_build else policy)
    for step in watch(project, options, _changes(project), ConsoleEvents()):
        _show(step)


def _changes(project: Project) -> Iterator[set[Path]]:
    """Start to watch; return the files that change from now on, as they change."""
    try:
        from watchfiles import watch as watch_files
    except ImportError as error:
        raise SettingsError(
            "watchfiles is not installed", "Install it: pip install 'translate-pipeline[watch]'"
        ) from error
    found = watch_files(
        *watched_folders(project), yield_on_timeout=True, rust_timeout=200, raise_interrupt=False
    )
    next(found, None)
    echo("watching; Ctrl-C ends it", err=True)
    return _until_interrupted(found)


def _until_interrupted(found: Iterator[set[tuple[Change, str]]]) -> Iterator[set[Path]]:
    for changes in found:
        if changes:
            yield {Path(name) for _, name in changes}
    raise InterruptedRunError  # watchfiles ends at a signal, whichever it is


def _show(step: WatchStep) -> None:
    if step.error:
        show_problems([ArticleProblem.from_error(step.error)])
        return
    problems = list(step.report.problems) if step.report else []
    problems += [built.problem for built in step.built if built.problem]
    show_problems(problems)
    for finding in step.findings[:_LISTED]:
        where = f"{place(finding.path)}:{finding.line}" if finding.path else ""
        echo(f"{where}: {finding.severity}: {finding.message} [{finding.check}]")
    if len(step.findings) > _LISTED:
        echo(f"… and {len(step.findings) - _LISTED} more findings: translate check")
    drafted = sum(outcome.drafted for outcome in step.report.outcomes) if step.report else 0
    built = sum(one.is_built for one in step.built)
    echo(
        f"{counted(len(step.articles), 'article')}: {drafted} drafted, "
        f"{counted(len(step.findings), 'finding')}, {built} built"
    )
