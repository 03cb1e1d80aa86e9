"""`translate glossary find`: the terms in a text, line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import click

from pipeline.core.errors import ArticleError
from pipeline.core.types import TermMatch
from pipeline.glossary.file import Glossary
from pipeline.glossary.file import load_glossary as load_glossary
from pipeline.glossary.matcher import TermMatcher
from pipeline.project import load_project


@click.command("find")
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--glossary", "path", type=click.Path(dir_okay=False, path_type=Path),
    help="The glossary file [default: the project's, of its first language].",
)  # fmt: skip
@click.option("--lang", "language", metavar="CODE", help="The target language.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line of text.")
@click.pass_obj
def command(
    project: Path | None, file: IO[bytes], path: Path | None, language: str | None, as_json: bool
) -> None:
    """Show which terms occur in every line of a text.

    Prints one line per line of FILE (standard input without it), so that the two can be
    read side by side. Terms in brackets are only a part of a longer word: they are no
    demand. With --json, `start` and `end` count characters of the line.
    """
    matcher = TermMatcher(chosen(project, path, language))
    word = as_object if as_json else as_text
    for line in _lines(file):
        click.echo(word(line, matcher.find(line)))


def chosen(project: Path | None, path: Path | None, language: str | None) -> Glossary:
    """Load the glossary that the options name; needs a project only where `path` is None."""
    if path is not None:
        return load_glossary(path, language)
    settings = load_project(project)
    wanted = language or settings.languages[0]
    return load_glossary(settings.glossary(wanted), wanted)


def as_object(line: str, matches: tuple[TermMatch, ...]) -> str:
    """Word a line's matches as one JSON object."""
    terms = [
        {
            "source": match.term.source,
            "target": match.term.targets[0],
            "start": match.start,
            "end": match.end,
            "compound": match.compound,
        }
        for match in matches
    ]
    return json.dumps({"terms": terms}, ensure_ascii=False)


def as_text(line: str, matches: tuple[TermMatch, ...]) -> str:
    """Word a line's matches for a reader; a line without any gives `-`."""
    worded = [f"{line[m.start : m.end]} → {m.term.targets[0]}" for m in matches]
    return (
        "; ".join(
            f"[{text}]" if match.compound else text
            for text, match in zip(worded, matches, strict=True)
        )
        or "-"
    )


def _lines(stream: IO[bytes]) -> Iterator[str]:
    """Yield lines without their ends; only line feeds end one, as for other line tools."""
    for number, data in enumerate(stream, start=1):
        try:
            line = data.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            name = getattr(stream, "name", "standard input")
            raise ArticleError(f"{name}:{number}: not UTF-8", "Convert it.") from error
        yield line.rstrip("\r\n")
