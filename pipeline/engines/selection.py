"""Selection of the engine and the model for a language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pipeline import models
from pipeline.core import EngineError, ModelError, SettingsError, base_language, find_similar
from pipeline.engines import memory_limits
from pipeline.engines.base import Engine, EngineConfig
from pipeline.engines.http.credentials import is_loopback
from pipeline.engines.licences import find_licence
from pipeline.engines.prompts import presets
from pipeline.engines.reach import (
    engine_reaches,
    key_hosts,
    model_path,
    second_reaches,
    term_reaches,
    withheld_key,
)
from pipeline.engines.registry import (
    AUTO,
    ENGINES,
    OFF,
    EngineSpec,
    automatic_engine,
    engine_names,
    find_engine,
    is_known,
)

if TYPE_CHECKING:
    from pipeline.project import Project
    from pipeline.trust import Reach


@dataclass(frozen=True, slots=True)
class EngineSelection:
    """An engine and its configuration for one language.

    `model` is the model of the store that the engine loads; None if it uses none. With
    `offline`, `open` refuses an engine that sends text to another machine. `withheld_key` is
    a notice about a key that the server does not receive, or "". `is_fallback` means that `auto`
    selected the default model, because nothing better is installed.
    """

    spec: EngineSpec
    language: str
    config: EngineConfig
    model: models.Model | None = None
    offline: bool = False
    withheld_key: str = ""
    is_fallback: bool = False

    @property
    def engine(self) -> str:
        """The name of the engine."""
        return self.spec.name

    @property
    def name(self) -> str:
        """The name of the model, or of the engine and the model requested from it."""
        if self.model:
            return self.model.id
        return f"{self.engine}, {self.config.model}" if self.config.model else self.engine

    def describe(self) -> str:
        """Return the name, and the installed models of an engine that selects its own.

        Raises ModelError for models that are not usable, EngineError if the engine cannot be
        opened.
        """
        if self.model or self.spec.sends_text_away:
            return self.name
        with closing(self.spec.create(self.config)) as engine:
            return f"{self.name} ({engine.identity(self.language).model})"

    def missing(self) -> bool:
        """Return whether the model has to be installed first."""
        return self.model is not None and models.path_if_installed(self.model) is None

    def require_runtime(self) -> None:
        """Raise EngineError if the engine cannot load models, whichever are installed."""
        if self.spec.has_runtime():
            return
        if self.is_fallback:
            raise EngineError(
                f"no engine with a model for {self.language} is installed",
                "Install the engines of this machine: pip install 'translate-pipeline[all]', then "
                "`translate models install`. Or name a server with --engine: see docs/engines.md.",
            )
        raise EngineError(
            f"the {self.engine} engine is not installed (no module {self.spec.runtime!r})",
            f"Install it: pip install 'translate-pipeline[{self.engine}]'.",
        )

    def require(self) -> None:
        """Raise EngineError without the runtime, ModelError for a missing or damaged model."""
        self.require_runtime()
        if self.model:
            models.verified_path(self.model)

    def fitness(self) -> str:
        """Return the rating of the model for the language, as in `translate models info`."""
        if self.model is None:
            return models.UNRATED
        return models.fitness(self.model, self.language) or "not usable"

    def open(self, jobs: int = 0) -> Engine:
        """Open the engine with `jobs` concurrent requests; 0 leaves the number to the engine.

        Raises ModelError for a model that is not installed or damaged. Raises EngineError if
        the engine cannot be opened, or would send text to another machine despite `offline`.
        """
        config = replace(self.config, jobs=jobs)
        if self.model:
            path = models.verified_path(self.model)
            memory_limits.require_memory(
                f"model {self.model.id}",
                self.spec.required_memory(path),
                "Close other programs, select a smaller model with --model, or use a server: "
                "see docs/engines.md.",
            )
            config = replace(config, path=path, digest=models.digest(self.model))
        engine = self.spec.create(config)
        host = engine.identity(self.language).host
        if host and not is_loopback(host):
            self._require_consent(engine, host)
        return engine

    def _require_consent(self, engine: Engine, host: str) -> None:
        if self.offline:
            engine.close()
            raise EngineError(
                f"engine {self.engine} sends text to {host}, which --offline forbids",
                "Select an engine on this machine with --engine, or remove --offline "
                "(setting: offline = true).",
            )
        if not self.spec.sends_text_away:
            engine.close()
            raise EngineError(
                f"engine {self.engine} is declared to keep text on this machine, "
                f"but sends it to {host}",
                "Report this to the author of the engine, or select another one with --engine.",
            )


def resolve_engine(
    engine: str,
    model: str,
    language: str,
    *,
    options: Mapping[str, str] | None = None,
    force: bool = False,
    offline: bool = False,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
) -> EngineSelection:
    """Resolve the names of an engine and a model for `language`.

    - `engine`: "" and `auto` select the first automatic engine that is ready.
    - `model`: "" selects the best model known for the language. With `auto`, a translation model
      that the user added to the store precedes the default model.
    - `options`: values of `EngineOption`s; they override `settings`. Engines without an option
      of that name ignore it.
    - `settings`: the tables `[engines.NAME]` of the project.
    - `force`: accept a model that is rated unfit for the language.

    Raises EngineError for an unknown engine, SettingsError for a table of an unknown engine,
    ModelError for a model that is unknown or rated unfit.
    """
    automatic = engine in ("", AUTO)
    spec = automatic_engine(language, model=model) if automatic else find_engine(engine)
    tables = settings or {}
    for name in tables:
        _require_known(name)
    declared = {option.name for option in spec.options}
    given = {k: value for k, value in (options or {}).items() if value and k in declared}
    table = dict(tables.get(spec.name, {}))
    config = EngineConfig(settings=table | given, key_hosts=frozenset())
    if not spec.model_kind:
        return EngineSelection(spec, language, replace(config, model=model), None, offline)
    own = _own_translation_model(spec) if automatic and not model else None
    chosen = models.find(model) if model else own or models.default_model(language)
    if models.fitness(chosen, language) is None and not force:
        fit = ", ".join(chosen.languages)
        raise ModelError(
            f"model {chosen.id} is not fit to translate into {language!r} (it is for: {fit})",
            "Select another model with --model (also the path of a .gguf file), or add --force.",
        )
    is_fallback = automatic and not model and not chosen.path and chosen in models.MODELS
    config = replace(config, model=chosen.id)
    return EngineSelection(spec, language, config, chosen, offline, is_fallback=is_fallback)


def _own_translation_model(spec: EngineSpec) -> models.Model | None:
    """Return the largest model for translation that the user added to the store, None without one.

    Models that do not fit into memory, and models with a restricted licence, are chosen by name
    only.
    """
    free = memory_limits.available()
    fitting = []
    for model in models.known_models():
        path = None if model in models.MODELS else models.path_if_installed(model)
        if path is None or presets.find("", model.id, model.file) is None:
            continue
        licence = find_licence(f"{model.id} {model.file}")
        if licence and licence.restriction:
            continue
        if free is None or spec.required_memory(path) <= free.bytes:
            fitting.append(model)
    return max(fitting, key=lambda model: model.size, default=None)


def select_engine(
    project: Project | None,
    engine: str,
    model: str,
    language: str,
    *,
    options: Mapping[str, str] | None = None,
    force: bool = False,
    offline: bool = False,
) -> EngineSelection:
    """Resolve an engine as `resolve_engine` does, with a project's settings as defaults.

    The setting `model` applies only to the engine of the settings. Raises the same errors,
    and TrustError for settings that reach beyond the project without the user's agreement.
    """
    if project is None:
        return resolve_engine(
            engine, model, language, options=options, force=force, offline=offline
        )
    offline = offline or project.offline
    name = engine or project.engine
    reaches = engine_reaches(project, engine, model)
    # Offline, no server receives anything: `EngineSelection.open` refuses it.
    project.require_trust(one for one in reaches if not (offline and one.host))
    if not model and engine in ("", project.engine):
        loads_files = name == AUTO or find_engine(name).model_kind
        model = str(model_path(project) or project.model) if loads_files else project.model
    selection = resolve_engine(
        name,
        model,
        language,
        options=options,
        force=force,
        offline=offline,
        settings=project.engines,
    )
    return _configured(selection, project)


def select_second_engine(
    project: Project | None,
    engine: str,
    first: EngineSelection,
    *,
    offline: bool = False,
) -> EngineSelection | None:
    """Resolve the engine of second opinions on the drafts of `first`; None if there is none.

    - `engine`: "" is the setting of the project, `off` is none, `auto` the best other engine that
      is installed on this machine.

    Raises EngineError if it is the engine of `first`, or if no second engine is installed, and
    the errors of `select_engine`.
    """
    language = first.language
    name = engine or (project.second_opinion if project else "")
    if name in ("", OFF):
        return None
    if name == AUTO:
        name = _next_best(first)
        if not name:
            raise _no_second_engine(first)
    if name == first.engine:
        raise EngineError(
            f"the second opinion would be of {name}, which drafts {language} itself",
            "Name another engine: --second-opinion ENGINE (setting: second_opinion).",
        )
    reaches = second_reaches(project, engine) if project else ()
    return _select_other(project, name, language, reaches, offline=offline)


def select_term_engine(
    project: Project | None,
    engine: str,
    first: EngineSelection,
    *,
    offline: bool = False,
) -> EngineSelection | None:
    """Resolve the engine for texts whose drafts by `first` lack terms; None if there is none.

    - `engine`: "" is the setting of the project, or `auto` without one; `off` is none, `auto` the
      best other engine that is installed on this machine.

    The engine of `first` is no other one: None. Raises the errors of `select_engine`.
    """
    name = engine or (project.term_engine if project else AUTO)
    if name == AUTO:
        name = _next_best(first)
    if name in ("", OFF, first.engine):
        return None
    reaches = term_reaches(project, engine) if project else ()
    return _select_other(project, name, first.language, reaches, offline=offline)


def _select_other(
    project: Project | None,
    name: str,
    language: str,
    reaches: Iterable[Reach],
    *,
    offline: bool,
) -> EngineSelection:
    """Resolve a second engine, which uses the default model; `reaches` need trust."""
    if project is None:
        return resolve_engine(name, "", language, offline=offline)
    offline = offline or project.offline
    project.require_trust(one for one in reaches if not (offline and one.host))
    selection = resolve_engine(name, "", language, offline=offline, settings=project.engines)
    return _configured(selection, project)


def _configured(selection: EngineSelection, project: Project) -> EngineSelection:
    """Return a selection with the hosts of keys and the formality of a project."""
    spec = selection.spec
    config = replace(
        selection.config,
        key_hosts=key_hosts(project, spec),
        formality=project.formality_by_language(),
    )
    return replace(selection, config=config, withheld_key=withheld_key(project, spec))


def _next_best(first: EngineSelection) -> str:
    """Return the best engine besides `first` that is installed for its language, "" for none."""
    for spec in ENGINES.values():
        if spec.automatic and spec.name != first.engine and is_installed(spec, first.language):
            return spec.name
    return ""


def _no_second_engine(first: EngineSelection) -> EngineError:
    pair = f"de-{base_language(first.language)}"
    others = {"firefox": f"firefox:{pair}", "argos": pair}
    commands = [f"translate models install {n}" for e, n in others.items() if e != first.engine]
    return EngineError(
        f"no second engine is installed for {first.language}: {first.engine} is the only one",
        f"Install one ({' or '.join(commands)}), name a server (--second-opinion NAME), or switch "
        "it off (--second-opinion off).",
    )


def is_installed(spec: EngineSpec, language: str) -> bool:
    """Return whether an engine has what it needs to translate into `language` on this machine."""
    if not spec.model_kind:
        return spec.is_ready(language)
    if not spec.has_runtime():
        return False
    try:
        model = models.default_model(language)
    except ModelError:
        return False
    return models.path_if_installed(model) is not None


def _require_known(table: str) -> None:
    if is_known(table):
        return
    similar = find_similar(table, engine_names())
    hint = f"Did you mean [engines.{similar}]?" if similar else "Delete this table."
    raise SettingsError(f"[engines.{table}]: there is no engine {table!r}", hint)
