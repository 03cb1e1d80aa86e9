"""`translate glossary candidates`: list frequent expressions that a glossary may need."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import json_option, language_option, paths_argument
from pipeline.cli.output import echo, echo_data, echo_json
from pipeline.core import counted, shorten, word_diff
from pipeline.glossary import COLUMNS, EditedTerm, TermCandidate
from pipeline.project import load_project
from pipeline.workflows.glossary import CandidateOptions, extract_terms, learn_terms

_SHOWN = 3  # replaced words in the evidence


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
@click.option(
    "--from-edits",
    is_flag=True,
    help="List the words that reviewers keep putting into drafts, with their German.",
)
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print glossary rows.")
@click.pass_obj
def command(folder: Path | None, /, as_json: bool, as_csv: bool, **options: object) -> None:
    """List frequent expressions that are not in the glossary.

    Lists names, nouns with an adjective, and compounds in the articles (or in PATHS), in
    their base form, with the number of occurrences and an example. With --csv, prints rows
    to paste into a glossary; a row has no effect until you add its target.

    With --from-edits, compares the approved translations with the machine's drafts, which
    it reads from git, and lists German words with the translation that reviewers put in:
    how often, in place of what, and in how many of the reviewed segments with the word.
    Its rows have a target. Nothing is written into a glossary.
    """
    chosen = CandidateOptions(**options)  # type: ignore[arg-type]
    project, events = load_project(folder), ConsoleEvents()
    if chosen.from_edits:
        _show_learned(learn_terms(project, chosen, events), as_json=as_json, as_csv=as_csv)
        return
    found = extract_terms(project, chosen, events)
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
    return _csv((one.source, "", f"{counted(one.count, 'time')}: {one.example}") for one in found)


def _csv(rows: Iterable[tuple[str, str, str]]) -> str:
    """Format rows (source, target, note) as a glossary file."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((source, target, "", "", "", note) for source, target, note in rows)
    return stream.getvalue()


def _show_learned(found: Sequence[EditedTerm], *, as_json: bool, as_csv: bool) -> None:
    if as_json:
        echo_json(found)
    elif as_csv:
        echo_data(_csv((one.source, one.target, _evidence(one)) for one in found), nl=False)
    else:
        echo("".join(map(_learned, found)) or "no candidates\n", nl=False)


def _evidence(one: EditedTerm) -> str:
    articles = counted(one.articles, "article")
    replaced = ", ".join(shorten(words, 30) for words in one.replaced[:_SHOWN])
    return (
        f"{counted(one.segments, 'edit')} in {articles}, in place of {replaced}; "
        f"{one.agreeing} of {one.reviewed} reviewed"
    )


def _learned(one: EditedTerm) -> str:
    lines = [f"{one.segments:4}  {one.source} -> {one.target}  ({_evidence(one)})"]
    for example in one.examples[:1]:
        lines.append(f"      {example.article}: {shorten(example.source, 100)}")
        lines.append(f"      {shorten(word_diff(example.draft, example.target), 120)}")
    return "\n".join(lines) + "\n"
