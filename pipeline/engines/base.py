"""What an engine is, and the table of engines; each is imported when it is chosen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from pipeline.core import plugins
from pipeline.core.errors import EngineError
from pipeline.core.text import suggest

ENGINES: Mapping[str, str] = {
    "argos": "pipeline.engines.argos.engine:open_engine",
    "llama": "pipeline.engines.llama.engine:open_engine",
    "openai": "pipeline.engines.openai:open_engine",
    "libretranslate": "pipeline.engines.libretranslate:open_engine",
    "deepl": "pipeline.engines.deepl:open_engine",
}

BATCH = 8
"""How many requests an engine is given at once, where it does not say."""

MODEL_KINDS: Mapping[str, str] = {"llama": "gguf"}
"""The engines that run a model of the model store, and which kind; others bring their own."""


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """What an engine is opened with.

    `model` is a model's name ("": none was asked for); `path` and `digest` are its file
    and SHA-256, for an engine in `MODEL_KINDS`. `settings` is the engine's own table of
    the project's settings, `[engines.NAME]`. `jobs` is the number of requests to compute
    at once, 0 where the engine is to decide.
    """

    model: str = ""
    path: Path | None = None
    digest: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    jobs: int = 0


@dataclass(frozen=True, slots=True)
class TranslationRequest:
    """A text to translate.

    `terms` are pairs (as it stands in the text, required translation). `previous` and
    `problems` are an earlier answer and what was wrong with it, one sentence each.
    `examples` are approved translations of similar texts, as pairs (German, translation),
    the nearest last; an engine need not use them. `label` tells that the text is no part of
    a sentence but a label of the page: a link, a button.
    """

    text: str
    terms: tuple[tuple[str, str], ...] = ()
    previous: str = ""
    problems: tuple[str, ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    label: bool = False


@dataclass(frozen=True, slots=True)
class TranslationResult:
    """An engine's translation of a request; `complete` is false where it was cut off.

    `refused` says why there is none for this one text, where others can go on. `confidence`
    is the engine's own estimate, from 0 (surely wrong) to 1 (surely right); None where it
    has none.
    `others` are further translations that it has at hand, the better ones first: one of
    them is taken where the checks find less fault with it.
    """

    text: str
    complete: bool = True
    rejection_reason: str = ""
    confidence: float | None = None
    alternatives: tuple[TranslationResult, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """Who translated: engine, model and its digest, and the engine's version.

    `host` is the server that texts are sent to, as `name` or `name:port`; "" where they
    stay in this process.
    """

    engine: str
    model: str
    digest: str
    version: str
    host: str = ""


class Engine(Protocol):
    """Translates German texts.

    `translate` yields one answer per request, in order, as they become ready; it raises
    EngineError where it cannot, and never stands in an empty or echoed text for a
    failure. An engine owns its batching and its threads. One that can do nothing with an
    earlier answer and its problems gives that answer again. An attribute `batch` may say
    how many requests it is best given at once: their drafts are written together.

    Answers are remembered, by the engine's identity, the model asked for, and all of its
    settings. A method `settings_key(language)` may give, in the place of all settings, those
    that change answers (and what else does), as a text; or None, where it cannot be known
    what answers: then nothing is remembered.
    """

    def identity(self, language: str) -> EngineInfo:
        """Say who translates into a language, for the origin of its drafts."""

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        """Translate requests into `language`, yielding the answers in their order."""

    def close(self) -> None:
        """Free what the engine holds."""


def opener(name: str) -> Callable[[EngineConfig], Engine]:
    """Import an engine's `open_engine`, of this package or of a plug-in.

    Raises EngineError for a name that nobody knows, PluginError for a broken plug-in.
    """
    if name in ENGINES:
        module, _, function = ENGINES[name].partition(":")
        built_in: Callable[[EngineConfig], Engine] = getattr(import_module(module), function)
        return built_in
    plugin: Callable[[EngineConfig], Engine] | None = plugins.load(plugins.ENGINES, name)
    if plugin is None:
        raise unknown(name)
    return plugin


def batch(engine: Engine | None, otherwise: int = BATCH) -> int:
    """How many requests an engine is to be given at once; `otherwise` where it does not say."""
    wanted: int = getattr(engine, "batch", otherwise)
    return max(1, wanted)


def settings_key(engine: Engine, setup: EngineConfig, language: str) -> str | None:
    """What changes an engine's answers beside identity and model; None: that is not known."""
    own: Callable[[str], str | None] | None = getattr(engine, "settings_key", None)
    if own is not None:
        return own(language)
    return json.dumps(dict(setup.settings), sort_keys=True, default=str)


def known(name: str) -> bool:
    """Whether an engine is built in, or a plug-in brings it."""
    return name in ENGINES or name in plugins.names(plugins.ENGINES)


def unknown(name: str) -> EngineError:
    """The error for a name that no engine has, with the ones that there are."""
    names = ["auto", *ENGINES, *plugins.names(plugins.ENGINES)]
    return EngineError(f"there is no engine {name!r}", suggest(name, names, "Engines"))
