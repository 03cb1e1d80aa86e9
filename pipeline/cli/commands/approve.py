"""`translate approve`: unmark the drafts that a human has found good."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from pipeline import project
from pipeline.catalog import edits
from pipeline.catalog.po.parser import Entry
from pipeline.checks.runner import Tally
from pipeline.cli.commands.check import Options as CheckOptions
from pipeline.cli.commands.check import check
from pipeline.cli.options import languages_option, paths_argument, review_options
from pipeline.core.errors import PipelineError
from pipeline.core.types import Severity, State
from pipeline.project import Project
from pipeline.workflows.review import (
    CONFLICTS,
    ERRORS,
    FINDINGS,
    OUTDATED,
    UNSURE,
    EntryFilter,
    Selection,
    catalogs,
    select_entries,
)

LISTED = 5
"""How many entries of a catalog are shown before a question."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is done to entries: the words for it, and the doing, which gives their number.

    `told` are the reasons for leaving entries out that a user is told, with their cures.
    """

    will: str
    done: str
    do: Callable[[Path, Sequence[Entry]], int]
    told: Mapping[str, str]


_APPROVE = Act(
    "will be approved",
    "Approved",
    edits.approve,
    {
        State.TOUCHED: "--touched names them",
        State.DRAFT: "--drafts names them",
        State.MISSING: "",
        OUTDATED: "--outdated names them too",
        CONFLICTS: "choose one, in an editor; --force takes the one that stands there",
        ERRORS: "see translate check; --force approves them all the same",
        FINDINGS: "",
        UNSURE: "",
    },
)


@click.command("approve")
@paths_argument
@languages_option
@click.option("--touched", is_flag=True, help="Name entries that a human has begun [default].")
@click.option("--drafts", is_flag=True, help="Name drafts as the machine wrote them.")
@click.option(
    "--at-least",
    "least",
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    help="Name drafts with this confidence or more.",
)
@review_options
@click.option("--outdated", is_flag=True, help="Also those whose German changed since.")
@click.option("--force", is_flag=True, help="Also those in which a check finds an error.")
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
    **options: object,
) -> None:
    """Approve translations: they are no longer fuzzy.

    In all catalogs, or those of the articles or catalogs PATHS. Names what a human has
    touched; say --drafts, --at-least or --engine for a machine's drafts. What is missing,
    has an error or was made for an earlier German text is left out. Shows the entries and
    asks.
    """
    found = project.load_project(folder)
    drafts = drafts or options["least"] is not None
    states = {State.TOUCHED} if touched or not drafts else set()
    states |= {State.DRAFT} if drafts or (options["engine"] and not touched) else set()
    asked = EntryFilter(frozenset(states), **replace_force(options))  # type: ignore[arg-type]
    chosen = list(choose(found, paths, found.select_languages(languages), asked))
    left = review(found, chosen, _APPROVE, yes=yes, dry_run=dry_run)
    sys.exit(1 if left[ERRORS] else 0)


def replace_force(options: dict[str, object]) -> dict[str, object]:
    """The fields of a filter: `force` on the command line is `errors` there."""
    return {("errors" if name == "force" else name): value for name, value in options.items()}


def choose(
    found: Project, paths: Sequence[Path], languages: Sequence[str], asked: EntryFilter
) -> Iterator[Selection]:
    """Name the entries that a filter asks for; checks run only where it asks for findings.

    Raises CatalogError, ArticleError and, for the checks, GlossaryError.
    """
    for language in languages:
        files = catalogs(found, paths, language)
        chosen = [
            select_entries(path, replace(asked, findings=None, errors=True)) for path in files
        ]
        files = tuple(one.path for one in chosen if one.entries)
        if not files or (asked.errors and asked.findings is None):
            yield from chosen
            continue
        findings: dict[Path, dict[tuple[str, str], Severity]] = {path: {} for path in files}
        wanted = CheckOptions(files, language=language)
        for finding in check(found.root, wanted, Tally()):
            assert finding.path is not None
            pairs = findings[finding.path]
            pair = finding.source, finding.target
            if pairs.get(pair) is not Severity.ERROR:
                pairs[pair] = finding.severity
        for one in chosen:
            yield select_entries(one.path, asked, findings[one.path]) if one.entries else one


def review(
    found: Project, chosen: Sequence[Selection], act: Act, *, yes: bool, dry_run: bool
) -> Counter[str]:
    """Show what is named, ask, and do it; returns how many entries were left out, and why.

    Raises PipelineError where nobody can be asked, CatalogError where a catalog cannot be
    written; the catalogs before it are then done.
    """
    left = sum((Counter(one.skipped) for one in chosen), Counter[str]())
    chosen = [one for one in chosen if one.entries]
    total = sum(len(one.entries) for one in chosen)
    for line in _listing(found, chosen, act, total if dry_run else 0 if yes else LISTED):
        click.echo(line)
    for line in _left(left, act):
        click.echo(line)
    if not total:
        click.echo("Nothing to do.")
    elif not dry_run and _agreed(f"{_entries(total)} {act.will}", yes):
        done = sum(act.do(one.path, one.entries) for one in chosen)
        click.echo(f"{act.done} {_entries(done)}.")
        if done < total:
            click.echo(f"{_entries(total - done)} changed meanwhile, and stayed as they were.")
    return left


def _agreed(what: str, yes: bool) -> bool:
    if not yes and not sys.stdin.isatty():
        raise PipelineError(
            f"{what}, and nobody can be asked", "Say --yes, or look first with --dry-run."
        )
    return yes or click.confirm(f"{what}. Go on?")


def _listing(found: Project, chosen: Sequence[Selection], act: Act, most: int) -> Iterator[str]:
    """Show the catalogs, and `most` entries of each."""
    for one in chosen:
        path = one.path.resolve().relative_to(found.root.resolve())
        yield f"{path}: {_entries(len(one.entries))} {act.will}"
        for entry in one.entries[:most]:
            yield f"  {entry.line}: {_short(entry.source)} → {_short(entry.targets[0])}"
        if 0 < most < len(one.entries):
            yield f"  … and {len(one.entries) - most} more"


def _left(left: Counter[str], act: Act) -> Iterator[str]:
    for reason, cure in act.told.items():
        if left[reason]:
            yield f"Left out: {left[reason]} {reason}" + (f" ({cure})." if cure else ".")


def _entries(number: int) -> str:
    return f"{number} {'entry' if number == 1 else 'entries'}"


def _short(text: str, length: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
