"""`translate run`: update the catalogs and draft missing translations."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

import click

from pipeline import project
from pipeline.cli.console import ConsoleEvents, downloads, show_problems
from pipeline.cli.options import (
    as_new_option,
    duration,
    encoding_option,
    engine_option,
    languages_option,
    model_option,
    offline_option,
    paths_argument,
    quality_option,
    second_opinion_option,
    shard_option,
    term_engine_option,
    trust_option,
)
from pipeline.cli.output import echo
from pipeline.cli.run_summary import plan, summary
from pipeline.workflows.draft import DraftOptions, draft
from pipeline.workflows.extract import ExtractOptions
from pipeline.workflows.outputs import STDOUT, is_stdout
from pipeline.workflows.run import Draft, RunOutputs, run
from pipeline.workflows.run_report import exit_code
from pipeline.workflows.shards import Shard

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("run")
@paths_argument
@languages_option
@shard_option
@engine_option
@model_option
@quality_option
@second_opinion_option
@term_engine_option
@offline_option
@trust_option
@click.option("--force", is_flag=True, help="Draft a language that the model is not fit for.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="N",
    help="Processes that extract, and concurrent requests to a server [default: auto].",
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
@click.option(
    "-n",
    "--dry-run",
    "--estimate",
    "dry_run",
    is_flag=True,
    help="Only show how many segments would be drafted, and the cost of an engine with prices.",
)
@click.option(
    "--max-time",
    "max_seconds",
    callback=duration,
    metavar="TIME",
    help="Stop drafting after 90s, 15m or 2h, and exit with 75; the next run continues.",
)
@click.option(
    "--max-failures",
    type=click.IntRange(1),
    metavar="N",
    help="Stop when N segments got no draft.",
)
@click.option(
    "--max-cost",
    type=click.FloatRange(0, min_open=True),
    metavar="AMOUNT",
    help="Stop before the requests cost more, at the prices in the settings of the engine.",
)
@click.option(
    "--on",
    "where",
    type=click.Choice(["here", "dask"]),
    default="here",
    show_default=True,
    help="Draft in this process, or on the workers of a Dask cluster.",
)
@click.option(
    "--scheduler",
    default="",
    metavar="ADDRESS",
    help="Scheduler of a Dask cluster (tcp://HOST:8786) [default: start workers here].",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    help="Number of Dask workers to start here [default: one for each processor].",
)
@click.option("--report", type=_FILE, help="Write what the run did to this file, as JSON.")
@click.option("--json", "as_json", is_flag=True, help="Same as --report -, without the summary.")
@click.option("--metrics", type=_FILE, help="Write metrics for Prometheus to this file.")
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
    max_seconds: float,
    max_failures: int | None,
    max_cost: float | None,
    where: str,
    scheduler: str,
    workers: int | None,
    report: Path | None,
    as_json: bool,
    metrics: Path | None,
    quality: str | None,
    **options: object,
) -> None:
    """Translate missing segments: articles in, catalogs of drafts out.

    Updates the catalogs of all articles, or of the articles PATHS. Fills missing entries
    from approved translations of the same text, otherwise with the engine, which also
    receives approved translations of similar texts. Saves after every few segments:
    after an interruption, run the command again to continue. Human work is never changed.

    With --second-opinion, a second engine drafts the same texts. Of two drafts, the one with
    fewer findings is kept. The other is shown in a comment of the entry, with the differences;
    the less they agree, the lower is the confidence.

    If the draft of a text lacks a glossary term, a second engine that is installed drafts the
    text, too. Its draft is kept if it has more terms and no other finding in addition.
    --term-engine selects that engine.
    """
    loaded = project.load_project(folder, trust=trust)
    extract = ExtractOptions(
        paths, languages, encoding, force_language, as_new, yes, shard, jobs or 0
    )
    chosen = DraftOptions(
        extract=extract,
        jobs=jobs or 0,
        quality=quality or "",
        max_seconds=max_seconds,
        max_failures=max_failures or 0,
        max_cost=max_cost or 0.0,
        install=yes or bool(os.environ.get("CI")),
        **options,  # type: ignore[arg-type]
    )
    if as_json and report is not None:
        raise click.UsageError("Use --json or --report, not both.")
    if where == "here" and (scheduler or workers):
        raise click.UsageError("--scheduler and --workers need --on dask.")
    if max_cost and where != "here":
        raise click.UsageError("--max-cost counts in one process: use it without --on.")
    execute = draft if where == "here" else _on_dask(scheduler, workers or 0)
    events = ConsoleEvents(quiet=quiet, verbose=verbose)
    with downloads(events):
        outputs = RunOutputs(STDOUT if as_json else report, metrics)
        done = run(loaded, chosen, outputs, events, execute)
    if is_stdout(outputs.report):
        pass  # JSON only
    elif chosen.dry_run:
        echo(plan(loaded, done))
    elif not (quiet and done.is_good):
        echo(summary(loaded, done))
    show_problems(done.problems)
    sys.exit(exit_code(done))


def _on_dask(scheduler: str, workers: int) -> Draft:
    """Return the function that drafts on a cluster; imports Dask only then."""
    from pipeline.workflows.dask import DaskOptions, draft_on_dask

    return partial(draft_on_dask, dask=DaskOptions(scheduler, workers))
