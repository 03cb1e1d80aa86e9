"""Options and arguments that several commands share."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from pipeline.cli import completion
from pipeline.cli.output import echo
from pipeline.core import NoProjectError, suggest
from pipeline.project import Project, load_project
from pipeline.workflows.shards import Shard, parse_shard, shard_from_environment

F = TypeVar("F", bound=Callable[..., Any])

paths_argument = click.argument(
    "paths",
    nargs=-1,
    type=click.Path(path_type=Path),
    shell_complete=completion.complete_articles,
)
languages_option = click.option(
    "-l",
    "--lang",
    "languages",
    multiple=True,
    metavar="CODE",
    help="Only this language; may be repeated.",
    shell_complete=completion.complete_languages,
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
encoding_option = click.option(
    "--encoding",
    default="",
    metavar="NAME",
    help="Encoding of the articles [default: the setting].",
)
as_new_option = click.option(
    "--as-new", is_flag=True, help="Treat articles that look renamed as new."
)
model_option = click.option(
    "--model",
    default="",
    metavar="ID|PATH",
    help="ID of the model, or path of its file [default: the setting].",
    shell_complete=completion.complete_models,
)
offline_option = click.option(
    "--offline", is_flag=True, help="Send no text to other machines, and download no models."
)

trust_option = click.option(
    "--trust",
    is_flag=True,
    help="Trust settings that reach beyond the project, this time [see: translate trust].",
)


def _shard(ctx: click.Context, parameter: click.Parameter, text: str | None) -> Shard:
    """Return the shard to work on; one that comes from the environment is announced."""
    if text is not None:
        shard = parse_shard(text)
        if shard is None:
            message = f"{text!r} is not K/N with K from 1 to N, for example 2/8"
            raise click.BadParameter(message, ctx, parameter)
        return shard
    shard = shard_from_environment(os.environ)
    if shard.origin and not ctx.resilient_parsing:
        echo(f"shard {shard} from {shard.origin}; for all articles: --shard 1/1", err=True)
    return shard


shard_option = click.option(
    "--shard",
    metavar="K/N",
    callback=_shard,
    help="Only the Kth of N parts of the articles [default: the task of a Slurm array, an indexed"
    " Kubernetes Job or a parallel GitLab job].",
)


jobs_option = click.option(
    "-j",
    "--jobs",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Number of processes [default: auto].",
)


def duration(ctx: click.Context, parameter: click.Parameter, text: str | None) -> float:
    """Convert a duration such as 90s, 15m or 1.5h to seconds; callback of an option."""
    if text is None:
        return 0.0
    match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)([smh]?)", text)
    seconds = float(match[1]) * {"": 1, "s": 1, "m": 60, "h": 3600}[match[2]] if match else 0.0
    if not seconds:
        raise click.BadParameter(f"{text!r} is no duration such as 90s, 15m or 2h", ctx, parameter)
    return seconds


def pattern_files(patterns: Sequence[str]) -> list[Path]:
    """Return the files that patterns name, each once; a pattern without files is wrong usage."""
    files: dict[Path, None] = {}
    for pattern in patterns:
        found = [Path(pattern)] if Path(pattern).is_file() else _matching(pattern)
        if not found:
            raise click.UsageError(f"--reports {pattern}: no such file")
        files |= dict.fromkeys(found)
    return list(files)


def _matching(pattern: str) -> list[Path]:
    """Return the files that a pattern of the shell matches, in order."""
    anchor = Path(pattern).anchor
    try:
        return sorted(Path(anchor).glob(pattern.removeprefix(anchor)))
    except (ValueError, NotImplementedError):  # "" and others that name nothing
        return []


def find_any_project(folder: Path | None) -> Project | None:
    """Load the project of a folder or of the working directory; None outside a project."""
    try:
        return load_project(folder)
    except NoProjectError:
        return None


def language_option(text: str) -> Callable[[F], F]:
    """Return the option `--lang` of a command for a single language."""
    return click.option(
        "-l",
        "--lang",
        "language",
        default="",
        metavar="CODE",
        help=text,
        shell_complete=completion.complete_languages,
    )


def engine_option(function: F) -> F:
    """Add `--engine`; imports the registry of engines only for commands that draft."""
    from pipeline.engines import engine_help

    return click.option(
        "--engine",
        default="",
        metavar="NAME",
        help=engine_help(),
        callback=_known_engine,
        shell_complete=completion.complete_engines,
    )(function)


def second_opinion_option(function: F) -> F:
    """Add `--second-opinion`, whose value is optional."""
    return click.option(
        "--second-opinion",
        is_flag=False,
        flag_value="auto",
        default="",
        metavar="[ENGINE]",
        help="Also draft with a second engine and show where it differs: auto (the next best "
        "installed), a name, or off [default: the setting].",
        callback=_known_second,
        shell_complete=completion.complete_engines,
    )(function)


def term_engine_option(function: F) -> F:
    """Add `--term-engine`."""
    return click.option(
        "--term-engine",
        default="",
        metavar="ENGINE",
        help="Second engine for texts whose drafts lack glossary terms: auto (the next best "
        "installed), a name, or off [default: the setting, auto].",
        callback=_known_term_engine,
        shell_complete=completion.complete_engines,
    )(function)


def _known_second(ctx: click.Context, parameter: click.Parameter, name: str) -> str:
    if name == "off":
        return name
    if name and Path(name).exists():  # an article that follows the option without a value
        message = f"{name} is a file, not an engine. Write --second-opinion=auto {name}."
        raise click.BadParameter(message, ctx, parameter)
    return _known_engine(ctx, parameter, name)


def _known_term_engine(ctx: click.Context, parameter: click.Parameter, name: str) -> str:
    return name if name == "off" else _known_engine(ctx, parameter, name)


def _known_engine(ctx: click.Context, parameter: click.Parameter, name: str) -> str:
    from pipeline.engines import AUTO, engine_names

    if name and name != AUTO and name not in engine_names():
        hint = suggest(name, [AUTO, *engine_names()], "Engines")
        raise click.BadParameter(f"there is no engine {name!r}. {hint}", ctx, parameter)
    return name


def quality_option(function: F) -> F:
    """Add `--quality`, as declared by the engines that have this option."""
    from pipeline.engines import command_line_options

    option, text = command_line_options()["quality"]
    return click.option(f"--{option.name}", type=click.Choice(option.choices), help=text)(function)


def review_options(function: F) -> F:
    """Add the options that select entries, and `--yes` and `--dry-run`."""
    options = (
        click.option(
            "--engine",
            default="",
            metavar="NAME",
            help="Only entries drafted by this engine, or from `memory` or `source`.",
            shell_complete=completion.complete_origins,
        ),
        click.option(
            "--match",
            default="",
            metavar="TEXT",
            help="Only entries with this text in the German or the translation.",
        ),
        click.option(
            "--findings/--no-findings",
            default=None,
            help="Only entries with findings of the checks, or without.",
        ),
        click.option("-y", "--yes", is_flag=True, help="Do not ask."),
        click.option("-n", "--dry-run", is_flag=True, help="Only show which entries would change."),
    )
    for option in reversed(options):
        function = option(function)
    return function
