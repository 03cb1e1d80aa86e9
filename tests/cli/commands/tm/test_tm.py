"""`translate tm`: import, export, find, stats."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.catalog import Message, catalog
from pipeline.cli.main import translate as cli
from pipeline.core.errors import PipelineError, TmxError
from pipeline.memory import tmx
from pipeline.memory.tmx import TmxUnit
from tests.memory.test_memory import COUNCIL, add_tmx, approve  # noqa: F401 (a fixture)

Tm = Callable[..., Result]
GOOD = "The city council decided on Tuesday to build a new bridge."
APPROVED = ((COUNCIL, GOOD), ("Er kam.", ""), ("Sie ging.", "She left."))


@pytest.fixture
def tm(folder: Path) -> Tm:
    def run(*words: str | Path) -> Result:
        return CliRunner().invoke(cli, ["-C", str(folder), "tm", *map(str, words)])

    return run


def test_what_is_exported_can_be_imported(
    tm: Tm, folder: Path, approve: Callable[..., Path]  # noqa: F811
) -> None:  # fmt: skip
    """All that is approved, with its neighbours; a second export has the same bytes."""
    approve("a", *APPROVED)
    approve("b", ("Er kam.", "Il est venu."), language="fr")
    file = folder / "out.tmx"
    assert tm("export", file).output == f"{file}: 2 translations to en\n"
    assert list(tmx.read_tmx(file, "en")) == [
        TmxUnit(COUNCIL, GOOD, "", "Er kam.", "a"),
        TmxUnit("Sie ging.", "She left.", "Er kam.", "", "a"),
    ]
    first = file.read_bytes()
    with pytest.raises(TmxError, match="exists already"):
        raise tm("export", file).exception or AssertionError
    assert tm("export", file, "--force").exit_code == 0
    assert file.read_bytes() == first
    assert tm("export", "-", "--lang", "fr").stdout.count("<tu>") == 1

    done = tm("import", file)
    assert done.output == "en: 2 translations in out.tmx\nfr: 0 translations in out.tmx\n"
    assert (folder / "memory/out.tmx").read_bytes() == first
    assert tm("import", file).exit_code == 0


def test_control_characters_are_skipped_and_reported(
    tm: Tm, folder: Path, approve: Callable[..., Path]  # noqa: F811
) -> None:  # fmt: skip
    """XML has no place for them."""
    approve("a", ("Er\x01 kam.", "He came."), ("Sie ging.", "She left."))
    done = tm("export", folder / "out.tmx")
    assert "1 translation to en" in done.stdout
    assert "without 1 translation: control" in done.stderr
    assert [unit.source for unit in tmx.read_tmx(folder / "out.tmx", "en")] == ["Sie ging."]


def test_an_import_replaces_nothing_unasked(tm: Tm, folder: Path) -> None:
    """A file of the same name stays, unless it is forced."""
    old = add_tmx(folder, TmxUnit("Ja.", "Yes."), name="memory/x.tmx")
    before = old.read_bytes()
    new = add_tmx(folder, TmxUnit("Nein.", "No."), name="elsewhere/x.tmx")
    assert isinstance(tm("import", new).exception, TmxError)
    assert old.read_bytes() == before
    assert tm("import", new, "--force").exit_code == 0
    assert old.read_bytes() == new.read_bytes()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<tmx><body/></tmx>", "no German texts"),
        ("<tmx><body>", "broken XML"),
        ('<!DOCTYPE tmx [<!ENTITY a "b">]><tmx/>', "entity"),
    ],
)
def test_an_import_that_is_of_no_use(tm: Tm, folder: Path, text: str, message: str) -> None:
    """The file is named, and nothing is copied."""
    path = folder / "x.tmx"
    path.write_text(text, encoding="utf-8")
    error = tm("import", path).exception
    assert isinstance(error, TmxError)
    assert message in error.message
    assert "x.tmx" in error.message
    assert not (folder / "memory").exists()


def test_find_shows_translations(
    tm: Tm, folder: Path, approve: Callable[..., Path]  # noqa: F811
) -> None:  # fmt: skip
    """The same text first, then those like it with percentage and difference."""
    approve("a", *APPROVED)
    near = COUNCIL.replace("Dienstag", "Mittwoch")
    add_tmx(folder, TmxUnit(near, "On Wednesday."))
    done = tm("find", near, "--lang", "en")
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "en 100 % other",
        f"  {near}",
        "  On Wednesday.",
        "en  89 % a",
        "  " + COUNCIL.replace("Dienstag", "[-Dienstag-]{+Mittwoch+}"),
        f"  {GOOD}",
    ]
    found = [json.loads(line) for line in tm("find", near, "--json").stdout.splitlines()]
    assert [(m["language"], m["percent"], m["file"]) for m in found] == [
        ("en", 100, "other"),
        ("en", 89, "a"),
    ]
    assert len(tm("find", near, "--json", "--limit", "1").stdout.splitlines()) == 1
    assert len(tm("find", near, "--json", "--least", "90").stdout.splitlines()) == 1
    nothing = tm("find", "Ganz anderes.")
    assert (nothing.exit_code, nothing.stderr) == (1, "nothing found\n")


def test_find_is_a_concordance(
    tm: Tm, folder: Path, approve: Callable[..., Path]  # noqa: F811
) -> None:  # fmt: skip
    """Words in German or the translation, marked; also approved work that is obsolete."""
    approve("a", *APPROVED)
    approve("b", ("Alte Brücken verfallen.", "Old bridges decay."), ("Ja.", "Yes."))
    catalog.sync(folder / "output/en/LC_MESSAGES/b.po", "en", [Message("Ja.")], project="x")
    assert '#~ msgid "Alte' in (folder / "output/en/LC_MESSAGES/b.po").read_text(encoding="utf-8")
    add_tmx(folder, TmxUnit("Die Brücke steht.", "The bridge is open."))
    done = tm("find", "brücke", "--lang", "en")
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "en contains a",
        f"  {COUNCIL.replace('Brücke', '[=Brücke=]')}",
        f"  {GOOD}",
        "en contains other",
        "  Die [=Brücke=] steht.",
        "  The bridge is open.",
        "en contains b (obsolete)",
        "  Alte [=Brücke=]n verfallen.",
        "  Old bridges decay.",
    ]
    assert "Old [=bridges=] [=decay=]." in tm("find", "decay", "bridges").output
    rows = [json.loads(line) for line in tm("find", "open", "--json").stdout.splitlines()]
    assert [(row["file"], row["obsolete"], row["target_spans"]) for row in rows] == [
        ("other", False, [[14, 18]])
    ]
    assert tm("find", "Ganz", "anderes").exit_code == 1
    assert tm("find", " ").exit_code == 2


def test_stats_count_by_file(
    tm: Tm, folder: Path, approve: Callable[..., Path]  # noqa: F811
) -> None:  # fmt: skip
    """Catalogs together, every memory file by itself."""
    approve("a", *APPROVED)
    approve("b", ("Ja.", "Yes."))
    add_tmx(folder, TmxUnit("Ja.", "Yes."), TmxUnit("Nein.", "No."))
    rows = [line.split() for line in tm("stats").stdout.splitlines()]
    assert rows[1:] == [
        ["en", "catalogs", "3"],
        ["en", "memory/other.tmx", "2"],
        ["fr", "catalogs", "0"],
        ["fr", "memory/other.tmx", "0"],
    ]


def test_an_export_replaces_no_file_of_the_project(tm: Tm, folder: Path) -> None:
    """Not even by force; a missing folder is named."""
    glossary = folder / "glossary" / "de-en.csv"
    before = glossary.read_bytes()
    for file, message in ((glossary, "is a glossary"), (folder / "no" / "a.tmx", "no such folder")):
        with pytest.raises(PipelineError, match=message):
            raise tm("export", file, "--force").exception or AssertionError
    assert glossary.read_bytes() == before
    assert not (folder / "no").exists()


def test_an_import_counts_the_codes_that_are_lost(tm: Tm, folder: Path) -> None:
    """A code without content cannot be restored in the translation."""
    unit = "<tu><tuv xml:lang='de'><seg>{}</seg></tuv><tuv xml:lang='en'><seg>{}</seg></tuv></tu>"
    units = unit.format("Ja<ph/>.", "Yes<ph/>.") + unit.format("Nein<ph/>.", "No.")
    text = f"<tmx version='1.4'><header srclang='de'/><body>{units}</body></tmx>"
    (folder / "x.tmx").write_text(text)
    done = tm("import", folder / "x.tmx")
    assert "2 translations with inline codes that have no content" in done.stderr
    assert "1 are used without the codes, 1 skipped" in done.stderr
    assert "en: 1 translation in x.tmx" in done.stdout
