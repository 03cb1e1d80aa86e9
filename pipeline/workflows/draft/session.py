"""Drafting: plan what the catalogs of a project miss, and fill it with drafts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from pipeline.catalog import Catalog, catalog
from pipeline.core import CatalogError
from pipeline.drafting import LanguageDrafter
from pipeline.engines import draft_reaches, estimator_reaches
from pipeline.engines.usage import Prices, require_prices
from pipeline.memory import TranslationMemory
from pipeline.project import Project
from pipeline.trust import Reach
from pipeline.workflows.draft.attempts import Attempts
from pipeline.workflows.draft.costs import RunCosts, estimate_cost
from pipeline.workflows.draft.engines import RunEngines
from pipeline.workflows.draft.limits import Limits
from pipeline.workflows.draft.run import CatalogPlan, DraftRun
from pipeline.workflows.draft.types import DraftOptions, DraftReport
from pipeline.workflows.events import Events
from pipeline.workflows.extract import ArticleProblem, Extractor, extract_with

__all__ = ["DraftSession", "draft", "reaches"]


def draft(
    project: Project, options: DraftOptions, events: Events, report: DraftReport | None = None
) -> DraftReport:
    """Extract articles, then fill what their catalogs miss: the main job.

    `report` is filled and returned: a caller that passes one has it also after an error. An
    article or catalog that cannot be read is a problem of the report; the others are
    drafted. Raises SettingsError, TrustError, GlossaryError, ModelError or EngineError; what
    was drafted until then is in the catalogs.
    """
    report = DraftReport() if report is None else report
    limits = Limits(options.max_seconds, options.max_failures, options.max_cost)
    languages = project.select_languages(options.extract.languages)
    project = project.asking(events.confirm)
    # Everything in one question; where a setting takes effect, trust is required again.
    project.require_trust(reaches(project, options, languages))
    with closing(DraftSession(project, options, events, report, limits)) as session:
        extraction = extract_with(
            session.extractor, project, options.extract, languages, events, dry_run=options.dry_run
        )
        report.problems += extraction.problems
        session.run(extraction.extracted, languages)
    return report


def reaches(
    project: Project, options: DraftOptions, languages: tuple[str, ...]
) -> tuple[Reach, ...]:
    """Return the settings that reach beyond the project in a run."""
    if options.dry_run:
        return project.memory_reaches(languages)
    if options.offline or project.offline:
        return (*project.memory_reaches(languages), *estimator_reaches(project))
    return draft_reaches(
        project,
        options.engine,
        options.model,
        languages,
        options.second_opinion,
        options.term_engine,
    )


class DraftSession:
    """The engines, drafters and memory of a run, each opened when there is work for it.

    They stay open until `close`. `run` adds what it does to `report`; the caller may replace
    the report and the limits between calls. With `attempts`, it is one of several attempts at
    the same articles.
    """

    def __init__(
        self,
        project: Project,
        options: DraftOptions,
        events: Events,
        report: DraftReport,
        limits: Limits,
    ) -> None:
        self.report, self.limits = report, limits
        self.attempts: Attempts | None = None
        self._project, self._options, self._events = project, options, events
        self.extractor = self._extractor = Extractor(
            project,
            encoding=options.extract.encoding,
            force_language=options.extract.force_language,
        )
        self._memory = TranslationMemory(project)
        self._drafters: dict[str, LanguageDrafter] = {}
        self._engines = RunEngines(project, options, events, lambda: self.limits.budget)

    def run(self, articles: Sequence[Path], languages: Sequence[str]) -> None:
        """Fill the catalogs of extracted articles, language after language."""
        for language in languages:
            self._language(language, articles)

    def close(self) -> None:
        """Close the engines and all files."""
        self._engines.close()
        self._memory.close()
        self.extractor.close()

    def _language(self, language: str, articles: Sequence[Path]) -> None:
        catalogs = _ParsedCatalogs()
        drafter = self._drafter(language, catalogs)
        _ = drafter.style  # A broken file ends the run before it drafts.
        selection = self._engines.selection(language)
        prices = self._engines.prices(selection)
        if self.limits.budget:
            require_prices(selection.engine, prices)
        run = DraftRun(
            self._project,
            self._extractor,
            engine_id=f"{selection.engine} {selection.name}",
            redraft=self._options.redraft,
            texts=self._options.texts,
            limits=self.limits,
            costs=RunCosts(self._engines.metering(language)),
        )
        run.compare_with(self._engines.second_name())
        plans = []
        planned = 0
        for article in articles:
            try:
                plan = run.plan(article, drafter, catalogs.take)
            except CatalogError as error:
                self.report.problems.append(ArticleProblem.from_error(error))
                continue
            planned += len(plan.entries)
            keep = planned <= _MAX_PLANNED or self.attempts is not None
            plans.append(plan if keep else plan.shortened())
            needed = any(drafter.needs_engine(entry.source) for entry in plan.entries)
            if needed and not self.limits.reached():
                self._engines.prepare(language)
        if self.attempts:
            plans = list(self.attempts.begin(drafter, plans))
        if prices:
            self._estimate(run, drafter, plans, prices)
        if self._options.dry_run:
            self.report.outcomes += [plan.outcome for plan in plans]
        else:
            self._fill(run, drafter, plans)

    def _estimate(
        self, run: DraftRun, drafter: LanguageDrafter, plans: Sequence[CatalogPlan], prices: Prices
    ) -> None:
        """Report what the texts that need the engine would cost."""
        selection = self._engines.selection(drafter.language)
        estimate = estimate_cost(selection, prices, drafter, run.requests(plans, drafter))
        if estimate is None:
            return
        self.report.estimates.append(estimate)
        if self._options.dry_run:
            return
        self._events.notice(f"{drafter.language}: about {prices.describe(estimate.usage)}")
        budget = self.limits.budget
        if budget and estimate.cost > budget.limit:
            limit = prices.amount(budget.limit)
            self._events.warn(f"note: --max-cost {limit} will end this run early")

    def _drafter(self, language: str, catalogs: _ParsedCatalogs) -> LanguageDrafter:
        """Return the drafter of a language; the first time, the memory is refreshed."""
        if language not in self._drafters:
            engines, notice = self._engines, self._events.notice
            engines.selection(language)  # An unknown engine or model ends the run at once.
            self._memory.refresh(
                language, lambda path: notice(f"memory: reading {path}"), catalogs.load
            )
            self._drafters[language] = LanguageDrafter(
                language,
                self._project,
                lambda: self._extractor.matcher(language),
                self._memory,
                lambda: engines.engine(language),
                lambda: engines.batch_size(language),
                lambda: engines.cache(language),
            )
            self._drafters[language].estimate_with(lambda: engines.estimator)
            self._drafters[language].compare_with(lambda: engines.second(language))
            self._drafters[language].complete_terms_with(
                lambda: engines.term_engine(language),
                lambda error: engines.report_term_engine(language, error),
            )
        return self._drafters[language]

    def _fill(self, run: DraftRun, drafter: LanguageDrafter, plans: Sequence[CatalogPlan]) -> None:
        total = sum(plan.outcome.due for plan in plans)
        start = time.monotonic()
        done = 0
        try:
            run.costs.second = self._engines.second_metering(drafter.language)
            with self._events.progress(drafter.language, total) as progress:
                for outcome in run.run(plans, drafter, progress.advance):
                    done += 1
                    self.report.outcomes.append(outcome)
                    name = self._extractor.paths.catalog_name(outcome.article, drafter.language)
                    name = name.removeprefix(f"{self._project.root}/")
                    progress.note(f"{name}: {outcome.drafted} drafted")
        finally:
            self.report.outcomes += run.unfinished(plans[done:])  # after an error
            self.report.seconds += time.monotonic() - start if total else 0
        if any(outcome.left for outcome in self.report.outcomes):
            self.report.stopped = self.limits.reached()


_MAX_PARSED = 500
_MAX_PLANNED = 10_000  # entries kept from planning to drafting; other catalogs are planned again


class _ParsedCatalogs:
    """Catalogs that the memory has parsed, kept until they are planned: parsed once for both."""

    def __init__(self) -> None:
        self._parsed: dict[Path, Catalog] = {}

    def load(self, path: Path) -> Catalog:
        """Parse a catalog and keep it, unless many are kept; raises CatalogError."""
        loaded = catalog.load(path)
        if len(self._parsed) < _MAX_PARSED:
            self._parsed[path] = loaded
        return loaded

    def take(self, path: Path) -> Catalog:
        """Return a catalog, parsed if it was not kept; raises CatalogError."""
        return self._parsed.pop(path, None) or catalog.load(path)
