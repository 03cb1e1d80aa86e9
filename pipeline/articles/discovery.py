"""Articles of a folder, found by their suffix, and the files that no format reads."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path, PurePath

from pipeline.articles.formats import is_supported, suffixes
from pipeline.core import ArticleError, counted
from pipeline.core.file_names import find_name_problem, portable_key

__all__ = ["ArticleFolder", "require_usable_name", "require_usable_names", "scan_folder"]

_HIDDEN = "hidden"
_LINK = "linked folder"
_NAMED = 5  # ignored files that a message names
# Hidden files of version control and file managers, which nobody takes for articles.
_EXPECTED = frozenset({".gitkeep", ".gitignore", ".gitattributes", ".keep", ".DS_Store"})


@dataclass(frozen=True, slots=True)
class ArticleFolder:
    """The articles below a folder, and what is not read there; all sorted.

    `ignored` maps files without a format, hidden files and folders, and links to folders to
    their kind: a suffix, or a noun.
    """

    path: Path
    articles: tuple[Path, ...]
    ignored: Mapping[Path, str] = field(default_factory=dict)

    @property
    def reads(self) -> str:
        """The suffixes that are read: "reads .txt"."""
        return f"reads {', '.join(suffixes())}"

    @property
    def ignored_kinds(self) -> str:
        """The number of ignored files by suffix, the most frequent first: "3 .md, 1 hidden"."""
        kinds = Counter(self.ignored.values())
        ranked = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
        return ", ".join(
            counted(number, kind) if kind == _LINK else f"{number} {kind}"
            for kind, number in ranked
        )

    @property
    def ignored_names(self) -> str:
        """The first ignored files, relative to the folder, and how many more there are."""
        names = [path.relative_to(self.path).as_posix() for path in islice(self.ignored, _NAMED)]
        more = len(self.ignored) - len(names)
        return ", ".join(names) + (f" and {more} more" if more else "")


def scan_folder(folder: Path) -> ArticleFolder:
    """Find the articles below a folder; links to folders are not followed.

    Raises ArticleError if there is no folder, or if a folder in it cannot be read: articles
    in it would count as deleted.
    """
    articles: list[Path] = []
    ignored: dict[Path, str] = {}
    errors: list[OSError] = []
    for name, folders, files in os.walk(folder, onerror=errors.append):
        parent = Path(name)
        ignored |= {parent / one: _HIDDEN for one in folders if _is_hidden(one)}
        folders[:] = [one for one in folders if not _is_hidden(one)]
        ignored |= {parent / one: _LINK for one in folders if _is_link(parent / one)}
        for one in files:
            path = parent / one
            if _is_hidden(one):
                ignored |= {} if one in _EXPECTED else {path: _HIDDEN}
            elif is_supported(path.suffix.lower()) and _is_readable(path, errors):
                articles.append(path)
            else:
                ignored[path] = path.suffix.lower() or "without suffix"
    if errors:
        raise _unreadable(folder, errors)
    return ArticleFolder(folder, tuple(sorted(articles)), dict(sorted(ignored.items())))


def require_usable_names(articles: Sequence[Path], folder: Path) -> None:
    """Raise ArticleError for names that cannot be shared between systems, or share a catalog.

    Catalogs are named after the path in `folder`, without its suffix.
    """
    keys: set[int] = set()  # hashes: in a large project, the names take more memory than all else
    for path in articles:
        name = path.relative_to(folder)
        require_usable_name(path, name)
        keys.add(hash(portable_key(name.with_suffix(""))))
    if len(keys) < len(articles):
        _require_distinct_names(articles, folder)


def _require_distinct_names(articles: Iterable[Path], folder: Path) -> None:
    by_key: dict[str, Path] = {}
    for path in articles:
        stem = path.relative_to(folder).with_suffix("")
        other = by_key.setdefault(portable_key(stem), path)
        if other == path:
            continue
        if other.relative_to(folder).with_suffix("") == stem:
            raise ArticleError(f"{other} and {path} would share a catalog", f"Rename {path.name}.")
        raise ArticleError(
            f"{other} and {path} have the same name on systems that ignore case or normal forms",
            f"Rename {path.name}.",
        )


def require_usable_name(path: Path, name: PurePath) -> None:
    """Raise ArticleError if `name`, the path of an article in its folder, cannot be used."""
    if problem := find_name_problem(name):
        raise ArticleError(f"{path}: {problem}", "Rename it, for example to artikel.txt.")


def _is_hidden(name: str) -> bool:
    return name.startswith(".")


def _is_link(path: Path) -> bool:
    try:
        return path.is_symlink()
    except OSError:
        return False


def _is_readable(path: Path, errors: list[OSError]) -> bool:
    """Return whether a path is not a device, FIFO or socket, which would block the reader.

    A broken link and a file that may not be read count: reading them reports the error. If
    the folder may be listed but not entered, that is added to the errors.
    """
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except PermissionError as error:
        errors.append(PermissionError(error.errno, error.strerror, str(path.parent)))
        return False
    except OSError:
        return True


def _unreadable(folder: Path, errors: list[OSError]) -> ArticleError:
    first = errors[0]
    missing = isinstance(first, FileNotFoundError | NotADirectoryError)
    if missing and Path(str(first.filename)) == folder:
        return ArticleError(
            f"{folder}: no such folder",
            "Create it and put the German articles there, or set source_dir.",
        )
    others = len({str(error.filename) for error in errors}) - 1
    more = f" (and {counted(others, 'other folder')})" if others else ""
    return ArticleError(
        f"{first.filename}: cannot be read: {first.strerror}{more}",
        "Correct the permissions of the folder.",
    )
