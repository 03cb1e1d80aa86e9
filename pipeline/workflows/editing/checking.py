"""Findings and glossary terms of an article while it is edited: the checks of `check`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock

from pipeline.catalog import (
    Catalog,
    CatalogHeader,
    Revision,
    is_header,
    read_header,
    revise,
    to_translations,
)
from pipeline.catalog.po import Entry
from pipeline.checks import CheckPlan, Context, check_entries, check_segment
from pipeline.core import Finding, PipelineError, Severity, TermStatus
from pipeline.glossary import TargetMatcher, TermMatcher, load_glossary
from pipeline.project import Project
from pipeline.workflows.check_plans import PlanOptions, Plans
from pipeline.workflows.editing.entries import entry_id
from pipeline.workflows.editing.session import EditingSession, VersionCache, signature

__all__ = ["ArticleFindings", "EntryReport", "LiveChecks", "ShownFinding", "ShownTerm"]

_KEPT = 50  # articles whose findings are kept


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding of an entry; `form` is the plural form it is about, None for the entry."""

    check: str
    severity: Severity
    message: str
    form: int | None = None


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """A glossary term at `start:end` of the German text.

    `uses` are the spans of its targets in the translation. A `compound` is a part of a longer
    word, whose translation is not required.
    """

    term: str
    start: int
    end: int
    targets: tuple[str, ...]
    status: TermStatus
    respected: bool
    compound: bool
    uses: tuple[tuple[int, int], ...] = ()
    forbidden: tuple[tuple[int, int], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class EntryReport:
    """The findings and the glossary terms of an entry."""

    findings: tuple[ShownFinding, ...]
    terms: tuple[ShownTerm, ...]

    @property
    def errors(self) -> tuple[ShownFinding, ...]:
        """The findings that fail `translate check`."""
        return tuple(one for one in self.findings if one.severity is Severity.ERROR)


@dataclass(frozen=True, slots=True)
class ArticleFindings:
    """The reports of the entries that have findings or terms, by id; `notice` what was not
    checked, and why.
    """

    reports: Mapping[str, EntryReport]
    header: tuple[ShownFinding, ...] = ()
    notice: str = ""


class LiveChecks:
    """Checks entries of the catalogs of a session; safe to use from several threads.

    One lock serializes the checks: matchers and dictionaries are shared.
    """

    def __init__(self, session: EditingSession) -> None:
        self._session = session
        self._lock = RLock()
        self._known: VersionCache[ArticleFindings] = VersionCache(_KEPT)
        self._matchers: dict[str, tuple[str, TermMatcher | None]] = {}

    def warm_up(self) -> None:
        """Load dictionaries and glossaries before the first article is opened.

        A broken glossary is reported when an article is checked.
        """
        for language in self._session.languages:
            with self._lock, suppress(PipelineError):
                self._terms(language, "Das Haus ist alt.", "The house is old.")
                check_segment("Das Haus ist alt.", "The house is old.", Context(language))

    def article(self, name: str, language: str) -> ArticleFindings:
        """Check all entries of an article; raises CatalogError and GlossaryError."""
        project = self._session.project
        glossary = signature(project.glossary(language))
        version = f"{self._session.revision(name, language)} | {glossary}"
        with self._lock:
            return self._known.get((name, language), version, lambda: self._article(name, language))

    def entry(
        self, name: str, language: str, wanted: str, targets: Sequence[str]
    ) -> EntryReport | None:
        """Check an entry with other translations; None if the catalog does not have it.

        Raises CatalogError and GlossaryError.
        """
        target = self._session.find(name, language)[1]
        loaded = self._session.catalog(target)
        entry = _find(loaded, wanted)
        if loaded is None or entry is None or len(targets) != len(entry.targets):
            return None
        with self._lock:
            plan, header, _ = self._plan(target, language, loaded)
            edited = revise(entry, Revision(tuple(targets), approved=True))
            translations = to_translations([edited])
            findings = check_entries(target, translations, header, plan)
            shown = tuple(_shown(one) for one in findings if one.source)
            return EntryReport(shown, self._terms(language, entry.source, targets[0]))

    def _article(self, name: str, language: str) -> ArticleFindings:
        target = self._session.find(name, language)[1]
        loaded = self._session.catalog(target)
        if loaded is None:
            return ArticleFindings({})
        plan, header, notice = self._plan(target, language, loaded)
        found = check_entries(target, loaded.translations, header, plan)
        by_line: dict[int, list[ShownFinding]] = {}
        for finding in found:
            by_line.setdefault(finding.line, []).append(_shown(finding))
        reports = {}
        of_header: tuple[ShownFinding, ...] = ()
        for entry in loaded.entries:
            findings = tuple(by_line.get(entry.line, ()))
            if is_header(entry):
                of_header = findings
                continue
            terms = () if entry.obsolete else self._terms(language, entry.source, entry.targets[0])
            if findings or terms:
                reports[entry_id(entry.key)] = EntryReport(findings, terms)
        return ArticleFindings(reports, of_header, notice)

    def _plan(
        self, target: Path, language: str, loaded: Catalog
    ) -> tuple[CheckPlan, CatalogHeader, str]:
        project = self._session.project
        header = read_header(loaded.entries, byte_order_mark=False)
        plans = Plans(PlanOptions(), {target: (project, language)})
        plan = plans.plan(target, header)
        notices = [notice.message for notice, _ in plans.unchecked_terminology()]
        return plan, header, "; ".join(notices)

    def _terms(self, language: str, source: str, target: str) -> tuple[ShownTerm, ...]:
        matcher = self._matcher(self._session.project, language)
        if matcher is None:
            return ()
        uses = {use.term.source: use for use in matcher.verify(source, target)}
        words = TargetMatcher(target, language)
        shown = []
        for match in matcher.find(source):
            term, use = match.term, uses.get(match.term.source)
            spans = [span for choice in term.targets for span in words.find(choice)]
            wrong = [span for choice in use.forbidden for span in words.find(choice)] if use else []
            respected = bool(use and use.respected and not use.forbidden)
            shown.append(
                ShownTerm(
                    term.source,
                    match.start,
                    match.end,
                    term.targets,
                    term.status,
                    respected or match.compound,
                    match.compound,
                    tuple(spans),
                    tuple(wrong),
                    term.note,
                )
            )
        return tuple(shown)

    def _matcher(self, project: Project, language: str) -> TermMatcher | None:
        path = project.glossary(language)
        version = signature(path)
        known = self._matchers.get(language)
        if known is None or known[0] != version:
            matcher = TermMatcher(load_glossary(path, language)) if version else None
            known = self._matchers[language] = version, matcher
        return known[1]


def _find(loaded: Catalog | None, wanted: str) -> Entry | None:
    entries = loaded.entries if loaded else ()
    return next((one for one in entries if not one.obsolete and entry_id(one.key) == wanted), None)


def _shown(finding: Finding) -> ShownFinding:
    return ShownFinding(finding.check, finding.severity, finding.message, finding.plural_form)
