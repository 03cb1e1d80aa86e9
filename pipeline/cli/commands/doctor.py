"""`translate doctor`: name what is damaged, and save what can be read into a copy."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from pipeline import project
from pipeline.catalog.recovery import RecoveredCatalog, recover
from pipeline.checks.reports import place
from pipeline.core.errors import CatalogError, NoProjectError, PipelineError, SettingsError
from pipeline.core.types import Finding, Severity
from pipeline.files import atomic
from pipeline.workflows.diagnose import catalog_findings, project_findings

SUFFIX = ".salvaged"


@click.command("doctor")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--salvage", is_flag=True, help="Write what can be read of FILES into copies.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path),
    help="The copy, of one file; implies --salvage [default: FILE.salvaged].",
)  # fmt: skip
@click.pass_obj
def command(
    folder: Path | None, files: tuple[Path, ...], salvage: bool, output: Path | None
) -> None:
    """Name what is damaged in catalogs or a project, and how to mend it.

    Looks at FILES (catalogs, or folders of them), else at the whole project: settings,
    articles, glossaries, catalogs, leftovers of killed runs, models. Nothing is changed:
    --salvage writes copies, in which what had to be guessed is fuzzy. Exits with 1 where
    something is damaged.
    """
    salvage = salvage or output is not None
    if salvage and not files:
        raise click.UsageError("Name the files to salvage.")
    paths = list(_catalogs(files))
    if output is not None and len(paths) != 1:
        raise click.UsageError("--output is for one file.")
    failed = False
    for finding in _findings(folder, files, paths):
        where = (place(finding.path) if finding.path else "") + (
            f":{finding.line}" if finding.line else ""
        )
        click.echo(f"{where}: {finding.severity} {finding.check}: {finding.message}")
        failed |= finding.severity is Severity.ERROR
    for path in paths if salvage else ():
        _salvage(path, output or path.with_name(path.name + SUFFIX))
    if failed and not salvage and files:
        click.echo("Save what can be read: translate doctor --salvage FILE", err=True)
    elif not failed:
        click.echo("No damage found.")
    sys.exit(1 if failed else 0)


def _catalogs(files: Sequence[Path]) -> Iterator[Path]:
    for path in files:
        yield from sorted(path.rglob("*.po")) if path.is_dir() else (path,)


def _findings(
    folder: Path | None, files: Sequence[Path], paths: Sequence[Path]
) -> Iterator[Finding]:
    if files:
        for path in paths:
            yield from catalog_findings(path)
        return
    try:
        found = project.load_project(folder)
    except NoProjectError:
        raise
    except SettingsError as error:
        message = f"{error.message}. {error.hint}"
        yield Finding("settings", Severity.ERROR, message, folder or Path.cwd())
        return
    yield from project_findings(found)


def _salvage(path: Path, copy: Path) -> None:
    """Write the readable part of a damaged file to `copy`, and tell what is not in it."""
    if copy.exists() and copy.samefile(path):
        raise click.UsageError(f"{copy} is the original, which stays as it is.")
    read = salvage(path)
    if not read.findings:
        return
    if not read.text.entries:
        raise CatalogError(f"{path}: nothing in it can be read", "Restore it from a copy.")
    if copy.exists() and copy.read_bytes() != read.data():
        raise PipelineError(f"{copy}: is there already", "Name another copy with --output.")
    atomic.write_atomic(copy, read.data())
    messages = sum(bool(entry.source) for entry in read.text.entries)
    click.echo(f"{copy}: {messages} entries, {read.guessed} of them guessed in part")
    for number, line in read.omitted_lines:
        click.echo(f"  left out: line {number}: {line.strip()[:70]}")


def salvage(path: Path) -> RecoveredCatalog:
    """Read what can be read of a catalog; raises CatalogError for one that cannot be opened."""
    try:
        return recover(path, path.read_bytes())
    except OSError as error:
        raise CatalogError(f"{path}: {error.strerror}", "Check its rights.") from error
