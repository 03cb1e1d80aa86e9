"""`translate tm find`: show translations of a text and of similar texts."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import languages_option
from pipeline.cli.output import echo, echo_data
from pipeline.core import word_diff
from pipeline.project import load_project
from pipeline.workflows.memory import MemoryFindOptions, MemoryHit, find


@click.command("find")
@click.argument("text")
@languages_option
@click.option(
    "--at-least",
    "--least",
    "min_percent",
    type=click.IntRange(1, 100),
    metavar="PERCENT",
    help="Minimum similarity of a text [default: the setting memory_shown].",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=5,
    show_default=True,
    metavar="N",
    help="Maximum number of translations per language.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per translation.")
@click.pass_obj
def command(
    folder: Path | None,
    text: str,
    languages: tuple[str, ...],
    min_percent: int | None,
    limit: int,
    as_json: bool,
) -> None:
    """Show translations of a text and of similar texts.

    The percentage is the share of equal letters in the longer text. Words that only the
    found text has are marked [-so-], words that only TEXT has {+so+}. The exit code is 1 if
    nothing is found.
    """
    options = MemoryFindOptions(text, languages, min_percent or 0, limit)
    hits = find(load_project(folder), options, ConsoleEvents())
    for hit in hits:
        if as_json:
            echo_data(_object(hit))
        else:
            echo(_lines(hit, text))
    if not hits and not as_json:
        echo("nothing found", err=True)
    sys.exit(0 if hits else 1)


def _object(hit: MemoryHit) -> str:
    values = asdict(hit.match) | {"language": hit.language}
    values.pop("neighbours")
    return json.dumps(values, ensure_ascii=False)


def _lines(hit: MemoryHit, text: str) -> str:
    match = hit.match
    return (
        f"{hit.language} {match.percent:3} % {match.file}\n"
        f"  {word_diff(match.source, text)}\n  {match.target}"
    )
