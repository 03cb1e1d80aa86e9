"""`translate glossary candidates`: list frequent expressions that a glossary may need."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import json_option, language_option, paths_argument
from pipeline.cli.output import echo, echo_data, echo_json
from pipeline.core import counted
from pipeline.glossary import COLUMNS, TermCandidate
from pipeline.project import load_project
from pipeline.workflows.glossary import CandidateOptions, extract_terms


@click.command("candidates")
@paths_argument
@language_option("Target language of the glossary [default: the project's first].")
@click.option(
    "--at-least",
    "--least",
    "min_count",
    type=click.IntRange(1),
    default=2,
    show_default=True,
    metavar="N",
    help="Minimum number of occurrences.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    metavar="N",
    help="List the N most frequent expressions.",
)
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print glossary rows without targets.")
@click.pass_obj
def command(folder: Path | None, /, as_json: bool, as_csv: bool, **options: object) -> None:
    """List frequent expressions that are not in the glossary.

    Lists names, nouns with an adjective, and compounds in the articles (or in PATHS), in
    their base form, with the number of occurrences and an example. With --csv, prints rows
    to paste into a glossary; a row has no effect until you add its target.
    """
    chosen = CandidateOptions(**options)  # type: ignore[arg-type]
    found = extract_terms(load_project(folder), chosen, ConsoleEvents())
    if as_json:
        echo_json(found)
    elif as_csv:
        echo_data(_rows(found), nl=False)
    else:
        echo(_table(found), nl=False)


def _table(found: Sequence[TermCandidate]) -> str:
    width = max((len(one.source) for one in found), default=0)
    lines = [f"{r.count:4}  {r.source:{width}}  {r.location}: {r.example}\n" for r in found]
    return "".join(lines) or "no candidates\n"


def _rows(found: Sequence[TermCandidate]) -> str:
    """Format candidates as rows of a glossary file, with the example in the note."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in found:
        writer.writerow(
            [one.source, "", "", "", "", f"{counted(one.count, 'time')}: {one.example}"]
        )
    return stream.getvalue()
