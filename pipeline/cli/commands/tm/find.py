"""`translate tm find`: search the translation memory for words and similar texts."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import languages_option, trust_option
from pipeline.cli.output import echo, echo_json, to_plain
from pipeline.core import one_line, word_diff
from pipeline.project import load_project
from pipeline.workflows.memory import MemoryFindOptions, MemoryHit, find


@click.command("find")
@click.argument("text", nargs=-1, required=True)
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
    default=10,
    show_default=True,
    metavar="N",
    help="Maximum number of translations per language.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per translation.")
@trust_option
@click.pass_obj
def command(
    folder: Path | None,
    text: tuple[str, ...],
    languages: tuple[str, ...],
    min_percent: int | None,
    limit: int,
    as_json: bool,
    trust: bool,
) -> None:
    """Find translations by words, in German or in the translation, or by similarity.

    First come translations of the same text, then texts that contain TEXT, similar texts,
    and texts that contain all words of TEXT. What is found is marked [=so=]. For similar
    texts, the percentage is the share of equal letters in the longer text; words that only
    the found text has are marked [-so-], words that only TEXT has {+so+}.

    Searches the approved translations of all catalogs, also of texts that are no longer in
    their article (obsolete), and the TMX files. The exit code is 1 if nothing is found.
    """
    query = " ".join(text)
    if not query.strip():
        raise click.UsageError("TEXT is empty: name a word or a sentence.")
    options = MemoryFindOptions(query, languages, min_percent or 0, limit)
    hits = find(load_project(folder, trust=trust), options, ConsoleEvents())
    for hit in hits:
        if as_json:
            echo_json(_object(hit), indent=None)
        else:
            echo(_lines(hit, query))
    if not hits and not as_json:
        echo("nothing found", err=True)
    sys.exit(0 if hits else 1)


def _object(hit: MemoryHit) -> dict[str, object]:
    values: dict[str, object] = to_plain(hit.match) | {"language": hit.language}
    values.pop("neighbours")
    if found := hit.concordance:
        values |= {
            "obsolete": found.unit.obsolete,
            "source_spans": found.source_spans,
            "target_spans": found.target_spans,
        }
    return values


def _lines(hit: MemoryHit, text: str) -> str:
    match, found = hit.match, hit.concordance
    if found:
        obsolete = " (obsolete)" if found.unit.obsolete else ""
        return (
            f"{hit.language} contains {match.file}{obsolete}\n"
            f"  {_marked(match.source, found.source_spans)}\n"
            f"  {_marked(match.target, found.target_spans)}"
        )
    return (
        f"{hit.language} {match.percent:3} % {match.file}\n"
        f"  {word_diff(match.source, text)}\n  {match.target}"
    )


def _marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Mark spans of a text `[=so=]`."""
    parts, last = [], 0
    for start, end in spans:
        parts += [text[last:start], f"[={text[start:end]}=]"]
        last = end
    return one_line("".join([*parts, text[last:]]))
