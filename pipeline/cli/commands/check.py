"""`translate check`: run the checks over catalogs and report the findings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from pipeline.checks import by_id
from pipeline.checks.docs import explain as explained
from pipeline.checks.docs import overview
from pipeline.checks.reports import REPORTS, reporter
from pipeline.cli.completion import complete_checks
from pipeline.cli.console import ConsoleEvents
from pipeline.cli.options import language_option, paths_argument
from pipeline.cli.output import echo, echo_data, echo_styled
from pipeline.core import NoProjectError, Severity, suggest
from pipeline.project import Project, load_project
from pipeline.workflows.check import CheckOptions, accept_findings, check
from pipeline.workflows.outputs import REPORT, is_stdout, is_stream, require_writable, write_output

_ALL = "*"
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@paths_argument
@click.option(
    "--glossary", "glossaries", multiple=True, type=_FILE, help="Glossary file; may be repeated."
)
@language_option("Only this language, and the language of catalogs whose header names none.")
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
@click.option("--require-reviewed", is_flag=True, help="Entries that are not approved are errors.")
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("-q", "--quiet", is_flag=True, help="Report only errors.")
@click.option(
    "-v", "--verbose", is_flag=True, help="Report information too, and the confidence of drafts."
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Number of processes [default: auto].",
)
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

    PATHS are .po files or folders of them, of this project or of any other, or articles of
    this project; without PATHS, all catalogs of the project are checked. The source
    language is German. Exits with 1 if there are errors.
    """
    if explain is not None:
        text = overview() if explain == _ALL else explained(by_id()[_known(explain)])
        echo(text, nl=False)
        return
    style = "json" if as_json else style
    lowest = Severity.ERROR if quiet else Severity.INFO if verbose else Severity.WARNING
    options = CheckOptions(lowest=lowest, **given)
    for name in (*options.only, *options.skip):
        _known(name)
    if options.write_baseline and options.baseline is None:
        raise click.UsageError("--write-baseline needs --baseline FILE.")
    output = None if is_stdout(output) else output
    if output is not None and not options.write_baseline:
        require_writable(output, REPORT, force=options.force)
    result = check(_project(ctx.obj, options), options, ConsoleEvents())
    tally = result.tally
    if options.write_baseline and options.baseline is not None:
        number = accept_findings(result, options.baseline, force=options.force)
        echo(f"{options.baseline}: {number} accepted", err=is_stream(options.baseline))
        return
    pieces = reporter(style, verbose=verbose)(result.findings, tally)
    _report(pieces, style, output, options.force)
    failing = tally.found.get(Severity.ERROR, 0)
    if strict:
        failing += tally.found.get(Severity.WARNING, 0)
    ctx.exit(1 if failing else 0)


def _project(folder: Path | None, options: CheckOptions) -> Project | None:
    """Load the project whose settings and glossaries apply; with paths, it is optional."""
    try:
        return load_project(folder)
    except NoProjectError:
        if folder is not None or not options.paths:
            raise
        return None


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
    write_output(output, text.encode(), REPORT, force=force)
