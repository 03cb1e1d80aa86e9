"""Linting of glossary files: every defect is reported with its line."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import translate
from pipeline.core.types import Severity
from pipeline.glossary import lint_glossary

HEADER = "source,target,status,case,forms,note\n"
ERROR, WARNING = Severity.ERROR, Severity.WARNING


def write(folder: Path, rows: str, header: str = HEADER) -> Path:
    path = folder / "de-en.csv"
    path.write_text(header + rows, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("rows", "line", "severity", "said"),
    [
        ("Gipfel,,,,,\n", 2, ERROR, "has no target"),
        (",summit,,,,\n", 2, ERROR, "the source is empty"),
        ("Gipfel,summit,wanted,,,\n", 2, ERROR, "unknown status 'wanted'"),
        ("Putin,Poutine,keep,,,\n", 2, ERROR, "has status keep, but another target"),
        ("Gipfel,summit,,,,,\n", 2, ERROR, "7 cells, but 6 columns"),
        ("Gipfel,summit,,,,\nGipfel,top,,,,\n", 3, ERROR, "is already defined in line 2"),
        ("Gipfel,summit,,,,\nGipfel,,keep,,,\n", 3, ERROR, "is already defined in line 2"),
        ("Gipfel,summit,,,,\nGipfel,summits,forbidden,,,\n", 3, ERROR, "line 2 requires it"),
        ("Gipfel,Gipfel,forbidden,,,\nGipfel,,keep,,,\n", 2, ERROR, "line 3 requires it"),
        ("Gipfel,=1+1,,,,\n", 2, ERROR, "spreadsheet formula"),
        ("Gipfel,summit|@x,,,,\n", 2, ERROR, "spreadsheet formula"),
        ("Gipfel,summit,,,,-note\n", 2, ERROR, "spreadsheet formula"),
        ("…,summit,,,,\n", 2, ERROR, "no word"),
        ("Gipfel, summit,,,,\n", 2, WARNING, "superfluous spaces in target"),
        ("Gipfel,the  summit,,,,\n", 2, WARNING, "superfluous spaces in target"),
        ("Gipfel,summit|,,,,\n", 2, WARNING, "empty alternative"),
        ("Gipfel,summit|summit,,,,\n", 2, WARNING, "is repeated"),
        ("Gipfel,peak,forbidden,,,\n", 2, WARNING, "only forbidden targets"),
        (
            "Sanktion,a,,,,\nSanktionen,b,,,,\n",
            3,
            WARNING,
            "is an inflected form of 'Sanktion' (line 2)",
        ),
    ],
)
def test_a_defect_is_found(
    tmp_path: Path, rows: str, line: int, severity: Severity, said: str
) -> None:
    (finding,) = lint_glossary(write(tmp_path, rows))
    assert (finding.line, finding.severity) == (line, severity)
    assert said in finding.message


def test_every_defect_is_listed_at_once(tmp_path: Path) -> None:
    findings = lint_glossary(
        write(tmp_path, "Gipfel,,,,,\nRat,council,best,,,\nLand, country,,,,\n")
    )
    assert [finding.line for finding in findings] == [2, 3, 4]


def test_a_sound_glossary_has_no_findings(tmp_path: Path) -> None:
    rows = (
        "Gipfel,summit,preferred,,,a note - of two parts\nGipfel,peak,forbidden,,,\n"
        "Xi Jinping,,keep,,,\nKreml,Kremlin,,exact,,\nVertrag,treaty|agreement,,,,\n"
    )
    assert lint_glossary(write(tmp_path, rows)) == ()


def test_a_wrong_header_is_an_error(tmp_path: Path) -> None:
    (finding,) = lint_glossary(write(tmp_path, "a,b\n", header="source,translation\n"))[:1]
    assert finding.line == 1
    assert "unknown column 'translation'" in finding.message


def test_errors_exit_with_1_and_warnings_pass(tmp_path: Path) -> None:
    path = write(tmp_path, "Gipfel, summit,,,,\n")
    result = CliRunner().invoke(translate, ["glossary", "lint", str(path)])
    assert result.exit_code == 0
    assert "1 file: 0 errors, 1 warning" in result.output
    path = write(tmp_path, "Gipfel,,,,,\n")
    result = CliRunner().invoke(translate, ["glossary", "lint", str(path)])
    assert result.exit_code == 1
    assert f"{path}:2: error: " in result.output


def test_without_files_the_projects_are_checked(folder: Path) -> None:
    (folder / "glossary" / "de-fr.csv").write_text("source,target\nRat,\n", encoding="utf-8")
    result = CliRunner().invoke(translate, ["-C", str(folder), "glossary", "lint"])
    assert result.exit_code == 1
    assert "2 files: 1 error, 0 warnings" in result.output
    assert "de-fr.csv:2: error" in result.output


def test_the_projects_own_glossaries_are_sound() -> None:
    files = sorted((Path(__file__).parents[2] / "glossary").glob("de-*.csv"))
    assert len(files) >= 3
    assert [finding for path in files for finding in lint_glossary(path)] == []
