"""The engines of a run: selected, announced, and opened when there is work for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pipeline import models
from pipeline.core import EngineError, ModelError, PipelineError, PluginError, SettingsError
from pipeline.drafting import GuardedEstimator, SecondEngine, open_estimator
from pipeline.engines import (
    OFF,
    CacheScope,
    Engine,
    EngineSelection,
    ResponseCache,
    accepts_style,
    batch_size,
    is_loopback,
    select_engine,
    select_second_engine,
    select_term_engine,
    uses_formality,
)
from pipeline.engines.licences import find_licence
from pipeline.engines.usage import Budget, Meter, Metering, Prices, require_prices
from pipeline.project import Project
from pipeline.workflows.draft.types import DraftOptions
from pipeline.workflows.engine_choice import EngineChoice
from pipeline.workflows.events import Events
from pipeline.workflows.models import install_model, project_list_settings

__all__ = ["RunEngines"]


class RunEngines:
    """The engines of each language, second engines too, and the estimator.

    `budget` returns the limit of the cost of the run, None without one.
    """

    def __init__(
        self,
        project: Project,
        options: DraftOptions,
        events: Events,
        budget: Callable[[], Budget | None],
    ) -> None:
        self._project, self._options, self._events = project, options, events
        self._budget = budget
        self._open_engines: dict[tuple[str, str], Engine] = {}
        self._selections: dict[str, EngineSelection] = {}
        self._second: dict[str, EngineSelection | None] = {}
        self._for_terms: dict[str, EngineSelection | None] = {}
        self._choice = EngineChoice(
            events,
            self._select,
            languages=project.select_languages(options.extract.languages),
            install=options.install,
            settings=lambda: project_list_settings(project, events),
        )
        self._announced: set[str] = set()
        self.estimator: GuardedEstimator | None = None
        self._responses = ResponseCache(events.notice, reading=not options.redraft)

    def selection(self, language: str) -> EngineSelection:
        """Return the selection for a language, which `prepare` may replace by a better one."""
        if language not in self._selections:
            self._selections[language] = self._first_selection(language)
        return self._selections[language]

    def engine(self, language: str) -> Engine:
        """Return the opened engine of a language."""
        return self._open(self.selection(language))

    def batch_size(self, language: str) -> int:
        """Return how many texts the engine of a language prefers, also if it is not open."""
        return batch_size(self._open_engines.get(_key(self.selection(language))))

    def cache(self, language: str) -> CacheScope | None:
        """Return the cached responses of the engine of a language."""
        return self._cache(self.selection(language))

    def second(self, language: str) -> SecondEngine | None:
        """Return the opened engine of second opinions, None if there is none."""
        second = self._second.get(language)
        return SecondEngine(self._open(second), self._cache(second)) if second else None

    def second_name(self) -> str:
        """Return the engine of second opinions as the user named it, "" for none."""
        name = self._options.second_opinion or self._project.second_opinion
        return "" if name == OFF else name

    def term_engine(self, language: str) -> SecondEngine | None:
        """Return the opened and announced engine for missing terms, None if there is none."""
        selection = self._for_terms.get(language)
        if selection is None:
            return None
        selection.require()
        name = self._announce(selection)
        engine = SecondEngine(self._open(selection), self._cache(selection))
        self._events.notice(f"{language}: asking {name} for drafts that lack terms")
        return engine

    def report_term_engine(self, language: str, error: PipelineError) -> None:
        """Report why missing terms are not requested from a second engine."""
        self._events.warn(
            f"note: {language}: no second engine for missing terms (--term-engine off: ask none): "
            f"{error.message}. {error.hint}".rstrip()
        )

    def metering(self, language: str) -> Metering:
        """Return the prices and the meter of the engine of a language."""
        prices = self.prices(self.selection(language))
        return Metering(prices, lambda: self._meter(self.selection(language)))

    def second_metering(self, language: str) -> Metering | None:
        """Return the prices and the meter of the second engine, None if there is none."""
        second = self._second.get(language) or self._for_terms.get(language)
        return Metering(self.prices(second), partial(self._meter, second)) if second else None

    def close(self) -> None:
        """Close the engines, the estimator and the cache."""
        self._responses.close()
        for engine in self._open_engines.values():
            engine.close()
        if self.estimator:
            self.estimator.close()

    def prices(self, selection: EngineSelection) -> Prices:
        """Return the prices that the settings have for an engine."""
        default = self._project.prices.get(selection.engine, 0.0)
        return Prices.of(selection.engine, selection.config.settings, default)

    def _meter(self, selection: EngineSelection) -> Meter | None:
        """Return the meter of an engine, None if it has none or is not open yet."""
        return getattr(self._open_engines.get(_key(selection)), "meter", None)

    def prepare(self, language: str) -> None:
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
            self._require_prices(second)
        else:
            self._for_terms[language] = self._select_term_engine(selection)
        self._second[language] = second
        if self.estimator is None:
            self.estimator = open_estimator(
                self._project, self._events.warn, offline=selection.offline
            )
        name = self._announce(selection)
        quality = selection.fitness()
        also = f", and {self._announce(second)} for second opinions" if second else ""
        self._events.notice(f"{language}: drafting with {name}, {quality} in {language}{also}")

    def _select_term_engine(self, first: EngineSelection) -> EngineSelection | None:
        """Return the engine for missing terms; report one that cannot be used."""
        options = self._options
        try:
            selection = select_term_engine(
                self._project, options.term_engine, first, offline=options.offline
            )
            if selection:
                self._require_prices(selection)
        except (EngineError, ModelError, SettingsError, PluginError) as error:
            self.report_term_engine(first.language, error)
            return None
        return selection

    def _require_prices(self, second: EngineSelection) -> None:
        """Raise SettingsError for a server without prices in a run that may cost only so much."""
        if self._budget() and second.spec.sends_text_away:
            require_prices(second.engine, self.prices(second))

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
        selection.require_runtime()
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
        if key not in self._open_engines:
            self._open_engines[key] = selection.open(self._options.jobs)
            self._start_meter(selection)
        self._report_ignored_style(selection, self._open_engines[key])
        return self._open_engines[key]

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
            meter.prices, meter.budget = self.prices(selection), self._budget()
        elif self._budget() and self.prices(selection):
            raise EngineError(
                f"engine {selection.engine} does not count what it consumes",
                "Remove --max-cost, or select another engine with --engine.",
            )

    def _cache(self, selection: EngineSelection) -> CacheScope | None:
        engine = self._open(selection)
        return self._responses.for_engine(engine, selection.language, selection.config)

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
        """Return the selection before `prepare`, which may find a model for the language."""
        try:
            return self._select(language)
        except ModelError:
            selection = self._select(language, force=True)
            if not selection.is_fallback:
                raise
            return selection


def _key(selection: EngineSelection) -> tuple[str, str]:
    return selection.engine, selection.name
