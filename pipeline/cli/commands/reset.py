"""`translate reset`: make drafts missing again, so that the next run draws them anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from pipeline import project
from pipeline.catalog import edits
from pipeline.catalog.po.parser import Entry
from pipeline.cli.commands.approve import Act, choose, review
from pipeline.cli.options import languages_option, paths_argument, review_options
from pipeline.core.types import State
from pipeline.engines.cache import ResponseCache
from pipeline.workflows.review import FINDINGS, EntryFilter


def reset(path: Path, entries: Sequence[Entry]) -> int:
    """Make entries missing, and forget what engines answered to their texts.

    Else the next run would find there the drafts that nobody wants. Returns how many entries
    were reset; raises CatalogError and PipelineError.
    """
    answers = ResponseCache(lambda note: click.echo(note, err=True))
    answers.invalidate(entry.source for entry in entries)
    answers.close()
    return edits.reset(path, entries)


_RESET = Act(
    "will be missing again",
    "Reset",
    reset,
    {
        State.DRAFT: "--drafts names them",
        State.TOUCHED: "--touched names them",
        State.APPROVED: "--approved names them",
        FINDINGS: "",
    },
)


@click.command("reset")
@paths_argument
@languages_option
@click.option("--drafts", is_flag=True, help="Name drafts as the machine wrote them [default].")
@click.option("--touched", is_flag=True, help="Name what a human has begun.")
@click.option("--approved", is_flag=True, help="Name what a human has approved.")
@review_options
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
    **options: object,
) -> None:
    """Make drafts missing again; the next run draws them anew.

    In all catalogs, or those of the articles or catalogs PATHS. What a human wrote or
    approved is left alone unless --touched or --approved names it; its text is then kept
    in a comment of the entry. Shows the entries and asks.
    """
    found = project.load_project(folder)
    given = {State.DRAFT: drafts, State.TOUCHED: touched, State.APPROVED: approved}
    states = frozenset(state for state, asked in given.items() if asked) or {State.DRAFT}
    asked = EntryFilter(frozenset(states), **options)  # type: ignore[arg-type]
    chosen = list(choose(found, paths, found.select_languages(languages), asked))
    review(found, chosen, _RESET, yes=yes, dry_run=dry_run)
