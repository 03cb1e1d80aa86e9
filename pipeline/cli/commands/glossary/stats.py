"""`translate glossary stats`: count the rows of a glossary and their uses."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.output import echo
from pipeline.core import TermStatus
from pipeline.project import load_project
from pipeline.workflows.glossary import GlossaryStatsOptions, stats

LISTED = 10
"""How many of the most frequent terms are listed."""


@click.command("stats")
@click.option(
    "--lang",
    "languages",
    metavar="CODE",
    multiple=True,
    help="Target language; may be repeated [default: all of the project].",
)
@click.option("--unused", is_flag=True, help="List the terms that occur in no article.")
@click.pass_obj
def command(folder: Path | None, languages: tuple[str, ...], unused: bool) -> None:
    """Count the rows of a glossary, and their uses in the articles."""
    options = GlossaryStatsOptions(languages)
    for one in stats(load_project(folder), options, ConsoleEvents()):
        by_status = ", ".join(f"{one.rows.get(status, 0)} {status}" for status in TermStatus)
        echo(f"{one.language}: {sum(one.rows.values())} rows: {by_status}")
        total = sum(one.uses.values())
        echo(f"  {len(one.uses)} terms occur {total} times in {one.articles} articles")
        if one.uses:
            frequent = islice(one.uses.items(), LISTED)
            echo(f"  most often: {', '.join(f'{name} {count}' for name, count in frequent)}")
        if unused:
            echo(f"  unused: {', '.join(one.unused) or 'none'}")
