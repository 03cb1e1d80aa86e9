"""Plan the checks of each catalog with the settings and the glossary of its own location.

A catalog belongs to the nearest project above it. Outside of projects, its glossary is in the
nearest folder `glossary` beside or above it that has one for its language. So one command, for
example a hook at the root of a repository, checks the catalogs of several projects.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pipeline.catalog import CatalogHeader
from pipeline.checks import (
    CheckPlan,
    Notice,
    by_id,
    canonical_severities,
    has_terms,
    select_checks,
    validate_severities,
)
from pipeline.checks.reports import place
from pipeline.core import GlossaryError, NoProjectError, base_language
from pipeline.core.file_names import real_path
from pipeline.glossary import target_language
from pipeline.project import Project, find_project
from pipeline.workflows.unused_glossaries import unused_glossaries

__all__ = ["GlossaryFile", "PlanOptions", "Plans"]

_GLOSSARY_FOLDER = "glossary"
_REPOSITORY = ".git"

GlossaryFile = tuple[str, Path]
"""A language ("": that of all catalogs), and a glossary file for it."""


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """Options of `Plans`, as in `CheckOptions`."""

    glossaries: tuple[GlossaryFile, ...] = ()
    language: str = ""
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    require_reviewed: bool = False
    approved_only: bool = False


@dataclass(slots=True)
class _Unchecked:
    """Catalogs of one language and project whose terminology is not checked, and why."""

    first: Path
    reason: str
    fix: str
    catalogs: int = 0

    @property
    def message(self) -> str:
        """The reason and how to change it."""
        where = f" in {self.catalogs} catalogs" if self.catalogs > 1 else ""
        return f"{self.reason}{where} ({self.fix})"


@dataclass
class Plans:
    """The plans of catalogs by path, and what they leave unchecked.

    `own` are the catalogs of a project that were found in its folders, with their languages.
    """

    options: PlanOptions
    own: Mapping[Path, tuple[Project, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start without plans."""
        self.by_path: dict[Path, CheckPlan] = {}
        self._projects: dict[Path, Project | None] = {}
        self._folders: dict[Path, _GlossaryFolder] = {}
        self._unchecked: dict[tuple[str, Path | None], _Unchecked] = {}
        self._used: set[Path] = set()
        self._unnamed = tuple(path for code, path in self.options.glossaries if not code)
        self._language_of_unnamed = self.options.language

    def plan(self, path: Path, header: CatalogHeader | None) -> CheckPlan:
        """Return the plan of a catalog; `header` is None for a damaged catalog.

        Raises SettingsError for the settings of its project, GlossaryError for its glossary.
        """
        project = self._project(path)
        language = self._language(path, project, header)
        severities = canonical_severities(project.severities(language)) if project else {}
        options = self.options
        checks = select_checks(options.only, options.skip, severities, options.require_reviewed)
        # A check named on the command line runs, even if the settings switch it off.
        active = tuple(sorted((k, v) for k, v in severities.items() if v != "off"))
        glossaries = self._glossaries(path, project, language) if language else ()
        root = project.root if project else None
        plan = CheckPlan(language, glossaries, active, checks, root, options.approved_only)
        if header is not None and language and path not in self.by_path:
            self._note_terminology(path, project, plan)
        self.by_path[path] = plan
        return plan

    def unchecked_terminology(self) -> Iterator[tuple[Notice, Path]]:
        """Yield a notice for each language and project, and the first of its catalogs."""
        for (language, _), found in self._unchecked.items():
            yield Notice(found.message, language), found.first

    def switched_off(self) -> Iterator[tuple[Notice, Path]]:
        """Yield a notice for each language whose terminology check does not run at all."""
        seen: set[str] = set()
        for path, plan in self.by_path.items():
            if plan.language and not _checks_terminology(plan) and plan.language not in seen:
                seen.add(plan.language)
                message = f"terminology of {plan.language} not checked: the check is switched off"
                yield Notice(message, plan.language), path

    def unused_glossaries(self) -> Iterator[Notice]:
        """Yield a notice for each glossary file that no language uses."""
        for language, path in self.options.glossaries:
            if path not in self._used:
                yield Notice(f"{place(path)}: not used: no catalog in {language}", language)
        projects = {p.root: p for p in self._projects.values() if p}
        projects |= {project.root: project for project, _ in self.own.values()}
        for project in projects.values():
            for finding in unused_glossaries(project):
                yield Notice(f"{place(finding.path)}: {finding.message}")
        for folder in self._folders.values():
            for path in folder.unnamed:
                hint = "Name it de-LANGUAGE.csv, for example de-en.csv."
                yield Notice(f"{place(path)}: no language uses it. {hint}")

    def _project(self, path: Path) -> Project | None:
        if path in self.own:
            return self.own[path][0]
        folder = path.parent
        if folder not in self._projects:
            try:
                project = find_project(folder)
            except NoProjectError:
                self._projects[folder] = None
            else:
                validate_project_severities(project)
                self._projects[folder] = project
        return self._projects[folder]

    def _language(self, path: Path, project: Project | None, header: CatalogHeader | None) -> str:
        if path in self.own:
            return self.own[path][1]
        by_folder = project.catalog_language(path) if project else ""
        return by_folder or (header.language if header else "") or self.options.language

    def _glossaries(self, path: Path, project: Project | None, language: str) -> tuple[Path, ...]:
        named = (*_for_language(self.options.glossaries, language), *self._without_name(language))
        if named:
            self._used.update(named)
            return named
        if project is None:
            return self._nearest_glossary(real_path(path).parent, language)
        own = project.glossary(language)
        if own.is_file():
            return (own,)
        if language in project.languages:
            return ()
        return self._folder(own.parent).glossaries(language)

    def _without_name(self, language: str) -> tuple[Path, ...]:
        """Return the glossaries named without a language; they belong to one language only."""
        if self._unnamed:
            own = self._language_of_unnamed = self._language_of_unnamed or language
            if own != language:
                file = place(self._unnamed[0])
                raise GlossaryError(
                    f"{file}: for which language? The catalogs are in {own} and {language}",
                    f"Write --glossary {own}={file}.",
                )
        return self._unnamed

    def _nearest_glossary(self, start: Path, language: str) -> tuple[Path, ...]:
        """Return the glossary of a folder or of one above it in the repository."""
        for folder in (start, *start.parents):
            if found := self._folder(folder / _GLOSSARY_FOLDER).glossaries(language):
                return found
            if (folder / _REPOSITORY).exists():
                break
        return ()

    def _folder(self, path: Path) -> _GlossaryFolder:
        return self._folders.setdefault(path, _GlossaryFolder(path))

    def _note_terminology(self, path: Path, project: Project | None, plan: CheckPlan) -> None:
        if not _checks_terminology(plan) or (plan.glossaries and has_terms(plan)):
            return
        language = plan.language
        reason = f"no glossary for {language}: terminology not checked"
        if plan.glossaries:
            file = place(plan.glossaries[0])
            reason = f"no terms in {file}: terminology of {language} not checked"
            fix = "add rows to it"
        elif project is None:
            file = f"{_GLOSSARY_FOLDER}/de-{language}.csv"
            fix = f"add {file} beside or above {place(path)}, or --glossary FILE"
        else:
            fix = f"add {place(project.glossary(language))} or --glossary FILE"
        unchecked = _Unchecked(path, reason, fix)
        self._unchecked.setdefault((language, plan.project), unchecked).catalogs += 1


class _GlossaryFolder:
    """The glossary files in a folder, which may not exist."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _files(self) -> Sequence[Path]:
        return sorted(path for path in self._path.glob("*.csv") if path.is_file())

    @property
    def unnamed(self) -> tuple[Path, ...]:
        """Files whose name contains no language."""
        return tuple(path for path in self._files if not target_language(path))

    def glossaries(self, language: str) -> tuple[Path, ...]:
        """Return the files for a language."""
        named = [(target_language(path), path) for path in self._files]
        return _for_language([(code, path) for code, path in named if code], language)


def _for_language(files: Sequence[GlossaryFile], language: str) -> tuple[Path, ...]:
    """Return the files for a language; for `pt_BR` those for `pt` if there are no others."""
    exact = tuple(path for code, path in files if _normalized(code) == _normalized(language))
    general = tuple(path for code, path in files if code == base_language(language))
    return exact or general


def _normalized(code: str) -> str:
    return code.replace("-", "_").casefold()


def _checks_terminology(plan: CheckPlan) -> bool:
    checks = map(by_id().__getitem__, plan.checks)
    return any(check.needs_glossary and check.check_texts for check in checks)


def validate_project_severities(project: Project) -> None:
    """Raise SettingsError for settings that name an unknown check or severity."""
    for key, value in project.checks.items():
        table: Mapping[str, object] = value if isinstance(value, Mapping) else {key: value}
        validate_severities(table)
