"""`translate build`: build the translated articles from the reviewed catalogs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents, show_problems
from pipeline.cli.options import encoding_option, languages_option, paths_argument
from pipeline.cli.output import echo
from pipeline.project import Project, load_project
from pipeline.workflows.build import ArticleBuild, BuildOptions, BuildPolicy, build

LISTED = 10
"""How many gaps of an article are listed."""


@click.command("build")
@paths_argument
@languages_option
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
@encoding_option
@click.option("-q", "--quiet", is_flag=True, help="Report only articles that were not built.")
@click.pass_obj
def command(
    folder: Path | None,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    policy: BuildPolicy | None,
    encoding: str,
    quiet: bool,
) -> None:
    """Build the translated articles from the catalogs.

    Builds all articles, or the articles PATHS. An article with a segment that is not
    approved is refused, and these segments are listed. Writes output/<language>/<article>
    and a .mo file beside each catalog.
    """
    project = load_project(folder)
    options = BuildOptions(paths, languages, policy or BuildPolicy.APPROVED, encoding)
    code = 0
    for built in build(project, options, ConsoleEvents()).articles:
        if built.problem:
            show_problems([built.problem])
            code = 3
        elif built.path is None:
            _show_refused(project, built)
            code = max(code, 1)
        elif not quiet:
            count = len(built.gaps)
            left = f" ({count} segment{'s' * (count > 1)} left German)" if count else ""
            echo(f"built {built.path.relative_to(project.root)}{left}")
        if built.rejected:
            _show_rejected(project, built)
            code = max(code, 1)
    sys.exit(code)


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
        f"refused {name} in {built.language}: {count} segments are not approved",
        *(
            f"  {name}:{g.segment.line}: {g.state}: {g.segment.text[:60]}"
            for g in built.gaps[:LISTED]
        ),
    ]
    if count > LISTED:
        lines.append(f"  … and {count - LISTED} more")
    lines.append(f"  Review {catalog}, or add --draft or --allow-missing.")
    echo("\n".join(lines), err=True)
