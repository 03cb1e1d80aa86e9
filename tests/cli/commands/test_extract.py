"""`translate extract`: catalogs written and updated, and never at a human's cost."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import ARTICLE, Translate


def catalog(folder: Path, language: str = "en") -> Path:
    return folder / "output" / language / "LC_MESSAGES" / "bruecke.po"


def fill(path: Path, source: str, target: str) -> None:
    """Translate an entry as a human does in an editor."""
    text = path.read_text(encoding="utf-8")
    old = f'msgid "{source}"\nmsgstr ""\n'
    assert old in text
    path.write_text(text.replace(old, f'msgid "{source}"\nmsgstr "{target}"\n'), encoding="utf-8")


def test_catalogs_and_template_are_written(folder: Path, inside: Translate) -> None:
    """gettext's own tools accept every file, and a translator finds what helps."""
    done = inside("extract")
    assert done.returncode == 0, done.stderr
    for path in [catalog(folder), catalog(folder, "fr"), folder / "output/templates/bruecke.pot"]:
        subprocess.run(["msgfmt", "-c", "-o", "/dev/null", str(path)], check=True)
        same = subprocess.run(["msgcat", str(path)], check=True, capture_output=True)
        assert same.stdout == path.read_bytes()
    text = catalog(folder).read_text(encoding="utf-8")
    assert '#: source_de/bruecke.txt:3 source_de/bruecke.txt:5\nmsgid "Neue Brücke' in text
    assert "#. paragraph 1, sentence 2 of 2\n" in text
    assert "#. glossary: Stadtrat → city council\n" in text
    assert "glossary:" not in (folder / "output/templates/bruecke.pot").read_text(encoding="utf-8")


def test_a_second_run_changes_no_byte(folder: Path, inside: Translate) -> None:
    """Not even after the caches are gone."""
    inside("extract")
    before = {path: path.read_bytes() for path in (folder / "output").rglob("*.po*")}
    assert "up to date" in inside("extract").stdout
    assert "up to date" in inside("extract", TRANSLATE_CACHE=str(folder / "other")).stdout
    assert {path: path.read_bytes() for path in (folder / "output").rglob("*.po*")} == before


def test_a_human_translation_survives_a_changed_article(folder: Path, inside: Translate) -> None:
    """A new paragraph is added in its place; what was approved stays as it is."""
    inside("extract")
    fill(catalog(folder), "Die nächsten Schritte", "The next steps")
    article = folder / "source_de" / "bruecke.txt"
    article.write_text(
        ARTICLE.replace("Die nächsten", "Der Bau dauert drei Jahre.\n\nDie nächsten"),
        encoding="utf-8",
    )
    inside("extract")
    text = catalog(folder).read_text(encoding="utf-8")
    assert 'msgid "Die nächsten Schritte"\nmsgstr "The next steps"\n' in text
    assert text.index("Sie soll 48") < text.index("drei Jahre") < text.index("Die nächsten")


def test_an_article_that_is_not_german_is_skipped(folder: Path, inside: Translate) -> None:
    """The other articles go on, and the exit code tells."""
    english = folder / "source_de" / "bridge.txt"
    english.write_text(
        "The city council has decided to build a new bridge over the river. It will cost a lot.\n",
        encoding="utf-8",
    )
    done = inside("extract")
    assert done.returncode == 3
    assert "bridge.txt: not German (en): skipped" in done.stderr
    assert catalog(folder).exists()
    assert not (folder / "output/en/LC_MESSAGES/bridge.po").exists()
    assert inside("extract", "--force-language").returncode == 0
    assert (folder / "output/en/LC_MESSAGES/bridge.po").exists()


def test_a_wrong_encoding_is_named(folder: Path, inside: Translate) -> None:
    """The message has the file, the offset and a hint, and the hint works."""
    article = folder / "source_de" / "bruecke.txt"
    article.write_bytes(ARTICLE.encode("cp1252"))
    done = inside("extract")
    assert done.returncode == 3
    assert "bruecke.txt" in done.stderr
    assert "offset" in done.stderr
    assert "--encoding" in done.stderr
    assert not catalog(folder).exists()
    assert inside("extract", "--encoding", "cp1252").returncode == 0
    assert "Brücke" in catalog(folder).read_text(encoding="utf-8")


def test_a_damaged_catalog_is_left_alone(folder: Path, inside: Translate) -> None:
    """It is named with its line; the other catalogs are updated."""
    inside("extract")
    broken = catalog(folder)
    text = broken.read_text(encoding="utf-8").replace('msgid "zum Inhalt"', 'msgid "zum Inhalt')
    broken.write_text(text, encoding="utf-8")
    (folder / "source_de" / "bruecke.txt").write_text(ARTICLE + "\nNoch ein Satz.\n")
    done = inside("extract")
    assert done.returncode == 3
    assert "bruecke.po:" in done.stderr
    assert broken.read_text(encoding="utf-8") == text


def test_a_language_that_is_not_the_projects(inside: Translate) -> None:
    """A typing error makes no catalogs."""
    done = inside("extract", "--lang", "eng")
    assert done.returncode == 2
    assert "'eng' is not a language of this project (en, fr)" in done.stderr


@pytest.mark.parametrize(
    "name", ["output/en/LC_MESSAGES/bruecke.po", "output/templates/bruecke.pot", "output/en"]
)
@pytest.mark.parametrize("words", [("extract",), ("run", "--engine", "llama", "--dry-run")])
def test_nothing_is_written_through_a_link_out_of_the_project(
    folder: Path, inside: Translate, name: str, words: tuple[str, ...]
) -> None:
    """A linked file or folder: the error names both paths, and no file is written."""
    outside = folder.parent / "outside"
    if name == "output/en":
        outside.mkdir()
    else:
        outside.write_text("", encoding="utf-8")
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).symlink_to(outside)
    done = inside(*words, TRANSLATE_MODELS=str(folder.parent / "models"))
    assert done.returncode == 3
    assert f"{folder / name}" in done.stderr or words[0] == "run"  # It reads the memory first.
    assert str(outside) in done.stderr
    assert outside.is_dir() or outside.read_bytes() == b""
    assert not [p for p in folder.rglob("*.po*") if not p.is_symlink()]
    assert not [*outside.rglob("*")]


def test_a_current_catalog_is_not_drafted_through_a_link(folder: Path, inside: Translate) -> None:
    """A catalog moved out of the project after it was extracted is refused as well."""
    inside("extract")
    outside = folder.parent / "outside.po"
    catalog(folder).rename(outside)
    catalog(folder).symlink_to(outside)
    before = outside.read_bytes()
    for words in (("extract",), ("approve", "--yes"), ("reset", "--yes")):
        done = inside(*words)
        assert (done.returncode, str(outside) in done.stderr) == (3, True)
    assert outside.read_bytes() == before


def test_articles_with_wrapped_lines_are_named(folder: Path, inside: Translate) -> None:
    """A reader learns why lines became a paragraph, and the setting that keeps them apart."""
    article = folder / "source_de" / "bruecke.txt"
    mail = "Der Rat hat am Montag beschlossen, die alte Brücke über den Fluss zu\nschließen."
    article.write_text(f"{ARTICLE}\n\n{mail}\n", encoding="utf-8")
    done = inside("extract")
    assert "bruecke.txt: wrapped lines are paragraphs" in done.stderr
    assert 'den Fluss zu "\n"schließen."' in catalog(folder).read_text(encoding="utf-8")
    settings = folder / "translate.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'lines = "line"\n{text}', encoding="utf-8")
    done = inside("extract")
    assert done.returncode == 0, done.stderr
    assert "wrapped" not in done.stderr
    assert 'msgid "schließen."' in catalog(folder).read_text(encoding="utf-8")


def test_boilerplate_may_stay_out_of_catalogs(folder: Path, inside: Translate) -> None:
    """Human work on it becomes obsolete, and returns with the setting."""
    inside("extract")
    fill(catalog(folder), "zum Inhalt", "Skip to content")
    settings = folder / "translate.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f'boilerplate = "skip"\n{text}', encoding="utf-8")
    done = inside("extract")
    assert done.returncode == 0, done.stderr
    skipped = catalog(folder).read_text(encoding="utf-8")
    assert '#~ msgid "zum Inhalt"' in skipped
    assert "beispiel.example" not in skipped
    settings.write_text(text, encoding="utf-8")
    inside("extract")
    returned = catalog(folder).read_text(encoding="utf-8")
    assert 'msgid "zum Inhalt"\nmsgstr "Skip to content"' in returned
