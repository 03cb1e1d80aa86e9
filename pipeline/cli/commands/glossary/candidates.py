"""`translate glossary candidates`: frequent expressions that a glossary may need."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import click

from pipeline.articles import read_article
from pipeline.cli.commands.glossary.stats import known
from pipeline.glossary.file import COLUMNS
from pipeline.glossary.matcher import TermMatcher
from pipeline.glossary.term_extraction import TermCandidate, extract_terms
from pipeline.project import load_project


@click.command("candidates")
@click.argument(
    "paths", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="PATH…",
)  # fmt: skip
@click.option(
    "--lang", "language", metavar="CODE",
    help="The target language whose glossary counts [default: the project's first].",
)  # fmt: skip
@click.option(
    "--least", type=click.IntRange(1), default=2, show_default=True, metavar="N",
    help="List what occurs N times or more.",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(1), default=50, show_default=True, metavar="N",
    help="List the N most frequent ones.",
)  # fmt: skip
@click.option("--csv", "as_csv", is_flag=True, help="Print glossary rows, without targets.")
@click.pass_obj
def command(
    project: Path | None,
    paths: tuple[Path, ...],
    language: str | None,
    least: int,
    limit: int,
    as_csv: bool,
) -> None:
    """List frequent expressions that no glossary has yet.

    Names, nouns with an adjective, and compounds in the articles (or in PATH…), with how
    often they occur and an example. With --csv they are rows to paste into a glossary;
    a row counts only when you have written its target.
    """
    settings = load_project(project)
    matcher = TermMatcher(known(settings, language or settings.languages[0]))
    articles = [
        (path.name, read_article(path, settings.encoding)) for path in paths or settings.articles()
    ]
    found = extract_terms(articles, matcher, least)
    click.echo((as_rows if as_csv else as_table)(found[:limit]), nl=False)


def as_table(found: Iterable[TermCandidate]) -> str:
    """Word candidates for a reader, one a line."""
    rows = list(found)
    width = max((len(row.source) for row in rows), default=0)
    lines = [f"{r.count:4}  {r.source:{width}}  {r.location}: {r.example}\n" for r in rows]
    return "".join(lines) or "no candidates\n"


def as_rows(found: Iterable[TermCandidate]) -> str:
    """Word candidates as rows of a glossary file, with the example as the note."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in found:
        writer.writerow([row.source, "", "", "", "", f"{row.count} times: {row.example}"])
    return stream.getvalue()
