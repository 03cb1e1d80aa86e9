"""`translate init`: a new project, and nothing changed that is there."""

from pathlib import Path

from click.testing import CliRunner

from pipeline import project
from pipeline.cli.main import translate
from pipeline.core.errors import SettingsError


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


def test_a_wrong_language_leaves_nothing(tmp_path: Path) -> None:
    """The folder is not even made."""
    done = CliRunner().invoke(translate, ["init", str(tmp_path / "x"), "--lang", "Englisch"])
    assert isinstance(done.exception, SettingsError)
    assert not (tmp_path / "x").exists()
