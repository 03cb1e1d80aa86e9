"""`translate status`: how far every article is in every language."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from pipeline import catalog, project
from pipeline.commands import languages_option, paths_argument
from pipeline.errors import ArticleError, CatalogError
from pipeline.extraction import Extractor
from pipeline.model import State
from pipeline.summary import table


@dataclass(frozen=True, slots=True)
class Row:
    """How far an article is in a language; the figures count distinct texts.

    `note` tells of a catalog that is damaged, or not up to date with the article.
    """

    article: str
    language: str
    segments: int
    approved: int = 0
    touched: int = 0
    draft: int = 0
    missing: int = 0
    note: str = ""


@click.command("status")
@paths_argument
@languages_option
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of objects.")
@click.pass_obj
def command(
    folder: Path | None, paths: tuple[Path, ...], languages: tuple[str, ...], as_json: bool
) -> None:  # fmt: skip
    """Show how far every article is in every language.

    Approved: a human has unmarked it; touched: a human has begun; draft: as the machine
    wrote it; missing: nothing yet.
    """
    found = project.load(folder)
    rows = status(found, paths or found.articles(), found.chosen(languages))
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1))
        return
    columns = ("article", "lang", "segments", "approved", "touched", "draft", "missing")
    cells = [
        (r.article, r.language, *map(str, (r.segments, r.approved, r.touched, r.draft, r.missing)))
        for r in rows
    ]
    for line, row in zip(table(columns, cells), [None, *rows], strict=True):
        click.echo(f"{line}  {row.note}" if row and row.note else line)


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
    old = states.keys() != texts
    return Row(
        name,
        language,
        len(texts),
        counts[State.APPROVED],
        counts[State.TOUCHED],
        counts[State.DRAFT],
        counts[State.MISSING],
        "the article changed: translate extract" if old else "",
    )
