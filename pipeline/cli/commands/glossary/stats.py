"""`translate glossary stats`: count the rows of a glossary and their uses."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import json_option, languages_option
from pipeline.cli.output import echo, echo_json
from pipeline.core import TermStatus, counted
from pipeline.project import load_project
from pipeline.workflows.glossary import GlossaryStatsOptions, stats

LISTED = 10
"""How many of the most frequent terms are listed."""


@click.command("stats")
@languages_option
@json_option
@click.option("--unused", is_flag=True, help="List the terms that occur in no article.")
@click.pass_obj
def command(folder: Path | None, languages: tuple[str, ...], as_json: bool, unused: bool) -> None:
    """Count the rows of a glossary, and their uses in the articles."""
    options = GlossaryStatsOptions(languages)
    found = stats(load_project(folder), options, ConsoleEvents())
    if as_json:
        echo_json(found)
        return
    for one in found:
        by_status = ", ".join(f"{one.rows.get(status, 0)} {status}" for status in TermStatus)
        rows = counted(sum(one.rows.values()), "row")
        echo(f"{one.language}: {rows}: {by_status}")
        terms = counted(len(one.uses), "term")
        verb = "occurs" if len(one.uses) == 1 else "occur"
        times, articles = counted(sum(one.uses.values()), "time"), counted(one.articles, "article")
        echo(f"  {terms} {verb} {times} in {articles}")
        if one.uses:
            frequent = islice(one.uses.items(), LISTED)
            echo(f"  most often: {', '.join(f'{name} {count}' for name, count in frequent)}")
        if unused:
            echo(f"  unused: {', '.join(one.unused) or 'none'}")
