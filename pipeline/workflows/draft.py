"""Drafting: plan what the catalogs of a project miss, and fill it with drafts."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from pathlib import Path

from pipeline import models
from pipeline.articles import MarkupFormat, find_markup_format
from pipeline.catalog import Catalog, catalog
from pipeline.catalog.catalog import EditGroup, FileEdit
from pipeline.core import (
    CatalogError,
    EngineError,
    ModelError,
    PipelineError,
    State,
    Translation,
    interrupts,
)
from pipeline.drafting import (
    EntryRequest,
    EntryResult,
    GuardedEstimator,
    LanguageDrafter,
    SecondEngine,
    open_estimator,
)
from pipeline.engines import (
    COPIED,
    OFF,
    CacheScope,
    Engine,
    EngineSelection,
    ResponseCache,
    accepts_style,
    batch_size,
    draft_reaches,
    estimator_reaches,
    is_loopback,
    select_engine,
    select_second_engine,
    uses_formality,
)
from pipeline.engines.licences import find_licence
from pipeline.engines.usage import (
    Budget,
    CostLimitError,
    Meter,
    Metering,
    Prices,
    Usage,
    require_prices,
    split_usage,
)
from pipeline.glossary import is_digest_of_terms
from pipeline.memory import TranslationMemory, neighbours
from pipeline.project import Project
from pipeline.trust import Reach
from pipeline.workflows.engine_choice import EngineChoice
from pipeline.workflows.events import Events
from pipeline.workflows.extract import ArticleProblem, ExtractOptions, Extractor, extract_with
from pipeline.workflows.models import install_model, project_list_settings

__all__ = [
    "MAX_COST",
    "MAX_FAILURES",
    "MAX_TIME",
    "CatalogOutcome",
    "CostEstimate",
    "DraftOptions",
    "DraftReport",
    "DraftSession",
    "Limits",
    "SegmentFailure",
    "draft",
    "reaches",
]


@dataclass(frozen=True, slots=True)
class DraftOptions:
    """Options of `draft`.

    An empty `engine`, `model` or `quality` is the project's setting. `jobs` is the number of
    concurrent requests (0: the engine decides). `force` accepts a model that is not fit for
    the language; `redraft` regenerates drafts that nobody edited; `install` installs a
    missing model without asking; `dry_run` only plans. A run stops after `max_seconds`, or
    when `max_failures` segments failed (0: no limit); what is left is for the next run. A
    request that might raise the cost above `max_cost` is not sent (0: no limit).
    `texts` limits drafting to entries with these German texts, also if they failed before.
    `second_opinion` is a second engine to compare drafts with: "" is the project's setting,
    `auto` the next best installed, `off` none.
    """

    extract: ExtractOptions = field(default_factory=ExtractOptions)
    engine: str = ""
    model: str = ""
    quality: str = ""
    force: bool = False
    offline: bool = False
    jobs: int = 0
    redraft: bool = False
    install: bool = False
    dry_run: bool = False
    max_seconds: float = 0.0
    max_failures: int = 0
    max_cost: float = 0.0
    texts: frozenset[str] | None = None
    second_opinion: str = ""


@dataclass(frozen=True, slots=True)
class SegmentFailure:
    """A segment without a draft, because no result was fit to keep.

    `reference` is its place in the article (`source_de/a.txt:3`), `line` its line in the
    catalog `path`.
    """

    path: Path
    line: int
    source: str
    reason: str
    reference: str


@dataclass(frozen=True, slots=True)
class CatalogOutcome:
    """What a run found and did in one catalog, in distinct segments.

    `due` counts segments to fill, `waiting` drafts of earlier runs and texts that a human
    started, `words` the German words that the engine drafted, `required` and `respected`
    the glossary terms of the filled segments, `flawed` drafts with findings, `from_cache`
    drafts that the engine returned in an earlier run. `left` counts due segments that an
    ended run did not try. `characters` are the German characters that the engine drafted,
    `usage` what its requests consumed, repeated ones included; a batch counts in proportion
    to its texts. `cost` is the price of it in `currency` (None: the settings have no price).
    `seconds` is the time of drafting; a batch counts in proportion to its entries.
    `compared` counts drafts with the alternative of a second engine, `disagreeing` those that
    it translates differently; `second_usage` is what that engine consumed.
    """

    article: Path
    language: str
    segments: int = 0
    approved: int = 0
    due: int = 0
    waiting: int = 0
    memory: int = 0
    drafted: int = 0
    words: int = 0
    required: int = 0
    respected: int = 0
    flawed: int = 0
    from_cache: int = 0
    failures: tuple[SegmentFailure, ...] = ()
    left: int = 0
    characters: int = 0
    cost: float | None = None
    currency: str = ""
    usage: Usage = field(default_factory=Usage)
    second_usage: Usage = field(default_factory=Usage)
    seconds: float = 0.0
    engine: str = ""
    compared: int = 0
    disagreeing: int = 0


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """What drafting a language would consume, each text sent once; its price is `cost`."""

    language: str
    engine: str
    segments: int
    usage: Usage
    prices: Prices

    @property
    def cost(self) -> float:
        """The price."""
        return self.prices.cost(self.usage)


@dataclass(slots=True)
class DraftReport:
    """The outcome of each catalog, the articles and catalogs skipped, and seconds of drafting.

    It is complete when `draft` returns; if `draft` raises, it contains what was done until then.
    `stopped` is the limit that ended the run, "" for none. `estimates` are those of engines
    with prices, before drafting.
    """

    outcomes: list[CatalogOutcome] = field(default_factory=list)
    problems: list[ArticleProblem] = field(default_factory=list)
    seconds: float = 0.0
    stopped: str = ""
    estimates: list[CostEstimate] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether every segment that was due has a translation now."""
        return not self.problems and not self.stopped and not any(o.failures for o in self.outcomes)


@dataclass(frozen=True, slots=True)
class CatalogPlan:
    """The entries to fill in a catalog, with the texts before and after each, by source."""

    path: Path
    outcome: CatalogOutcome
    entries: tuple[Translation, ...] = ()
    around: dict[str, tuple[str, str]] = field(default_factory=dict)


MAX_TIME, MAX_FAILURES, MAX_COST = "max-time", "max-failures", "max-cost"
"""The limits in `DraftReport.stopped`."""


class Limits:
    """When a run stops early: after a time, too many failures, or at a cost."""

    def __init__(
        self, max_seconds: float = 0.0, max_failures: int = 0, max_cost: float = 0.0
    ) -> None:
        self.budget = Budget(max_cost) if max_cost else None
        self._end = time.monotonic() + max_seconds if max_seconds else None
        self._max_failures = max_failures
        self.failures = 0

    def reached(self) -> str:
        """Return the limit that is reached, "" for none."""
        if self.budget and self.budget.exhausted:
            return MAX_COST
        if self._max_failures and self.failures >= self._max_failures:
            return MAX_FAILURES
        return MAX_TIME if self._end is not None and time.monotonic() >= self._end else ""


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
    return draft_reaches(project, options.engine, options.model, languages, options.second_opinion)


class DraftSession:
    """The engines, drafters and memory of a run, each opened when there is work for it.

    They stay open until `close`. `run` adds what it does to `report`; the caller may replace
    the report and the limits between calls.
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
        self._project, self._options, self._events = project, options, events
        self.extractor = self._extractor = Extractor(
            project,
            encoding=options.extract.encoding,
            force_language=options.extract.force_language,
        )
        self._memory = TranslationMemory(project)
        self._drafters: dict[str, LanguageDrafter] = {}
        self._engines: dict[tuple[str, str], Engine] = {}
        self._selections: dict[str, EngineSelection] = {}
        self._second: dict[str, EngineSelection | None] = {}
        self._choice = EngineChoice(
            events,
            self._select,
            languages=project.select_languages(options.extract.languages),
            install=options.install,
            settings=lambda: project_list_settings(project, events),
        )
        self._announced: set[str] = set()
        self._estimator: GuardedEstimator | None = None
        self._responses = ResponseCache(events.notice, reading=not options.redraft)

    def run(self, articles: Sequence[Path], languages: Sequence[str]) -> None:
        """Fill the catalogs of extracted articles, language after language."""
        for language in languages:
            self._language(language, articles)

    def close(self) -> None:
        """Close the engines and all files."""
        self._responses.close()
        for engine in self._engines.values():
            engine.close()
        if self._estimator:
            self._estimator.close()
        self._memory.close()
        self.extractor.close()

    def _select(self, language: str, *, force: bool = False) -> EngineSelection:
        options = self._options
        return select_engine(
            self._project,
            options.engine,
            options.model,
            language,
            options={"quality": options.quality},
            force=options.force or force,
            offline=options.offline,
        )

    def _first_selection(self, language: str) -> EngineSelection:
        """Return the selection before `_prepare`, which may find a model for the language."""
        try:
            return self._select(language)
        except ModelError:
            selection = self._select(language, force=True)
            if not selection.is_fallback:
                raise
            return selection

    def _language(self, language: str, articles: Sequence[Path]) -> None:
        catalogs = _ParsedCatalogs()
        drafter = self._drafter(language, catalogs)
        _ = drafter.style  # A broken file ends the run before it drafts.
        selection = self._selections[language]
        prices = self._prices(selection)
        if self.limits.budget:
            require_prices(selection.engine, prices)
        run = DraftRun(
            self._project,
            self._extractor,
            engine_id=f"{selection.engine} {selection.name}",
            redraft=self._options.redraft,
            texts=self._options.texts,
            limits=self.limits,
            metering=Metering(prices, lambda: self._meter(self._selections[language])),
        )
        run.compare_with(self._second_name())
        plans = []
        for article in articles:
            try:
                plan = run.plan(article, drafter, catalogs.take)
            except CatalogError as error:
                self.report.problems.append(ArticleProblem.from_error(error))
                continue
            plans.append(plan)
            needed = any(drafter.needs_engine(entry.source) for entry in plan.entries)
            if needed and not self.limits.reached():
                self._prepare(language)
        if prices:
            self._estimate(run, drafter, plans, prices)
        if self._options.dry_run:
            self.report.outcomes += [plan.outcome for plan in plans]
        else:
            self._fill(run, drafter, plans)

    def _prices(self, selection: EngineSelection) -> Prices:
        default = self._project.prices.get(selection.engine, 0.0)
        return Prices.of(selection.engine, selection.config.settings, default)

    def _meter(self, selection: EngineSelection) -> Meter | None:
        """Return the meter of an engine, None if it has none or is not open yet."""
        return getattr(self._engines.get(_key(selection)), "meter", None)

    def _estimate(
        self, run: DraftRun, drafter: LanguageDrafter, plans: Sequence[CatalogPlan], prices: Prices
    ) -> None:
        """Report what the texts that need the engine would cost."""
        selection = self._selections[drafter.language]
        requests = drafter.engine_requests(run.requests(plans))
        if not requests:
            return
        config = selection.config
        usage = selection.spec.estimated_usage(
            config.settings, config.model, requests, drafter.language
        )
        estimate = CostEstimate(drafter.language, selection.engine, len(requests), usage, prices)
        self.report.estimates.append(estimate)
        if self._options.dry_run:
            return
        self._events.notice(f"{drafter.language}: about {prices.describe(usage)}")
        budget = self.limits.budget
        if budget and estimate.cost > budget.limit:
            limit = prices.amount(budget.limit)
            self._events.warn(f"note: --max-cost {limit} will end this run early")

    def _drafter(self, language: str, catalogs: _ParsedCatalogs) -> LanguageDrafter:
        """Return the drafter of a language; the first time, the memory is refreshed."""
        if language not in self._drafters:
            # `_prepare` replaces the selection if it installs a better model.
            self._selections[language] = self._first_selection(language)
            notice = self._events.notice
            self._memory.refresh(
                language, lambda path: notice(f"memory: reading {path}"), catalogs.load
            )
            self._drafters[language] = LanguageDrafter(
                language,
                self._project,
                lambda: self._extractor.matcher(language),
                self._memory,
                lambda: self._open(self._selections[language]),
                lambda: batch_size(self._engines.get(_key(self._selections[language]))),
                lambda: self._cache(self._selections[language]),
            )
            self._drafters[language].estimate_with(lambda: self._estimator)
            self._drafters[language].compare_with(lambda: self._open_second(language))
        return self._drafters[language]

    def _fill(self, run: DraftRun, drafter: LanguageDrafter, plans: Sequence[CatalogPlan]) -> None:
        total = sum(plan.outcome.due for plan in plans)
        start = time.monotonic()
        done = 0
        try:
            if second := self._second.get(drafter.language):
                meter = partial(self._meter, second)
                run.second_metering = Metering(self._prices(second), meter)
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

    def _prepare(self, language: str) -> None:
        """Make sure that the engine can be opened; report its quality and where texts go."""
        if self._options.dry_run or language in self._announced:
            return
        self._announced.add(language)
        selection = self._choice.improve(self._selections[language])
        if selection.is_fallback:
            selection = self._select(language)  # raises if it is not fit for the language
        self._selections[language] = selection
        if selection.model and selection.missing():
            self._install(selection, selection.model)
        selection.require()
        second = select_second_engine(
            self._project, self._options.second_opinion, selection, offline=self._options.offline
        )
        if second:
            second.require()
        self._second[language] = second
        if self._estimator is None:
            self._estimator = open_estimator(
                self._project, self._events.warn, offline=selection.offline
            )
        name = self._announce(selection)
        quality = selection.fitness()
        also = f", and {self._announce(second)} for second opinions" if second else ""
        self._events.notice(f"{language}: drafting with {name}, {quality} in {language}{also}")

    def _announce(self, selection: EngineSelection) -> str:
        """Warn about keys, texts that leave this machine and licences; return the name."""
        language, name = selection.language, selection.name
        if selection.withheld_key:
            self._events.warn(selection.withheld_key)
        if selection.model is None:
            info = self._open(selection).identity(language)
            host = info.host
            if not host:
                name = f"{name} ({info.model})"
            if host and host not in self._announced and not is_loopback(host):
                self._events.warn(f"note: the texts to translate leave this machine, for {host}")
            self._announced.add(host)
        self._note_ignored_formality(selection)
        licence = find_licence(f"{name} {selection.model.file if selection.model else ''}")
        if licence and licence.restriction and name not in self._announced:
            self._announced.add(name)
            self._events.warn(f"note: {name} ({licence.name}) is {licence.restriction}")
        return name

    def _note_ignored_formality(self, selection: EngineSelection) -> None:
        """Report once for each language that its engine has no formality."""
        language = selection.language
        formality = self._project.formality_by_language().get(language)
        if formality and not uses_formality(self._open(selection), language):
            self._events.warn(
                f"note: {language}: formality = {formality!r} is ignored: the engine "
                f"{selection.engine} has none for this language"
            )

    def _install(self, selection: EngineSelection, model: models.Model) -> None:
        """Install a missing model, if the user agrees."""
        if selection.offline or not model.sources:
            selection.require()  # a model of the user's own cannot be fetched
        agreed: bool | None = self._options.install
        if not agreed:
            size = f"{model.size / 1e9:.1f} GB"
            agreed = self._events.confirm(
                f"The model {model.id} ({size}) is not installed. Fetch it now?"
            )
        if agreed is None:
            selection.require()
        elif not agreed:
            raise ModelError("no model, no drafts", "Later: translate models install")
        else:
            install_model(model, self._events)

    def _open(self, selection: EngineSelection) -> Engine:
        key = _key(selection)
        if key not in self._engines:
            self._engines[key] = selection.open(self._options.jobs)
            self._start_meter(selection)
        self._report_ignored_style(selection, self._engines[key])
        return self._engines[key]

    def _report_ignored_style(self, selection: EngineSelection, engine: Engine) -> None:
        path, name = self._project.style(selection.language), selection.name
        if path is None or accepts_style(engine) or f"{path} {name}" in self._announced:
            return
        self._announced.add(f"{path} {name}")
        shown = path.relative_to(self._project.root).as_posix()
        self._events.warn(f"note: {name} follows no instructions: {shown} is not sent")

    def _start_meter(self, selection: EngineSelection) -> None:
        """Connect the meter of an engine with the prices of the settings and the limit."""
        meter = self._meter(selection)
        if meter is not None:
            meter.prices, meter.budget = self._prices(selection), self.limits.budget
        elif self.limits.budget and self._prices(selection):
            raise EngineError(
                f"engine {selection.engine} does not count what it consumes",
                "Remove --max-cost, or select another engine with --engine.",
            )

    def _cache(self, selection: EngineSelection) -> CacheScope | None:
        engine = self._open(selection)
        return self._responses.for_engine(engine, selection.language, selection.config)

    def _open_second(self, language: str) -> SecondEngine | None:
        second = self._second.get(language)
        return SecondEngine(self._open(second), self._cache(second)) if second else None

    def _second_name(self) -> str:
        name = self._options.second_opinion or self._project.second_opinion
        return "" if name == OFF else name


def _key(selection: EngineSelection) -> tuple[str, str]:
    return selection.engine, selection.name


_MAX_PARSED = 500


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


@dataclass(slots=True)
class CatalogProgress:
    """A catalog that is being filled, and the number of entries still to fill."""

    path: Path
    outcome: CatalogOutcome
    pending: int


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """An entry to fill, its line in the catalog and its place in the article."""

    progress: CatalogProgress
    line: int
    reference: str
    request: EntryRequest


class DraftRun:
    """Fills the catalogs of one project.

    `engine_id` names the engine and model: entries on which they failed are not retried
    until the catalog, the article or the glossary changes. With `redraft`, all drafts that
    nobody edited are regenerated. A run ends early when one of its `limits` is reached.
    `metering` is that of the engine; without a meter, the texts of drafts count. `texts` as in
    `DraftOptions`.
    `second_metering` is that of the engine of second opinions.
    """

    second_metering: Metering | None = None

    def __init__(
        self,
        project: Project,
        extractor: Extractor,
        *,
        engine_id: str = "",
        redraft: bool = False,
        texts: frozenset[str] | None = None,
        limits: Limits | None = None,
        metering: Metering | None = None,
    ) -> None:
        self._project, self._extractor = project, extractor
        self._tried = engine_id
        self._engine_id, self._redraft, self._texts = engine_id, redraft, texts
        self._limits = limits or Limits()
        self._metering = metering or Metering(Prices(), lambda: None)
        self._active: deque[CatalogProgress] = deque()

    def compare_with(self, second: str) -> None:
        """Name the engine of second opinions as the user did, "" for none.

        It may have a draft where the first engine has none.
        """
        self._tried = f"{self._engine_id}, second {second}" if second else self._engine_id

    def plan(
        self,
        article: Path,
        drafter: LanguageDrafter,
        load: Callable[[Path], Catalog] = catalog.load,
    ) -> CatalogPlan:
        """Parse a catalog with `load` and find the entries to fill; raises CatalogError.

        These are missing entries, and drafts whose glossary terms changed. If the engine
        has tried everything, only what the memory has learned since is left to fill. A catalog
        that was complete, and whose inputs are unchanged, is not even parsed.
        """
        language = drafter.language
        path = self._extractor.paths.catalog(article, language)
        counts = None if self._redraft else self._extractor.complete_counts(article, language)
        if counts is not None and len(counts) == 3:
            segments, approved, waiting = counts
            outcome = CatalogOutcome(article, language, segments, approved, waiting=waiting)
            return CatalogPlan(path, replace(outcome, engine=self._engine_id))
        entries = load(path).translations
        due = tuple(self._due(article, drafter, entries))
        outcome = replace(_before(article, language, path, entries, due), engine=self._engine_id)
        if not due and not outcome.failures:
            self._mark_complete(outcome)
        around = neighbours([entry.source for entry in entries]) if due else {}
        return CatalogPlan(path, outcome, due, {e.source: around[e.source] for e in due})

    def requests(self, plans: Iterable[CatalogPlan]) -> list[EntryRequest]:
        """Return the requests of all planned entries."""
        return [entry.request for plan in plans for entry in self._start(plan)[1]]

    def run(
        self,
        plans: Iterable[CatalogPlan],
        drafter: LanguageDrafter,
        on_progress: Callable[[int], None],
    ) -> Iterator[CatalogOutcome]:
        """Fill the planned entries; yield the outcome of each catalog, in order.

        A batch has the size that suits the engine, with entries of several catalogs if one
        has fewer, and is written before the next one is requested. `on_progress` receives
        the number of entries done. Raises CatalogError, ArticleError, ModelError or
        EngineError; what was filled until then is in the catalogs.
        """
        active = self._active
        pending: list[PendingEntry] = []
        iterator = iter(plans)
        while True:
            try:
                plan = next(iterator, None)
                if plan is None:
                    break
                progress, entries = self._start(plan)
            except PipelineError:
                self._fill(pending, drafter, on_progress)  # the catalogs before are sound
                raise
            active.append(progress)
            for entry in entries:
                pending.append(entry)
                if len(pending) >= drafter.batch():
                    self._fill(pending, drafter, on_progress)
                    pending = []
            yield from self._finished(active)
        self._fill(pending, drafter, on_progress)
        yield from self._finished(active)

    def _mark_complete(self, outcome: CatalogOutcome) -> None:
        if self._extractor.is_current(outcome.article, outcome.language):
            counts = (outcome.segments, outcome.approved, outcome.waiting)
            self._extractor.mark_complete(outcome.article, outcome.language, counts)

    def unfinished(self, plans: Sequence[CatalogPlan]) -> Iterator[CatalogOutcome]:
        """Yield the outcomes of the catalogs that a run did not finish, given their plans."""
        begun = {progress.path: progress for progress in self._active}
        for plan in plans:
            progress = begun.get(plan.path) or CatalogProgress(
                plan.path, plan.outcome, len(plan.entries)
            )
            yield replace(progress.outcome, left=progress.outcome.left + progress.pending)

    def _due(
        self, article: Path, drafter: LanguageDrafter, entries: Sequence[Translation]
    ) -> list[Translation]:
        if self._texts is not None:
            form = find_markup_format(article.suffix.lower())
            entries = [entry for entry in entries if entry.source in self._texts]
            return [entry for entry in entries if self._is_due(entry, drafter, form)]
        exhausted = self._extractor.is_exhausted(article, drafter.language, self._tried)
        if exhausted and not self._redraft:
            missing = (entry for entry in entries if entry.state is State.MISSING)
            return [entry for entry in missing if not drafter.needs_engine(entry.source)]
        form = find_markup_format(article.suffix.lower())
        return [entry for entry in entries if self._is_due(entry, drafter, form)]

    def _is_due(
        self, entry: Translation, drafter: LanguageDrafter, form: MarkupFormat | None
    ) -> bool:
        if entry.state is State.MISSING:
            return True
        if entry.state is not State.DRAFT or entry.provenance is None:
            return False
        terms = drafter.terms(entry.source, form)
        return self._redraft or not is_digest_of_terms(entry.provenance.glossary, terms)

    def _start(self, plan: CatalogPlan) -> tuple[CatalogProgress, list[PendingEntry]]:
        progress = CatalogProgress(plan.path, plan.outcome, len(plan.entries))
        if not plan.entries:
            return progress, []
        kinds = self._extractor.kinds(plan.outcome.article)
        form = find_markup_format(plan.outcome.article.suffix.lower())
        return progress, [
            PendingEntry(
                progress,
                e.line,
                _reference(e),
                EntryRequest(e.source, kinds.get(e.source), plan.around[e.source], form),
            )
            for e in plan.entries
        ]

    def _fill(
        self,
        pending: Sequence[PendingEntry],
        drafter: LanguageDrafter,
        on_progress: Callable[[int], None],
    ) -> None:
        if not pending:
            return
        if self._limits.reached():
            _leave(pending)
            return
        requests = [entry.request for entry in pending]
        start, before = time.monotonic(), (self._used(), self._used_second())
        results: Sequence[EntryResult | None]
        try:
            results = drafter.fill(requests)
        except CostLimitError:
            results = drafter.ready(requests)
        except (EngineError, ModelError, KeyboardInterrupt):
            self._write_all(pending, drafter.ready(requests), time.monotonic() - start)
            raise
        finally:
            self._charge(pending, self._used() - before[0], self._used_second() - before[1])
        self._write_all(pending, results, time.monotonic() - start)
        _leave([entry for entry, one in zip(pending, results, strict=True) if one is None])
        on_progress(len(pending))

    def _used(self) -> Usage:
        meter = self._metering.meter()
        return meter.usage if meter else Usage()

    def _used_second(self) -> Usage:
        meter = self.second_metering.meter() if self.second_metering else None
        return meter.usage if meter else Usage()

    def _charge(self, pending: Sequence[PendingEntry], usage: Usage, second: Usage) -> None:
        """Divide the usage of a batch among its catalogs, in proportion to their texts."""
        groups: dict[Path, list[PendingEntry]] = {}
        for entry in pending:
            groups.setdefault(entry.progress.path, []).append(entry)
        weights = [sum(len(e.request.source) for e in group) for group in groups.values()]
        parts = zip(split_usage(usage, weights), split_usage(second, weights), strict=True)
        for group, (own, other) in zip(groups.values(), parts, strict=True):
            self._add_usage(group[0].progress, own, other)

    def _add_usage(self, progress: CatalogProgress, own: Usage, other: Usage) -> None:
        outcome = progress.outcome
        progress.outcome = replace(
            outcome, usage=outcome.usage + own, second_usage=outcome.second_usage + other
        )
        self._price(progress)

    def _price(self, progress: CatalogProgress) -> None:
        outcome = progress.outcome
        own = self._metering.prices
        other = self.second_metering.prices if self.second_metering else Prices()
        if own or other:
            cost = own.cost(outcome.usage) + other.cost(outcome.second_usage)
            currency = own.currency or other.currency
            progress.outcome = replace(outcome, cost=cost, currency=currency)

    def _write_all(
        self,
        pending: Sequence[PendingEntry],
        results: Sequence[EntryResult | None],
        seconds: float,
    ) -> None:
        for entry in pending:
            outcome = entry.progress.outcome
            each = seconds / len(pending)
            entry.progress.outcome = replace(outcome, seconds=outcome.seconds + each)
        pairs = [(entry, item) for entry, item in zip(pending, results, strict=True) if item]
        with interrupts.uninterrupted():
            self._write_pairs(pairs)

    def _write_pairs(self, pairs: Sequence[tuple[PendingEntry, EntryResult]]) -> None:
        """Write the results to their catalogs, in groups; raises PipelineError."""
        group: EditGroup[tuple[str, ...]] = EditGroup()
        staged: list[list[tuple[PendingEntry, EntryResult]]] = []
        try:
            for _, of_one in groupby(pairs, key=lambda pair: pair[0].progress.path):
                staged.append(list(of_one))
                results = [item for _, item in staged[-1]]
                drafts = {item.source: item.draft for item in results if item.draft}
                matches = {item.source: item.matches for item in results}
                edit = catalog.draft_insertion(drafts, matches=matches, redraft=True)
                group.edit(staged[-1][0][0].progress.path, edit)
                if group.is_full:
                    self._commit(group, staged)
            self._commit(group, staged)
        finally:
            group.discard()

    def _commit(
        self,
        group: EditGroup[tuple[str, ...]],
        staged: list[list[tuple[PendingEntry, EntryResult]]],
    ) -> None:
        errors = []
        for pairs, edit in zip(staged, group.commit(), strict=True):
            if isinstance(edit, PipelineError):
                errors.append(edit)
            else:
                self._note_written(pairs, edit)
        staged.clear()
        if errors:
            raise errors[0]

    def _note_written(
        self,
        pairs: Sequence[tuple[PendingEntry, EntryResult]],
        edit: FileEdit[tuple[str, ...]],
    ) -> None:
        """Count the results written to one catalog."""
        progress = pairs[0][0].progress
        article, language = progress.outcome.article, progress.outcome.language
        before, after = (hashlib.sha256(data or b"").digest() for data in (edit.before, edit.after))
        # Otherwise a human saved it after it was extracted: the next run extracts it again.
        if self._extractor.was_current(article, language, before):
            self._extractor.mark_current(article, language, after)
        progress.outcome = _add(progress.outcome, progress.path, pairs)
        results = [item for _, item in pairs]
        own = other = Usage()
        if self._metering.meter() is None:
            own = Usage(_paid_characters(results))
        if self.second_metering and self.second_metering.meter() is None:
            new = [one for one in results if one.comparison and not one.comparison.from_cache]
            other = Usage(sum(len(one.source) for one in new))
        self._add_usage(progress, own, other)
        progress.pending -= len(pairs)
        self._limits.failures += sum(item.draft is None for _, item in pairs)

    def _finished(self, active: deque[CatalogProgress]) -> Iterator[CatalogOutcome]:
        """Yield the outcomes of the first catalogs, up to one with pending entries."""
        while active and not active[0].pending:
            outcome = active.popleft().outcome
            article, language = outcome.article, outcome.language
            tried = outcome.due and not outcome.left and self._texts is None
            if tried and self._extractor.is_current(article, language):
                self._extractor.mark_exhausted(article, language, self._tried)
                if not outcome.failures:
                    new = outcome.memory + outcome.drafted
                    self._mark_complete(replace(outcome, waiting=outcome.waiting + new))
            yield outcome


def _reference(entry: Translation) -> str:
    """Return the first place of an entry in its article, "" if the catalog names none."""
    return next(iter(entry.references), "")


def _before(
    article: Path,
    language: str,
    path: Path,
    entries: Sequence[Translation],
    due: Sequence[Translation],
) -> CatalogOutcome:
    """Return the outcome before drafting; entries missing but not due failed in earlier runs."""
    approved = sum(entry.state is State.APPROVED for entry in entries)
    sources = {entry.source for entry in due}
    failures = tuple(
        SegmentFailure(
            path,
            entry.line,
            entry.source,
            "The model failed on it in an earlier run.",
            _reference(entry),
        )
        for entry in entries
        if entry.state is State.MISSING and entry.source not in sources
    )
    waiting = len(entries) - approved - len(due) - len(failures)
    return CatalogOutcome(
        article,
        language,
        segments=len(entries),
        approved=approved,
        due=len(due),
        waiting=waiting,
        failures=failures,
    )


def _add(
    outcome: CatalogOutcome,
    path: Path,
    pairs: Sequence[tuple[PendingEntry, EntryResult]],
) -> CatalogOutcome:
    """Add written results to an outcome."""
    results = [item for _, item in pairs]
    drafts = [item.draft for item in results if item.draft]
    memory = sum(draft.provenance.engine == "memory" for draft in drafts)
    failures = (
        SegmentFailure(path, entry.line, item.source, item.reason, entry.reference)
        for entry, item in pairs
        if item.draft is None
    )
    alike = [item.comparison.agreement for item in results if item.comparison]
    characters = sum(len(item.source) for item in _sent(results))
    return replace(
        outcome,
        characters=outcome.characters + characters,
        compared=outcome.compared + sum(one is not None for one in alike),
        disagreeing=outcome.disagreeing + sum(one is not None and one < 1 for one in alike),
        memory=outcome.memory + memory,
        drafted=outcome.drafted + len(drafts) - memory,
        words=outcome.words + sum(len(item.source.split()) for item in results if item.draft),
        required=outcome.required + sum(item.required for item in results),
        respected=outcome.respected + sum(item.respected for item in results),
        flawed=outcome.flawed + sum(bool(draft.problems) for draft in drafts),
        from_cache=outcome.from_cache + sum(item.from_cache for item in results),
        failures=(*outcome.failures, *failures),
    )


def _sent(results: Sequence[EntryResult]) -> list[EntryResult]:
    """Return the results that are drafts of the engine."""
    return [one for one in results if one.draft and one.draft.provenance.engine not in COPIED]


def _paid_characters(results: Sequence[EntryResult]) -> int:
    return sum(len(one.source) for one in _sent(results) if not one.from_cache)


def _leave(pending: Sequence[PendingEntry]) -> None:
    """Count entries as left for the next run."""
    for entry in pending:
        outcome = entry.progress.outcome
        entry.progress.outcome = replace(outcome, left=outcome.left + 1)
        entry.progress.pending -= 1
