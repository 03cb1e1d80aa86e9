"""`translate import`: the work of translators, from their tools into the catalogs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import click

from pipeline import interchange, project
from pipeline.catalog import catalog
from pipeline.core.errors import InterchangeError
from pipeline.core.language_codes import language_tag
from pipeline.interchange import roundtrip
from pipeline.interchange.document import InterchangeDocument
from pipeline.interchange.roundtrip import ImportResult
from pipeline.project import Project


@click.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path)
)  # fmt: skip
@click.option("--fuzzy", is_flag=True, help="Approve nothing: what changes is left fuzzy.")
@click.option("-n", "--dry-run", is_flag=True, help="Only tell what would change.")
@click.pass_obj
def command(folder: Path | None, files: tuple[Path, ...], fuzzy: bool, dry_run: bool) -> None:
    """Take translated XLIFF or CSV files back into the catalogs.

    FILES come from `translate export`. Only entries whose translation or state changed in
    the file are written. What a human changed in the catalog since the export stays and is
    told; the exit code is then 1.
    """
    left = 0
    for path, taken in take_in(project.load_project(folder), files, fuzzy=fuzzy, dry_run=dry_run):
        verb = "to write" if dry_run else "written"
        click.echo(f"{path}: {taken.written} entries {verb}, {taken.unchanged} as they were")
        for problem in taken.problems:
            click.secho(f"{problem.path}:{problem.line}: {problem.message}", fg="yellow", err=True)
        left += len(taken.problems)
    sys.exit(1 if left else 0)


def take_in(
    found: Project, files: Sequence[Path], *, fuzzy: bool, dry_run: bool
) -> Iterator[tuple[Path, ImportResult]]:
    """Take files into the catalogs of a project, giving what came of each catalog.

    All files are read before the first catalog is written. Raises InterchangeError for one
    that is broken or of another project, and CatalogError.
    """
    work = []
    for file in files:
        for sheet in interchange.read_documents(file):
            path = _catalog(found, file, sheet)
            catalog.load(path)
            work.append((file, path, sheet))
    for file, path, sheet in work:
        taken = roundtrip.import_document(path, sheet, file, fuzzy=fuzzy, dry_run=dry_run)
        yield path.relative_to(found.root), taken


def _catalog(found: Project, file: Path, sheet: InterchangeDocument) -> Path:
    wanted = sheet.language.lower()
    codes = [
        code for code in found.languages if wanted in (code.lower(), language_tag(code).lower())
    ]
    if not codes:
        raise InterchangeError(
            f"{file}:{sheet.line}: its language {sheet.language!r} is none of this project's",
            f"The project has {', '.join(found.languages)}.",
        )
    article = PurePosixPath(sheet.article)
    home = PurePosixPath(found.source_dir)
    if article.is_absolute() or ".." in article.parts or not article.is_relative_to(home):
        raise InterchangeError(
            f"{file}:{sheet.line}: {sheet.article!r} is no article of this project",
            "Import it in the project that exported it.",
        )
    return found.catalog(found.root / article, codes[0])
