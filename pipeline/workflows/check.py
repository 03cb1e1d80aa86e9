"""Check catalogs: choose catalogs, checks and glossaries, run the checks, filter findings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from pipeline.checks import (
    CHECKS,
    MALFORMED,
    TERMINOLOGY,
    CheckPlan,
    Notice,
    Tally,
    baseline,
    by_id,
    check_catalogs,
)
from pipeline.checks.git_changes import Changes
from pipeline.checks.reports import place
from pipeline.core import (
    CatalogError,
    Finding,
    NoCatalogsError,
    Severity,
    UnknownArticleError,
    counted,
)
from pipeline.core.file_names import real_path
from pipeline.project import Project
from pipeline.workflows.check_plans import (
    GlossaryFile,
    PlanOptions,
    Plans,
    validate_project_severities,
)
from pipeline.workflows.events import Events
from pipeline.workflows.outputs import BASELINE, require_writable, write_output
from pipeline.workflows.shards import ALL, Shard

__all__ = ["AcceptResult", "CheckOptions", "CheckResult", "accept_findings", "check"]

_RANKS = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}

_OTHERS_FOLDERS = ("node_modules", "site-packages")
_ENVIRONMENT = "pyvenv.cfg"


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Options of `check`.

    `paths` are catalogs, folders, or articles of the project; without, all catalogs of the
    project are checked, or those below the working directory. `glossaries` replace those of the
    catalogs' locations. `language` limits the catalogs of the project, and is that of catalogs
    whose header names none; `only` and `skip` are ids of
    checks; `lowest` is the lowest severity to report; `jobs` the number of processes
    (0: automatic). `force` replaces a file that is not a baseline. `shard` limits the check to
    the catalogs of a shard; checks that compare catalogs then compare only these.

    `require_glossary` reports an error for a language whose terminology is not checked,
    `approved_only` leaves out entries that no human has approved, and `allow_empty` accepts
    that there is nothing to check.
    """

    paths: tuple[Path, ...] = ()
    glossaries: tuple[GlossaryFile, ...] = ()
    language: str = ""
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    baseline: Path | None = None
    write_baseline: bool = False
    force: bool = False
    changed_since: str = ""
    require_reviewed: bool = False
    require_glossary: bool = False
    approved_only: bool = False
    allow_empty: bool = False
    lowest: Severity = Severity.WARNING
    jobs: int = 0
    shard: Shard = ALL


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The findings, found while they are read, and the tally, complete when all are read.

    `is_empty_shard` means that there are catalogs, but all belong to other shards.
    """

    findings: Iterator[Finding]
    tally: Tally
    is_empty_shard: bool = False

    @property
    def checked_nothing(self) -> bool:
        """Whether no entry was checked and no error says why; valid once all are read."""
        found = self.tally.entries or self.tally.found.get(Severity.ERROR)
        return not found and not self.is_empty_shard


@dataclass(frozen=True, slots=True)
class AcceptResult:
    """The number of accepted findings, and the findings that no baseline can accept."""

    accepted: int
    refused: tuple[Finding, ...] = ()


def check(project: Project | None, options: CheckOptions, events: Events) -> CheckResult:
    """Run the checks over catalogs, each with the settings and glossary of its own location.

    Without `options.paths`, the catalogs of `project` are checked; with them, it is the one
    whose articles may be named. Raises SettingsError for wrong settings, NoCatalogsError if
    there is no catalog, UnknownArticleError for an unknown path, and PipelineError if the
    baseline to write would replace another file; reading the findings raises SettingsError or
    GlossaryError. When all findings are read, the notices of the tally are complete, and
    reported as warnings.
    """
    if project is not None:
        validate_project_severities(project)
    if options.write_baseline and options.baseline is not None:
        require_writable(options.baseline, BASELINE, force=options.force)
    tally = Tally()
    own: dict[Path, tuple[Project, str]] = {}
    if project is not None and not options.paths:
        own = _own_catalogs(project, options.language)
        tally.notices += _left_out(project, own) if not options.language else ()
    catalogs = list(own) or _find_catalogs(project, options)
    everything = len(catalogs)
    if options.shard.count > 1:
        catalogs = [p for p in catalogs if options.shard.holds(_shard_name(p, project, own))]
        tally.notices.append(_shard_notice(options.shard, len(catalogs), everything))
    plan_options = PlanOptions(
        options.glossaries,
        options.language,
        options.only,
        options.skip,
        options.require_reviewed,
        options.approved_only,
    )
    plans = Plans(plan_options, own)
    findings = _findings(plans, catalogs, options, tally, events)
    return CheckResult(findings, tally, is_empty_shard=everything > 0 and not catalogs)


def accept_findings(result: CheckResult, path: Path, *, force: bool = False) -> AcceptResult:
    """Write all findings to the baseline `path`, except catalogs that cannot be checked.

    Raises PipelineError if the file exists and is not a baseline, unless `force` is set.
    """
    refused: list[Finding] = []

    def acceptable() -> Iterator[Finding]:
        for finding in result.findings:
            if finding.check == MALFORMED:
                refused.append(finding)
            else:
                yield finding

    data, number = baseline.render(path, acceptable())
    write_output(path, data, BASELINE, force=force)
    return AcceptResult(number, tuple(refused))


def _own_catalogs(project: Project, language: str) -> dict[Path, tuple[Project, str]]:
    """Return the catalogs of a project, in a language if it is named, with their languages."""
    return {
        path: (project, code)
        for code in project.select_languages([language] if language else [])
        for path in _catalogs_below(project.catalog_folder(code))
    }


def _shard_name(
    path: Path, project: Project | None, own: Mapping[Path, tuple[Project, str]]
) -> PurePath:
    """Return the name of the article of a catalog, by which its shard is found.

    Outside of projects, the name is the path of the catalog in the working directory.
    """
    folder: Path | None = None
    if path in own:
        owner, code = own[path]
        return path.relative_to(owner.catalog_folder(code)).with_suffix("")
    if project is not None and (code := project.catalog_language(path)):
        folder = real_path(project.catalog_folder(code))
    real, here = real_path(path), folder or Path.cwd()
    return (real.relative_to(here) if real.is_relative_to(here) else real).with_suffix("")


def _shard_notice(shard: Shard, catalogs: int, everything: int) -> Notice:
    comparing = ", ".join(check.id for check in CHECKS if check.aggregator)
    return Notice(
        f"shard {shard}: {catalogs} of {counted(everything, 'catalog')}; "
        f"checks that compare catalogs see only these: {comparing}"
    )


def _left_out(project: Project, own: Mapping[Path, tuple[Project, str]]) -> Iterator[Notice]:
    """Yield notices of languages without catalogs, and of catalogs without a language."""
    found = {code for _, code in own.values()}
    for code in project.languages if own else ():
        if code not in found:
            folder = place(project.catalog_folder(code))
            yield Notice(f"no catalogs in {folder}: nothing of {code} checked", code)
    output = project.root / project.output_dir
    others = [path for path in _catalogs_below(output, others=False) if path not in own]
    if others:
        number = "1 catalog" if len(others) == 1 else f"{len(others)} catalogs"
        reason = f"not in the folder of a language of the project ({', '.join(project.languages)})"
        yield Notice(f"{number} not checked: {reason}, for example {place(others[0])}")


def _find_catalogs(project: Project | None, options: CheckOptions) -> list[Path]:
    """Return the catalogs that paths name, or those below the working directory.

    A path may also name articles of the project. Raises NoCatalogsError if there is none, or
    none in a folder that was named, and UnknownArticleError for an unknown name.
    """
    found: list[Path] = []
    languages = [options.language] if options.language else []
    for path in options.paths:
        inside = _catalogs_below(path) if path.is_dir() else []
        if inside:
            found += inside
        elif project is not None and _may_be_article(project, path):
            found += project.select_catalogs(path, languages)
        elif not os.path.lexists(path):
            raise UnknownArticleError(f"{path}: no such file", "Name a catalog.")
        elif not path.is_dir():
            found.append(path)
        elif not options.allow_empty:
            hint = "Name a folder of catalogs, or add --allow-empty."
            raise NoCatalogsError(f"{path}: no .po file in this folder", hint)
    if project is None and not options.paths:
        found = _catalogs_below(Path(), others=False)
    if not found and not options.allow_empty:
        if project is None:
            hint = "Name catalogs or folders, or add --allow-empty."
            raise NoCatalogsError("no .po file below this folder, and no project", hint)
        folder = place(project.root / project.output_dir)
        hint = "Create them with `translate extract`, or add --allow-empty."
        raise NoCatalogsError(f"no catalogs in {folder}", hint)
    return list(dict.fromkeys(found))


def _may_be_article(project: Project, path: Path) -> bool:
    """Return whether a path that is no catalog may stand for articles."""
    return path.suffix != ".po" and (not path.exists() or project.is_article_path(path))


def _catalogs_below(folder: Path, *, others: bool = True) -> list[Path]:
    """Return the .po files below a folder, in order.

    Without `others`, leave out hidden folders and those of installed packages. Raises
    CatalogError for a folder that cannot be read.
    """

    def fail(error: OSError) -> None:
        raise CatalogError(
            f"{error.filename}: {error.strerror}", "Check its permissions."
        ) from error

    def is_own(parent: str, name: str) -> bool:
        is_environment = Path(parent, name, _ENVIRONMENT).is_file()
        return not (name.startswith(".") or name in _OTHERS_FOLDERS or is_environment)

    if not folder.exists():
        return []
    found: list[Path] = []
    for parent, folders, files in os.walk(folder, onerror=fail):
        if not others:
            folders[:] = [name for name in folders if is_own(parent, name)]
        found += [Path(parent, name) for name in files if name.lower().endswith(".po")]
    # A broken link is a finding; a FIFO would block.
    return sorted(path for path in found if path.is_file() or not path.exists())


def _findings(
    plans: Plans, catalogs: list[Path], options: CheckOptions, tally: Tally, events: Events
) -> Iterator[Finding]:
    findings = check_catalogs(catalogs, plans.plan, jobs=options.jobs, tally=tally)
    if options.changed_since and catalogs:
        changes = Changes(options.changed_since, real_path(catalogs[0]).parent)
        findings = _changed(findings, changes, plans.by_path)
    if options.baseline is not None and not options.write_baseline:
        accepted = baseline.load(options.baseline)
        findings = baseline.new(findings, accepted, options.baseline, tally)
    for finding in findings:
        tally.found[finding.severity] = tally.found.get(finding.severity, 0) + 1
        if options.write_baseline or _RANKS[finding.severity] >= _RANKS[options.lowest]:
            yield finding
    unchecked = list(plans.unchecked_terminology())
    if options.require_glossary:
        unchecked += plans.switched_off()
    tally.notices += [notice for notice, _ in unchecked]
    tally.notices += plans.unused_glossaries()
    if options.require_glossary and not options.write_baseline:
        for notice, path in unchecked:
            tally.found[Severity.ERROR] = tally.found.get(Severity.ERROR, 0) + 1
            message, language = notice.message, notice.language
            yield Finding(TERMINOLOGY, Severity.ERROR, message, path, language=language)
    for notice in tally.notices:
        events.warn(notice.message)


def _changed(
    findings: Iterable[Finding], changes: Changes, plans: Mapping[Path, CheckPlan]
) -> Iterator[Finding]:
    """Drop findings in unchanged entries; a changed glossary concerns the texts of all."""
    for finding in findings:
        path = finding.path
        assert path is not None
        rule = by_id()[finding.check]
        compares_terms = rule.needs_glossary and rule.check_texts is not None
        glossaries = plans[path].glossaries if compares_terms else ()
        # Damage hides every entry, also the changed ones.
        line = 0 if finding.check == MALFORMED else finding.line
        if changes.holds(path, line) or any(map(changes.touched, glossaries)):
            yield finding
