"""`translate mv`, and articles that were renamed without it: translations go along."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pipeline.catalog import catalog
from tests.cli.commands.test_build import approve
from tests.cli.commands.test_extract import fill
from tests.conftest import ARTICLE, Translate

OTHER = """Ein ganz anderer Artikel

Er handelt von Schiffen auf der Donau und hat mit Brücken nichts zu tun.

Niemand hat ihn bisher übersetzt.
"""


def files(folder: Path) -> dict[str, str]:
    """All files of the project below the articles and the output, with their texts."""
    found = [p for name in ("source_de", "output") for p in sorted((folder / name).rglob("*"))]
    return {
        p.relative_to(folder).as_posix(): p.read_bytes().decode("utf-8", "replace")
        for p in found
        if p.is_file()
    }


@pytest.fixture
def before(folder: Path, inside: Translate) -> dict[str, str]:
    """A project with an approved, built article; its files."""
    inside("extract")
    approve(folder)
    assert inside("build", "--lang", "en").returncode == 0
    return files(folder)


def renamed(before: dict[str, str], old: str, new: str) -> dict[str, str]:
    """The files as they are to be: other names, and references to them, and nothing else."""
    return {
        name.replace(old, new): text.replace(f"source_de/{old}.txt:", f"source_de/{new}.txt:")
        for name, text in before.items()
    }


@pytest.mark.parametrize("new", ["elbe", "neu/elbe", "neue brücke", "[a]*"])
def test_everything_goes_along(
    folder: Path, inside: Translate, before: dict[str, str], new: str
) -> None:
    """Article, catalogs, template, .mo and built article; the next extraction changes nothing."""
    done = inside("mv", "source_de/bruecke.txt", f"source_de/{new}.txt")
    assert done.returncode == 0, done.stderr
    now = files(folder)
    if " " in new:  # such names stand between marks in references
        now = {name: text.replace("\u2068", "").replace("\u2069", "") for name, text in now.items()}
    assert now == renamed(before, "bruecke", new)
    assert "output/en/LC_MESSAGES/bruecke.po → " in done.stdout
    written = files(folder)
    assert inside("extract").stdout == "All catalogs are up to date.\n"
    assert files(folder) == written


def test_into_a_folder(folder: Path, inside: Translate, before: dict[str, str]) -> None:
    """As `mv` does it."""
    (folder / "source_de" / "alt").mkdir()
    assert inside("mv", "source_de/bruecke.txt", "source_de/alt").returncode == 0
    assert files(folder) == renamed(before, "bruecke", "alt/bruecke")


def test_an_article_that_was_moved_already(
    folder: Path, inside: Translate, before: dict[str, str]
) -> None:
    """With `git mv`, say; also when it has new catalogs of drafts by now."""
    (folder / "source_de/bruecke.txt").rename(folder / "source_de/elbe.txt")
    assert inside("extract", "--as-new").returncode == 0
    assert (folder / "output/en/LC_MESSAGES/elbe.po").exists()
    assert inside("mv", "source_de/bruecke.txt", "source_de/elbe.txt").returncode == 0
    assert files(folder) == renamed(before, "bruecke", "elbe")


def test_a_language_that_the_settings_have_no_more(
    folder: Path, inside: Translate, before: dict[str, str]
) -> None:
    """Its catalogs go along too."""
    (folder / "translate.toml").write_text('languages = ["fr"]\n', encoding="utf-8")
    inside("mv", "source_de/bruecke.txt", "source_de/elbe.txt")
    assert files(folder) == renamed(before, "bruecke", "elbe")


def test_half_done_and_done_again(folder: Path, inside: Translate, before: dict[str, str]) -> None:
    """Stopped after a few steps, the same command does the rest."""
    (folder / "source_de/bruecke.txt").rename(folder / "source_de/elbe.txt")
    catalogs = folder / "output/en/LC_MESSAGES"
    (catalogs / "bruecke.po").rename(catalogs / "elbe.po")
    assert inside("mv", "source_de/bruecke.txt", "source_de/elbe.txt").returncode == 0
    assert files(folder) == renamed(before, "bruecke", "elbe")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("bruecke.txt", "zweite.txt", "exists already"),
        ("keine.txt", "neu.txt", "no such article"),
        ("bruecke.txt", "elbe.doc", "unknown article format"),
        ("bruecke.txt", "../elbe.txt", "not in"),
        ("bruecke.txt", "bruecke.txt", "its name already"),
    ],
)
def test_what_cannot_be_is_refused(
    folder: Path, inside: Translate, before: dict[str, str], old: str, new: str, reason: str
) -> None:
    """With the reason, and every file stays where it was."""
    (folder / "source_de" / "zweite.txt").write_text(OTHER, encoding="utf-8")
    now = files(folder)
    done = inside("mv", f"source_de/{old}", f"source_de/{new}")
    assert done.returncode == (2 if "no such" in reason else 3)
    assert reason in done.stderr
    assert files(folder) == now


@pytest.mark.usefixtures("before")
def test_two_catalogs_with_human_work_are_never_made_one(folder: Path, inside: Translate) -> None:
    """Nothing is moved, and the message says how to put them together."""
    (folder / "source_de/bruecke.txt").rename(folder / "source_de/elbe.txt")
    inside("extract", "--as-new")
    fill(folder / "output/fr/LC_MESSAGES/elbe.po", "Von", "Par")
    fill(folder / "output/fr/LC_MESSAGES/bruecke.po", "Von", "De")
    now = files(folder)
    done = inside("mv", "source_de/bruecke.txt", "source_de/elbe.txt")
    assert done.returncode == 3
    assert "humans worked on both" in done.stderr
    assert files(folder) == now


WORK = {
    "approved": 'msgid "Von"\nmsgstr "Par"\n',
    "begun": '#, fuzzy\nmsgid "Von"\nmsgstr "Par"\n',
    "noted": '# Ask the author.\nmsgid "Von"\nmsgstr ""\n',
    "one form": 'msgid "Von"\nmsgid_plural "Von"\nmsgstr[0] "Par"\nmsgstr[1] ""\n',
    "obsolete": '#~ msgid "Von"\n#~ msgstr "Par"\n',
}
"""An entry that a translator worked on, in each of the ways that there are."""


def work(path: Path, entry: str) -> None:
    """Put an entry with a translator's work into the place of the empty one."""
    head, *entries = path.read_text(encoding="utf-8").split("\n\n")
    rest = [one.rstrip("\n") for one in entries if '\nmsgid "Von"\n' not in one]
    assert len(rest) == len(entries) - 1
    path.write_text("\n\n".join([head, *rest, entry]), encoding="utf-8")


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("entry", WORK.values(), ids=WORK)
def test_work_at_the_new_place_outlives_a_catalog_without_any(
    folder: Path, inside: Translate, entry: str
) -> None:
    """The catalog of the new name stays as it is, and the empty one of the old name goes."""
    (folder / "source_de/bruecke.txt").rename(folder / "source_de/elbe.txt")
    inside("extract", "--as-new")
    path = folder / "output/fr/LC_MESSAGES/elbe.po"
    work(path, entry)
    written = path.read_bytes()
    done = inside("mv", "source_de/bruecke.txt", "source_de/elbe.txt")
    assert done.returncode == 0, done.stderr
    assert path.read_bytes() == written
    assert not (folder / "output/fr/LC_MESSAGES/bruecke.po").exists()


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("entry", WORK.values(), ids=WORK)
def test_no_work_at_the_new_place_is_given_up_for_other_work(
    folder: Path, inside: Translate, entry: str
) -> None:
    """Whatever the work is, the command moves nothing and says so."""
    (folder / "source_de/bruecke.txt").rename(folder / "source_de/elbe.txt")
    inside("extract", "--as-new")
    work(folder / "output/fr/LC_MESSAGES/elbe.po", entry)
    fill(folder / "output/fr/LC_MESSAGES/bruecke.po", "Von", "De")
    now = files(folder)
    done = inside("mv", "source_de/bruecke.txt", "source_de/elbe.txt")
    assert done.returncode == 3
    assert "humans worked on both" in done.stderr
    assert files(folder) == now


@pytest.mark.usefixtures("before")
def test_a_damaged_catalog_is_not_moved(folder: Path, inside: Translate) -> None:
    """It is named, and nothing else is moved either."""
    path = folder / "output/fr/LC_MESSAGES/bruecke.po"
    path.write_text(path.read_text().replace('msgid "Von"', 'msgid "Von'), encoding="utf-8")
    now = files(folder)
    done = inside("mv", "source_de/bruecke.txt", "source_de/elbe.txt")
    assert done.returncode == 3
    assert "fr/LC_MESSAGES/bruecke.po:" in done.stderr
    assert files(folder) == now


def test_a_renamed_article_is_recognized(
    folder: Path, inside: Translate, before: dict[str, str]
) -> None:
    """With --yes its catalogs move; another new article gets its own."""
    (folder / "source_de/bruecke.txt").rename(folder / "source_de/elbe.txt")
    done = inside("extract", "--yes")
    assert done.returncode == 0, done.stderr
    assert "moved the catalogs of source_de/bruecke.txt to source_de/elbe.txt" in done.stderr
    assert files(folder) == renamed(before, "bruecke", "elbe")


@pytest.mark.usefixtures("before")
def test_a_renamed_and_edited_article_is_recognized(folder: Path, inside: Translate) -> None:
    """Most of its texts are the same; what was edited is carried over."""
    (folder / "source_de/bruecke.txt").unlink()
    text = ARTICLE.replace("Im Herbst beginnt", "Im Frühling beginnt") + "\nNoch ein Satz.\n"
    (folder / "source_de/elbe.txt").write_text(text, encoding="utf-8")
    assert inside("extract", "-y").returncode == 0
    found = {
        t.source: t for t in catalog.load(folder / "output/en/LC_MESSAGES/elbe.po").translations
    }
    assert found["Die nächsten Schritte"].state == "approved"
    assert found["Planung: Im Frühling beginnt die Ausschreibung."].state == "touched"


def test_where_nobody_can_be_asked_it_waits(
    folder: Path, inside: Translate, before: dict[str, str]
) -> None:
    """The hint names the command, and no new catalog hides the old one."""
    (folder / "source_de/bruecke.txt").rename(folder / "source_de/elbe.txt")
    (folder / "source_de/zweite.txt").write_text(OTHER, encoding="utf-8")
    for words in (("extract",), ("run", "--lang", "en", "--dry-run", "--yes")):
        done = inside(*words)
        assert done.returncode == 3
        assert "likely source_de/bruecke.txt renamed (11 of 11 segments" in done.stderr
        assert "translate mv source_de/bruecke.txt source_de/elbe.txt" in done.stderr
    now = files(folder)
    assert {name for name in now if "elbe" in name} == {"source_de/elbe.txt"}
    assert "output/en/LC_MESSAGES/zweite.po" in now
    assert inside("extract", "--as-new").returncode == 0
    assert "output/en/LC_MESSAGES/elbe.po" in files(folder)
    assert inside("extract").stdout == "All catalogs are up to date.\n"


@pytest.mark.usefixtures("before")
def test_other_articles_are_not_taken_for_renamed_ones(folder: Path, inside: Translate) -> None:
    """Page furniture alone makes no likeness, and a copy beside its original is new."""
    (folder / "source_de/kopie.txt").write_text(ARTICLE, encoding="utf-8")
    assert inside("extract").returncode == 0
    (folder / "source_de/bruecke.txt").unlink()
    text = OTHER + "\nzum Inhalt\n\nVon\n\n2 Minuten Lesezeit\n\nQuelle: beispiel.example\n"
    (folder / "source_de/donau.txt").write_text(text, encoding="utf-8")
    done = inside("extract")
    assert done.returncode == 0, done.stderr
    subprocess.run(
        ["msgfmt", "-c", "-o", "/dev/null", "output/en/LC_MESSAGES/donau.po"],
        cwd=folder, check=True,
    )  # fmt: skip


def test_an_old_article_has_one_successor(
    folder: Path, before: dict[str, str], inside: Translate
) -> None:
    """Of two copies under new names, only the first takes the translations."""
    old = folder / "source_de/bruecke.txt"
    for name in ("neu1.txt", "neu2.txt"):
        (folder / "source_de" / name).write_bytes(old.read_bytes())
    old.unlink()
    done = inside("extract", "--yes", "--force-language")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("moved the catalogs of source_de/bruecke.txt") == 1
    assert (folder / "output/en/LC_MESSAGES/neu1.po").exists()


@pytest.mark.parametrize("name", ["source_de", "mai"])
def test_a_folder_is_not_renamed(folder: Path, inside: Translate, name: str) -> None:
    """It would become a file of that name; its catalogs would stay behind."""
    (folder / "source_de" / "mai").mkdir()
    (folder / "source_de" / "mai" / "a.txt").write_text("Der Vertrag ist fertig.\n")
    done = inside("mv", name, "neu.txt")
    assert done.returncode == 2
    assert f"{name}: is a folder" in done.stderr
    assert (folder / "source_de" / "mai" / "a.txt").exists()
