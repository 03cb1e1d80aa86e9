"""Articles of a folder, found by their suffix."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.articles.formats import is_supported
from pipeline.core import ArticleError

__all__ = ["find_articles", "require_distinct_stems"]


def find_articles(folder: Path) -> tuple[Path, ...]:
    """Return the articles below a folder, sorted; raises ArticleError without one."""
    if not folder.is_dir():
        raise ArticleError(
            f"{folder}: no such folder",
            "Create it and put the German articles there, or set source_dir.",
        )
    return tuple(
        sorted(p for p in folder.rglob("*") if is_supported(p.suffix.lower()) and p.is_file())
    )


def require_distinct_stems(articles: Iterable[Path]) -> None:
    """Raise ArticleError for two articles that differ only in their suffix.

    Catalogs are named after the path without suffix.
    """
    by_stem: dict[Path, Path] = {}
    for path in articles:
        other = by_stem.setdefault(path.with_suffix(""), path)
        if other != path:
            raise ArticleError(f"{other} and {path} would share a catalog", f"Rename {path.name}.")
