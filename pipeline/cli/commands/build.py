"""`translate build`: the translated articles, from the reviewed catalogs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline import project
from pipeline.cli.options import encoding_option, languages_option, paths_argument
from pipeline.core.errors import ArticleError, CatalogError
from pipeline.workflows.build import Built, Demand, build
from pipeline.workflows.extract import Extractor

LISTED = 10
"""How many gaps of an article are listed."""


@click.command("build")
@paths_argument
@languages_option
@click.option(
    "--draft",
    "demand",
    flag_value=Demand.DRAFT,
    help="Build from drafts too; what is missing stays German.",
)
@click.option(
    "--allow-missing",
    "demand",
    flag_value=Demand.ALLOW_MISSING,
    help="Leave German what is not approved.",
)
@encoding_option
@click.option("-q", "--quiet", is_flag=True, help="Tell only of what was refused.")
@click.pass_obj
def command(
    folder: Path | None,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    demand: Demand | None,
    encoding: str,
    quiet: bool,
) -> None:  # fmt: skip
    """Build the translated articles from the catalogs.

    Of all articles, or the articles PATHS. An article is refused, with a list, as long as
    one of its segments is not approved. Writes output/<language>/<article> and a .mo file
    beside each catalog.
    """
    found = project.load_project(folder)
    code = 0
    for language in found.select_languages(languages):
        for article in paths or found.articles():
            result = _build(found, article, language, demand or Demand.APPROVED, encoding)
            if result is None:
                code = 3
                continue
            if result.path is None:
                code = max(code, 1)
            _tell(found, article, language, result, quiet)
    sys.exit(code)


def _build(
    found: project.Project, article: Path, language: str, demand: Demand, encoding: str
) -> Built | None:
    """Build one article; what cannot be read is told, and the others go on."""
    try:
        found.catalog(article, language)
        extracted = Extractor(found, encoding=encoding).read(article)
        return build(found, extracted, language, demand)
    except (ArticleError, CatalogError) as error:
        click.secho(f"error: {error.message}\n  {error.hint}", fg="red", err=True)
        return None


def _tell(found: project.Project, article: Path, language: str, result: Built, quiet: bool) -> None:
    if result.path is not None:
        if not quiet:
            count = len(result.gaps)
            left = f" ({count} segment{'s' * (count > 1)} left German)" if count else ""
            click.echo(f"built {result.path.relative_to(found.root)}{left}")
        return
    name = found.reference(article)
    catalog = found.catalog(article, language).relative_to(found.root)
    lines = [f"refused {name} in {language}: {len(result.gaps)} segments are not approved"]
    lines += [
        f"  {name}:{g.segment.line}: {g.state}: {g.segment.text[:60]}" for g in result.gaps[:LISTED]
    ]
    if len(result.gaps) > LISTED:
        lines.append(f"  … and {len(result.gaps) - LISTED} more")
    lines.append(f"  Review {catalog}, or build with --draft or --allow-missing.")
    click.echo("\n".join(lines), err=True)
