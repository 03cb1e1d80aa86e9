"""Articles renamed: found by their texts, and moved with all that belongs to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.articles import is_supported, suffixes
from pipeline.catalog import catalog, edits
from pipeline.core.errors import ArticleError, CatalogError
from pipeline.files import atomic
from pipeline.files.locks import lock_directory
from pipeline.project import Project

_COMMON = 10  # vanished articles that share a text before it tells nothing about any of them
_TRIED = 3  # articles looked at closely, those with the most telling texts in common


@dataclass(frozen=True, slots=True)
class Renamed:
    """A new article that is likely an old one renamed: `shared` of `total` texts are the same."""

    old: Path
    new: Path
    shared: int
    total: int


@dataclass(frozen=True, slots=True)
class _Vanished:
    """Catalogs whose article is gone: what the article was called, and its texts."""

    article: Path
    texts: frozenset[str]


def find(
    project: Project, articles: Sequence[Path], texts_of: Callable[[Path], frozenset[str]]
) -> list[Renamed]:
    """Find articles without catalogs that share most texts with a vanished article.

    `texts_of` returns the texts of an article's segments. More than half of the texts of
    either must be the same. Catalogs are read only if there are new and vanished articles;
    the time grows linearly with their texts.
    """
    new = [a for a in articles if _is_new(project, a)]
    gone = list(_vanished(project)) if new else []
    if not gone:
        return []
    index: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(gone):
        for text in one.texts:
            index[text].append(number)
    found = []
    for article in new:
        texts = texts_of(article)
        for number in _likely(index, texts):
            shared, total = (
                len(texts & gone[number].texts),
                max(len(texts), len(gone[number].texts)),
            )
            if 2 * shared > total:
                found.append(Renamed(gone[number].article, article, shared, total))
    return _each_once(found)


def _is_new(project: Project, article: Path) -> bool:
    inside = article.resolve().is_relative_to((project.root / project.source_dir).resolve())
    if not inside or not article.is_file():
        return False
    return not any(project.catalog(article, code).exists() for code in project.languages)


def _vanished(project: Project) -> Iterator[_Vanished]:
    """The catalogs without an article; those that cannot be read tell nothing."""
    here = {project.stem(article) for article in project.article_files()}
    known: set[PurePosixPath] = set()
    for language in project.languages:
        folder = project.catalog_folder(language)
        for path in project.catalogs(language):
            stem = PurePosixPath(path.relative_to(folder).with_suffix("").as_posix())
            if stem in here or stem in known:
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


def _likely(index: Mapping[str, Sequence[int]], texts: Iterable[str]) -> list[int]:
    votes: Counter[int] = Counter()
    for text in texts:
        holders = index.get(text, ())
        if len(holders) <= _COMMON:
            votes.update(holders)
    return [number for number, _ in votes.most_common(_TRIED)]


def _each_once(found: Iterable[Renamed]) -> list[Renamed]:
    """The most alike pairs, every article in one of them, in the order of the new ones."""
    chosen: dict[Path, Renamed] = {}
    taken: set[Path] = set()
    for one in sorted(found, key=lambda r: (-r.shared / r.total, r.new, r.old)):
        if one.new not in chosen and one.old not in taken:
            chosen[one.new] = one
            taken.add(one.old)
    return sorted(chosen.values(), key=lambda r: r.new)


def move(project: Project, old: Path, new: Path) -> list[tuple[Path, Path]]:
    """Rename an article with its catalogs, template, compiled and built files.

    The article may have been renamed already. Entries name the new article from then on,
    and nothing else in a catalog changes. Stopped halfway, it goes on when called again.
    Returns what was moved. Raises ArticleError or CatalogError before anything is moved,
    and PipelineError where a file cannot be.
    """
    _check_articles(project, old, new)
    catalogs = _catalogs(project, old, new)
    if not old.exists() and not any(path.exists() for path, _ in catalogs):
        raise ArticleError(f"{old}: no such article, and no catalogs of it", "Check the name.")
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
            names = project.reference(old), project.reference(new)
            edits.rename_references(target, *names)
    for source, target in _made(project, old, new):
        if source != target and source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
            moved.append((source, target))
    return moved


def _check_articles(project: Project, old: Path, new: Path) -> None:
    if not is_supported(new.suffix.lower()):
        known = ", ".join(suffixes())
        raise ArticleError(f"{new}: no article has that suffix", f"Known: {known}.")
    if old.resolve() == new.resolve():
        raise ArticleError(f"{new}: that is its name already", "Name another.")
    if old.exists() and new.exists():
        raise ArticleError(f"{new}: exists already", "Choose another name, or remove one of them.")
    if not old.exists() and not new.exists():
        raise ArticleError(f"{old}: no such article", "Check the name.")
    mine = (old.resolve(), new.resolve())
    for other in project.article_files():
        if other.resolve() not in mine and project.stem(other) == project.stem(new):
            raise ArticleError(f"{other} and {new} would share a catalog", "Choose another name.")


def _languages(project: Project) -> list[str]:
    """All languages that have catalogs, those that the settings do not name any more too."""
    folder = project.root / project.output_dir
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path.name for path in inside if project.catalog_folder(path.name).is_dir()]


def _catalogs(project: Project, old: Path, new: Path) -> list[tuple[Path, Path]]:
    pairs = [(project.catalog(old, c), project.catalog(new, c)) for c in _languages(project)]
    return [*pairs, (project.template(old), project.template(new))]


def _made(project: Project, old: Path, new: Path) -> Iterator[tuple[Path, Path]]:
    """What `translate build` makes; it can make it again, so the old may replace the new."""
    for code in _languages(project):
        source, target = project.catalog(old, code), project.catalog(new, code)
        yield source.with_suffix(".mo"), target.with_suffix(".mo")
        yield project.built_article(old, code), project.built_article(new, code)


def _check_catalogs(old: Path, new: Path) -> None:
    """Refuse, before anything is moved, what cannot be read or would lose a human's work."""
    work = [p.exists() and edits.has_human_work(p) for p in dict.fromkeys((old, new))]
    if len(work) == 2 and all(work):
        raise CatalogError(
            f"{old} and {new}: humans worked on both",
            f"Put them together (msgcat --use-first -o {new} {new} {old}), and delete {old}.",
        )


def _move_catalog(old: Path, new: Path) -> None:
    """Move a catalog; one at its new place that holds drafts alone makes room."""
    with ExitStack() as locks:
        for folder in sorted({old.resolve().parent, new.resolve().parent}):
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
            raise CatalogError(f"{new}: was saved meanwhile", "Do it again.") from None
        old.unlink(missing_ok=True)
