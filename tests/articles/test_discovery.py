"""Articles of a folder, and formats by suffix."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.articles import FORMATS, Format, parse, scan_folder, suffixes
from pipeline.articles.discovery import require_usable_names
from pipeline.articles.formats import load_format
from pipeline.core import plugins
from pipeline.core.errors import ArticleError, PluginError


def test_articles_are_found_by_suffix_and_sorted(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.TXT", "a/d.docx", "e"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "folder.txt").mkdir()
    assert scan_folder(tmp_path).articles == (tmp_path / "a/c.TXT", tmp_path / "b.txt")


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="no such folder") as error:
        scan_folder(tmp_path / "none")
    assert "source_dir" in error.value.hint


def test_articles_with_the_same_stem_would_share_a_catalog() -> None:
    require_usable_names([Path("a.txt"), Path("b/a.txt"), Path("a.b.txt")], Path())
    with pytest.raises(ArticleError, match=r"a\.txt and a\.md would share a catalog"):
        require_usable_names([Path("a.txt"), Path("a.md")], Path())


@pytest.mark.parametrize("suffix", FORMATS)
def test_built_in_formats_implement_the_protocol(suffix: str) -> None:
    assert isinstance(load_format(suffix), Format)


def test_a_plugin_must_implement_the_protocol(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "names", lambda group: ("odd",))
    monkeypatch.setattr(plugins, "load", lambda group, name: SimpleNamespace())
    assert suffixes() == (*FORMATS, ".odd")
    with pytest.raises(PluginError, match=r"\.odd has no function parse"):
        parse("Hallo", ".odd")


def test_what_is_not_read_is_counted_by_kind(tmp_path: Path) -> None:
    """Other suffixes, hidden files and folders, links to folders and files without suffix."""
    names = ("a.txt", "b.docx", "sub/c.DOCX", "README", ".entwurf.txt", ".git/x.txt", ".gitkeep")
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "linked").symlink_to(tmp_path / "sub")
    found = scan_folder(tmp_path)
    assert found.articles == (tmp_path / "a.txt",)
    assert found.ignored_kinds == "2 .docx, 2 hidden, 1 linked folder, 1 without suffix"
    assert found.ignored_names == ".entwurf.txt, .git, README, b.docx, linked and 1 more"


def test_nothing_that_blocks_the_reader_is_an_article(tmp_path: Path) -> None:
    """A FIFO is ignored; a broken link is an article that cannot be read."""
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "none.txt")
    found = scan_folder(tmp_path)
    assert (found.articles, found.ignored_kinds) == ((tmp_path / "broken.txt",), "1 .txt")
