"""`translate extract`: write or update the catalogs, translating nothing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from pipeline import project
from pipeline.errors import ArticleError, CatalogError
from pipeline.extraction import Extractor, NotGerman


@click.command("extract")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-l",
    "--lang",
    "languages",
    multiple=True,
    metavar="CODE",
    help="Update this language only; repeat it for more.",
)
@click.option("--encoding", default="", help="Encoding of the articles [default: the setting].")
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
        changed, troubles = extract(extractor, paths or found.articles(), found.chosen(languages))
    finally:
        extractor.close()
    for path in changed:
        click.echo(f"updated {path.relative_to(found.root)}")
    if not changed and not troubles:
        click.echo("All catalogs are up to date.")
    for trouble in troubles:
        click.secho(f"error: {trouble}", fg="red", err=True)
    sys.exit(3 if troubles else 0)


def extract(
    extractor: Extractor, articles: Sequence[Path], languages: Sequence[str]
) -> tuple[list[Path], list[str]]:
    """Bring catalogs up to date; returns the changed ones, and what could not be done."""
    changed: list[Path] = []
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
    return changed, troubles
