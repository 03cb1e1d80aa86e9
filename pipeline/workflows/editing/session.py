"""An editing session: articles and catalogs of a project, read when they change, and saved."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from threading import RLock
from typing import Generic, TypeVar

from pipeline.articles import find_markup_format, read_article
from pipeline.catalog import (
    Catalog,
    EntrySnapshot,
    Revision,
    SaveOutcome,
    catalog,
    human_notes,
    is_header,
    save_entry,
)
from pipeline.catalog.po import Entry, EntryKey
from pipeline.core import (
    CatalogError,
    PipelineError,
    Segment,
    UnknownArticleError,
    UnknownLanguageError,
)
from pipeline.files import file_signature
from pipeline.project import Project
from pipeline.workflows.editing.comments import Remarks, remark_lines
from pipeline.workflows.editing.entries import (
    ArticleBlock,
    ArticleSegment,
    EditorArticle,
    EditorEntry,
    editor_entry,
    entry_id,
)
from pipeline.workflows.extract import SegmentedArticle, catalog_segments
from pipeline.workflows.segment import list_marker

__all__ = [
    "Edit",
    "EditingSession",
    "Saved",
    "VersionCache",
    "require_text",
    "signature",
    "snapshot",
]

_RESCAN_SECONDS = 2.0
_RESCAN_SHARE = 20
_KEPT_ARTICLES = 200
_KEPT_SHOWN = 20

_Value = TypeVar("_Value")
_Shown = tuple[EditorArticle, dict[str, EditorEntry]]


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit of an entry: what the editor saw, and what it becomes.

    `targets` and `approved` are the reviewer's decision. `remarks` replace those of the
    entry; None keeps them. `restore` is an earlier version, for undo, instead of all these.
    """

    entry: str
    seen: EntrySnapshot
    targets: tuple[str, ...] = ()
    approved: bool = False
    remarks: Remarks | None = None
    restore: EntrySnapshot | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """The entry as it is in the catalog now, and what happened to it."""

    entry: EditorEntry
    outcome: SaveOutcome


class EditingSession:
    """Articles of a project as an editor shows them; safe to use from several threads.

    `paths` and `languages` limit the session to some articles and languages.
    """

    def __init__(
        self, project: Project, paths: Sequence[Path] = (), languages: Sequence[str] = ()
    ) -> None:
        self.project = project
        self.languages = project.select_languages(languages)
        self._paths = tuple(paths)
        self._lock = RLock()
        self._scanned: tuple[float, dict[str, Path]] | None = None
        self._articles: VersionCache[SegmentedArticle] = VersionCache(_KEPT_ARTICLES)
        self._catalogs: VersionCache[Catalog] = VersionCache(_KEPT_ARTICLES)
        self._shown: VersionCache[_Shown] = VersionCache(_KEPT_SHOWN)
        self.articles()

    def articles(self) -> Mapping[str, Path]:
        """Return the articles of the session by name; raises ArticleError if there are none."""
        with self._lock:
            start = time.monotonic()
            if self._scanned is None or start > self._scanned[0]:
                names = {
                    self._name(path): path for path in self.project.select_articles(self._paths)
                }
                # A large project is read less often: the page must not wait for its folders.
                pause = max(_RESCAN_SECONDS, _RESCAN_SHARE * (time.monotonic() - start))
                self._scanned = time.monotonic() + pause, names
            return self._scanned[1]

    def _name(self, path: Path) -> str:
        folder = self.project.root / self.project.source_dir
        inside = path.is_relative_to(folder) and not path.is_symlink()
        # `article_name` resolves every path, which takes long for 10,000 articles.
        return path.relative_to(folder).as_posix() if inside else self.project.article_name(path)

    def find(self, name: str, language: str) -> tuple[Path, Path]:
        """Return the paths of an article and its catalog.

        Raises UnknownArticleError and UnknownLanguageError. A name is looked up in the list of
        articles: no path is made of it.
        """
        path = self.articles().get(name)
        if path is None:
            raise UnknownArticleError(f"{name}: no such article", "Load the overview again.")
        if language not in self.languages:
            raise UnknownLanguageError(
                f"{language!r} is not reviewed here", f"Languages: {', '.join(self.languages)}."
            )
        target = self.project.catalog(path, language)
        self.project.require_inside(target)
        return path, target

    def segmented(self, path: Path) -> SegmentedArticle:
        """Return an article with its segments; raises ArticleError."""
        project = self.project

        def read() -> SegmentedArticle:
            article = read_article(path, project.encoding, project.format_options)
            return SegmentedArticle(article, catalog_segments(project, article))

        return self._articles.get(path, signature(path), read)

    def catalog(self, path: Path) -> Catalog | None:
        """Return a catalog, None if it does not exist; raises CatalogError if it is damaged."""
        if not path.exists():
            return None
        return self._catalogs.get(path, signature(path), lambda: catalog.load(path))

    def revision(self, name: str, language: str) -> str:
        """Return what changes with the article or its catalog."""
        return " | ".join(map(signature, self.find(name, language)))

    def article(self, name: str, language: str) -> EditorArticle:
        """Return an article with its translations; raises ArticleError and CatalogError."""
        revision = self.revision(name, language)
        return self._shown.get(
            (name, language), revision, lambda: self._article(name, language, revision)
        )[0]

    def _article(self, name: str, language: str, revision: str) -> _Shown:
        """Return an article and its entries by their lines in the catalog.

        An entry whose lines are unchanged is taken from the version before: a save changes one.
        """
        path, target = self.find(name, language)
        segmented, loaded = self.segmented(path), self.catalog(target)
        form = find_markup_format(path.suffix.lower())
        live = [e for e in loaded.entries if not e.obsolete and not is_header(e)] if loaded else []
        known = self._shown.latest((name, language))
        before = known[1] if known else {}
        by_lines = {entry.raw: before.get(entry.raw) or editor_entry(entry, form) for entry in live}
        ids = {entry.source: entry_id(entry.key) for entry in live if entry.context is None}
        texts = {segment.text for segment in segmented.segments}
        problem = ""
        if loaded is None:
            problem = "There is no catalog yet."
        elif ids.keys() != texts:
            problem = "The article changed since its catalog was written."
        blocks = _blocks(segmented, ids)
        by_id = {entry.id: entry for entry in by_lines.values()}
        suffix = path.suffix.lower()
        article = EditorArticle(name, language, suffix, revision, blocks, by_id, problem)
        return article, by_lines

    def entry(self, name: str, language: str, wanted: str) -> EditorEntry:
        """Return an entry of an article by id; raises CatalogError if there is none."""
        entries = self.article(name, language).entries
        if wanted not in entries:
            raise CatalogError(f"{name}: no such entry in {language}", "Load the article again.")
        return entries[wanted]

    def save(self, name: str, language: str, edit: Edit) -> Saved:
        """Save an edit, merged with what others did to the entry meanwhile.

        Raises PipelineError for an unknown entry or a catalog that cannot be written.
        """
        path, target = self.find(name, language)
        key = self._key(target, edit.entry)
        wanted: Revision | EntrySnapshot
        if edit.restore is not None:
            wanted = edit.restore
        else:
            notes = None
            if edit.remarks is not None:
                notes = remark_lines(_human_lines(edit.seen), edit.remarks)
            wanted = Revision(edit.targets, edit.approved, notes)
        saved = save_entry(target, key, edit.seen, wanted)
        form = find_markup_format(path.suffix.lower())
        return Saved(editor_entry(saved.entry, form), saved.outcome)

    def _key(self, target: Path, wanted: str) -> EntryKey:
        """Return the key of an entry; one that left the catalog is in an earlier version."""
        loaded = self.catalog(target)
        for known in filter(None, (loaded, *self._catalogs.earlier(target))):
            for entry in known.entries:
                if entry_id(entry.key) == wanted and not is_header(entry):
                    return entry.key
        raise CatalogError(
            f"{target}: the entry is no longer in it",
            "Copy your text, and load the article again.",
        )


def signature(path: Path) -> str:
    """Return the signature of a file, "" if it is missing."""
    try:
        return file_signature(path)
    except OSError:
        return ""


class VersionCache(Generic[_Value]):
    """The values of files by signature, the least recently used dropped first.

    The last two values of a file are kept: the previous one knows entries that just left it.
    """

    def __init__(self, size: int) -> None:
        self._size, self._lock = size, RLock()
        self._values: OrderedDict[Hashable, list[tuple[str, _Value]]] = OrderedDict()

    def get(self, key: Hashable, version: str, read: Callable[[], _Value]) -> _Value:
        """Return the value of a version, read if it is not kept."""
        with self._lock:
            values = self._values.get(key, [])
            if values and values[0][0] == version:
                self._values.move_to_end(key)
                return values[0][1]
        value = read()
        with self._lock:
            self._values[key] = [(version, value), *self._values.get(key, [])[:1]]
            self._values.move_to_end(key)
            while len(self._values) > self._size:
                self._values.popitem(last=False)
        return value

    def latest(self, key: Hashable) -> _Value | None:
        """Return the newest kept value of a file, which may be outdated."""
        with self._lock:
            values = self._values.get(key)
            return values[0][1] if values else None

    def earlier(self, key: Hashable) -> Sequence[_Value]:
        """Return the kept values of a file that are not current."""
        with self._lock:
            return [value for _, value in self._values.get(key, [])[1:]]


def _human_lines(seen: EntrySnapshot) -> tuple[str, ...]:
    entry = Entry("", 0, False, None, "", None, seen.targets, seen.comments)
    return human_notes(entry)


def _blocks(segmented: SegmentedArticle, ids: Mapping[str, str]) -> tuple[ArticleBlock, ...]:
    def place(segment: Segment) -> tuple[str, int]:
        return segment.kind.value, segment.block

    number = 0
    blocks = []
    for (kind, _), group in groupby(segmented.segments, key=place):
        segments = list(group)
        marker = list_marker(segmented.article, segments[0]).strip()
        shown = []
        for segment in segments:
            number += 1
            shown.append(ArticleSegment(ids.get(segment.text, ""), segment.text, number))
        blocks.append(ArticleBlock(kind, segments[0].label, marker, tuple(shown)))
    return tuple(blocks)


def require_text(value: str) -> str:
    """Return a text that a catalog can contain; raises PipelineError for another one."""
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise PipelineError("the text contains a character that is not text", "Remove it.")
    return value


def snapshot(targets: tuple[str, ...], comments: tuple[str, ...]) -> EntrySnapshot:
    """Return the snapshot of an entry that an editor sent; raises PipelineError if it is none."""
    for line in comments:
        if not line.startswith("#") or line.startswith("#~") or "\n" in line or "\r" in line:
            raise PipelineError("not the comments of an entry", "Load the article again.")
    return EntrySnapshot(targets, comments)
