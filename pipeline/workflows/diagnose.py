"""Diagnose: find damage in a project or its catalogs, and recover damaged catalogs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.articles import read_article
from pipeline.catalog import CONFLICT, RecoveredCatalog, is_header, is_in_conflict, recover
from pipeline.catalog.po import file
from pipeline.core import (
    ArticleError,
    CatalogError,
    EngineError,
    Finding,
    GlossaryError,
    ModelError,
    NoProjectError,
    PipelineError,
    SettingsError,
    Severity,
    TrustError,
    UnknownArticleError,
)
from pipeline.drafting.style import load_style
from pipeline.files import atomic, lock_directory
from pipeline.glossary import load_glossary
from pipeline.project import Project, load_project
from pipeline.trust import one_line, trust_command
from pipeline.workflows.events import Events
from pipeline.workflows.outputs import CATALOG, is_stream, write_output
from pipeline.workflows.unused_glossaries import unused_glossaries, unused_styles

__all__ = [
    "DiagnoseOptions",
    "RecoverOptions",
    "RecoverResult",
    "diagnose",
    "find_catalog_files",
    "recover_catalog",
]

SUFFIX = ".salvaged"
"""Suffix of the copy of a damaged catalog, after its own."""

_UNMERGED = ("*.orig", "*.rej")  # left by git and patch after a conflict


@dataclass(frozen=True, slots=True)
class DiagnoseOptions:
    """Options of `diagnose`.

    `paths` are catalogs or folders of them. Without, the project in `folder` is diagnosed,
    or the project that contains the working directory.
    """

    paths: tuple[Path, ...] = ()
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class DiagnoseResult:
    """The findings, in the order of the checks."""

    findings: tuple[Finding, ...] = ()

    @property
    def damaged(self) -> bool:
        """Whether a finding is an error."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True)
class RecoverOptions:
    """Options of `recover_catalog`: a catalog, and the copy to write.

    The default copy is beside the catalog and has the suffix `SUFFIX`. `force` replaces
    another file.
    """

    path: Path
    output: Path | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class RecoverResult:
    """The copy of a damaged catalog, None if the catalog is not damaged.

    `entries` counts its translatable entries, `guessed` those that were restored in part.
    `omitted_lines` are the lines, with their numbers, that are not in the copy.
    """

    copy: Path | None = None
    entries: int = 0
    guessed: int = 0
    omitted_lines: tuple[tuple[int, str], ...] = ()


def diagnose(options: DiagnoseOptions, events: Events) -> DiagnoseResult:
    """Find damage in catalogs, or in everything that the commands need of a project.

    Takes no project, because wrong settings are a finding. Raises NoProjectError if there
    is no project.
    """
    if options.paths:
        paths = find_catalog_files(options.paths, options.folder)
        return DiagnoseResult(tuple(f for path in paths for f in catalog_findings(path)))
    try:
        project = load_project(options.folder)
    except NoProjectError:
        raise
    except SettingsError as error:
        message = f"{error.message}. {error.hint}"
        finding = Finding("settings", Severity.ERROR, message, options.folder or Path.cwd())
        return DiagnoseResult((finding,))
    return DiagnoseResult(tuple(project_findings(project)))


def recover_catalog(options: RecoverOptions, events: Events) -> RecoverResult:
    """Write the readable part of a damaged catalog to a copy; the original is not changed.

    Raises CatalogError if nothing can be read, PipelineError if the copy would replace
    another file.
    """
    path = options.path
    copy = options.output or path.with_name(path.name + SUFFIX)
    recovered = read_recoverable(path)
    if not recovered.findings:
        return RecoverResult()
    if not recovered.text.entries:
        raise CatalogError(f"{path}: nothing in it can be read", "Restore it from a backup.")
    data = recovered.data()
    if is_stream(copy) or not copy.is_file() or copy.read_bytes() != data:
        write_output(copy, data, CATALOG, force=options.force)
    return RecoverResult(
        copy,
        sum(bool(entry.source) for entry in recovered.text.entries),
        recovered.guessed,
        tuple(recovered.omitted_lines),
    )


def read_recoverable(path: Path) -> RecoveredCatalog:
    """Read the readable part of a catalog; raises CatalogError if it cannot be opened."""
    return recover(path, file.read_bytes(path))


def find_catalog_files(paths: tuple[Path, ...], folder: Path | None = None) -> tuple[Path, ...]:
    """Return the files, the catalogs in the folders, and those of the articles of a project.

    The project is that of `folder`, or of the working directory. Raises ArticleError for an
    unknown name.
    """
    found: list[Path] = []
    for path in paths:
        if path.suffix == ".po" and not os.path.lexists(path):
            raise UnknownArticleError(f"{path}: no such file", "Name a catalog, or an article.")
        if path.suffix != ".po" and not path.is_dir():
            found += _named(path, folder)
        elif path.is_dir():
            found += sorted(path.rglob("*.po"))
        else:
            found.append(path)
    return tuple(found)


def _named(path: Path, folder: Path | None) -> tuple[Path, ...]:
    """Return the catalogs of an article, or the path itself for a file elsewhere."""
    try:
        project = load_project(folder)
    except SettingsError:
        return (path,)
    if path.exists() and not project.is_article_path(path):
        return (path,)
    return project.select_catalogs(path)


def project_findings(project: Project) -> Iterator[Finding]:
    """Yield findings on articles, glossaries, folders, catalogs, leftovers, trust and models."""
    yield from _articles(project)
    yield from _glossaries(project)
    folder = project.root / project.output_dir
    yield from _folder(folder if folder.exists() else project.root)
    for path in sorted([*folder.rglob("*.po"), *folder.rglob("*.pot")]):
        yield from catalog_findings(path)
    yield from _orphans(project)
    yield from _leftovers(folder)
    yield from _trust(project)
    for language in project.languages:
        yield from _model(project, language)


def catalog_findings(path: Path) -> Iterator[Finding]:
    """Yield the damaged places of a catalog, or its open merge conflicts if there are none."""
    try:
        data = file.read_bytes(path)
    except CatalogError as error:
        reason = error.message.removeprefix(f"{path}: ")
        yield _finding("damaged-catalog", f"cannot be read: {reason}", path)
        return
    recovered = recover(path, data)
    yield from recovered.findings
    if recovered.findings:
        return
    for entry in recovered.text.entries:
        in_header = is_header(entry) and any(note.startswith(CONFLICT) for note in entry.notes)
        if in_header or is_in_conflict(entry):
            text = " ".join(entry.source.split())[:60] or "the header"
            message = f"two translations from a merge to choose from: {text}"
            yield Finding("merge-conflict", Severity.WARNING, message, path, entry.line)


def _finding(kind: str, message: str, path: Path, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(kind, severity, message, path)


def _message(error: PipelineError, path: Path) -> str:
    """Return message and hint of an error, without the path at the beginning."""
    message = error.message.removeprefix(str(path)).lstrip(": ")
    return f"{message}. {error.hint}".strip()


def _articles(project: Project) -> Iterator[Finding]:
    try:
        folder = project.article_folder()
    except ArticleError as error:
        yield _finding("article", f"{error.message}. {error.hint}", project.root)
        return
    try:
        project.require_articles(folder)
    except ArticleError as error:
        severity = Severity.ERROR if folder.articles else Severity.WARNING
        message = f"{error.message}. {error.hint}"
        yield _finding("article", message, project.root, severity)
    for path, kind in folder.ignored.items():
        message = f"not read as an article: {kind} ({folder.reads})"
        yield _finding("ignored-file", message, path, Severity.INFO)
    for path in folder.articles:
        try:
            read_article(path, project.encoding, project.format_options)
        except ArticleError as error:
            yield _finding("article", _message(error, path), path)


def _glossaries(project: Project) -> Iterator[Finding]:
    for language in project.languages:
        path = project.glossary(language)
        try:
            if path.is_file():
                load_glossary(path, language)
        except GlossaryError as error:
            yield _finding("glossary", _message(error, path), path)
        try:
            load_style(project, language)
        except SettingsError as error:
            style = project.style(language)
            assert style is not None
            yield _finding("style", _message(error, style), style)
    yield from unused_glossaries(project)
    yield from unused_styles(project)


def _folder(folder: Path) -> Iterator[Finding]:
    """Yield a finding if a folder is not writable, or locked."""
    if not os.access(folder, os.W_OK | os.X_OK):
        yield _finding("folder", "cannot be written to. Check its permissions.", folder)
        return
    try:
        with lock_directory(folder, 0.0):
            pass
    except PipelineError as error:
        yield _finding("folder", _message(error, folder), folder, Severity.WARNING)


def _orphans(project: Project) -> Iterator[Finding]:
    """Yield the catalogs whose article was deleted or renamed."""
    try:
        articles = project.article_folder().articles
    except ArticleError:
        return
    for language in project.languages:
        known = {project.catalog(article, language) for article in articles}
        for path in project.catalogs(language):
            if path not in known:
                message = f"no article in {project.source_dir} has this catalog"
                yield _finding("orphan", message, path, Severity.WARNING)


def _leftovers(folder: Path) -> Iterator[Finding]:
    """Yield the files that a killed process or an unfinished merge left."""
    for path in sorted(p for p in folder.rglob("*") if atomic.is_temporary(p)):
        try:
            with lock_directory(path.parent, 0.0):
                message = "left by a killed run; the next run that writes here deletes it"
        except PipelineError:
            continue  # another process is writing it now
        yield _finding("leftover", message, path, Severity.WARNING)
    for path in sorted(folder.rglob(f"*{atomic.RESCUED}")):
        message = "saved by another program while a run was killed; copy what is missing from it"
        yield _finding("leftover", message, path, Severity.WARNING)
    for pattern in _UNMERGED:
        for path in sorted(folder.rglob(pattern)):
            message = "left by a merge; copy what is missing from it, and delete it"
            yield _finding("leftover", message, path, Severity.WARNING)


def _trust(project: Project) -> Iterator[Finding]:
    """Yield each setting that reaches beyond the project, with the user's decision on it."""
    from pipeline.engines import project_reaches

    try:
        reaches = project_reaches(project)
        undecided = project.trust.undecided(project.root, reaches)
    except PipelineError as error:
        yield _finding("trust", f"{error.message}. {error.hint}", project.root)
        return
    for reach in reaches:
        severity, state = Severity.INFO, "trusted"
        if reach in undecided:
            severity = Severity.WARNING if reach.required else Severity.INFO
            state = f"not trusted: {trust_command(project.root)}"
        message = f"{reach}: {one_line(reach.effect)} ({state})"
        yield _finding("trust", message, project.root, severity)


def _model(project: Project, language: str) -> Iterator[Finding]:
    """Yield a finding if no engine can draft a language, or if something is not installed."""
    from pipeline.engines import select_engine

    try:
        selection = select_engine(project, "", "", language)
    except TrustError:
        return  # reported by `_trust`
    except PipelineError as error:
        yield _finding("model", f"{language}: {error.message}. {error.hint}", project.root)
        return
    try:
        selection.require_runtime()
        missing = selection.missing()
    except EngineError as error:
        message = f"{language}: {error.message}. {error.hint}"
        yield _finding("model", message, project.root, Severity.WARNING)
        return
    except ModelError as error:
        yield _finding("model", f"{error.message}. {error.hint}", project.root)
        return
    if missing:
        name = selection.name
        message = f"{language}: model {name} is not installed. translate models install {name}"
        yield _finding("model", message, project.root, Severity.WARNING)
    elif not selection.model and not selection.spec.is_ready(language):
        message = f"{language}: engine {selection.engine} is not ready. See docs/engines.md."
        yield _finding("model", message, project.root, Severity.WARNING)
