"""`translate extract`: write or update the catalogs, translating nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from pipeline import project
from pipeline.commands import encoding_option, languages_option, paths_argument
from pipeline.errors import ArticleError, CatalogError
from pipeline.extraction import Extractor, NotGerman


@click.command("extract")
@paths_argument
@languages_option
@encoding_option
@click.option("--force-language", is_flag=True, help="Take articles for German without looking.")
@click.pass_obj
def command(
    folder: Path | None,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    encoding: str,
    force_language: bool,
) -> None:  # fmt: skip
    """Write or update the catalogs without translating.

    For all articles, or the articles PATHS. Catalogs that are up to date keep every byte;
    what a human wrote is kept in any case.
    """
    found = project.load(folder)
    extractor = Extractor(found, encoding=encoding, force_language=force_language)
    try:
        done = extract(extractor, paths or found.articles(), found.chosen(languages))
    finally:
        extractor.close()
    for path in done.changed:
        click.echo(f"updated {path.relative_to(found.root)}")
    if not done.changed and not done.troubles:
        click.echo("All catalogs are up to date.")
    for trouble in done.troubles:
        click.secho(f"error: {trouble}", fg="red", err=True)
    sys.exit(3 if done.troubles else 0)


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
