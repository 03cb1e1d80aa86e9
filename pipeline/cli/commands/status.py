"""`translate status`: how far every article is in every language, and how sure its drafts are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from heapq import nsmallest
from pathlib import Path

import click

from pipeline import project
from pipeline.catalog import catalog
from pipeline.checks.reports import place
from pipeline.checks.reports.text import pair
from pipeline.cli.options import languages_option, paths_argument
from pipeline.cli.run_summary import table
from pipeline.core.errors import ArticleError, CatalogError
from pipeline.core.types import State
from pipeline.drafting.confidence import UNSURE
from pipeline.workflows.extract import Extractor


@dataclass(frozen=True, slots=True)
class Row:
    """How far an article is in a language; the figures count distinct texts.

    `unsure` counts the drafts of less than `UNSURE` per cent confidence; `confidence` is the
    mean of all drafts that have one. `note` tells of a catalog that is damaged, or not up to
    date with the article.
    """

    article: str
    language: str
    segments: int
    approved: int = 0
    touched: int = 0
    draft: int = 0
    missing: int = 0
    unsure: int = 0
    confidence: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A draft that no human has touched: where it stands, and how sure it is in per cent.

    `confidence` is None for a draft that was made without one.
    """

    path: str
    line: int
    language: str
    confidence: int | None
    source: str
    target: str


@click.command("status")
@paths_argument
@languages_option
@click.option(
    "--least-sure",
    "number",
    type=click.IntRange(1),
    metavar="N",
    help="List the N drafts of the lowest confidence instead, the lowest first.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of objects.")
@click.pass_obj
def command(
    folder: Path | None,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    number: int | None,
    as_json: bool,
) -> None:
    """Show how far every article is in every language.

    Approved: a human has unmarked it; touched: a human has begun; draft: as the machine
    wrote it; unsure: those of the drafts with less than 50 % confidence; missing: nothing
    yet.
    """
    found = project.load_project(folder)
    articles, chosen = paths or found.articles(), found.select_languages(languages)
    rows: Sequence[Row] | Sequence[Listed]
    if number is None:
        rows = status(found, articles, chosen)
        lines = _table(rows)
    else:
        rows = least_sure(found, articles, chosen, number)
        lines = _listing(rows)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
        return
    for line in lines:
        click.echo(line)


def _table(rows: Sequence[Row]) -> Iterator[str]:
    columns = ("segments", "approved", "touched", "draft", "unsure", "missing")
    cells = [
        (row.article, row.language, *(str(getattr(row, name)) for name in columns)) for row in rows
    ]
    lines = table(("article", "lang", *columns), cells)
    for line, row in zip(lines, [None, *rows], strict=True):
        yield f"{line}  {row.note}" if row and row.note else line


def _listing(rows: Sequence[Listed]) -> Iterator[str]:
    for row in rows:
        sure = "unknown" if row.confidence is None else f"{row.confidence} %"
        yield f"{row.path}:{row.line}: confidence {sure}"
        yield "".join(pair(row.source, row.target)).rstrip("\n")


def least_sure(
    found: project.Project, articles: Sequence[Path], languages: Sequence[str], number: int
) -> list[Listed]:
    """Name the drafts with the lowest confidence, the lowest first, those without one last.

    Those of the same confidence stay in the order of languages, articles and entries.
    Raises CatalogError for a damaged catalog.
    """
    drafts = (
        Listed(place(path), one.line, language, one.confidence, one.source, one.target)
        for language in languages
        for path in (found.catalog(article, language) for article in articles)
        if path.exists()
        for one in catalog.load(path).translations
        if one.state is State.DRAFT
    )
    return nsmallest(number, drafts, key=lambda d: 101 if d.confidence is None else d.confidence)


def status(found: project.Project, articles: Sequence[Path], languages: Sequence[str]) -> list[Row]:
    """Compare articles with their catalogs."""
    rows = []
    extractor = Extractor(found)
    for article in articles:
        name = found.reference(article).removeprefix(f"{found.source_dir}/")
        try:
            texts = {piece.text for piece in extractor.read(article).segments}
        except ArticleError as error:
            rows += [Row(name, language, 0, note=error.message) for language in languages]
            continue
        for language in languages:
            rows.append(_row(name, language, texts, found.catalog(article, language)))
    return rows


def _row(name: str, language: str, texts: set[str], path: Path) -> Row:
    if not path.exists():
        return Row(name, language, len(texts), missing=len(texts))
    try:
        entries = catalog.load(path).translations
    except CatalogError as error:
        return Row(name, language, len(texts), note=error.message)
    states = {entry.source: entry.state for entry in entries}
    counts = Counter(states.get(text, State.MISSING) for text in texts)
    sure = [one.confidence for one in entries if one.confidence is not None and one.source in texts]
    old = states.keys() != texts
    return Row(
        name,
        language,
        len(texts),
        counts[State.APPROVED],
        counts[State.TOUCHED],
        counts[State.DRAFT],
        counts[State.MISSING],
        sum(confidence < UNSURE for confidence in sure),
        round(sum(sure) / len(sure)) if sure else None,
        "the article changed: translate extract" if old else "",
    )
