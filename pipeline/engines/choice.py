"""Which engine and model draft a language, and opening them."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline import models
from pipeline.engines import ENGINES, Engine, opener
from pipeline.errors import EngineError, ModelError


@dataclass(frozen=True, slots=True)
class Choice:
    """An engine and the model that it is to load."""

    engine: str
    model: models.Model

    def missing(self) -> bool:
        """Whether the model has to be installed first."""
        return models.installed(self.model) is None

    def fitness(self, language: str) -> str:
        """Say what the model is worth for a language, as in `translate models info`."""
        return models.fitness(self.model, language) or "not usable"

    def open(self, jobs: int = 1) -> Engine:
        """Load the model; `jobs` requests are computed at once.

        Raises ModelError where it is not installed, EngineError where it does not load.
        """
        path = models.require(str(self.model.path or self.model.id))
        return opener(self.engine)(self.model.id, path, models.digest(self.model), jobs)


def choose(engine: str, model: str, language: str, *, force: bool = False) -> Choice:
    """Choose what drafts `language`: engine `auto` is `llama`, model "" the fittest known.

    Raises EngineError for an unknown engine, and ModelError for an unknown model or one
    that is known not to be fit for the language, unless `force` is given.
    """
    name = "llama" if engine == "auto" else engine
    if name not in ENGINES:
        raise EngineError(f"there is no engine {name!r}", f"Engines: auto, {', '.join(ENGINES)}.")
    chosen = models.find(model) if model else models.default(language)
    if models.fitness(chosen, language) is None and not force:
        fit = ", ".join(chosen.languages)
        raise ModelError(
            f"model {chosen.id} is not fit to translate into {language!r} (it is for: {fit})",
            "Take another model with --model (the path of a .gguf file will do), or --force it.",
        )
    return Choice(name, chosen)
