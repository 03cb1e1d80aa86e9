"""Commands without the permissions they need: one error, and every file as it was."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polib
import pytest

from tests.conftest import Translate

CATALOGS = "output/en/LC_MESSAGES"
CATALOG = f"{CATALOGS}/bruecke.po"


@contextmanager
def mode(path: Path, bits: int) -> Iterator[None]:
    """Set the permissions of a file or folder during a block."""
    before = stat.S_IMODE(path.stat().st_mode)
    path.chmod(bits)
    try:
        yield
    finally:
        path.chmod(before)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def project(folder: Path, inside: Translate) -> Path:
    """A project with work to approve, import and merge, and an article that has changed."""
    inside("extract")
    path = folder / CATALOG
    catalog = polib.pofile(str(path))
    for number, entry in enumerate(catalog):
        entry.msgstr, entry.fuzzy = f"human {number}", number == 0
    catalog.save()
    inside("export", "-l", "en", "-o", "out")
    exported = folder / "out" / "en" / "bruecke.xlf"
    exported.write_text(exported.read_text().replace(">human 1<", ">human changed<"))
    (folder / "source_de" / "bruecke.txt").write_text("Der Rat hat einen neuen Plan.\n")
    (folder / "base.po").write_bytes(path.read_bytes())
    (folder / "theirs.po").write_bytes(path.read_bytes().replace(b"human 2", b"human, theirs"))
    return folder


COMMANDS = {
    "extract": ("extract",),
    "run": ("run", "-l", "en", "--engine", "argos"),
    "import": ("import", "out/en/bruecke.xlf"),
    "approve": ("approve", "-l", "en", "-y"),
    "reset": ("reset", "-l", "en", "-y"),
    "merge": ("merge", "base.po", CATALOG, "theirs.po"),
    "build": ("build", "-l", "en", "--draft"),
}


@pytest.mark.parametrize("what", [CATALOG, CATALOGS], ids=["file", "folder"])
@pytest.mark.parametrize("name", ["extract", "run", "import", "merge"])
def test_a_read_only_catalog_is_not_changed(
    project: Path, translate: Translate, ordinary_user: tuple[str, ...], name: str, what: str
) -> None:
    """The error names the catalog, and nothing is left in its folder."""
    before = contents(project / CATALOGS)
    with mode(project / what, 0o555 if what == CATALOGS else 0o444):
        done = translate(*COMMANDS[name], prefix=ordinary_user)
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    assert f"{CATALOG}: " in done.stderr
    assert contents(project / CATALOGS) == before


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_an_unreadable_catalog_is_an_error(
    project: Path, translate: Translate, ordinary_user: tuple[str, ...], name: str
) -> None:
    """No command takes it for a missing one."""
    before = contents(project / CATALOGS)
    with mode(project / CATALOG, 0):
        done = translate(*COMMANDS[name], prefix=ordinary_user)
    if name == "merge":
        assert (done.returncode, "is not readable" in done.stderr) == (2, True)
    else:
        assert (done.returncode, "Permission denied" in done.stderr) == (3, True), done.stderr
    assert contents(project / CATALOGS) == before


def test_an_unreadable_article_is_an_error(
    project: Path, translate: Translate, ordinary_user: tuple[str, ...]
) -> None:
    """It is named, and its catalogs stay."""
    before = contents(project / CATALOGS)
    with mode(project / "source_de" / "bruecke.txt", 0):
        done = translate("extract", prefix=ordinary_user)
    assert done.returncode == 3
    assert "bruecke.txt: Permission denied" in done.stderr
    assert contents(project / CATALOGS) == before


def test_built_articles_that_cannot_be_written(
    project: Path, translate: Translate, ordinary_user: tuple[str, ...]
) -> None:
    """The error names the article."""
    with mode(project / "output" / "en", 0o555):
        done = translate("build", "-l", "en", "--draft", prefix=ordinary_user)
    assert done.returncode == 3
    assert "output/en/bruecke.txt: " in done.stderr


def test_a_cache_that_cannot_be_written_is_named(
    project: Path, translate: Translate, ordinary_user: tuple[str, ...], tmp_path: Path
) -> None:
    """The hint says how to choose another folder."""
    cache = tmp_path / "read-only"
    cache.mkdir()
    with mode(cache, 0o555):
        done = translate("tm", "stats", prefix=ordinary_user, TRANSLATE_CACHE=str(cache))
    assert done.returncode == 3
    assert "TRANSLATE_CACHE" in done.stderr
    assert not any(cache.iterdir())
