"""`translate doctor` names damage and saves copies; it changes nothing."""

from pathlib import Path

import pytest

from tests.conftest import Translate

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
BROKEN = HEADER + 'msgid "Haus"\nmsgstr "house\n\nmsgid "Tor"\nmsgstr "gate"\n'


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def broken(folder: Path) -> Path:
    path = folder / "broken.po"
    path.write_text(BROKEN, encoding="utf-8")
    return path


def test_damage_is_named_with_its_line(folder: Path, broken: Path, translate: Translate) -> None:
    """Exit code 1, and no byte of any file changes."""
    before = files(folder)
    done = translate("doctor", "broken.po")
    assert done.returncode == 1
    assert done.stdout == (
        'broken.po:5: error damaged-catalog: broken quotes: msgstr "house\n'
    )  # fmt: skip
    assert "translate doctor --salvage" in done.stderr
    assert files(folder) == before


def test_a_copy_is_saved_and_the_original_stays(broken: Path, inside: Translate) -> None:
    """The copy is not called .po: no command takes it for a catalog of the project."""
    done = inside("doctor", "--salvage", "broken.po")
    assert "broken.po.salvaged: 2 entries, 1 of them guessed in part" in done.stdout
    assert broken.read_text(encoding="utf-8") == BROKEN
    copy = broken.with_name("broken.po.salvaged").read_text(encoding="utf-8")
    assert '#, fuzzy\nmsgid "Haus"\nmsgstr "house"\n' in copy
    assert copy.endswith('\nmsgid "Tor"\nmsgstr "gate"\n')


def test_the_original_is_never_the_copy(broken: Path, inside: Translate) -> None:
    """Not even if asked, and neither is another file that is there."""
    assert inside("doctor", "broken.po", "-o", "broken.po").returncode == 2
    broken.with_name("new.po").write_text("mine", encoding="utf-8")
    done = inside("doctor", "broken.po", "-o", "new.po")
    assert (done.returncode, "exists already" in done.stderr) == (3, True)
    assert broken.read_text(encoding="utf-8") == BROKEN
    assert broken.with_name("new.po").read_text(encoding="utf-8") == "mine"


def test_a_sound_project_is_said_to_be_sound(inside: Translate) -> None:
    """Only the model that is not installed is worth a warning here."""
    inside("extract")
    done = inside("doctor")
    assert done.returncode == 0
    assert {line.split()[2] for line in done.stdout.splitlines()[:-1]} <= {"model:"}
    assert done.stdout.endswith("No damage found.\n")


def test_what_is_wrong_in_a_project_is_found(folder: Path, inside: Translate) -> None:
    """Catalogs, glossaries, articles, leftovers and catalogs without an article."""
    inside("extract")
    catalogs = folder / "output" / "fr" / "LC_MESSAGES"
    (catalogs / "bruecke.po").write_text(BROKEN, encoding="utf-8")
    (catalogs / "old.po").write_text(HEADER, encoding="utf-8")
    (catalogs / "bruecke.po.orig").write_text("x", encoding="utf-8")
    (catalogs / ".translate-0123.part").write_text("x", encoding="utf-8")
    (folder / "source_de" / "zwei.txt").write_bytes(b"\xfcber\n")
    (folder / "glossary" / "de-fr.csv").write_text("source\n", encoding="utf-8")
    done = inside("doctor")
    assert done.returncode == 1
    lines = [line.split(": ")[:2] for line in done.stdout.splitlines()]
    assert [
        "output/fr/LC_MESSAGES/bruecke.po:5", "error damaged-catalog"
    ] in lines  # fmt: skip
    assert ["output/fr/LC_MESSAGES/old.po", "warning orphan"] in lines
    assert ["output/fr/LC_MESSAGES/bruecke.po.orig", "warning leftover"] in lines
    assert ["output/fr/LC_MESSAGES/.translate-0123.part", "warning leftover"] in lines
    assert ["source_de/zwei.txt", "error article"] in lines
    assert ["glossary/de-fr.csv", "error glossary"] in lines


def test_wrong_settings_are_a_finding(folder: Path, inside: Translate) -> None:
    """The one command that is there for broken projects does not stop at them."""
    (folder / "translate.toml").write_text("languages = 3\n", encoding="utf-8")
    done = inside("doctor")
    assert done.returncode == 1
    assert "error settings" in done.stdout
    assert "translate.toml" in done.stdout


def test_a_folder_that_is_not_writable_is_reported(
    folder: Path, translate: Translate, ordinary_user: tuple[str, ...]
) -> None:
    """Before a run fails at it."""
    (folder / "output").chmod(0o555)
    try:
        assert "cannot be written to" in translate("doctor", prefix=ordinary_user).stdout
    finally:
        (folder / "output").chmod(0o755)


def test_outside_of_a_project_files_can_be_looked_at(tmp_path: Path, inside: Translate) -> None:
    """A merge that two humans have still to settle is a warning."""
    path = tmp_path / "a.po"
    note = '# translate: conflict: theirs: "b"\n#, fuzzy\n'
    path.write_text(HEADER + note + 'msgid "a"\nmsgstr "b"\n', encoding="utf-8")
    done = inside("doctor", str(path))
    assert done.returncode == 0
    assert "a.po:6: warning merge-conflict: two translations" in done.stdout


def test_a_catalog_that_cannot_be_read_is_damaged(folder: Path, inside: Translate) -> None:
    """A folder in place of a catalog is reported with its path, kind and reason."""
    inside("extract")
    path = folder / "output" / "fr" / "LC_MESSAGES" / "bruecke.po"
    path.unlink()
    path.mkdir()
    done = inside("doctor")
    assert done.returncode == 1
    place = "output/fr/LC_MESSAGES/bruecke.po"
    assert f"{place}: error damaged-catalog: cannot be read: Is a directory" in done.stdout


def test_a_new_project_is_sound(folder: Path, inside: Translate) -> None:
    """The folder of the catalogs does not exist yet, but can be made."""
    (folder / "output").rmdir()
    done = inside("doctor")
    assert (done.returncode, "error" in done.stdout) == (0, False)


def test_an_engine_that_is_not_ready_is_a_warning(folder: Path, inside: Translate) -> None:
    """The settings name an engine whose package for French is not installed."""
    settings = 'languages = ["fr"]\nengine = "argos"\n'
    (folder / "translate.toml").write_text(settings, encoding="utf-8")
    done = inside("doctor", TRANSLATE_MODELS=str(folder.parent / "models"))
    assert done.returncode == 0
    assert "warning model: fr: engine argos is not ready" in done.stdout


def test_another_file_is_replaced_by_force(folder: Path, broken: Path, inside: Translate) -> None:
    """An article never is; a missing folder is named."""
    (folder / "new.po").write_text("mine", encoding="utf-8")
    assert inside("doctor", "broken.po", "-o", "new.po", "--force").returncode == 1
    assert 'msgstr "gate"' in (folder / "new.po").read_text(encoding="utf-8")
    article = folder / "source_de" / "bruecke.txt"
    before = article.read_bytes()
    done = inside("doctor", "broken.po", "-o", str(article), "--force")
    assert (done.returncode, article.read_bytes()) == (3, before)
    done = inside("doctor", "broken.po", "-o", "no/new.po")
    assert (done.returncode, "no: no such folder" in done.stderr) == (3, True)


def test_the_copy_may_go_to_standard_output(broken: Path, inside: Translate) -> None:
    """The findings then go to standard error."""
    done = inside("doctor", "broken.po", "-o", "-")
    assert done.returncode == 1
    assert done.stdout.startswith('msgid ""\n')
    assert done.stdout.endswith('msgid "Tor"\nmsgstr "gate"\n')
    assert "damaged-catalog" in done.stderr
    assert not broken.with_name("-").exists()
