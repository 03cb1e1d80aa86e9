"""Check catalogs: choose catalogs, checks and glossaries, run the checks, filter findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.checks import (
    CheckPlan,
    Tally,
    baseline,
    by_id,
    canonical_severities,
    check_catalogs,
    select_checks,
    validate_severities,
)
from pipeline.checks.git_changes import Changes
from pipeline.core import CatalogError, Finding, Severity, UnknownArticleError
from pipeline.project import Project
from pipeline.workflows.events import Events
from pipeline.workflows.outputs import BASELINE, require_writable, write_output

__all__ = ["CheckOptions", "accept_findings", "check"]

_RANKS = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Options of `check`.

    `paths` are catalogs or folders; without, all catalogs of the project are checked.
    `language` is that of catalogs whose header names none; `only` and `skip` are ids of
    checks; `lowest` is the lowest severity to report; `jobs` the number of processes
    (0: automatic). `force` replaces a file that is not a baseline.
    """

    paths: tuple[Path, ...] = ()
    glossaries: tuple[Path, ...] = ()
    language: str = ""
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    baseline: Path | None = None
    write_baseline: bool = False
    force: bool = False
    changed_since: str = ""
    require_reviewed: bool = False
    lowest: Severity = Severity.WARNING
    jobs: int = 0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The findings, found while they are read, and the tally, complete when all are read."""

    findings: Iterator[Finding]
    tally: Tally


def check(project: Project | None, options: CheckOptions, events: Events) -> CheckResult:
    """Run the checks over catalogs.

    Without a project, `options.paths` names the catalogs. Raises SettingsError for wrong
    settings, CatalogError if there is no catalog, and PipelineError if the baseline to write
    would replace another file; reading the findings raises
    GlossaryError, or CatalogError for a catalog that cannot be opened.
    """
    _validate_settings(project)
    if options.write_baseline and options.baseline is not None:
        require_writable(options.baseline, BASELINE, force=options.force)
    languages: dict[Path, str] = {}
    chosen = [options.language] if options.language else []
    if project is not None and not options.paths:
        codes = project.select_languages(chosen)
        languages = {path: code for code in codes for path in project.catalogs(code)}
    catalogs = list(languages) or find_catalogs(options.paths, project, chosen)
    tally = Tally()
    return CheckResult(_findings(project, options, catalogs, languages, tally), tally)


def accept_findings(result: CheckResult, path: Path, *, force: bool = False) -> int:
    """Write all findings to the baseline `path`; return their number.

    Raises PipelineError if the file exists and is not a baseline, unless `force` is set.
    """
    data, number = baseline.render(path, result.findings)
    write_output(path, data, BASELINE, force=force)
    return number


def find_catalogs(
    paths: Iterable[Path], project: Project | None = None, languages: Sequence[str] = ()
) -> list[Path]:
    """Return the catalogs that paths name: files, folders, and articles of a project.

    Raises CatalogError for a folder or article without any, ArticleError for an unknown name.
    """
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob("*.po")) if path.is_dir() else []
        if inside:
            found += inside
        elif project is not None and _may_be_article(project, path):
            found += project.select_catalogs(path, languages)
        elif path.is_dir():
            raise CatalogError(f"{path}: no .po file in this folder", "Name a folder of catalogs.")
        elif not path.exists():
            raise UnknownArticleError(f"{path}: no such file", "Name a catalog.")
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _may_be_article(project: Project, path: Path) -> bool:
    """Return whether a path that is no catalog may stand for articles."""
    return path.suffix != ".po" and (not path.exists() or project.is_article_path(path))


def _findings(
    project: Project | None,
    options: CheckOptions,
    catalogs: list[Path],
    languages: Mapping[Path, str],
    tally: Tally,
) -> Iterator[Finding]:
    plans: dict[Path, CheckPlan] = {}

    def plan(path: Path, header: str | None) -> CheckPlan:
        language = languages.get(path) or options.language or header
        if language == "":
            raise CatalogError(
                f"{path}: the header names no language",
                "Name it with --lang (for example --lang fr), or add the field Language.",
            )
        inside = project and path.resolve().is_relative_to(project.root.resolve())
        plans[path] = _plan(language or "", project if inside else None, options)
        return plans[path]

    findings = check_catalogs(catalogs, plan, jobs=options.jobs, tally=tally)
    if options.changed_since and catalogs:
        changes = Changes(options.changed_since, catalogs[0].resolve().parent)
        findings = _changed(findings, changes, plans)
    if options.baseline is not None and not options.write_baseline:
        findings = baseline.new(findings, baseline.load(options.baseline), options.baseline)
    for finding in findings:
        tally.found[finding.severity] = tally.found.get(finding.severity, 0) + 1
        if options.write_baseline or _RANKS[finding.severity] >= _RANKS[options.lowest]:
            yield finding


def _validate_settings(project: Project | None) -> None:
    """Raise SettingsError for settings that name an unknown check or severity."""
    for key, value in (project.checks if project else {}).items():
        table: Mapping[str, object] = value if isinstance(value, Mapping) else {key: value}
        validate_severities(table)


def _plan(language: str, project: Project | None, options: CheckOptions) -> CheckPlan:
    """Plan the checks of a language; `project` is the one that contains the catalog."""
    severities = canonical_severities(project.severities(language)) if project else {}
    checks = select_checks(options.only, options.skip, severities, options.require_reviewed)
    # A check named on the command line runs, even if the settings switch it off.
    active = tuple(sorted((k, v) for k, v in severities.items() if v != "off"))
    own = project.glossary(language) if project and language else None
    glossaries = options.glossaries or ((own,) if own is not None and own.is_file() else ())
    return CheckPlan(language, glossaries, active, checks)


def _changed(
    findings: Iterator[Finding], changes: Changes, plans: Mapping[Path, CheckPlan]
) -> Iterator[Finding]:
    """Drop findings in unchanged entries; a changed glossary concerns the texts of all."""
    for finding in findings:
        path = finding.path
        assert path is not None
        rule = by_id()[finding.check]
        compares_terms = rule.needs_glossary and rule.check_texts is not None
        glossaries = plans[path].glossaries if compares_terms else ()
        if changes.holds(path, finding.line) or any(map(changes.touched, glossaries)):
            yield finding
