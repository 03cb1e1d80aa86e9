"""`translate glossary find`: show the terms in a text, line by line."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import language_option
from pipeline.cli.output import echo, echo_json
from pipeline.core import ArticleError
from pipeline.core.input import read_lines
from pipeline.project import load_project
from pipeline.workflows.glossary import GlossaryOptions, LineTerms, find_terms


@click.command("find")
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--glossary",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Glossary file [default: the project's, for its first language].",
)
@language_option("Target language.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line of text.")
@click.pass_obj
def command(
    folder: Path | None, file: BinaryIO, path: Path | None, language: str, as_json: bool
) -> None:
    """Show which terms occur in each line of a text.

    Prints one line per line of FILE (by default standard input), so that both can be read
    side by side. A term in brackets is only part of a longer word; it is not required in
    the translation. In JSON, `start` and `end` are offsets in characters of the line.
    """
    project = None if path else load_project(folder)
    options = GlossaryOptions(path, language)
    for found in find_terms(
        project,
        options,
        read_lines(file, getattr(file, "name", "standard input"), ArticleError),
        ConsoleEvents(),
    ):
        if as_json:
            echo_json(_object(found), indent=None)
        else:
            echo(_text(found))


def _object(found: LineTerms) -> dict[str, object]:
    terms = [
        {
            "source": match.term.source,
            "target": match.term.targets[0],
            "start": match.start,
            "end": match.end,
            "compound": match.compound,
        }
        for match in found.matches
    ]
    return {"terms": terms}


def _text(found: LineTerms) -> str:
    texts = []
    for match in found.matches:
        text = f"{found.line[match.start : match.end]} → {match.term.targets[0]}"
        texts.append(f"[{text}]" if match.compound else text)
    return "; ".join(texts) or "-"
