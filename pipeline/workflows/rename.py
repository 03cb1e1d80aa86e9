"""Rename articles: detect renamed ones by their texts, and move all files of an article."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.articles import is_supported, suffixes
from pipeline.catalog import catalog, edits
from pipeline.core import ArticleError, CatalogError, UnknownArticleError
from pipeline.core.file_names import real_path
from pipeline.files import atomic, lock_directory
from pipeline.project import ArticlePaths, Project
from pipeline.workflows.events import Events

__all__ = ["RenameOptions", "rename"]

_MAX_SHARING = 10  # a text in more vanished articles than this does not identify any of them
_MAX_COMPARED = 3  # vanished articles compared in full, those that share the most texts


@dataclass(frozen=True, slots=True)
class RenameOptions:
    """Options of `rename`: an article, and its new path or the folder to move it to."""

    old: Path
    new: Path


@dataclass(frozen=True, slots=True)
class RenameResult:
    """The files that were moved, as pairs of the old and the new path."""

    moved: tuple[tuple[Path, Path], ...] = ()


@dataclass(frozen=True, slots=True)
class RenamedArticle:
    """A new article that is likely a renamed one: `shared` of `total` texts are the same."""

    old: Path
    new: Path
    shared: int
    total: int


@dataclass(frozen=True, slots=True)
class _Vanished:
    """An article that is gone but has catalogs: its likely path, and its texts."""

    article: Path
    texts: frozenset[str]


def find_renamed(
    project: Project, articles: Sequence[Path], texts_of: Callable[[Path], frozenset[str]]
) -> list[RenamedArticle]:
    """Find articles without catalogs that share most texts with a vanished article.

    `texts_of` returns the texts of an article's segments. More than half of the texts of
    both articles must be the same. Catalogs are read only if there are new and vanished
    articles; the time is linear in the number of their texts.
    """
    paths = ArticlePaths(project)
    new = [article for article in articles if _is_new(project, paths, article)]
    vanished = list(_vanished(project)) if new else []
    if not vanished:
        return []
    index: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(vanished):
        for text in one.texts:
            index[text].append(number)
    found = []
    for article in new:
        texts = texts_of(article)
        for old in (vanished[number] for number in _candidates(index, texts)):
            shared, total = len(texts & old.texts), max(len(texts), len(old.texts))
            if 2 * shared > total:
                found.append(RenamedArticle(old.article, article, shared, total))
    return _best_pairs(found)


def _is_new(project: Project, paths: ArticlePaths, article: Path) -> bool:
    try:
        names = [paths.catalog_name(article, code) for code in project.languages]
    except ArticleError:  # outside of the project
        return False
    return not any(map(os.path.exists, names)) and article.is_file()


def _vanished(project: Project) -> Iterator[_Vanished]:
    """Yield the articles that have catalogs only; catalogs that cannot be read are skipped."""
    paths = ArticlePaths(project)
    present = {paths.stem(article) for article in project.article_folder().articles}
    known: set[PurePosixPath] = set()
    for language in project.languages:
        folder = project.catalog_folder(language)
        for path in project.catalogs(language):
            stem = PurePosixPath(path.relative_to(folder).with_suffix("").as_posix())
            if str(stem) in present or stem in known:
                continue
            try:
                entries = catalog.load(path).translations
            except CatalogError:
                continue
            known.add(stem)
            names = (r.rpartition(":")[0] for entry in entries for r in entry.references)
            name = next((n for n in names if PurePosixPath(n).stem == stem.name), f"{stem}.txt")
            article = (
                project.root / project.source_dir / stem.with_suffix(PurePosixPath(name).suffix)
            )
            yield _Vanished(article, frozenset(entry.source for entry in entries))


def _candidates(index: Mapping[str, Sequence[int]], texts: Iterable[str]) -> list[int]:
    votes: Counter[int] = Counter()
    for text in texts:
        numbers = index.get(text, ())
        if len(numbers) <= _MAX_SHARING:
            votes.update(numbers)
    return [number for number, _ in votes.most_common(_MAX_COMPARED)]


def _best_pairs(found: Iterable[RenamedArticle]) -> list[RenamedArticle]:
    """Return the most similar pairs, each article in one pair, in the order of the new ones."""
    chosen: dict[Path, RenamedArticle] = {}
    used: set[Path] = set()
    for one in sorted(found, key=lambda r: (-r.shared / r.total, r.new, r.old)):
        if one.new not in chosen and one.old not in used:
            chosen[one.new] = one
            used.add(one.old)
    return sorted(chosen.values(), key=lambda r: r.new)


def rename(project: Project, options: RenameOptions, events: Events) -> RenameResult:
    """Rename an article with its catalogs, template, compiled and built files.

    The article itself may have been renamed already. Entries name the new article
    afterwards; nothing else in a catalog changes. An interrupted renaming is completed by
    the next call. Raises ArticleError or CatalogError before anything is moved, and
    PipelineError if a file cannot be moved.
    """
    old = project.article_path(options.old)
    new = project.article_path(options.new)
    return RenameResult(tuple(move_article(project, old, new / old.name if new.is_dir() else new)))


def move_article(project: Project, old: Path, new: Path) -> list[tuple[Path, Path]]:
    """Rename an article as `rename` does; return the files moved."""
    _check_articles(project, old, new)
    catalogs = _catalogs(project, old, new)
    if not old.exists() and not any(path.exists() for path, _ in catalogs):
        project.find_article(old)  # raises ArticleError with the most similar name
    for source, target in catalogs:
        _check_catalogs(source, target)
    moved = []
    if old.exists():
        atomic.move(old, new)
        moved.append((old, new))
    for source, target in catalogs:
        if source != target and source.exists():
            _move_catalog(source, target)
            moved.append((source, target))
        if target.exists():
            edits.rename_references(target, project.reference(old), project.reference(new))
    for source, target in _outputs(project, old, new):
        if source != target and source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
            moved.append((source, target))
    return moved


def _check_articles(project: Project, old: Path, new: Path) -> None:
    if old.is_dir():
        raise UnknownArticleError(f"{old}: is a folder", "Rename its articles one by one.")
    if not is_supported(new.suffix.lower()):
        known = ", ".join(suffixes())
        raise ArticleError(f"{new}: unknown article format", f"Known suffixes: {known}.")
    project.require_usable_name(new)
    if real_path(old) == real_path(new):
        raise ArticleError(f"{new}: is its name already", "Choose another name.")
    if old.exists() and new.exists():
        raise ArticleError(f"{new}: exists already", "Choose another name, or remove the file.")
    if not old.exists() and not new.exists():
        project.find_article(old)  # raises ArticleError, with the most similar name
    renamed = (real_path(old), real_path(new))
    for other in project.article_folder().articles:
        if real_path(other) not in renamed and project.stem(other) == project.stem(new):
            raise ArticleError(f"{other} and {new} would share a catalog", "Choose another name.")


def _languages(project: Project) -> list[str]:
    """Return all languages with catalogs, including those no longer in the settings."""
    folder = project.root / project.output_dir
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path.name for path in inside if project.catalog_folder(path.name).is_dir()]


def _catalogs(project: Project, old: Path, new: Path) -> list[tuple[Path, Path]]:
    pairs = [(project.catalog(old, c), project.catalog(new, c)) for c in _languages(project)]
    return [*pairs, (project.template(old), project.template(new))]


def _outputs(project: Project, old: Path, new: Path) -> Iterator[tuple[Path, Path]]:
    """Yield the files of `build`; the old ones may replace the new, because it rebuilds them."""
    for code in _languages(project):
        source, target = project.catalog(old, code), project.catalog(new, code)
        yield source.with_suffix(".mo"), target.with_suffix(".mo")
        yield project.built_article(old, code), project.built_article(new, code)


def _check_catalogs(old: Path, new: Path) -> None:
    """Raise CatalogError for a damaged catalog, or if moving would lose human work."""
    work = [p.exists() and edits.has_human_work(p) for p in dict.fromkeys((old, new))]
    if len(work) == 2 and all(work):
        raise CatalogError(
            f"{old} and {new}: humans worked on both",
            f"Merge them (msgcat --use-first -o {new} {new} {old}), and delete {old}.",
        )


def _move_catalog(old: Path, new: Path) -> None:
    """Move a catalog; an existing catalog that contains only drafts is replaced."""
    with ExitStack() as locks:
        for folder in sorted({real_path(old).parent, real_path(new).parent}):
            locks.enter_context(lock_directory(folder))
        if not new.exists():
            atomic.move(old, new)
            return
        _check_catalogs(old, new)
        try:
            data = new.read_bytes()
            if not edits.has_human_work(new):
                atomic.exchange(old, new, data)
        except atomic.FileChangedError:
            raise CatalogError(f"{new}: was saved meanwhile", "Run the command again.") from None
        old.unlink(missing_ok=True)
