"""Output files: only earlier outputs are replaced, and streams are written into."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipeline.checks import Tally, baseline
from pipeline.checks.reports import REPORTS, is_report, reporter
from pipeline.core import Finding, GlossaryError, PipelineError, Severity
from pipeline.workflows.outputs import (
    BASELINE,
    CATALOG,
    EXPORT,
    REPORT,
    TERMBASE,
    TMX,
    OutputKind,
    is_stream,
    write_output,
)

FINDING = Finding(
    "numbers", Severity.ERROR, "'3' became '4'", Path("a.po"), 3, "en", "Es sind 3.\nJa", "4", 80
)
CONTENTS = {
    "a.po": 'msgid "Nein."\nmsgstr "No."\n',
    "a.txt": "Der Gipfel beginnt am Montag.\n",
    "a.csv": "source,target\nRat,council\n",
    "a.json": '{"accepted": 3}',
    "deep.json": "[" * 100_000,
    "a.xml": '<?xml version="1.0"?>\n<testsuites name="pytest"></testsuites>\n',
    "report.txt": "Notes on it:\n3 entries in 1 catalog: 0 errors, 0 warnings\n",
}


def report(style: str, findings: Iterable[Finding]) -> bytes:
    findings = list(findings)
    tally = Tally(catalogs=1, entries=2)
    for finding in findings:
        tally.found[finding.severity] = tally.found.get(finding.severity, 0) + 1
    text = "".join(reporter(style, verbose=True)(findings, tally))
    import click

    return click.unstyle(text).encode()


@pytest.mark.parametrize("style", REPORTS)
@pytest.mark.parametrize("findings", [(), (FINDING,)])
def test_reports_of_all_formats_are_recognized(style: str, findings: tuple[Finding, ...]) -> None:
    """An earlier report may be replaced by a report of any format."""
    assert is_report(report(style, findings))


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("kind", [REPORT, BASELINE, CATALOG, EXPORT, TMX, TERMBASE])
def test_other_files_are_replaced_only_by_force(
    tmp_path: Path, kind: OutputKind, name: str
) -> None:
    """The message names the file and the option."""
    path = tmp_path / name
    path.write_text(CONTENTS[name], encoding="utf-8")
    with pytest.raises(kind.error, match=rf"{name}: exists .*not overwritten") as error:
        write_output(path, b"new", kind)
    assert "--force" in error.value.hint
    assert path.read_text(encoding="utf-8") == CONTENTS[name]
    write_output(path, b"new", kind, force=True)
    assert path.read_bytes() == b"new"


def test_earlier_outputs_are_replaced(tmp_path: Path) -> None:
    """So is an empty file, as mktemp creates it; a baseline is no report."""
    path = tmp_path / "out"
    path.touch()
    write_output(path, report("text", [FINDING]), REPORT)
    write_output(path, report("sarif", [FINDING]), REPORT)
    with pytest.raises(PipelineError, match="exists and is not a baseline"):
        write_output(path, b"new", BASELINE)
    path.unlink()
    data, number = baseline.render(path, [FINDING])
    assert number == 1
    write_output(path, data, BASELINE)
    write_output(path, baseline.render(path, [])[0], BASELINE)
    write_output(path, data, BASELINE)
    with pytest.raises(PipelineError, match="exists and is not a report"):
        write_output(path, b"new", REPORT)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("translate.toml", "the settings file"),
        ("source_de/bruecke.txt", "an article"),
        ("glossary/de-en.csv", "a glossary"),
        ("output/en/LC_MESSAGES/a.po", "a catalog"),
        ("output/templates/a.pot", "a template"),
    ],
)
@pytest.mark.parametrize("linked", [False, True])
def test_files_of_a_project_are_never_replaced(
    folder: Path, name: str, what: str, linked: bool
) -> None:
    """Not even by force, through a link, or if they contain a report."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(report("text", []))
    before = path.read_bytes()
    named = path
    if linked:
        named = folder / "link"
        named.symlink_to(path)
    for kind in (REPORT, BASELINE, TMX, TERMBASE, EXPORT):
        with pytest.raises(kind.error, match=f"is {what} of the project: not overwritten"):
            write_output(named, b"new", kind, force=True)
    assert path.read_bytes() == before


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    """It is named, and not created."""
    with pytest.raises(PipelineError, match=rf"{tmp_path / 'no'}: no such folder"):
        write_output(tmp_path / "no" / "report.txt", b"", REPORT)
    assert not (tmp_path / "no").exists()
    (tmp_path / "file").touch()
    with pytest.raises(PipelineError, match="file: is not a folder"):
        write_output(tmp_path / "file" / "report.txt", b"", REPORT)
    with pytest.raises(GlossaryError, match="is a folder"):
        write_output(tmp_path, b"", TERMBASE)


def test_a_link_is_kept_and_its_target_written(tmp_path: Path) -> None:
    """Also if the target does not exist yet."""
    link = tmp_path / "link"
    link.symlink_to("target")
    write_output(link, b"one", REPORT)
    assert link.is_symlink()
    assert (tmp_path / "target").read_bytes() == b"one"


def test_a_fifo_is_written_into(tmp_path: Path) -> None:
    """It stays a FIFO, and its reader receives everything."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(fifo.read_bytes()))
    reader.start()
    write_output(fifo, b"x" * 100_000, REPORT)
    reader.join(timeout=30)
    assert found == [b"x" * 100_000]
    assert fifo.is_fifo()


def test_a_device_is_written_into() -> None:
    """It stays a device."""
    write_output(Path(os.devnull), b"x", REPORT)
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
def test_standard_output_is_appended_to_where_it_is_redirected(tmp_path: Path, name: str) -> None:
    """The file of `>>` keeps its earlier lines, and is not replaced by another."""
    log = tmp_path / "log"
    log.write_text("earlier\n", encoding="utf-8")
    inode = log.stat().st_ino
    (tmp_path / "link").symlink_to("/dev/stdout")
    code = (
        "import sys; from pathlib import Path; from pipeline.workflows.outputs import *\n"
        "sys.stdout.write('before\\n'); write_output(Path(sys.argv[1]), b'data\\n', REPORT)"
    )
    with log.open("ab") as stream:
        words = [sys.executable, "-c", code, name]
        subprocess.run(words, stdout=stream, cwd=tmp_path, check=True)
    assert log.read_text(encoding="utf-8") == "earlier\nbefore\ndata\n"
    assert log.stat().st_ino == inode
    assert not (tmp_path / "-").exists()


def test_a_loop_of_links_is_no_stream(tmp_path: Path) -> None:
    """It cannot be written."""
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert not is_stream(loop)
    with pytest.raises(PipelineError):
        write_output(loop, b"", REPORT)
