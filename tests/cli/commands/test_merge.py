"""`translate merge`, by hand and as the merge driver of a real git repository."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Translate

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'


def po(**targets: str) -> str:
    entries = [f'\n#: a.txt:{n}\nmsgid "{s}"\nmsgstr "{t}"\n' for n, (s, t) in
               enumerate(targets.items(), 1)]  # fmt: skip
    return HEADER + "".join(entries)


class Repository:
    """A repository whose catalogs are merged by the command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main")
        driver = f"'{sys.executable}' -m pipeline merge %O %A %B --path %P"
        self.git("config", "merge.translate.driver", driver)
        self.git("config", "user.name", "Anne")
        self.git("config", "user.email", "anne@example.org")
        (folder / ".gitattributes").write_text("*.po merge=translate\n")

    def git(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        return subprocess.run(
            ["git", *words], cwd=self.folder, env=clean, capture_output=True, text=True, check=check
        )

    def commit(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.git("add", ".")
        self.git("commit", "-q", "-m", "x")

    def branches(self, name: str, base: str | None, ours: str, theirs: str) -> None:
        """Commit a version on `main`, after another one on the branch `theirs`."""
        self.commit("README", "x")
        if base is not None:
            self.commit(name, base)
        self.git("checkout", "-q", "-b", "theirs")
        self.commit(name, theirs)
        self.git("checkout", "-q", "main")
        self.commit(name, ours)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


NAME = "output/fr/le port's.po"


def test_two_translators_branches_merge(repository: Repository) -> None:
    """Work on neighbouring lines, which git alone cannot merge, is no conflict."""
    base, ours = po(Eins="", Zwei="", Drei=""), po(Eins="Un", Zwei="", Drei="")
    repository.branches(NAME, base, ours, po(Drei="", Zwei="Deux", Eins=""))
    done = repository.git("merge", "--no-edit", "theirs")
    assert "CONFLICT" not in done.stdout
    text = (repository.folder / NAME).read_text(encoding="utf-8")
    assert [line for line in text.split("\n") if line.startswith("msgstr ")][1:] == [
        'msgstr ""', 'msgstr "Deux"', 'msgstr "Un"',
    ]  # fmt: skip
    assert repository.git("status", "--porcelain").stdout == ""


def test_a_conflict_is_gits_conflict(repository: Repository) -> None:
    """git leaves the merge open; the file holds both texts and no conflict marks."""
    repository.branches(NAME, po(Eins=""), po(Eins="Un"), po(Eins="Une"))
    done = repository.git("merge", "--no-edit", "theirs", check=False)
    assert done.returncode == 1
    assert f"CONFLICT (content): Merge conflict in {NAME}" in done.stdout
    assert f"{NAME}:8: two translations: Eins" in done.stderr
    text = (repository.folder / NAME).read_text(encoding="utf-8")
    assert "<<<<" not in text
    assert '# translate: conflict: ours: "Un"\n# translate: conflict: theirs: "Une"\n' in text
    assert '#, fuzzy\nmsgid "Eins"\nmsgstr "Un"\n' in text
    assert repository.git("status", "--porcelain").stdout.startswith("AA ") is False
    assert "UU " in repository.git("status", "--porcelain").stdout


def test_a_catalog_that_is_new_on_both_sides_merges(repository: Repository) -> None:
    """git gives an empty base then."""
    repository.branches(NAME, None, po(Eins="Un", Zwei=""), po(Eins="", Zwei="Deux"))
    repository.git("merge", "--no-edit", "theirs")
    assert (repository.folder / NAME).read_text(encoding="utf-8") == po(Eins="Un", Zwei="Deux")


def test_a_damaged_catalog_is_not_merged(repository: Repository) -> None:
    """git reports a conflict, and the file is ours to the byte."""
    ours = po(Eins="Un")
    repository.branches(NAME, po(Eins=""), ours, po(Eins="") + 'msgid "Zw\n')
    done = repository.git("merge", "--no-edit", "theirs", check=False)
    assert done.returncode == 1
    assert f"{NAME} (theirs):7: broken quotes" in done.stderr
    assert "Nothing was merged" in done.stderr
    assert "CONFLICT" in done.stdout
    assert (repository.folder / NAME).read_text(encoding="utf-8") == ours


def test_a_rebase_and_a_cherry_pick_use_it_too(repository: Repository) -> None:
    """Each of our commits is replayed on theirs, entry by entry."""
    repository.branches(NAME, po(Eins="", Zwei=""), po(Eins="Un", Zwei=""), po(Eins="", Zwei="D"))
    repository.git("rebase", "theirs")
    assert (repository.folder / NAME).read_text(encoding="utf-8") == po(Eins="Un", Zwei="D")


def test_by_hand_the_result_may_go_elsewhere(folder: Path, translate: Translate) -> None:
    """With --output, none of the three files changes; a clean merge says nothing."""
    texts = {"base": po(Eins=""), "ours": po(Eins="Un"), "theirs": po(Eins="", Zwei="Deux")}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    done = translate("merge", "base", "ours", "theirs", "-o", "new.po")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (folder / "new.po").read_text(encoding="utf-8") == po(Eins="Un", Zwei="Deux")
    assert {n: (folder / n).read_text(encoding="utf-8") for n in texts} == texts


def test_the_result_has_the_charset_that_its_header_names(
    folder: Path, translate: Translate
) -> None:
    """They converted the file to UTF-8, we translated: the result is UTF-8 altogether."""
    latin = po(schön="").replace("UTF-8", "ISO-8859-1")
    (folder / "base").write_text(latin, encoding="latin-1")
    (folder / "ours").write_text(latin.replace('r ""', 'r "bâti"', 2), encoding="latin-1")
    (folder / "theirs").write_text(po(schön="", Kai="ő"), encoding="utf-8")
    assert translate("merge", "base", "ours", "theirs").returncode == 0
    assert (folder / "ours").read_text(encoding="utf-8") == po(schön="bâti", Kai="ő")


def test_a_file_that_is_not_there_is_wrong_usage(translate: Translate) -> None:
    """Exit code 2, and no traceback."""
    done = translate("merge", "no", "such", "file")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_result_replaces_only_one_of_the_three(folder: Path, inside: Translate) -> None:
    """Any other file needs --force; an article is never replaced."""
    inputs = {"base": po(Eins=""), "ours": po(Eins="Un"), "theirs": po(Eins="", Zwei="Deux")}
    for name, text in inputs.items():
        (folder / name).write_text(text, encoding="utf-8")
    article = folder / "source_de" / "bruecke.txt"
    before = article.read_bytes()
    (folder / "other.po").write_text(po(Drei="Trois"), encoding="utf-8")
    words = ("merge", "base", "ours", "theirs", "-o")
    for name, force in (("other.po", ()), (str(article), ()), (str(article), ("--force",))):
        done = inside(*words, name, *force)
        assert (done.returncode, "not overwritten" in done.stderr) == (3, True)
    assert article.read_bytes() == before
    assert (folder / "other.po").read_text(encoding="utf-8") == po(Drei="Trois")
    done = inside(*words, "no/a.po")
    assert (done.returncode, "no: no such folder" in done.stderr) == (3, True)
    merged = po(Eins="Un", Zwei="Deux")
    assert inside(*words, "-").stdout == merged
    assert inside(*words, "other.po", "--force").returncode == 0
    assert (folder / "other.po").read_text(encoding="utf-8") == merged
    assert inside(*words, "theirs").returncode == 0
    assert (folder / "theirs").read_text(encoding="utf-8") == merged


def test_templates_are_merged_in_place(folder: Path, inside: Translate) -> None:
    """A template of the project may be its own output."""
    path = folder / "output" / "templates" / "a.pot"
    path.parent.mkdir()
    path.write_text(po(Eins=""), encoding="utf-8")
    for name in ("base", "theirs"):
        (folder / name).write_text(po(Eins=""), encoding="utf-8")
    done = inside("merge", "base", str(path), "theirs", "-o", str(path))
    assert (done.returncode, done.stderr) == (0, "")


def test_catalogs_of_two_languages_are_not_merged(folder: Path, translate: Translate) -> None:
    """Theirs would replace the translations of ours."""
    for code in ("en", "en_GB", "fr"):
        text = po(a="x").replace("UTF-8\\n", f"UTF-8\\nLanguage: {code}\\n")
        (folder / f"{code}.po").write_text(text)
    before = (folder / "en.po").read_bytes()
    done = translate("merge", "en.po", "en.po", "fr.po")
    assert done.returncode == 3
    assert "en.po: ours is in en, theirs in fr" in done.stderr
    assert (folder / "en.po").read_bytes() == before
    assert translate("merge", "en.po", "en.po", "en_GB.po").returncode == 0
