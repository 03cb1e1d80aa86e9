"""`translate init`: a new project, and nothing changed that is there."""

import re
import subprocess
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import project
from pipeline.cli.main import translate
from pipeline.core.errors import SettingsError, UnknownLanguageError


def test_a_project_is_made(tmp_path: Path) -> None:
    """It loads, has its folders, and a glossary per language."""
    folder = tmp_path / "neu"
    done = CliRunner().invoke(translate, ["init", str(folder), "--lang", "en", "--lang", "fr"])
    assert done.exit_code == 0
    made = project.find_project(folder)
    assert made.languages == ("en", "fr")
    assert made.article_folder().articles == ()
    assert made.glossary("fr").is_file()
    assert "translate run" in done.output


def test_what_is_there_is_kept(tmp_path: Path) -> None:
    """A second init is refused, and an old glossary stays."""
    glossary = tmp_path / "glossary" / "de-en.csv"
    glossary.parent.mkdir()
    glossary.write_text("source,target\nGipfel,summit\n")
    assert CliRunner().invoke(translate, ["init", str(tmp_path)]).exit_code == 0
    assert glossary.read_text() == "source,target\nGipfel,summit\n"
    again = CliRunner().invoke(translate, ["init", str(tmp_path)])
    assert isinstance(again.exception, SettingsError)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("Englisch", "is not a language code"),
        ("de", "is German, the language of the articles"),
        ("de_AT", "is German"),
        ("", "is not a language code"),
    ],
)
def test_a_wrong_language_leaves_nothing(tmp_path: Path, code: str, reason: str) -> None:
    """The folder is not even created, and settings with the language are rejected too."""
    done = CliRunner().invoke(translate, ["init", str(tmp_path / "x"), "-l", "en", "-l", code])
    assert isinstance(done.exception, UnknownLanguageError)
    assert done.exception.exit_code == 2
    assert reason in done.exception.message
    assert not (tmp_path / "x").exists()
    (tmp_path / "translate.toml").write_text(f'languages = ["en", "{code}"]\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=reason):
        project.find_project(tmp_path)


def test_the_settings_file_shows_every_setting(tmp_path: Path) -> None:
    """Without its comment marks, it is valid and has the defaults."""
    assert CliRunner().invoke(translate, ["init", str(tmp_path), "-l", "fr"]).exit_code == 0
    path = tmp_path / "translate.toml"
    before = project.find_project(tmp_path)
    text = re.sub(r"^# (?=\w+ = |\[)", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
    after = project.find_project(tmp_path)
    assert after.engines
    assert after.checks
    assert after.notify
    assert after.prices
    assert after.review
    assert after.confidence
    assert after.estimators
    tables = ("engines", "checks", "notify", "prices", "review", "confidence", "estimators")
    assert replace(after, **{name: {} for name in tables}) == before
    shown = set(tomllib.loads(text))
    names = {one.name for one in fields(project.Project)} - {"root", "source_language", "trust"}
    assert shown == names


def test_git_ignores_what_build_writes(tmp_path: Path) -> None:
    """Built articles and .mo files, but neither catalogs nor templates."""
    assert CliRunner().invoke(translate, ["init", str(tmp_path)]).exit_code == 0
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    kept = ["source_de/a.txt", "output/en/LC_MESSAGES/a.po", "output/en/LC_MESSAGES/mai/b.po",
            "output/templates/a.pot", "output/templates/mai/b.pot", "translate.toml"]  # fmt: skip
    ignored = ["output/en/a.txt", "output/en/mai/b.html", "output/en/LC_MESSAGES/mai/b.mo"]
    asked = ["git", "check-ignore", "--no-index", *kept, *ignored]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.split() == ignored


def test_settings_in_pyproject_are_a_project(tmp_path: Path) -> None:
    """A second file would hide them."""
    path = tmp_path / "pyproject.toml"
    path.write_text('[tool.translate]\nlanguages = ["en"]\n', encoding="utf-8")
    done = CliRunner().invoke(translate, ["init", str(tmp_path)])
    assert isinstance(done.exception, SettingsError)
    assert "pyproject.toml: exists already" in done.exception.message


def test_variants_share_the_glossary_of_their_language(tmp_path: Path) -> None:
    """An empty glossary of a variant would hide the terms of its language."""
    arguments = ["init", str(tmp_path), "-l", "en-GB", "-l", "en-US", "-l", "fr"]
    assert CliRunner().invoke(translate, arguments).exit_code == 0
    assert {path.name for path in (tmp_path / "glossary").iterdir()} == {"de-en.csv", "de-fr.csv"}
