"""`translate tm find`: translations of a text and of texts like it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict

import click

from pipeline.cli.commands.tm import reading
from pipeline.cli.options import languages_option
from pipeline.core.text import word_diff
from pipeline.core.types import MemoryMatch
from pipeline.memory.memory import TranslationMemory
from pipeline.project import Project, load_project


@click.command("find")
@click.argument("text")
@languages_option
@click.option(
    "--least", type=click.IntRange(1, 100), metavar="PERCENT",
    help="How alike a text must be [default: the setting memory_shown].",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(1), default=5, show_default=True,
    help="How many translations to show of each language.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per translation.")
@click.pass_context
def command(
    ctx: click.Context,
    text: str,
    languages: tuple[str, ...],
    least: int | None,
    limit: int,
    as_json: bool,
) -> None:
    """Show translations of a text and of texts like it.

    The percentage says how many letters of the longer text are the same. What is only in
    the text found is marked [-so-], what is only in TEXT {+so+}. Exit code 1 where nothing
    is found.
    """
    project = load_project(ctx.obj)
    found = find(
        project, project.select_languages(languages), text, least or project.memory_shown, limit
    )
    for language, matches in found.items():
        for match in matches:
            click.echo(_object(language, match) if as_json else _shown(language, match, text))
    if not any(found.values()):
        if not as_json:
            click.echo("nothing found", err=True)
        ctx.exit(1)


def find(
    project: Project, languages: Sequence[str], text: str, least: int, limit: int
) -> dict[str, tuple[MemoryMatch, ...]]:
    """Find the translations of a text, by language, the best first."""
    found = {}
    with closing(TranslationMemory(project)) as memory:
        for language in languages:
            memory.refresh(language, reading)
            exact = memory.exact(language, text)
            alike = memory.similar(language, text, least, limit) if least < 100 else ()
            found[language] = (exact + alike)[:limit]
    return found


def _object(language: str, match: MemoryMatch) -> str:
    values = asdict(match) | {"language": language}
    values.pop("neighbours")
    return json.dumps(values, ensure_ascii=False)


def _shown(language: str, match: MemoryMatch, text: str) -> str:
    return (
        f"{language} {match.percent:3} % {match.file}\n"
        f"  {word_diff(match.source, text)}\n  {match.target}"
    )
