"""The command `translate check`: run the checks over catalogs and report what they find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from pipeline import project
from pipeline.checks import baseline as baselines
from pipeline.checks.docs import explain as explained
from pipeline.checks.docs import overview
from pipeline.checks.examine import CheckPlan
from pipeline.checks.git_changes import Changes
from pipeline.checks.registry import by_id
from pipeline.checks.reports import REPORTS, reporter
from pipeline.checks.runner import Tally, check_catalogs, chosen
from pipeline.core.errors import CatalogError, NoProjectError, SettingsError
from pipeline.core.types import Finding, Severity
from pipeline.files import atomic
from pipeline.project import Project

_RANKS = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}
_ALL = "*"
_FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for: its options by name, see their help.

    `lowest` is the severity from which on findings are reported.
    """

    paths: tuple[Path, ...] = ()
    glossaries: tuple[Path, ...] = ()
    language: str = ""
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    baseline: Path | None = None
    write_baseline: bool = False
    changed_since: str = ""
    require_reviewed: bool = False
    lowest: Severity = Severity.WARNING
    jobs: int = 0


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--glossary", "glossaries", multiple=True, type=_FILE, help="Glossary file; may be repeated."
)
@click.option(
    "--lang", "language", default="", help="Language of catalogs whose header names none."
)
@click.option(
    "--format",
    "style",
    type=click.Choice(list(REPORTS)),
    default="text",
    show_default=True,
    help="How to report.",
)
@click.option("-o", "--output", type=_FILE, help="Write the report to this file.")
@click.option("--check", "only", multiple=True, metavar="ID", help="Run only this check.")
@click.option("--skip", multiple=True, metavar="ID", help="Leave this check out.")
@click.option("--baseline", type=_FILE, help="Report only what this file does not accept.")
@click.option("--write-baseline", is_flag=True, help="Accept all findings: write --baseline.")
@click.option("--changed-since", default="", metavar="REV", help="Only entries changed in git.")
@click.option("--require-reviewed", is_flag=True, help="An entry not approved is an error.")
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option("-q", "--quiet", is_flag=True, help="Report errors alone.")
@click.option(
    "-v", "--verbose", is_flag=True, help="Report information too, and how sure drafts are."
)
@click.option("-j", "--jobs", type=click.IntRange(0), default=0, help="Processes [default: auto].")
@click.option(
    "--explain",
    metavar="[ID]",
    is_flag=False,
    flag_value=_ALL,
    help="Say what a check finds and how to mend it; without ID, list the checks.",
)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    style: str,
    output: Path | None,
    strict: bool,
    quiet: bool,
    verbose: bool,
    explain: str | None,
    **given: Any,
) -> None:
    """Check catalogs: glossary, numbers, markup and more.

    PATHS are .po files or folders of them, of this project or of any other; without
    PATHS, all catalogs of the project are checked. The source language is German.
    Exits with 1 where there are errors.
    """
    if explain is not None:
        text = overview() if explain == _ALL else explained(by_id()[_known(explain)])
        click.echo(text, nl=False)
        return
    lowest = Severity.ERROR if quiet else Severity.INFO if verbose else Severity.WARNING
    options = Options(lowest=lowest, **given)
    for name in (*options.only, *options.skip):
        _known(name)
    tally = Tally()
    findings = check(ctx.obj, options, tally)
    if options.write_baseline:
        if options.baseline is None:
            raise click.UsageError("--write-baseline needs --baseline FILE.")
        number = baselines.write(options.baseline, findings)
        click.echo(f"{options.baseline}: {number} accepted")
        return
    _report(reporter(style, verbose=verbose)(findings, tally), output)
    failing = tally.found.get(Severity.ERROR, 0)
    if strict:
        failing += tally.found.get(Severity.WARNING, 0)
    ctx.exit(1 if failing else 0)


def check(folder: Path | None, options: Options, tally: Tally) -> Iterator[Finding]:
    """Check what the options name; `tally` is complete when all findings are read.

    `folder` is the project's, None for the one around. Raises SettingsError,
    GlossaryError, or CatalogError.
    """
    home = _project(folder, options)
    _check_severities(home)
    languages: dict[Path, str] = {}
    if home is not None and not options.paths:
        languages = {p: language for language in home.languages for p in home.catalogs(language)}
    catalogs = list(languages) or _files(options.paths)
    plans: dict[Path, CheckPlan] = {}

    def plan(path: Path, header: str | None) -> CheckPlan:
        language = languages.get(path) or options.language or header
        if language == "":
            raise CatalogError(
                f"{path}: the header names no language",
                "Name it with --lang (for example --lang fr), or add the field Language.",
            )
        ours = home if home and path.resolve().is_relative_to(home.root.resolve()) else None
        plans[path] = _plan(language or "", ours, options)
        return plans[path]

    findings = check_catalogs(catalogs, plan, jobs=options.jobs, tally=tally)
    if options.changed_since and catalogs:
        changes = Changes(options.changed_since, catalogs[0].resolve().parent)
        findings = _limited(findings, changes, plans)
    if options.baseline is not None and not options.write_baseline:
        findings = baselines.new(findings, baselines.load(options.baseline), options.baseline)
    for finding in findings:
        tally.found[finding.severity] = tally.found.get(finding.severity, 0) + 1
        if options.write_baseline or _RANKS[finding.severity] >= _RANKS[options.lowest]:
            yield finding


def _project(folder: Path | None, options: Options) -> Project | None:
    """The project whose settings and glossaries count; with paths, there need not be one."""
    try:
        return project.load_project(folder)
    except NoProjectError:
        if folder is not None or not options.paths:
            raise
        return None


def _known(name: str) -> str:
    if name not in by_id():
        near = get_close_matches(name, by_id(), 1)
        hint = f"Did you mean {near[0]}?" if near else f"Checks: {', '.join(by_id())}."
        raise click.UsageError(f"There is no check {name!r}. {hint}")
    return name


def _check_severities(home: Project | None) -> None:
    """Refuse settings that name an unknown check or severity. Raises SettingsError."""
    for key, value in (home.checks if home else {}).items():
        table: Mapping[str, object] = value if isinstance(value, Mapping) else {key: value}
        for name, severity in table.items():
            if name not in by_id():
                near = get_close_matches(name, by_id(), 1)
                hint = f"Did you mean {near[0]!r}?" if near else f"Checks: {', '.join(by_id())}."
                raise SettingsError(f"checks: there is no check {name!r}", hint)
            if severity not in (*Severity, "off"):
                hint = f"Write {', '.join(Severity)} or off."
                raise SettingsError(f"checks: {name} = {severity!r} is no severity", hint)


def _plan(language: str, home: Project | None, options: Options) -> CheckPlan:
    """How the catalogs of a language are checked; `home` is the project that they are in."""
    severities = home.severities(language) if home else {}
    wanted = chosen(options.only, options.skip, severities, options.require_reviewed)
    # A check that is asked for by name runs, whatever the settings switched off.
    given = tuple(sorted((k, v) for k, v in severities.items() if v != "off"))
    own = home.glossary(language) if home and language else None
    files = options.glossaries or ((own,) if own is not None and own.is_file() else ())
    return CheckPlan(language, files, given, wanted)


def _files(paths: Iterable[Path]) -> list[Path]:
    """The .po files that paths name; raises CatalogError for a folder without any."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(path.rglob("*.po"))
        if not inside:
            raise CatalogError(f"{path}: no .po file in it", "Name catalogs or their folder.")
        found += inside
    return list(dict.fromkeys(found))


def _limited(
    findings: Iterator[Finding], changes: Changes, plans: Mapping[Path, CheckPlan]
) -> Iterator[Finding]:
    """Leave out findings in entries that did not change; a changed glossary concerns all."""
    for finding in findings:
        path = finding.path
        assert path is not None
        glossaries = plans[path].glossaries if finding.check == "terminology" else ()
        if changes.holds(path, finding.line) or any(map(changes.touched, glossaries)):
            yield finding


def _report(pieces: Iterable[str], output: Path | None) -> None:
    if output is None:
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    text = click.unstyle("".join(pieces))
    atomic.write_atomic(output, text.encode())
