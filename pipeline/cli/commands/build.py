"""`translate build`: build the translated articles from the reviewed catalogs."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents, problems_code, show_problems
from pipeline.cli.options import (
    encoding_option,
    jobs_option,
    json_option,
    languages_option,
    paths_argument,
    shard_option,
)
from pipeline.cli.output import echo, echo_json
from pipeline.core import State, counted
from pipeline.project import Project, load_project
from pipeline.workflows.build import OUTDATED, ArticleBuild, BuildOptions, BuildPolicy, build
from pipeline.workflows.extract import ArticleProblem
from pipeline.workflows.shards import Shard

LISTED = 10
"""How many gaps of an article are listed."""
_USED = {
    State.APPROVED: "approved segment",
    State.TOUCHED: "edited segment",
    State.DRAFT: "draft",
    OUTDATED: "outdated translation",
}
_LEFT = (OUTDATED, State.TOUCHED, State.DRAFT, State.MISSING)


@click.command("build")
@paths_argument
@languages_option
@shard_option
@click.option(
    "--draft",
    "policy",
    flag_value=BuildPolicy.DRAFT,
    help="Build from drafts too; missing segments stay German.",
)
@click.option(
    "--allow-missing",
    "policy",
    flag_value=BuildPolicy.ALLOW_MISSING,
    help="Leave segments that are not approved in German.",
)
@click.option(
    "--allow-outdated",
    is_flag=True,
    help="Use translations of an earlier German text too; without --draft, only edited ones.",
)
@encoding_option
@click.option("-q", "--quiet", is_flag=True, help="Report only articles that were not built.")
@jobs_option
@json_option
@click.pass_obj
def command(
    folder: Path | None,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    shard: Shard,
    policy: BuildPolicy | None,
    allow_outdated: bool,
    encoding: str,
    quiet: bool,
    jobs: int,
    as_json: bool,
) -> None:
    """Build the translated articles from the catalogs.

    Builds all articles, or the articles PATHS. An article with a segment that is not
    approved is refused, and these segments are listed. A translation of an earlier German
    text is not used, and the segment stays German. Writes output/<language>/<article> and a
    .mo file beside each catalog. What is up to date is not written again; a built article
    that was edited or deleted is.
    """
    project = load_project(folder)
    chosen = policy or BuildPolicy.APPROVED
    options = BuildOptions(paths, languages, chosen, allow_outdated, encoding, shard, jobs)
    result = build(project, options, ConsoleEvents())
    if as_json:
        echo_json({"articles": [_object(project, built) for built in result.articles]})
        quiet = True
    code = 0
    problems: set[ArticleProblem] = set()
    for built in result.articles:
        if built.problem:
            show_problems({built.problem} - problems)
            problems.add(built.problem)
        elif not built.is_built:
            _show_refused(project, built)
            code = max(code, 1)
        elif not quiet and not (built.is_current and not built.gaps):
            verb = "kept" if built.is_current else "built"
            path = project.built_article(built.article, built.language)
            echo(f"{verb} {path.relative_to(project.root)}{_sources(built)}")
        if built.rejected:
            _show_rejected(project, built)
            code = max(code, 1)
    current = sum(built.is_current and built.is_built for built in result.articles)
    if current and not quiet:
        verb = "is" if current == 1 else "are"
        echo(f"{counted(current, 'built article')} {verb} up to date.")
    sys.exit(problems_code(problems) or code)


def _object(project: Project, built: ArticleBuild) -> dict[str, object]:
    return {
        "article": project.reference(built.article),
        "language": built.language,
        "path": project.built_article(built.article, built.language) if built.is_built else None,
        "used": built.used,
        "gaps": [{"line": gap.line, "state": gap.state, "text": gap.text} for gap in built.gaps],
        "rejected": [
            {"line": segment.line, "text": segment.text, "reason": reason}
            for segment, reason in built.rejected
        ],
        "problem": built.problem,
    }


def _sources(built: ArticleBuild) -> str:
    """Word the translations used, and the segments left in German."""
    used = [
        counted(built.used[state], noun) for state, noun in _USED.items() if built.used.get(state)
    ]
    text = f" from {', '.join(used)}" if used else ""
    left = Counter(gap.state for gap in built.gaps)
    if left:
        states = ", ".join(f"{left[state]} {state}" for state in _LEFT if left[state])
        noun = "segment" if left.total() == 1 else "segments"
        text += f"; {states} {noun} left in German"
    return text


def _show_rejected(project: Project, built: ArticleBuild) -> None:
    """List the segments that stay German because their translation breaks the article."""
    name = project.reference(built.article)
    for segment, reason in built.rejected:
        echo(f"{name}:{segment.line}: left German: {reason}", err=True)
    catalog = project.catalog(built.article, built.language).relative_to(project.root)
    echo(f"  Correct {catalog}, and build again.", err=True)


def _show_refused(project: Project, built: ArticleBuild) -> None:
    name = project.reference(built.article)
    catalog = project.catalog(built.article, built.language).relative_to(project.root)
    count = len(built.gaps)
    lines = [
        f"refused {name} in {built.language}: {_unapproved(count)}",
        *(f"  {name}:{g.line}: {g.state}: {g.text[:60]}" for g in built.gaps[:LISTED]),
    ]
    if count > LISTED:
        lines.append(f"  … and {count - LISTED} more")
    lines.append(f"  Review {catalog}, or add --draft or --allow-missing.")
    echo("\n".join(lines), err=True)


def _unapproved(count: int) -> str:
    return f"{counted(count, 'segment')} {'is' if count == 1 else 'are'} not approved"
