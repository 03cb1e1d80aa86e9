"""Fingerprints of built articles, to skip those that are up to date.

A built article is current while all files are as they were after it was built: the article, its
catalog, the file with link targets, the built file and the `.mo` file. The settings, the options
and the version of the program must be the same too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.core import ArticleError, PipelineError
from pipeline.core.input import read_bytes
from pipeline.files import FileState, FingerprintStore, digest
from pipeline.project import ArticlePaths, Project

__all__ = ["BuildFingerprints", "BuildInputs"]

_BUILT, _COMPILED, _REFUSED = "built", "compiled", "refused"
_MAX_NOTE = 20_000  # characters; an article with a longer note is built again


@dataclass(frozen=True, slots=True)
class BuildInputs:
    """The states of the article and the catalog when they were read, for one language.

    `written` are the SHA-256 of the built article and the `.mo` file, by path; empty if the
    article was refused.
    """

    article: FileState
    catalog: FileState
    written: Mapping[Path, bytes] = field(default_factory=dict)


class BuildFingerprints:
    """What the last builds with the same options found, by article and language."""

    def __init__(self, project: Project, encoding: str, options: str) -> None:
        self._paths = ArticlePaths(project)
        self._store = FingerprintStore(project.root)
        settings = f"{encoding} {project.segmentation} {project.format_options}"
        self._constants = f"{settings} {project.boilerplate} {options}".encode()
        self._links = _read_links(project)

    def note(self, article: Path, language: str) -> str | None:
        """Return the note of `record` if nothing changed since, otherwise None."""
        if self._links is None:
            return None
        try:
            names = self._names(article, language)
            for name in names:
                self._paths.require_inside(name)
        except PipelineError:
            return None  # The build reports it.
        catalog, built, compiled = names
        contents = self._store.known_content(article), self._store.known_content(catalog)
        if contents[0] is None or contents[1] is None:
            return None
        inputs = self._inputs(contents[0], contents[1])
        note = self._store.note(_BUILT, built, inputs)
        if note is None:
            return self._store.note(_REFUSED, catalog, inputs)
        return note if self._store.matches(_COMPILED, compiled, inputs) else None

    def record(self, article: Path, language: str, inputs: BuildInputs, note: str) -> None:
        """Record what a build found; `note` is what `note` shall return."""
        if self._links is None or len(note) > _MAX_NOTE:
            return
        catalog, built, compiled = self._names(article, language)
        key = self._inputs(inputs.article.content, inputs.catalog.content)
        self._store.record_content(article, inputs.article)
        self._store.record_content(catalog, inputs.catalog)
        if not inputs.written:
            self._store.record_written(_REFUSED, catalog, key, inputs.catalog.content, note)
            return
        for task, name in ((_BUILT, built), (_COMPILED, compiled)):
            content = inputs.written[Path(name)]
            self._store.record_written(task, name, key, content, note if task == _BUILT else "")

    def close(self) -> None:
        """Write the fingerprints to the cache folder."""
        self._store.close()

    def _names(self, article: Path, language: str) -> tuple[str, str, str]:
        """Return the paths of the catalog, the built article and the `.mo` file."""
        catalog = self._paths.catalog_name(article, language)
        return catalog, self._paths.built_name(article, language), f"{catalog[:-3]}.mo"

    def _inputs(self, article: bytes, catalog: bytes) -> str:
        return digest(article, catalog, self._links or b"", self._constants)


def _read_links(project: Project) -> bytes | None:
    """Return the file with link targets, None if it cannot be read, which the build reports.

    It is read before the first article is built: a later change is seen by the next build.
    """
    path = project.link_targets
    try:
        return read_bytes(path, ArticleError) if path.is_file() else b""
    except ArticleError:
        return None
