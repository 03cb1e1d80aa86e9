"""`translate count`: words by the effort they need, before a run."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents, show_problems
from pipeline.cli.options import json_option, languages_option, paths_argument, trust_option
from pipeline.cli.output import echo_data, echo_json, echo_styled
from pipeline.cli.run_summary import table
from pipeline.project import load_project
from pipeline.workflows.count import BANDS, CountOptions, WordCount, count

_TOTAL = "total"


@click.command("count")
@paths_argument
@languages_option
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print one row per article, language and band.")
@trust_option
@click.pass_obj
def command(
    folder: Path | None,
    paths: tuple[Path, ...],
    languages: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    trust: bool,
) -> None:
    """Count words by the effort they need, before a run.

    Approved and edited: a human has worked on the translation. Memory: an approved
    translation of the same text exists elsewhere. Repeated: the text occurred before.
    Similar: the memory has a similar text, in percent. New: everything else, including
    machine drafts that nobody has reviewed. The same project always has the same counts.
    """
    if as_json and as_csv:
        raise click.UsageError("Use --json or --csv, not both.")
    project = load_project(folder, trust=trust)
    result = count(project, CountOptions(paths, languages), ConsoleEvents())
    if as_json:
        echo_json(result.rows)
    elif as_csv:
        echo_data(_csv(result.rows))
    else:
        for line in _table(result.rows):
            echo_styled(line, nl=True)
    show_problems(result.problems)
    sys.exit(3 if result.problems else 0)


def _csv(rows: Sequence[WordCount]) -> str:
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(field.name for field in fields(WordCount))
    writer.writerows(astuple(row) for row in rows)
    return output.getvalue().removesuffix("\n")


def _table(rows: Sequence[WordCount]) -> Iterator[str]:
    """Return the words of each article by band, and the total of each language."""
    words: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        for name in (row.article, _TOTAL):
            bands = words.setdefault((name, row.language), dict.fromkeys(BANDS, 0))
            bands[row.band] += row.words
    order = sorted(words, key=lambda key: key[0] == _TOTAL)
    cells = [
        (
            name,
            language,
            *map(str, words[name, language].values()),
            str(_all(words[name, language])),
        )
        for name, language in order
    ]
    header = ("article", "lang", *(band.replace("similar ", "") for band in BANDS), "words")
    return iter(table(header, cells))


def _all(bands: dict[str, int]) -> int:
    return sum(bands.values())
