"""`translate extract`: write or update the catalogs, translating nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from pipeline import project
from pipeline.cli.commands import as_new_option, encoding_option, languages_option, paths_argument
from pipeline.core.errors import ArticleError, CatalogError, PipelineError
from pipeline.workflows import rename
from pipeline.workflows.extract import Extractor, NotGerman


@click.command("extract")
@paths_argument
@languages_option
@encoding_option
@click.option("--force-language", is_flag=True, help="Take articles for German without looking.")
@as_new_option
@click.option("-y", "--yes", is_flag=True, help="Move the catalogs of renamed articles unasked.")
@click.pass_obj
def command(
    folder: Path | None,
    /,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    encoding: str,
    force_language: bool,
    as_new: bool,
    yes: bool,
) -> None:
    """Write or update the catalogs without translating.

    For all articles, or the articles PATHS. Catalogs that are up to date keep every byte;
    what a human wrote is kept in any case. An article that was renamed is recognized, and
    its catalogs move with it.
    """
    found = project.load_project(folder)
    extractor = Extractor(found, encoding=encoding, force_language=force_language)
    chosen = found.select_languages(languages)
    try:
        follow = follow_renamed(found, extractor, paths or found.articles(), yes=yes, as_new=as_new)
        done = extract(extractor, follow.articles, chosen)
    finally:
        extractor.close()
    for path in done.changed:
        click.echo(f"updated {path.relative_to(found.root)}")
    troubles = (*follow.troubles, *done.troubles)
    if not done.changed and not troubles:
        click.echo("All catalogs are up to date.")
    for trouble in troubles:
        click.secho(f"error: {trouble}", fg="red", err=True)
    sys.exit(3 if troubles else 0)


@dataclass(frozen=True, slots=True)
class Followed:
    """The articles to go on with, and what is told of those that are likely renamed ones."""

    articles: tuple[Path, ...]
    troubles: tuple[str, ...] = ()


def follow_renamed(
    found: project.Project,
    extractor: Extractor,
    articles: Sequence[Path],
    *,
    yes: bool = False,
    as_new: bool = False,
    dry_run: bool = False,
) -> Followed:
    """Move the catalogs of renamed articles, if the user agrees.

    Where nobody can be asked, the article is left out and the cure told, for new catalogs
    would hide the old ones. With `as_new`, or where the user says no, it is a new article.
    """
    troubles: list[str] = []
    left = set()
    for one in [] if as_new else rename.find(found, extractor, articles):
        old, new = (found.reference(path) for path in (one.old, one.new))
        alike = f"{new} is likely {old} renamed ({one.shared} of {one.total} segments are the same)"
        ask = sys.stdin.isatty() and not yes
        if dry_run or not (ask or yes):
            troubles.append(
                f"{alike}: skipped\n  If so, `translate mv {old} {new}` or --yes takes its "
                "translations along; if not, say --as-new."
            )
            left.add(one.new)
        elif yes or click.confirm(f"{alike}. Take its translations along?", default=True):
            try:
                rename.move(found, one.old, one.new)
            except PipelineError as error:
                troubles.append(f"{error.message}\n  {error.hint}")
                left.add(one.new)
                continue
            click.echo(f"moved the catalogs of {old} to {new}", err=True)
    return Followed(tuple(a for a in articles if a not in left), tuple(troubles))


@dataclass(frozen=True, slots=True)
class Extraction:
    """The catalogs changed, the articles that can be gone on with, and what went wrong."""

    changed: tuple[Path, ...]
    sound: tuple[Path, ...]
    troubles: tuple[str, ...]


def extract(extractor: Extractor, articles: Sequence[Path], languages: Sequence[str]) -> Extraction:
    """Bring the catalogs of articles up to date; one that fails does not stop the others."""
    changed: list[Path] = []
    sound: list[Path] = []
    troubles: list[str] = []
    for article in articles:
        try:
            result = extractor.refresh(article, languages)
        except (ArticleError, CatalogError) as error:
            troubles.append(f"{error.message}\n  {error.hint}")
            continue
        if isinstance(result, NotGerman):
            troubles.append(result.message)
        else:
            changed += result
            sound.append(article)
    return Extraction(tuple(changed), tuple(sound), tuple(troubles))
