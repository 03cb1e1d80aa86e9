"""`translate glossary stats`: how large glossaries are, and how much of them is used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from pipeline.articles import read_article
from pipeline.core.types import Article, TermStatus
from pipeline.glossary.file import Glossary, empty_glossary
from pipeline.glossary.file import load_glossary as load_glossary
from pipeline.glossary.matcher import TermMatcher
from pipeline.project import Project, load_project

_SHOWN = 10


@click.command("stats")
@click.option(
    "--lang", "languages", metavar="CODE", multiple=True,
    help="A target language; repeat it for more [default: all of the project's].",
)  # fmt: skip
@click.option("--unused", is_flag=True, help="Name the terms that occur in no article.")
@click.pass_obj
def command(project: Path | None, languages: tuple[str, ...], unused: bool) -> None:
    """Count a glossary's rows, and their uses in the articles."""
    settings = load_project(project)
    articles = [read_article(path, settings.encoding) for path in settings.articles()]
    for language in languages or settings.languages:
        glossary = known(settings, language)
        click.echo(f"{language}: {count(glossary)}")
        uses = used(glossary, articles)
        click.echo(f"  {len(uses)} terms occur {uses.total()} times in {len(articles)} articles")
        if uses:
            top = ", ".join(f"{name} {number}" for name, number in uses.most_common(_SHOWN))
            click.echo(f"  most often: {top}")
        if unused:
            sources = dict.fromkeys(t.source for t in glossary.terms if t.source not in uses)
            click.echo(f"  unused: {', '.join(sources) or 'none'}")


def known(project: Project, language: str) -> Glossary:
    """Load a project's glossary of a language; an empty one where there is no file."""
    path = project.glossary(language)
    return load_glossary(path, language) if path.is_file() else empty_glossary(language)


def count(glossary: Glossary) -> str:
    """Word how many rows of each status a glossary has."""
    numbers = Counter(term.status for term in glossary.terms)
    parts = ", ".join(f"{numbers[status]} {status}" for status in TermStatus)
    return f"{len(glossary.terms)} rows: {parts}"


def used(glossary: Glossary, articles: Iterable[Article]) -> Counter[str]:
    """Count the occurrences of terms in articles, by source; parts of words do not count."""
    matcher = TermMatcher(glossary)
    return Counter(
        match.term.source
        for article in articles
        for block in article.blocks
        for match in matcher.find(article.text[block.start : block.end])
        if not match.compound
    )
