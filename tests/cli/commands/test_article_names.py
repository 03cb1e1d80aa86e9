"""Articles by the names that `status` prints, unknown names, and files that are not read."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.commands.test_build import approve
from tests.conftest import ARTICLE, Translate

OTHER = ARTICLE.replace("Elbe", "Donau").replace("48 Mio.", "12 Mio.")

COMMANDS = {
    "run": ("run", "--dry-run", "--engine", "argos"),
    "extract": ("extract",),
    "status": ("status",),
    "approve": ("approve", "--dry-run"),
    "reset": ("reset", "--dry-run"),
    "check": ("check", "--strict"),
    "build": ("build", "--allow-missing"),
    "export": ("export", "-o", "out", "--force"),
    "segment": ("segment",),
    "doctor": ("doctor",),
    "glossary candidates": ("glossary", "candidates"),
}
"""Every command that takes articles."""

NO_PERMISSION = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
"""Runs a command that may read only what the modes of files allow, also for root."""


@pytest.fixture
def two(folder: Path, inside: Translate) -> Path:
    """A project with `bruecke.txt` and `mai/elbe.txt`, both extracted."""
    (folder / "source_de/mai").mkdir()
    (folder / "source_de/mai/elbe.txt").write_text(OTHER, encoding="utf-8")
    assert inside("extract").returncode == 0
    return folder


def listed(done: subprocess.CompletedProcess[str]) -> set[str]:
    """The stems of articles that an output mentions."""
    text = done.stdout + done.stderr
    return {stem for stem in ("bruecke", "mai/elbe") if stem in text}


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_accept_the_names_that_status_prints(
    two: Path, inside: Translate, command: str
) -> None:
    """From any folder, the name means the same article as its path."""
    name = json.loads(inside("status", "--json").stdout)[-1]["article"]
    assert name == "mai/elbe.txt"
    done = inside(*COMMANDS[command], name)
    by_path = inside(*COMMANDS[command], f"source_de/{name}")
    assert (done.returncode, done.stdout) == (by_path.returncode, by_path.stdout)
    assert done.returncode in (0, 1), done.stderr
    assert "no such" not in done.stderr
    assert "bruecke" not in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_a_misspelled_article_is_an_error_with_the_similar_name(
    two: Path, inside: Translate, command: str
) -> None:
    """Nothing is done for the other names of the command."""
    done = inside(*COMMANDS[command], "mai/elba.txt")
    assert done.returncode == 2
    assert "mai/elba.txt: no such article (did you mean mai/elbe.txt?)" in done.stderr
    assert "`translate status` lists the articles." in done.stderr


@pytest.mark.parametrize("name", ["elbe.txt", "elbe", "elbe.po", "mai/elbe", "source_de/elbe.txt"])
def test_a_part_of_a_name_leads_to_the_article(two: Path, inside: Translate, name: str) -> None:
    """A name without its folder or with another suffix is close enough."""
    done = inside("status", name)
    assert done.returncode == 2
    assert f"{name}: no such article (did you mean mai/elbe.txt?)" in done.stderr


@pytest.mark.parametrize("name", ["mai", "source_de/mai", "source_de"])
def test_a_folder_is_its_articles(two: Path, inside: Translate, name: str) -> None:
    """With its path or its name, also for catalogs."""
    expected = {"mai/elbe"} if "mai" in name else {"bruecke", "mai/elbe"}
    assert listed(inside("status", name)) == expected
    checked = inside("check", name, "--require-reviewed")
    assert listed(checked) == expected


def test_an_article_is_taken_once(two: Path, inside: Translate) -> None:
    """A path, a name and its folder may lead to the same article."""
    rows = json.loads(inside("status", "mai", "mai/elbe.txt", "source_de/mai", "--json").stdout)
    assert [row["language"] for row in rows] == ["en", "fr"]


def test_names_lead_out_of_no_folder(two: Path, inside: Translate) -> None:
    """A file elsewhere is not an article, and `..` is never relative to the articles."""
    (two / "notiz.txt").write_text(ARTICLE, encoding="utf-8")
    for name in ("notiz.txt", "../project/notiz.txt"):
        done = inside("extract", name)
        assert (done.returncode, "not in" in done.stderr) == (3, True)


def test_an_article_is_renamed_by_its_name(two: Path, inside: Translate) -> None:
    """Both names are relative to the articles."""
    done = inside("mv", "mai/elbe.txt", "juni.txt")
    assert done.returncode == 0, done.stderr
    assert (two / "source_de/juni.txt").exists()
    assert (two / "output/en/LC_MESSAGES/juni.po").exists()


def test_catalogs_of_one_language_are_checked(two: Path, inside: Translate) -> None:
    """`check --lang` limits the catalogs, by name or without."""
    for words in ((), ("mai/elbe.txt",)):
        done = inside("check", "--require-reviewed", "--lang", "fr", *words)
        assert "/fr/" in done.stdout
        assert "/en/" not in done.stdout
    assert inside("check", "--lang", "xx").returncode == 2


def test_an_article_without_catalogs_is_not_checked(folder: Path, inside: Translate) -> None:
    """The error names the command that creates them."""
    done = inside("check", "bruecke.txt")
    assert done.returncode == 3
    assert "bruecke.txt: no catalog in en, fr yet" in done.stderr
    assert "translate extract" in done.stderr


@pytest.mark.parametrize("command", ["run", "extract", "status", "build", "export"])
def test_a_folder_without_articles_is_an_error(
    folder: Path, inside: Translate, command: str
) -> None:
    """It counts and names what no format reads; nothing counts as up to date."""
    (folder / "source_de/bruecke.txt").rename(folder / "source_de/bruecke.docx")
    for name in ("a.odt", "b.odt", ".c.txt"):
        (folder / "source_de" / name).touch()
    done = inside(*COMMANDS[command])
    assert done.returncode == 3
    assert "no articles in source_de (reads .txt" in done.stderr
    assert "; ignored: 2 .odt, 1 .docx, 1 hidden)" in done.stderr
    assert "Ignored: .c.txt, a.odt, b.odt, bruecke.docx." in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["run", "extract", "status", "build", "export"])
def test_ignored_files_are_reported_beside_articles(
    folder: Path, inside: Translate, command: str
) -> None:
    """On standard error, so that the output stays the same."""
    inside("extract")
    inside(*COMMANDS[command])  # Afterwards, there is nothing to do.
    before = inside(*COMMANDS[command])
    (folder / "source_de/notiz.docx").touch()
    (folder / "source_de/.gitkeep").touch()
    done = inside(*COMMANDS[command])
    assert (done.returncode, done.stdout) == (before.returncode, before.stdout)
    assert "source_de: ignored 1 .docx (reads .txt" in done.stderr
    assert "ignored" not in before.stderr


def test_doctor_lists_ignored_files(folder: Path, inside: Translate) -> None:
    """Each is a finding, and none is damage."""
    (folder / "source_de/notiz.docx").touch()
    done = inside("doctor")
    assert "source_de/notiz.docx: info ignored-file: not read as an article: .docx" in done.stdout


@pytest.mark.parametrize("name", ["source_de", "source_de/mai"])
@pytest.mark.parametrize("mode", [0o000, 0o444])
def test_an_unreadable_folder_is_an_error(
    two: Path, translate: Translate, name: str, mode: int
) -> None:
    """Neither up to date nor a reason to move catalogs: exit 3 with the folder."""
    path = two / name
    path.chmod(mode)
    try:
        for command in (("extract",), ("status",)):
            done = translate(*command, prefix=NO_PERMISSION)
            assert done.returncode == 3, done
            assert "Permission denied" in done.stderr
            assert str(path) in done.stderr
            assert "Traceback" not in done.stderr
    finally:
        path.chmod(0o755)


def test_outdated_translations_stay_german(folder: Path, inside: Translate) -> None:
    """They are counted, refused by default, and built only with --allow-outdated."""
    inside("extract", "--lang", "en")
    approve(folder)
    article = folder / "source_de/bruecke.txt"
    text = article.read_text(encoding="utf-8").replace("48 Mio. Euro", "84 Mio. Euro")
    article.write_text(text, encoding="utf-8")
    inside("extract", "--lang", "en")
    built = folder / "output/en/bruecke.txt"

    refused = inside("build", "--lang", "en")
    assert refused.returncode == 1
    assert "1 segment is not approved" in refused.stderr
    assert "outdated: Sie soll 84 Mio. Euro kosten." in refused.stderr
    assert not built.exists()

    done = inside("build", "--lang", "en", "--draft")
    assert done.stdout == (
        "built output/en/bruecke.txt from 11 approved segments; 1 outdated segment left in German\n"
    )
    assert "84 Mio. Euro kosten" in built.read_text(encoding="utf-8")

    done = inside("build", "--lang", "en", "--allow-outdated")
    assert done.stdout == (
        "built output/en/bruecke.txt from 11 approved segments, 1 outdated translation\n"
    )
    assert "It is to cost 48 million euros." in built.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("Gipfel.txt", "gipfel.txt", "have the same name on systems that ignore case"),
        ("Mai/a.txt", "mai/A.txt", "have the same name on systems that ignore case"),
        ("\u00e9.txt", "e\u0301.txt", "have the same name on systems that ignore case"),
        ("a.txt", "con.txt", "con.txt is a reserved name on Windows"),
        ("a.txt", "b\nc.txt", "contains a line break"),
    ],
)
def test_articles_that_cannot_be_shared_are_rejected(
    folder: Path, inside: Translate, one: str, other: str, said: str
) -> None:
    """Colleagues on other systems must be able to check the project out."""
    for name in (one, other):
        path = folder / "source_de" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("Der Vertrag ist fertig.\n")
    done = inside("extract")
    assert done.returncode == 3
    assert said in done.stderr
    assert not list((folder / "output").rglob("*.po"))


def test_an_article_is_found_in_either_normal_form(folder: Path, inside: Translate) -> None:
    """macOS stores the decomposed form of a name that is typed composed."""
    (folder / "source_de" / "Bru\u0308cke.txt").write_text("Der Vertrag ist fertig.\n")
    done = inside("extract", "Br\u00fccke.txt")
    assert done.returncode == 0
    assert (folder / "output/en/LC_MESSAGES/Bru\u0308cke.po").exists()


def test_an_article_is_not_renamed_to_a_name_that_cannot_be_shared(
    folder: Path, inside: Translate
) -> None:
    done = inside("mv", "bruecke.txt", "nul.txt")
    assert done.returncode == 3
    assert "nul.txt is a reserved name on Windows" in done.stderr
    assert (folder / "source_de" / "bruecke.txt").exists()
