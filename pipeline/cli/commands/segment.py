"""`translate segment`: print the segments of an article."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from pipeline.articles import decode_article, read_article, segment_article
from pipeline.articles.formats import plain_text as plain
from pipeline.core.errors import SettingsError
from pipeline.core.types import Article, BlockKind
from pipeline.project import Project, load_project

MODES = ("sentence", "paragraph")


@click.command(short_help="Print the segments of an article.")
@click.argument(
    "file", default="-", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option(
    "--mode",
    type=click.Choice(MODES),
    help="Cut into sentences or whole paragraphs [default: as the project, else sentence].",
)
@click.option("--encoding", help="The file's encoding [default: as the project, else utf-8].")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line, with places.")
@click.pass_obj
def command(
    project: Path | None, file: Path, mode: str | None, encoding: str | None, as_json: bool
) -> None:
    """Print the segments of an article.

    One segment a line, list markers included. FILE is - for standard input, which is read
    as plain text. Needs no project.
    """
    settings = _settings(project)
    article = _article(file, encoding or (settings.encoding if settings else "utf-8"))
    mode = mode or (settings.segmentation if settings else "sentence")
    # Bytes, so that no locale can refuse a quotation mark.
    click.echo("".join(f"{line}\n" for line in as_lines(article, mode, as_json)).encode(), nl=False)


def as_lines(article: Article, mode: str, as_json: bool) -> Iterator[str]:
    """Word an article's segments, one a line.

    Plain lines begin with the list marker, which is no part of the segment; JSON ones have
    the keys text, kind, line, start and end (in characters of the file).
    """
    for segment in segment_article(article, mode):
        if as_json:
            place = {"line": segment.line, "start": segment.start, "end": segment.end}
            row = {"text": segment.text, "kind": segment.kind.value, **place}
            yield json.dumps(row, ensure_ascii=False)
        elif segment.kind is BlockKind.LIST_ITEM and segment.number == 1:
            yield plain.marker(article.text, segment.start) + segment.text
        else:
            yield segment.text


def _settings(project: Path | None) -> Project | None:
    """Load the project that was named, or the one here, if there is one."""
    if project is not None:
        return load_project(project)
    try:
        return load_project(None)
    except SettingsError:
        # The command needs none: what a stray file above says must not stop it.
        return None


def _article(file: Path, encoding: str) -> Article:
    if str(file) == "-":
        return decode_article(Path("-.txt"), sys.stdin.buffer.read(), encoding)
    return read_article(file, encoding)
