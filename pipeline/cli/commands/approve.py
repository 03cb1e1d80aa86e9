"""`translate approve`: approve translations."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import json_option, languages_option, paths_argument, review_options
from pipeline.cli.review_dialog import Action, DialogMode, run_dialog
from pipeline.core import State
from pipeline.project import load_project
from pipeline.workflows.review import (
    CONFLICTS,
    ERRORS,
    FINDINGS,
    OUTDATED,
    UNSURE,
    EntryFilter,
    ReviewOptions,
    approve,
    select,
)

_APPROVE = Action(
    "will be approved",
    "Approved",
    approve,
    {
        State.TOUCHED: "add --touched",
        State.DRAFT: "add --drafts",
        State.MISSING: "",
        OUTDATED: "add --outdated",
        CONFLICTS: "choose one in an editor; --force accepts the text in the entry",
        ERRORS: "see translate check; --force approves them too",
        FINDINGS: "",
        UNSURE: "",
    },
)


@click.command("approve")
@paths_argument
@languages_option
@click.option("--touched", is_flag=True, help="Approve entries that a human has edited [default].")
@click.option("--drafts", is_flag=True, help="Approve drafts that nobody has edited.")
@click.option(
    "--at-least",
    "min_confidence",
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    help="Approve drafts with this confidence or more.",
)
@review_options
@json_option
@click.option("--outdated", is_flag=True, help="Include entries whose German changed since.")
@click.option("--force", is_flag=True, help="Include entries with errors.")
@click.pass_obj
def command(
    folder: Path | None,
    /,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    touched: bool,
    drafts: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
    force: bool,
    min_confidence: int | None,
    engine: str,
    **options: object,
) -> None:
    """Approve translations: remove their fuzzy flag.

    Selects entries in all catalogs, or in the catalogs or articles PATHS. By default, these
    are entries that a human has edited; --drafts, --at-least or --engine select drafts.
    Entries that are missing, have an error or were translated from an earlier German text
    are skipped. Lists the entries and asks before approving them.
    """
    project = load_project(folder)
    drafts = drafts or min_confidence is not None
    states = {State.TOUCHED} if touched or not drafts else set()
    states |= {State.DRAFT} if drafts or (engine and not touched) else set()
    wanted = EntryFilter(
        frozenset(states),
        engine,
        min_confidence=min_confidence,
        errors=force,
        **options,  # type: ignore[arg-type]
    )
    chosen = select(project, ReviewOptions(wanted, paths, languages), ConsoleEvents())
    mode = DialogMode(yes, dry_run, as_json)
    skipped = run_dialog(project, chosen, _APPROVE, mode)
    sys.exit(1 if skipped[ERRORS] else 0)
