"""`translate export`: catalogs for the tools of translators."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from pipeline import interchange, project
from pipeline.cli.options import languages_option, paths_argument
from pipeline.core.errors import InterchangeError
from pipeline.core.types import State
from pipeline.files import atomic
from pipeline.interchange import roundtrip
from pipeline.interchange.document import InterchangeDocument


@click.command("export")
@paths_argument
@languages_option
@click.option(
    "--format", "style", type=click.Choice(list(interchange.FORMATS)), default="xliff",
    show_default=True, help="XLIFF 1.2 or 2.0, or CSV for spreadsheets.",
)  # fmt: skip
@click.option(
    "-o", "--output", required=True, metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path), help="Where to write the files.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace files that are there already.")
@click.pass_obj
def command(
    folder: Path | None,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    style: str,
    output: Path,
    force: bool,
) -> None:
    """Write catalogs for translators' tools, as XLIFF or CSV.

    Of all articles, or the articles PATHS: a file DIR/<language>/<article> each, with the
    translations so far, their states, and what the catalog tells about them. When it comes
    back, `translate import` takes in what changed.
    """
    found = project.load_project(folder)
    sheets = export(
        found, paths or found.articles(), found.select_languages(languages), style, output
    )
    there = [path for path in sheets if path.exists()]
    if there and not force:
        raise InterchangeError(f"{there[0]} is there already", "Replace it with --force.")
    for path, sheet in sheets.items():
        data = interchange.render_document(sheet, style)
        atomic.write_atomic(path, data)
        counts = Counter(unit.state for unit in sheet.units)
        states = ", ".join(f"{counts[state]} {state}" for state in State if counts[state])
        click.echo(f"{path}: {states}")


def export(
    found: project.Project,
    articles: Sequence[Path],
    languages: Sequence[str],
    style: str,
    output: Path,
) -> dict[Path, InterchangeDocument]:
    """Read the catalogs of articles, and say which file of `output` each goes to.

    Raises ArticleError for one that is not the project's, and CatalogError.
    """
    sheets = {}
    for language in languages:
        for article in articles:
            path = found.catalog(article, language)
            place = path.relative_to(found.root / found.output_dir / language / "LC_MESSAGES")
            target = output / language / place.with_suffix(interchange.file_suffix(style))
            sheets[target] = roundtrip.export_document(path, found.reference(article), language)
    return sheets
