"""`translate segment`: print the segments of an article."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from pipeline.cli.completion import complete_articles
from pipeline.cli.console import ConsoleEvents
from pipeline.cli.output import echo_data
from pipeline.core import SettingsError
from pipeline.project import Project, load_project
from pipeline.workflows.extract import SegmentedArticle, position
from pipeline.workflows.segment import MODES, SegmentOptions, list_marker, segment


@click.command(short_help="Print the segments of an article.")
@click.argument(
    "file",
    default="-",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    shell_complete=complete_articles,
)
@click.option(
    "--mode",
    type=click.Choice(MODES),
    help="Segment into sentences or paragraphs [default: the setting, else sentence].",
)
@click.option(
    "--encoding",
    default="",
    metavar="NAME",
    help="Encoding of the file [default: the setting, else utf-8].",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per segment.")
@click.pass_obj
def command(
    folder: Path | None, file: Path, mode: str | None, encoding: str, as_json: bool
) -> None:
    """Print the segments of an article.

    Prints one segment per line, with its list marker. JSON objects have the keys text,
    kind, label (its position, as in catalogs), line, column, start and end (in characters of the
    file). FILE is any file, or an article of
    the project. If it is -, standard input is read as plain text. Needs no project.
    """
    stdin = str(file) == "-"
    project = _project(folder)
    if project is not None and not stdin and not file.exists():
        file = project.find_article(file)
    options = SegmentOptions(
        Path("-.txt") if stdin else file,
        sys.stdin.buffer.read() if stdin else None,
        mode or "",
        encoding,
    )
    result = segment(project, options, ConsoleEvents())
    lines = "".join(f"{line}\n" for line in _lines(result, as_json))
    echo_data(lines, nl=False)


def _lines(result: SegmentedArticle, as_json: bool) -> Iterator[str]:
    for one in result.segments:
        if as_json:
            row = {
                "text": one.text,
                "kind": one.kind.value,
                "label": position(one),
                "line": one.line,
                "column": one.column,
                "start": one.start,
                "end": one.end,
            }
            yield json.dumps(row, ensure_ascii=False)
        else:
            yield list_marker(result.article, one) + one.text


def _project(folder: Path | None) -> Project | None:
    """Load the project, if there is one; without --project, wrong settings are ignored."""
    if folder is not None:
        return load_project(folder)
    try:
        return load_project(None)
    except SettingsError:
        return None  # a stray settings file in a parent folder must not stop this command
