"""`translate reset`: clear drafts, so that the next run regenerates them."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import json_option, languages_option, paths_argument, review_options
from pipeline.cli.review_dialog import Action, DialogMode, run_dialog
from pipeline.core import State
from pipeline.project import load_project
from pipeline.workflows.review import FINDINGS, EntryFilter, ReviewOptions, reset, select

_RESET = Action(
    "will be missing again",
    "Reset",
    reset,
    {
        State.DRAFT: "add --drafts",
        State.TOUCHED: "add --touched",
        State.APPROVED: "add --approved",
        FINDINGS: "",
    },
)


@click.command("reset")
@paths_argument
@languages_option
@click.option("--drafts", is_flag=True, help="Reset drafts that nobody has edited [default].")
@click.option("--touched", is_flag=True, help="Reset entries that a human has edited.")
@click.option("--approved", is_flag=True, help="Reset entries that a human has approved.")
@review_options
@json_option
@click.pass_obj
def command(
    folder: Path | None,
    /,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    drafts: bool,
    touched: bool,
    approved: bool,
    yes: bool,
    dry_run: bool,
    as_json: bool,
    **options: object,
) -> None:
    """Make drafts missing again; the next run regenerates them.

    Selects entries in all catalogs, or in the catalogs or articles PATHS. Human work is reset
    only with --touched or --approved; its text is then preserved in a comment of the entry.
    Lists the entries and asks before resetting them.
    """
    project = load_project(folder)
    given = {State.DRAFT: drafts, State.TOUCHED: touched, State.APPROVED: approved}
    states = frozenset(state for state, wanted in given.items() if wanted) or {State.DRAFT}
    wanted = EntryFilter(frozenset(states), **options)  # type: ignore[arg-type]
    chosen = select(project, ReviewOptions(wanted, paths, languages), ConsoleEvents())
    run_dialog(project, chosen, _RESET, DialogMode(yes, dry_run, as_json))
