"""`translate text`: translate lines from standard input."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import click

from pipeline import project
from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import engine_option, model_option, offline_option, quality_option
from pipeline.core.errors import NoProjectError, PipelineError
from pipeline.drafting.text_translator import TextRequest, TextTranslator
from pipeline.drafting.types import DraftResult
from pipeline.engines.http.credentials import is_loopback
from pipeline.engines.selection import select_engine
from pipeline.glossary import file
from pipeline.glossary.matcher import TermMatcher

_AT_ONCE = 1 << 16
"""Bytes that are read at once, at most."""


@click.command("text")
@click.option(
    "--from",
    "source",
    default="de",
    show_default=True,
    type=click.Choice(["de"]),
    help="Language of the lines.",
)
@click.option("--to", "language", required=True, metavar="CODE", help="Language to translate to.")
@click.option(
    "--glossary",
    "glossary_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Glossary whose terms are to be used.",
)
@click.option("--jsonl", is_flag=True, help="Read and write a JSON object a line.")
@engine_option
@model_option
@quality_option
@offline_option
@click.option("--force", is_flag=True, help="Take a model that is not fit for the language.")
@click.pass_obj
def command(
    folder: Path | None,
    source: str,
    language: str,
    glossary_file: Path | None,
    jsonl: bool,
    engine: str,
    model: str,
    quality: str | None,
    offline: bool,
    force: bool,
) -> None:  # fmt: skip
    """Translate lines from standard input.

    A line in, a line out, as soon as it is there; an engine that computes many at once
    gets all that are there. Lines are UTF-8. With --jsonl each line is an object:
    {"text": "…", "terms": {"Gipfel": "summit"}} gives {"translation": "…",
    "terms": [{"source": "Gipfel", "target": "summit", "respected": true}],
    "confidence": 0.81}, with "findings" where something is wrong. A line for which nothing
    fit to keep came gives an empty line (a null "translation"), a message, and exit code 1.
    """
    around = _project(folder)
    choice = select_engine(
        around,
        engine,
        model,
        language,
        options={"quality": quality or ""},
        force=force,
        offline=offline,
    )
    choice.require()
    matcher = TermMatcher(file.load_glossary(glossary_file, language)) if glossary_file else None
    opened = choice.open()
    host = opened.identity(language).host
    if host and not is_loopback(host):
        ConsoleEvents().warn(f"note: the texts to translate leave this machine, for {host}")
    made = TextTranslator(opened, choice.config, language, matcher, partial(click.echo, err=True))
    with closing(made) as translator:
        good = _translate(translator, jsonl)
    sys.exit(0 if good else 1)


def _translate(translator: TextTranslator, jsonl: bool) -> bool:
    """Translate all lines; false where there was no translation for one."""
    good = True
    stdin = sys.stdin.buffer if sys.stdin else BytesIO()  # there may be none, in a service
    for batch in _batches(stdin, translator.batch, jsonl):
        given = translator.translate([asked for _, asked in batch if asked.text.strip()])
        for number, asked in batch:
            drafted = next(given) if asked.text.strip() else None
            trouble = _trouble(drafted)
            shown = drafted.text if drafted and not trouble else ""
            click.echo(_object(translator, asked, drafted, shown) if jsonl else shown)
            sys.stdout.flush()
            if trouble:
                good = False
                click.secho(f"line {number}: {trouble}", fg="red", err=True)
    return good


def _trouble(drafted: DraftResult | None) -> str:
    """Why there is no translation, if there is none."""
    if drafted is None or not drafted.failed:
        return ""
    return " ".join(flaw.message for flaw in drafted.issues if flaw.critical)


def _object(
    translator: TextTranslator, asked: TextRequest, drafted: DraftResult | None, shown: str
) -> str:
    """What is told of a line, as JSON."""
    if drafted is None:
        return json.dumps({"translation": asked.text, "terms": []})
    answer: dict[str, object] = {
        "translation": None if drafted.failed else shown,
        "terms": translator.terms(asked, shown),
    }
    if not drafted.failed:
        answer["confidence"] = drafted.confidence / 100
    if drafted.issues:
        answer["findings"] = [flaw.message for flaw in drafted.issues]
    return json.dumps(answer, ensure_ascii=False)


def _batches(stream: BinaryIO, most: int, jsonl: bool) -> Iterator[list[tuple[int, TextRequest]]]:
    """Read numbered lines: as many as are there, `most` at once; one is waited for.

    The lines before one that cannot be read are given first.
    """
    batch: list[tuple[int, TextRequest]] = []
    number = 0
    for line in _lines(stream):
        if line is not None:
            number += 1
            try:
                batch.append((number, _asked(line, number, jsonl)))
            except PipelineError:
                yield batch
                raise
        if batch and (line is None or len(batch) == most):
            yield batch
            batch = []


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a stream, and None wherever the next one has to be waited for."""
    parts: list[bytes] = []
    while data := stream.read1(_AT_ONCE):  # type: ignore[attr-defined] # every buffer has it
        *lines, rest = data.split(b"\n")
        if lines:
            yield b"".join((*parts, lines[0]))
            yield from lines[1:]
            parts = []
        parts.append(rest)
        yield None
    if last := b"".join(parts):
        yield last
        yield None


def _asked(line: bytes, number: int, jsonl: bool) -> TextRequest:
    try:
        text = line.removesuffix(b"\r").decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        raise PipelineError(
            f"standard input, line {number}: not UTF-8", "Convert it with `iconv -t UTF-8`."
        ) from None
    return _parse(text, number) if jsonl else TextRequest(text)


def _parse(line: str, number: int) -> TextRequest:
    try:
        value = json.loads(line)
        text, terms = value["text"], value.get("terms", {})
        if not isinstance(text, str) or not all(
            isinstance(part, str) for pair in terms.items() for part in pair
        ):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PipelineError(
            f'standard input, line {number}: not an object {{"text": "…", "terms": {{"…": "…"}}}}',
            "Write one JSON object a line.",
        ) from None
    return TextRequest(text, terms)


def _project(folder: Path | None) -> project.Project | None:
    """The project whose settings count, if there is one around."""
    try:
        return project.load_project(folder)
    except NoProjectError:
        if folder is not None:
            raise
        return None
