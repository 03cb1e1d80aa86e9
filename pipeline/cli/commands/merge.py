"""`translate merge`: merge two versions of a catalog, by hand or as git's merge driver."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipeline.cli.console import ConsoleEvents
from pipeline.cli.output import echo
from pipeline.workflows.merge import MergeOptions, merge

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("merge")
@click.argument("base", type=_FILE)
@click.argument("ours", type=_FILE)
@click.argument("theirs", type=_FILE)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the result to this file; - is standard output [default: OURS].",
)
@click.option("--force", is_flag=True, help="Replace an output file that is not an input.")
@click.option(
    "--path",
    "name",
    default="",
    metavar="NAME",
    help="Name of the catalog in messages (git's %P).",
)
def command(
    base: Path, ours: Path, theirs: Path, output: Path | None, force: bool, name: str
) -> None:
    """Merge two versions of a catalog, entry by entry, as git's merge driver.

    BASE is the common ancestor of OURS and THEIRS; it may be empty. If two humans
    translated a text differently, the entry keeps OURS, marked fuzzy, and comments quote
    both; the exit code is then 1, as git expects. For the setup in git, see
    docs/catalogs.md.
    """
    options = MergeOptions(base, ours, theirs, output, name, force)
    result = merge(options, ConsoleEvents())
    for entry in result.conflicts:
        text = " ".join(entry.source.split())[:60] or "the header"
        echo(f"{options.label}:{entry.line}: two translations: {text}", err=True)
    if result.conflicts:
        advice = "Choose one in each entry, remove the lines `conflict:`, then git add."
        echo(f"  {advice}", err=True)
    sys.exit(1 if result.conflicts else 0)
