"""Exchange with translation tools: export catalogs as XLIFF or CSV, import them back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline import interchange
from pipeline.catalog import catalog
from pipeline.core import InterchangeError, PipelineError, State, select_languages
from pipeline.interchange import ImportResult, InterchangeDocument
from pipeline.project import Project
from pipeline.workflows.events import Events
from pipeline.workflows.extract import ArticleProblem, select_articles
from pipeline.workflows.outputs import (
    EXPORT,
    STDOUT,
    is_stdout,
    require_folder,
    require_writable,
    write_output,
)

__all__ = ["ExportOptions", "ImportOptions", "export_catalogs", "import_files"]


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Options of `export_catalogs`: some articles and languages, or all.

    The files go to the folder `output`, which is created if its parent folder exists. If it
    is `-`, a single file is written to standard output. `force` replaces existing files.
    """

    output: Path
    paths: tuple[Path, ...] = ()
    languages: tuple[str, ...] = ()
    format: str = "xliff"
    force: bool = False


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file that was written, and its number of units by state."""

    path: Path
    states: Mapping[State, int]


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Options of `import_files`.

    `fuzzy` leaves every changed entry unapproved; `dry_run` writes nothing.
    """

    files: tuple[Path, ...]
    fuzzy: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class CatalogImport:
    """The result for one catalog."""

    path: Path
    result: ImportResult


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The results of the catalogs, and the catalogs that could not be written."""

    catalogs: tuple[CatalogImport, ...] = ()
    problems: tuple[ArticleProblem, ...] = ()


def export_catalogs(
    project: Project, options: ExportOptions, events: Events
) -> tuple[ExportedFile, ...]:
    """Write one file for each catalog of the articles and languages.

    All catalogs are read before the first file is written. Raises ArticleError for an
    article outside the project, CatalogError for a missing or damaged catalog, and
    InterchangeError if a file exists and `force` is not set, or if standard output would
    receive several files.
    """
    documents = _documents(project, options, events)
    if is_stdout(options.output):
        if len(documents) != 1:
            raise InterchangeError(
                f"standard output: {len(documents)} files do not fit into one",
                "Name one article and one language, or a folder.",
            )
        documents = {STDOUT: next(iter(documents.values()))}
    else:
        _prepare(options, documents)
    written = []
    for path, document in documents.items():
        data = interchange.render_document(document, options.format)
        write_output(path, data, EXPORT, force=options.force)
        written.append(ExportedFile(path, Counter(unit.state for unit in document.units)))
    return tuple(written)


def _prepare(options: ExportOptions, documents: Iterable[Path]) -> None:
    """Create the folders; raises PipelineError before if a file would not be written."""
    require_folder(options.output.absolute().parent, options.output.parent)
    for path in documents:
        if path.parent.is_dir():
            require_writable(path, EXPORT, force=options.force)
    for path in documents:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InterchangeError(
                f"{path.parent}: cannot be created: {error.strerror}", "Name another folder."
            ) from error


def import_files(project: Project, options: ImportOptions, events: Events) -> ImportReport:
    """Write the units of files that were changed since the export to their catalogs.

    All files are read before the first catalog is written. A catalog that cannot be written
    is a problem of the report; the others are written. Raises InterchangeError for a file
    that is broken or of another project, CatalogError for a damaged catalog.
    """
    work = []
    for file in options.files:
        for document in interchange.read_documents(file):
            path = _catalog(project, file, document)
            project.require_inside(path)
            catalog.load(path)
            work.append((file, path, document))
    done, problems = [], []
    for file, path, document in work:
        try:
            result = interchange.import_document(
                path, document, file, fuzzy=options.fuzzy, dry_run=options.dry_run
            )
        except PipelineError as error:
            problems.append(ArticleProblem.from_error(error))
            continue
        done.append(CatalogImport(path.relative_to(project.root), result))
    return ImportReport(tuple(done), tuple(problems))


def _documents(
    project: Project, options: ExportOptions, events: Events
) -> dict[Path, InterchangeDocument]:
    """Read the catalogs; return their documents by the file to write."""
    suffix = interchange.file_suffix(options.format)
    articles = select_articles(project, options.paths, events)
    documents = {}
    for language in project.select_languages(options.languages):
        for article in articles:
            path = project.catalog(article, language)
            project.require_inside(path, "read")
            inside = path.relative_to(project.catalog_folder(language))
            target = options.output / language / inside.with_suffix(suffix)
            name = project.reference(article)
            documents[target] = interchange.export_document(path, name, language)
    return documents


def _catalog(project: Project, file: Path, document: InterchangeDocument) -> Path:
    """Return the catalog of a document; raises InterchangeError if it is not the project's."""
    codes = select_languages(document.language, project.languages)
    if not codes:
        raise InterchangeError(
            f"{file}:{document.line}: {document.language!r} is not a language of this project",
            f"Languages of the project: {', '.join(project.languages)}.",
        )
    if len(codes) > 1:
        raise InterchangeError(
            f"{file}:{document.line}: {document.language!r} may be {' or '.join(codes)}",
            "Write one of them in the file.",
        )
    article = PurePosixPath(document.article)
    source = PurePosixPath(project.source_dir)
    if article.is_absolute() or ".." in article.parts or not article.is_relative_to(source):
        raise InterchangeError(
            f"{file}:{document.line}: {document.article!r} is not an article of this project",
            "Import it in the project that exported it.",
        )
    return project.catalog(project.root / article, codes[0])
