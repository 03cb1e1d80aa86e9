"""What keeps a project from working, or soon will: files, folders, leftovers, models."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from pipeline.articles import read_article
from pipeline.catalog.header import is_header
from pipeline.catalog.provenance import CONFLICT
from pipeline.catalog.recovery import recover
from pipeline.catalog.state import is_in_conflict
from pipeline.core.errors import ArticleError, GlossaryError, ModelError, PipelineError
from pipeline.core.types import Finding, Severity
from pipeline.files import atomic
from pipeline.files.locks import lock_directory
from pipeline.glossary import file
from pipeline.project import Project

_UNMERGED = ("*.orig", "*.rej")  # what git and patch leave of a merge by hand


def project_findings(project: Project) -> Iterator[Finding]:
    """Look at everything in a project that commands need."""
    yield from _articles(project)
    yield from _glossaries(project)
    folder = project.root / project.output_dir
    yield from _folder(folder if folder.exists() else project.root)
    for path in sorted([*folder.rglob("*.po"), *folder.rglob("*.pot")]):
        yield from catalog_findings(path)
    yield from _orphans(project)
    yield from _leftovers(folder)
    for language in project.languages:
        yield from _model(project, language)


def catalog_findings(path: Path) -> Iterator[Finding]:
    """Name every damaged place of a catalog, and what else its translators should know."""
    try:
        data = path.read_bytes()
    except OSError as error:
        yield _finding("damaged-catalog", f"cannot be read: {error.strerror}", path)
        return
    read = recover(path, data)
    yield from read.findings
    if read.findings:
        return
    for entry in read.text.entries:
        told = is_header(entry) and any(note.startswith(CONFLICT) for note in entry.notes)
        if told or is_in_conflict(entry):
            shown = " ".join(entry.source.split())[:60] or "the header"
            message = f"two translations from a merge to choose from: {shown}"
            yield Finding("merge-conflict", Severity.WARNING, message, path, entry.line)


def _finding(
    kind: str, message: str, path: Path, severity: Severity = Severity.ERROR, line: int = 0
) -> Finding:
    return Finding(kind, severity, message, path, line)


def _plain(error: PipelineError, path: Path) -> str:
    """A message without the path it begins with, and with its cure."""
    message = error.message.removeprefix(str(path)).lstrip(": ")
    return f"{message}. {error.hint}".strip()


def _articles(project: Project) -> Iterator[Finding]:
    try:
        articles = project.articles()
    except ArticleError as error:
        yield _finding("article", f"{error.message}. {error.hint}", project.root)
        return
    for path in articles:
        try:
            read_article(path, project.encoding)
        except ArticleError as error:
            yield _finding("article", _plain(error, path), path)


def _glossaries(project: Project) -> Iterator[Finding]:
    for language in project.languages:
        path = project.glossary(language)
        try:
            if path.is_file():
                file.load_glossary(path, language)
        except GlossaryError as error:
            yield _finding("glossary", _plain(error, path), path)


def _folder(folder: Path) -> Iterator[Finding]:
    """Whether a folder can be written to and locked."""
    if not os.access(folder, os.W_OK | os.X_OK):
        yield _finding("folder", "cannot be written to. Check its rights.", folder)
        return
    try:
        with lock_directory(folder, 0.0):
            pass
    except PipelineError as error:
        yield _finding("folder", _plain(error, folder), folder, Severity.WARNING)


def _orphans(project: Project) -> Iterator[Finding]:
    """Catalogs whose article is gone, or has another name now."""
    try:
        articles = project.articles()
    except ArticleError:
        return
    for language in project.languages:
        known = {project.catalog(article, language) for article in articles}
        for path in project.catalogs(language):
            if path not in known:
                message = f"no article in {project.source_dir} has this catalog"
                yield _finding("orphan", message, path, Severity.WARNING)


def _leftovers(folder: Path) -> Iterator[Finding]:
    """Files that a killed writer or an unfinished merge left."""
    for path in sorted(p for p in folder.rglob("*") if atomic.is_temporary(p)):
        try:
            with lock_directory(path.parent, 0.0):
                message = "left by a killed run; the next one that writes here clears it up"
        except PipelineError:
            continue  # It belongs to someone who is writing now.
        yield _finding("leftover", message, path, Severity.WARNING)
    for path in sorted(folder.rglob(f"*{atomic.RESCUED}")):
        message = "saved by another program while a run was killed; take over what is missing"
        yield _finding("leftover", message, path, Severity.WARNING)
    for pattern in _UNMERGED:
        for path in sorted(folder.rglob(pattern)):
            message = "left by a merge; see whether something in it is missing, and delete it"
            yield _finding("leftover", message, path, Severity.WARNING)


def _model(project: Project, language: str) -> Iterator[Finding]:
    """Whether the model that is to draft a language is there."""
    from pipeline.engines.selection import select_engine

    try:
        choice = select_engine(project, "", "", language)
    except PipelineError as error:
        yield _finding("model", f"{language}: {error.message}. {error.hint}", project.root)
        return
    try:
        missing = choice.missing()
    except ModelError as error:
        yield _finding("model", f"{error.message}. {error.hint}", project.root)
        return
    if missing:
        name = choice.name
        message = f"{language}: model {name} is not installed. translate models install {name}"
        yield _finding("model", message, project.root, Severity.WARNING)
