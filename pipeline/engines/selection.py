"""Which engine and model draft a language, and opening them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pipeline import models
from pipeline.core import plugins
from pipeline.core.errors import EngineError, ModelError, SettingsError
from pipeline.engines.base import ENGINES, MODEL_KINDS, Engine, EngineConfig, known, opener, unknown
from pipeline.engines.http.credentials import is_loopback

if TYPE_CHECKING:
    from pipeline.project import Project

Tables = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class EngineSelection:
    """An engine for a language, and what it is to be opened with.

    `model` is the model that it loads; None for an engine that brings its own. Where
    `offline`, an engine that sends text to another machine is refused.
    """

    engine: str
    language: str
    config: EngineConfig
    model: models.Model | None = None
    offline: bool = False

    @property
    def name(self) -> str:
        """What drafts, in a few words: the model, else the engine and what it was asked for."""
        if self.model:
            return self.model.id
        return f"{self.engine}, {self.config.model}" if self.config.model else self.engine

    def missing(self) -> bool:
        """Whether the model has to be installed first."""
        return self.model is not None and models.path_if_installed(self.model) is None

    def require(self) -> None:
        """Raise ModelError, with the cure, where the model is not installed or damaged."""
        if self.model:
            models.verified_path(self.model)

    def fitness(self) -> str:
        """Say what the model is worth for the language, as in `translate models info`."""
        if self.model is None:
            return models.UNRATED
        return models.fitness(self.model, self.language) or "not usable"

    def open(self, jobs: int = 0) -> Engine:
        """Open the engine; `jobs` requests are computed at once, or as many as it decides.

        Raises ModelError where the model is not installed or damaged, EngineError where it
        does not fit into memory, or the engine cannot be opened or would send text to another
        machine though that is forbidden.
        """
        setup = replace(self.config, jobs=jobs)
        if self.model:
            path = models.verified_path(self.model)
            setup = replace(setup, path=path, digest=models.digest(self.model))
            return opener(self.engine)(setup)
        engine = opener(self.engine)(setup)
        host = engine.identity(self.language).host
        if self.offline and host and not is_loopback(host):
            engine.close()
            raise EngineError(
                f"the engine {self.engine} sends text to {host}, and that is forbidden",
                "Take an engine on this machine with --engine, or lift --offline (the setting "
                "offline = true).",
            )
        return engine


def choose(
    engine: str, model: str, language: str, *,
    quality: str = "", force: bool = False, offline: bool = False, settings: Tables | None = None,
) -> EngineSelection:  # fmt: skip
    """Choose what drafts `language`: model "" is the fittest known.

    `quality` stands before that of the settings, for the engine `llama`.

    Engine `auto` is `argos` where it and packages for the language are installed and no
    model is asked for, else `llama`.

    `settings` are the engines' tables of the project. Raises EngineError for an unknown
    engine, SettingsError for the table of one, and ModelError for an unknown model or one
    that is known not to be fit for the language, unless `force` is given.
    """
    name = _automatic(language, model) if engine in ("", "auto") else engine
    if not known(name):
        raise unknown(name)
    tables = settings or {}
    for table in tables:
        if not known(table):
            near = get_close_matches(table, [*ENGINES, *plugins.names(plugins.ENGINES)], 1)
            hint = f"Did you mean [engines.{near[0]}]?" if near else "Delete it."
            raise SettingsError(f"[engines.{table}]: there is no engine {table!r}", hint)
    own = dict(tables.get(name, {})) | ({"quality": quality} if quality and name == "llama" else {})
    setup = EngineConfig(settings=own)
    if name not in MODEL_KINDS:
        return EngineSelection(name, language, replace(setup, model=model), None, offline)
    chosen = models.find(model) if model else models.default_model(language)
    if models.fitness(chosen, language) is None and not force:
        fit = ", ".join(chosen.languages)
        raise ModelError(
            f"model {chosen.id} is not fit to translate into {language!r} (it is for: {fit})",
            "Take another model with --model (the path of a .gguf file will do), or --force it.",
        )
    return EngineSelection(name, language, replace(setup, model=chosen.id), chosen, offline)


def _automatic(language: str, model: str) -> str:
    from pipeline.engines.argos import engine as argos

    return "argos" if not model and argos.ready(language) else "llama"


def select_engine(
    project: Project | None, engine: str, model: str, language: str, *,
    quality: str = "", force: bool = False, offline: bool = False,
) -> EngineSelection:  # fmt: skip
    """Choose as `choose` does, where a project's settings stand in for what is "".

    Its setting `model` belongs to the engine that it names. Raises as `choose` does.
    """
    if project is None:
        return choose(engine, model, language, quality=quality, force=force, offline=offline)
    own = engine in ("", project.engine)
    return choose(
        engine or project.engine,
        model or (project.model if own else ""),
        language,
        quality=quality,
        force=force,
        offline=offline or project.offline,
        settings=project.engines,
    )
