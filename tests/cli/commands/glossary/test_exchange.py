"""`translate glossary import` and `export`: nothing of the user's is overwritten."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli.main import translate
from pipeline.core.errors import GlossaryError, PipelineError
from pipeline.core.types import Term
from pipeline.glossary.file import load_glossary
from pipeline.workflows.glossary import add_terms


def run(folder: Path, *arguments: str | Path) -> Result:
    command = ["-C", str(folder), "glossary", *map(str, arguments)]
    return CliRunner().invoke(translate, command, catch_exceptions=False)


def test_a_glossary_comes_back_from_tbx(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.tbx"
    assert run(folder, "export", file).exit_code == 0
    result = run(folder, "import", file, "--output", "-")
    again = tmp_path / "de-en.csv"
    again.write_text(result.output, encoding="utf-8")
    mine = load_glossary(folder / "glossary" / "de-en.csv")
    assert load_glossary(again).digest == mine.digest


def test_an_import_makes_a_new_glossary(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("source,target\nRat,conseil\n", encoding="utf-8")
    result = run(folder, "import", file, "--lang", "fr")
    assert "1 row added" in result.output
    assert load_glossary(folder / "glossary" / "de-fr.csv").terms[0].targets == ("conseil",)


def test_an_import_adds_and_changes_nothing(folder: Path, tmp_path: Path) -> None:
    path = folder / "glossary" / "de-en.csv"
    before = path.read_bytes()
    file = tmp_path / "in.csv"
    file.write_text("source,target\nStadtrat,senate\nRat,council\n", encoding="utf-8")
    result = run(folder, "import", file)
    assert "1 row added, 1 term existed already" in result.output
    assert path.read_bytes() == before + b"Rat,council,preferred,,,\n"
    run(folder, "import", file)
    assert path.read_bytes() == before + b"Rat,council,preferred,,,\n"


def test_deprecated_terms_of_known_words_are_added_or_reported(
    folder: Path, tmp_path: Path
) -> None:
    """Importing a newer termbase must not leave a deprecated translation accepted in silence."""
    path = folder / "glossary" / "de-en.csv"
    path.write_text(
        "source,target,status,case,forms,note\nRat,council|board,,,,\nRat,senate,forbidden,,,\n",
        encoding="utf-8",
    )
    before = path.read_bytes()
    file = tmp_path / "in.csv"
    file.write_text(
        "source,target,context\n"
        "Rat,committee,\nRat,boards,forbidden\nRat,advice,forbidden\nRat,senate,forbidden\n",
        encoding="utf-8",
    )
    result = run(folder, "import", file)
    assert result.exit_code == 1
    assert f"{file}: 'boards' is deprecated for 'Rat', but {path}:2 accepts it" in result.stderr
    assert path.read_bytes() == before + b"Rat,advice,forbidden,,,\n"
    assert run(folder, "lint").exit_code == 0
    assert run(folder, "import", file).exit_code == 1
    assert path.read_bytes() == before + b"Rat,advice,forbidden,,,\n"


def test_added_rows_have_the_line_ends_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "de-en.csv"
    path.write_bytes(b"source,target,status,case,forms,note\r\nRat,council,,,,")
    add_terms(path, (Term("Land", ("country",)),), "en")
    assert path.read_bytes().endswith(b"Rat,council,,,,\r\nLand,country,preferred,,,\r\n")


@pytest.mark.parametrize("text", ["source;target\nRat;council\n", "target,source\ncouncil,Rat\n"])
def test_rows_are_not_added_to_a_file_of_other_columns(tmp_path: Path, text: str) -> None:
    path = tmp_path / "de-en.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GlossaryError, match="its columns are not"):
        add_terms(path, (Term("Land", ("country",)),), "en")
    assert path.read_text(encoding="utf-8") == text


def test_an_export_replaces_a_file_only_by_force(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(GlossaryError, match="exists already"):
        run(folder, "export", file)
    assert file.read_text(encoding="utf-8") == "mine"
    assert run(folder, "export", file, "--force").exit_code == 0
    assert "Stadtrat,city council" in file.read_text(encoding="utf-8")


def test_an_export_says_what_is_lost(folder: Path, tmp_path: Path) -> None:
    path = folder / "glossary" / "de-en.csv"
    path.write_text("source,target,forms\nRat,council,Räte\n", encoding="utf-8")
    assert "line 2: 'Rat': its case, forms" in run(folder, "export", tmp_path / "a.csv").stderr
    assert run(folder, "export", tmp_path / "a.tbx").stderr == ""


def test_an_export_needs_a_language(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    path.write_text("source,target\nRat,council\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match="which language"):
        run(tmp_path, "export", tmp_path / "a.tbx", "--glossary", path)


def test_outputs_replace_no_file_of_the_project(folder: Path, tmp_path: Path) -> None:
    """Not even the glossary that is exported; a missing folder is named."""
    glossary = folder / "glossary" / "de-en.csv"
    before = glossary.read_bytes()
    for words, message in (
        (("export", glossary, "--force"), "is a glossary"),
        (("export", tmp_path / "no" / "a.tbx"), "no such folder"),
    ):
        with pytest.raises(PipelineError, match=message):
            run(folder, *words)
    assert run(folder, "export", tmp_path / "a.tbx").exit_code == 0
    with pytest.raises(PipelineError, match="no such folder"):
        run(folder, "import", tmp_path / "a.tbx", "-o", tmp_path / "no" / "a.csv")
    with pytest.raises(PipelineError):
        run(folder, "import", tmp_path / "a.tbx", "-o", folder / "source_de" / "bruecke.txt")
    assert glossary.read_bytes() == before
    assert not (tmp_path / "no").exists()


def test_an_export_to_standard_output_is_tbx(folder: Path, tmp_path: Path) -> None:
    """The number of rows goes to standard error."""
    result = run(folder, "export", "-")
    file = tmp_path / "out.tbx"
    file.write_text(result.stdout, encoding="utf-8")
    assert run(folder, "import", file, "-o", tmp_path / "de-en.csv").exit_code == 0
    assert "-: 3 rows" in result.stderr
