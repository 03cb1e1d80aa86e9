"""`translate report`: one file that shows where the translations stand."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import languages_option, paths_argument, pattern_files, trust_option
from pipeline.cli.output import echo, echo_data
from pipeline.project import load_project

_FORMATS = {".html": "html", ".htm": "html", ".json": "json", ".md": "markdown"}


@click.command("report")
@paths_argument
@languages_option
@click.option(
    "--format",
    "style",
    type=click.Choice(["html", "json", "markdown"]),
    help="Format [default: that of the suffix of FILE, otherwise html].",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("report.html"),
    show_default=True,
    help="Write the report to this file; - is standard output.",
)
@click.option(
    "--badges",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write an SVG badge for each language into this folder.",
)
@click.option(
    "--reports",
    multiple=True,
    metavar="FILE|PATTERN",
    help="Reports of runs, for the slowest articles; may be repeated.",
)
@click.option("--no-texts", is_flag=True, help="Leave out the texts of the articles.")
@trust_option
@click.option("--force", is_flag=True, help="Replace a file that is no report.")
@click.pass_obj
def command(
    folder: Path | None,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    style: str | None,
    output: Path,
    badges: Path | None,
    reports: tuple[str, ...],
    no_texts: bool,
    trust: bool,
    force: bool,
) -> None:
    """Write one file that shows where the translations stand.

    Progress over time (from git), words by effort, confidence, findings, glossary terms, the
    riskiest articles, and all texts side by side. The page contains no scripts and loads
    nothing. The Markdown report is a comment for a pull request.
    """
    from pipeline.workflows.outputs import (
        create_folder,
        is_stdout,
        require_writable,
        write_output,
    )
    from pipeline.workflows.reporting import pages
    from pipeline.workflows.reporting.collect import ReportOptions, collect
    from pipeline.workflows.reporting.files import BADGE, PROJECT_REPORT
    from pipeline.workflows.run_report import dump

    project = load_project(folder, trust=trust)
    style = style or _FORMATS.get(output.suffix.lower(), "html")
    require_writable(output, PROJECT_REPORT, force=force)
    options = ReportOptions(paths, languages, not no_texts, tuple(pattern_files(reports)))
    report = collect(project, options, ConsoleEvents())
    if style == "json":
        data = dump(asdict(report))
    else:
        data = {"html": pages.html, "markdown": pages.markdown}[style](report).encode(
            errors="backslashreplace"
        )
    if is_stdout(output):
        echo_data(data.decode(), nl=False)
    else:
        write_output(output, data, PROJECT_REPORT, force=force)
        echo(f"wrote {output}", err=True)
    if badges is not None:
        create_folder(badges)
        for name, text in pages.badges(report).items():
            write_output(badges / name, text.encode(), BADGE, force=force)
