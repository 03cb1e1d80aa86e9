"""`translate text`: translate lines from standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import click

from pipeline.articles import is_supported
from pipeline.cli.completion import complete_languages
from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import (
    engine_option,
    model_option,
    offline_option,
    quality_option,
    second_opinion_option,
    term_engine_option,
    trust_option,
)
from pipeline.cli.output import echo, echo_data, echo_json
from pipeline.core import NoProjectError, PipelineError
from pipeline.core.input import MAX_LINE_BYTES, decode_line, parse_json
from pipeline.drafting import TextRequest
from pipeline.engines import COPIED
from pipeline.project import Project, load_project
from pipeline.workflows.translate_text import (
    TextOptions,
    TextResult,
    TextSession,
    open_text_session,
)

_MAX_READ = 1 << 16
"""How many bytes are read at once, at most."""

_SUFFIXES = {"text": "", "markdown": ".md", "html": ".html"}
"""The article format of each --format."""


@click.command("text")
@click.option(
    "--from",
    "source",
    default="de",
    show_default=True,
    type=click.Choice(["de"]),
    help="Language of the lines.",
)
@click.option(
    "-l",
    "--to",
    "--lang",
    "language",
    required=True,
    metavar="CODE",
    help="Target language.",
    shell_complete=complete_languages,
)
@click.option(
    "--glossary",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Glossary with the required terms.",
)
@click.option(
    "--format",
    "text_format",
    type=click.Choice(list(_SUFFIXES)),
    default="text",
    show_default=True,
    help="Inline markup of the lines, which the translations keep.",
)
@click.option("--jsonl", is_flag=True, help="Read and write one JSON object per line.")
@engine_option
@model_option
@quality_option
@second_opinion_option
@term_engine_option
@offline_option
@trust_option
@click.option("--force", is_flag=True, help="Use a model that is not fit for the language.")
@click.pass_obj
def command(
    folder: Path | None,
    /,
    source: str,
    text_format: str,
    jsonl: bool,
    quality: str | None,
    trust: bool,
    **options: object,
) -> None:
    """Translate lines from standard input.

    Writes one line per input line, as soon as it is translated. Lines are UTF-8. An engine
    that translates in batches receives all lines that have arrived.

    With --format, the engine receives the text without its markup, and the markup is placed
    around the same words of the translation. An engine that keeps tags receives them.

    With --jsonl each line is an object: for {"text": "…", "terms": {"Gipfel": "summit"}} the
    output is {"translation": "…", "terms": [{"source": "Gipfel", "target": "summit",
    "respected": true}], "confidence": 0.81, "engines": [{"engine": "argos", "model": "de-en
    1.0"}]}, with "findings" if a check finds something. A second opinion is in "alternatives":
    [{"engine": "firefox", "translation": "…", "agreement": 0.71}]. Otherwise, a translation by
    the second engine and a different second opinion are reported on standard error.

    A line without a usable translation becomes an empty line (a null "translation"), with a
    message on standard error and exit code 1.
    """
    project = _project(folder, trust=trust)
    suffix = _SUFFIXES[text_format]
    if suffix and not is_supported(suffix):
        raise click.UsageError(f"--format {text_format}: no format for {suffix} is installed.")
    chosen = TextOptions(
        quality=quality or "",
        suffix=suffix,
        confidence=jsonl,
        **options,  # type: ignore[arg-type]
    )
    with closing(open_text_session(project, chosen, ConsoleEvents())) as session:
        complete = _translate(session, jsonl)
    sys.exit(0 if complete else 1)


def _translate(session: TextSession, jsonl: bool) -> bool:
    """Translate all lines; return whether every line has a translation."""
    complete = True
    stdin = sys.stdin.buffer if sys.stdin else BytesIO()  # a service may have none
    for batch in _batches(stdin, session.batch_size, jsonl):
        results = session.translate([request for _, request in batch])
        for (number, _), result in zip(batch, results, strict=True):
            if jsonl:
                echo_json(_object(result), indent=None)
            else:
                echo_data(_line(result))
            sys.stdout.flush()
            for engine, model in () if jsonl else result.engines:
                if engine not in (session.engine, *COPIED):
                    echo(f"line {number}: translated by {engine}, model {model}", err=True)
            if not jsonl and result.opinion and result.opinion.target != result.translation:
                echo(f"line {number}: {result.opinion.engine}: {result.opinion.target}", err=True)
            if result.translation is None:
                complete = False
                echo(f"line {number}: {result.reason}", fg="red", err=True)
    return complete


def _line(result: TextResult) -> str:
    return (result.translation or "") if result.text.strip() else ""


def _object(result: TextResult) -> dict[str, object]:
    row: dict[str, object] = {
        "translation": result.translation,
        "terms": [
            {"source": one.source, "target": one.target, "respected": one.respected}
            for one in result.terms
        ],
    }
    if result.translation is not None and result.confidence is not None:
        row["confidence"] = result.confidence / 100
    if result.translation is not None:
        row["engines"] = [{"engine": name, "model": model} for name, model in result.engines]
    if result.opinion:
        opinion = result.opinion
        other = {"engine": opinion.engine, "model": opinion.model, "translation": opinion.target}
        row["alternatives"] = [other | {"agreement": opinion.agreement / 100}]
    if result.findings:
        row["findings"] = result.findings
    return row


def _batches(
    stream: BinaryIO, max_size: int, jsonl: bool
) -> Iterator[list[tuple[int, TextRequest]]]:
    """Yield the numbered lines that have arrived, `max_size` at most; wait for at least one.

    The lines before an invalid one are yielded first.
    """
    batch: list[tuple[int, TextRequest]] = []
    number = 0
    for line in _lines(stream):
        if line is not None:
            number += 1
            try:
                batch.append((number, _request(line, number, jsonl)))
            except PipelineError:
                yield batch
                raise
        if batch and (line is None or len(batch) == max_size):
            yield batch
            batch = []


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield the lines of a stream, and None before each wait for the next one."""
    parts: list[bytes] = []
    size = 0
    while data := stream.read1(_MAX_READ):  # type: ignore[attr-defined] # every buffer has it
        *lines, rest = data.split(b"\n")
        if lines:
            yield b"".join((*parts, lines[0]))
            yield from lines[1:]
            parts = []
        parts.append(rest)
        size = size + len(rest) if not lines else len(rest)
        if size > MAX_LINE_BYTES:
            limit = f"longer than {MAX_LINE_BYTES >> 20} MiB"
            raise PipelineError(f"standard input: a line is {limit}", "Split it.")
        yield None
    if last := b"".join(parts):
        yield last
        yield None


def _request(line: bytes, number: int, jsonl: bool) -> TextRequest:
    text = decode_line(line.removesuffix(b"\r"), number, "standard input", PipelineError)
    return _parse(text, number) if jsonl else TextRequest(text)


def _parse(line: str, number: int) -> TextRequest:
    try:
        value = parse_json(line)
        text, terms = value["text"], value.get("terms", {})
        if not isinstance(text, str) or not all(
            isinstance(part, str) for pair in terms.items() for part in pair
        ):
            raise TypeError
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PipelineError(
            f'standard input:{number}: not an object {{"text": "…", "terms": {{"…": "…"}}}}',
            "Write one JSON object per line.",
        ) from None
    return TextRequest(text, terms)


def _project(folder: Path | None, *, trust: bool) -> Project | None:
    """Load the project whose settings apply, if there is one."""
    try:
        return load_project(folder, trust=trust)
    except NoProjectError:
        if folder is not None:
            raise
        return None
