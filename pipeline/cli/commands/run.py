"""`translate run`: update the catalogs and draft missing translations."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from pipeline import project
from pipeline.cli.console import ConsoleEvents, downloads, show_problems
from pipeline.cli.options import (
    as_new_option,
    encoding_option,
    engine_option,
    languages_option,
    model_option,
    offline_option,
    paths_argument,
    quality_option,
    shard_option,
    trust_option,
)
from pipeline.cli.output import echo
from pipeline.cli.run_summary import plan, summary
from pipeline.workflows.draft import DraftOptions, draft
from pipeline.workflows.extract import ExtractOptions
from pipeline.workflows.shards import Shard


@click.command("run")
@paths_argument
@languages_option
@shard_option
@engine_option
@model_option
@quality_option
@offline_option
@trust_option
@click.option("--force", is_flag=True, help="Draft a language that the model is not fit for.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="N",
    help="Concurrent requests to a server [default: its setting].",
)
@click.option(
    "--redraft",
    is_flag=True,
    help="Regenerate drafts nobody has edited, ignoring cached responses.",
)
@encoding_option
@click.option("--force-language", is_flag=True, help="Accept articles in any language as German.")
@as_new_option
@click.option(
    "-y",
    "--yes",
    is_flag=True,
    help="Install a missing model and move the catalogs of renamed articles without asking.",
)
@click.option("-n", "--dry-run", is_flag=True, help="Only show how many segments would be drafted.")
@click.option(
    "-q",
    "--quiet",
    is_flag=True,
    help="Show only problems.",
)
@click.option("-v", "--verbose", is_flag=True, help="Report each catalog when it is done.")
@click.pass_obj
def command(
    folder: Path | None,
    /,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    shard: Shard,
    encoding: str,
    force_language: bool,
    as_new: bool,
    yes: bool,
    trust: bool,
    quiet: bool,
    verbose: bool,
    jobs: int | None,
    quality: str | None,
    **options: object,
) -> None:
    """Translate missing segments: articles in, catalogs of drafts out.

    Updates the catalogs of all articles, or of the articles PATHS. Fills missing entries
    from approved translations of the same text, otherwise with the engine, which also
    receives approved translations of similar texts. Saves after every few segments:
    after an interruption, run the command again to continue. Human work is never changed.
    """
    loaded = project.load_project(folder, trust=trust)
    extract = ExtractOptions(paths, languages, encoding, force_language, as_new, yes, shard)
    chosen = DraftOptions(
        extract=extract,
        jobs=jobs or 0,
        quality=quality or "",
        install=yes or bool(os.environ.get("CI")),
        **options,  # type: ignore[arg-type]
    )
    events = ConsoleEvents(quiet=quiet, verbose=verbose)
    with downloads(events):
        report = draft(loaded, chosen, events)
    good = not report.problems and not any(outcome.failures for outcome in report.outcomes)
    if chosen.dry_run:
        echo(plan(loaded, report.outcomes))
    elif not (quiet and good):
        echo(summary(loaded, report.outcomes, report.seconds))
    sys.exit(show_problems(report.problems) or int(not good))
