"""`translate check`: run the checks over catalogs and report the findings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from pipeline.checks import CHECKS, by_id
from pipeline.checks.docs import explain as explained
from pipeline.checks.docs import overview
from pipeline.checks.reports import REPORTS, reporter
from pipeline.checks.reports.text import summary
from pipeline.cli.completion import complete_checks
from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import jobs_option, language_option, paths_argument, shard_option
from pipeline.cli.output import echo, echo_data, echo_json, echo_styled
from pipeline.core import NoCatalogsError, NoProjectError, Severity, suggest
from pipeline.core.secrets import environment_secrets
from pipeline.glossary import target_language
from pipeline.project import Project, load_project
from pipeline.workflows.check import CheckOptions, CheckResult, accept_findings, check
from pipeline.workflows.check_plans import GlossaryFile
from pipeline.workflows.outputs import REPORT, is_stdout, is_stream, require_writable, write_output

_ALL = "*"
_EXPLAINED = ("id", "severity", "summary", "why", "fix", "aliases", "optional", "wrong", "right")
_FILE = click.Path(dir_okay=False, path_type=Path)
_NAMED_GLOSSARY = re.compile(r"([A-Za-z]{2,3}(?:[_-][A-Za-z]+)?(?:@[a-z]+)?)=(.+)", re.DOTALL)


def _glossaries(
    ctx: click.Context, param: click.Parameter, values: tuple[str, ...]
) -> tuple[GlossaryFile, ...]:
    """Return files and their languages: of `LANG=FILE`, of the name `de-fr.csv`, or ""."""
    return tuple(_glossary(value) for value in values)


def _glossary(value: str) -> GlossaryFile:
    match = None if Path(value).is_file() else _NAMED_GLOSSARY.fullmatch(value)
    path = Path(match[2] if match else value)
    if not path.is_file():
        raise click.BadParameter(f"File {str(path)!r} does not exist.")
    return match[1] if match else target_language(path), path


@click.command()
@paths_argument
@click.option(
    "--glossary",
    "glossaries",
    multiple=True,
    metavar="[LANG=]FILE",
    callback=_glossaries,
    help="Glossary of a language: de-fr.csv, or fr=FILE (FILE: of all catalogs). Repeatable.",
)
@click.option(
    "--require-glossary", is_flag=True, help="Fail if a language is checked without a glossary."
)
@shard_option
@language_option("Only this language of the project; language of headers without one.")
@click.option(
    "--format",
    "style",
    type=click.Choice(list(REPORTS)),
    default="text",
    show_default=True,
    help="Format of the report.",
)
@click.option("--json", "as_json", is_flag=True, help="Same as --format json.")
@click.option(
    "-o", "--output", type=_FILE, help="Write the report to this file; - is standard output."
)
@click.option(
    "--check",
    "only",
    multiple=True,
    metavar="ID",
    help="Run only this check.",
    shell_complete=complete_checks,
)
@click.option(
    "--skip",
    multiple=True,
    metavar="ID",
    help="Skip this check.",
    shell_complete=complete_checks,
)
@click.option("--baseline", type=_FILE, help="Report only findings that this file does not accept.")
@click.option("--write-baseline", is_flag=True, help="Write all findings to --baseline.")
@click.option("--force", is_flag=True, help="Replace a file that is no report or baseline.")
@click.option(
    "--changed-since",
    default="",
    metavar="REV",
    help="Check only entries changed since this revision in git.",
)
@click.option("--approved-only", is_flag=True, help="Check only approved entries, no drafts.")
@click.option("--require-reviewed", is_flag=True, help="Entries that are not approved are errors.")
@click.option("--allow-empty", is_flag=True, help="Succeed if there is nothing to check.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("-q", "--quiet", is_flag=True, help="Report only errors.")
@click.option(
    "-v", "--verbose", is_flag=True, help="Report information too, and the confidence of drafts."
)
@jobs_option
@click.option(
    "--explain",
    metavar="[ID]",
    is_flag=False,
    flag_value=_ALL,
    help="Explain a check and how to fix its findings; without ID, list the checks.",
    shell_complete=complete_checks,
)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    style: str,
    as_json: bool,
    output: Path | None,
    strict: bool,
    quiet: bool,
    verbose: bool,
    explain: str | None,
    **given: Any,
) -> None:
    """Check catalogs: glossary, numbers, markup and more.

    PATHS are .po files or folders of them, or articles of this project; without PATHS, all
    catalogs of the project are checked, or those below the current folder. Each catalog is
    checked with the settings and glossary of the nearest project above it, otherwise with
    the nearest folder glossary/ beside or above it. The source language is German. Exits
    with 1 if there are errors, and with 2 if nothing was checked.
    """
    if explain is not None:
        _explain(explain, as_json or style == "json")
        return
    style = "json" if as_json else style
    lowest = Severity.ERROR if quiet else Severity.INFO if verbose else Severity.WARNING
    options = CheckOptions(lowest=lowest, **given)
    for name in (*options.only, *options.skip):
        _known(name)
    if options.write_baseline and options.baseline is None:
        raise click.UsageError("--write-baseline needs --baseline FILE.")
    if options.approved_only and options.require_reviewed:
        raise click.UsageError("--approved-only hides what --require-reviewed reports.")
    output = None if is_stdout(output) else output
    if output is not None and not options.write_baseline:
        require_writable(output, REPORT, force=options.force)
    result = check(_project(ctx.obj), options, ConsoleEvents())
    tally = result.tally
    if options.write_baseline and options.baseline is not None:
        failing = _write_baseline(result, options.baseline, options.force)
    else:
        pieces = reporter(style, verbose=verbose)(result.findings, tally)
        _report(pieces, style, output, options.force)
        if output is not None:
            echo(summary(tally), err=True)
        failing = tally.found.get(Severity.ERROR, 0)
        failing += tally.found.get(Severity.WARNING, 0) if strict else 0
    if result.checked_nothing and not options.allow_empty:
        raise NoCatalogsError(
            "nothing was checked: the catalogs have no entries to check",
            "Name other catalogs, or add --allow-empty.",
        )
    ctx.exit(1 if failing else 0)


def _write_baseline(result: CheckResult, path: Path, force: bool) -> int:
    """Accept the findings; report those that cannot be accepted, and return their number."""
    done = accept_findings(result, path, force=force)
    for line in reporter("text")(done.refused, result.tally) if done.refused else ():
        echo(click.unstyle(line), nl=False, err=True)
    echo(f"{path}: {done.accepted} accepted", err=is_stream(path))
    return len(done.refused)


def _project(folder: Path | None) -> Project | None:
    """Load the project to check, and whose articles may be named; it is optional."""
    try:
        return load_project(folder)
    except NoProjectError:
        if folder is not None:
            raise
        return None


def _explain(name: str, as_json: bool) -> None:
    """Print the explanation of a check, or the list of all."""
    if as_json:
        chosen = CHECKS if name == _ALL else (by_id()[_known(name)],)
        echo_json([{key: getattr(one, key) for key in _EXPLAINED} for one in chosen])
    else:
        text = overview() if name == _ALL else explained(by_id()[_known(name)])
        echo(text, nl=False)


def _known(name: str) -> str:
    if name not in by_id():
        hint = suggest(name, by_id(), "Checks")
        raise click.UsageError(f"There is no check {name!r}. {hint}")
    return name


def _report(pieces: Iterable[str], style: str, output: Path | None, force: bool) -> None:
    if output is None:
        for piece in pieces:
            if style == "text":
                echo_styled(piece)
            else:
                echo_data(piece, nl=False)
        return
    text = click.unstyle("".join(pieces))
    shown = environment_secrets().redact(text)
    write_output(output, shown.encode(), REPORT, force=force)
