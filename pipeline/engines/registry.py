"""The registry of engines: a table of the built-in ones, and plug-ins by entry point.

Everything that other packages need to know about an engine before they open it is declared
in its `EngineSpec`. Engines are imported when they are opened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipeline.core import EngineError, PluginError, plugins, suggest
from pipeline.core.http import Address
from pipeline.engines.base import Engine, EngineConfig, EngineFactory, TranslationRequest
from pipeline.engines.usage import Usage

COPIED = ("memory", "source", "labels", "names")
"""Origins of drafts that no engine wrote, in the place of an engine in the provenance."""

AUTO = "auto"
"""The name that selects an engine by what is installed."""

OFF = "off"
"""The name that selects no second engine, whatever the setting."""


@dataclass(frozen=True, slots=True)
class EngineOption:
    """A setting of an engine that the command line offers as `--NAME`."""

    name: str
    choices: tuple[str, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """A registered engine.

    - `factory`: a function that takes an EngineConfig and returns an Engine, or its address
      as `module:function`.
    - `summary`: where and with what the engine translates, as a noun phrase.
    - `model_kind`: the kind of model that it loads from the model store; "" if it uses none.
    - `model_memory`: a function from the path of a model to the bytes of memory that it needs,
      or its address. It runs before the model is hashed and loaded.
    - `runtime`: the module of the extra of its name that it needs, which is looked for before a
      model is installed; "" if it needs none, or `ready` looks for it.
    - `automatic`: the engine may be selected by `auto`, in the order of the table.
    - `ready`: a function from a language to whether everything it needs is installed, or its
      address. Without one, the engine counts as ready.
    - `options`: settings with an option on the command line.
    - `sends_text_away`: the engine may send texts to another machine. An engine without this
      flag fails to open if its identity names a remote host.
    - `server`: a function from the table `[engines.NAME]` to the address that receives the
      texts (None: not set), or its address. Settings that name another machine need trust. An
      engine that may send texts away without declaring it needs trust for all its settings.
    - `downloads`: a function from the same table to the address from which its models are
      installed (None: not set), or its address. Another machine needs trust.
    - `key_variable`: the environment variable of a key for the server of the settings.
    - `estimate`: a function from the table `[engines.NAME]`, the model, requests and the language
      to what the requests consume, or its address. Without one, their characters count.
    """

    name: str
    factory: str | EngineFactory
    summary: str = ""
    model_kind: str = ""
    model_memory: str | Callable[[Path], int] | None = None
    runtime: str = ""
    automatic: bool = False
    ready: str | Callable[[str], bool] | None = None
    options: tuple[EngineOption, ...] = ()
    sends_text_away: bool = True
    server: str | Callable[[Mapping[str, Any]], Address | None] | None = None
    key_variable: str = ""
    estimate: str | Callable[..., Usage] = ""
    downloads: str | Callable[[Mapping[str, Any]], Address | None] | None = None

    def create(self, config: EngineConfig) -> Engine:
        """Import the engine and open it."""
        factory: EngineFactory = _resolve(self.factory)
        return factory(config)

    def has_runtime(self) -> bool:
        """Return whether the module that the engine needs is installed."""
        return not self.runtime or find_spec(self.runtime) is not None

    def is_ready(self, language: str) -> bool:
        """Return whether the engine can translate into `language` without an installation."""
        if self.ready is None:
            return True
        ready: Callable[[str], bool] = _resolve(self.ready)
        return ready(language)

    def server_address(self, settings: Mapping[str, Any]) -> Address | None:
        """Return the address of the server that a table of settings selects; None if unknown.

        Raises SettingsError or EngineError for settings that are not valid.
        """
        if self.server is None:
            return None
        address: Callable[[Mapping[str, Any]], Address | None] = _resolve(self.server)
        return address(settings)

    def estimated_usage(
        self,
        settings: Mapping[str, Any],
        model: str,
        requests: Sequence[TranslationRequest],
        language: str,
    ) -> Usage:
        """Estimate what requests consume, each sent once, without opening the engine.

        Raises SettingsError for settings that are not valid.
        """
        if not self.estimate:
            return Usage(sum(len(request.text) for request in requests))
        usage: Usage = _resolve(self.estimate)(settings, model, requests, language)
        return usage

    def download_address(self, settings: Mapping[str, Any]) -> Address | None:
        """Return the address from which a table of settings installs models; None if not set.

        Raises SettingsError for settings that are not valid.
        """
        if self.downloads is None:
            return None
        address: Callable[[Mapping[str, Any]], Address | None] = _resolve(self.downloads)
        return address(settings)

    def required_memory(self, model: Path) -> int:
        """Return the bytes of memory that a model file needs; 0 if unknown."""
        if self.model_memory is None:
            return 0
        estimate: Callable[[Path], int] = _resolve(self.model_memory)
        return estimate(model)


ENGINES: Mapping[str, EngineSpec] = {
    spec.name: spec
    for spec in (
        EngineSpec(
            "firefox",
            "pipeline.engines.firefox.engine:open_engine",
            "Firefox Translations models, in processes of this program",
            automatic=True,
            ready="pipeline.engines.firefox.engine:ready",
            sends_text_away=False,
            downloads="pipeline.engines.firefox.settings:records_address",
        ),
        EngineSpec(
            "argos",
            "pipeline.engines.argos.engine:open_engine",
            "Argos packages, in this process",
            automatic=True,
            ready="pipeline.engines.argos.engine:ready",
            sends_text_away=False,
        ),
        EngineSpec(
            "llama",
            "pipeline.engines.llama.engine:open_engine",
            "a GGUF model, in this process",
            model_kind="gguf",
            model_memory="pipeline.engines.llama.engine:gguf_memory",
            runtime="ik_llama_cpp",
            automatic=True,
            options=(
                EngineOption(
                    "quality",
                    ("fast", "balanced", "best"),
                    "Translation quality: higher levels compare more candidates.",
                ),
            ),
            sends_text_away=False,
        ),
        EngineSpec(
            "openai",
            "pipeline.engines.openai:open_engine",
            "a chat server",
            server="pipeline.engines.openai:server",
            key_variable="TRANSLATE_OPENAI_KEY",
            estimate="pipeline.engines.openai:estimate",
        ),
        EngineSpec(
            "libretranslate",
            "pipeline.engines.libretranslate:open_engine",
            "a LibreTranslate server",
            server="pipeline.engines.libretranslate:server",
            key_variable="TRANSLATE_LIBRETRANSLATE_KEY",
        ),
        EngineSpec(
            "deepl",
            "pipeline.engines.deepl:open_engine",
            "the DeepL API",
            server="pipeline.engines.deepl:server",
            key_variable="TRANSLATE_DEEPL_KEY",
        ),
    )
}
"""The built-in engines. `auto` selects the first that is `automatic` and ready."""


def engine_names() -> tuple[str, ...]:
    """Return the names of all engines: built-in ones, then plug-ins."""
    return (*ENGINES, *plugins.names(plugins.ENGINES))


def is_known(name: str) -> bool:
    """Return whether an engine is built in or provided by a plug-in, without importing it."""
    return name in ENGINES or name in plugins.names(plugins.ENGINES)


def find_engine(name: str) -> EngineSpec:
    """Return the spec of an engine; a plug-in is a spec or a factory function.

    Raises EngineError for an unknown name, PluginError for a broken plug-in.
    """
    if name in ENGINES:
        return ENGINES[name]
    found = plugins.load(plugins.ENGINES, name)
    if found is None:
        raise unknown_engine(name)
    if isinstance(found, EngineSpec):
        return found
    if not callable(found):
        raise PluginError(
            f"engine plug-in {name!r} is neither a function nor an EngineSpec: {found!r}",
            "Correct its entry point in translate.engines: see docs/plugins.md.",
        )
    return EngineSpec(name, found)


def automatic_engine(language: str, *, model: str = "") -> EngineSpec:
    """Return the engine that `auto` selects: the first ready one, else the last automatic one.

    A requested `model` limits the choice to engines that load models from the store.
    """
    candidates = [
        spec for spec in ENGINES.values() if spec.automatic and (spec.model_kind or not model)
    ]
    return next((spec for spec in candidates if spec.is_ready(language)), candidates[-1])


def unknown_engine(name: str) -> EngineError:
    """Return the error for an unknown name, with a hint."""
    hint = suggest(name, [AUTO, *engine_names()], "Engines")
    return EngineError(f"there is no engine {name!r}", hint)


def draft_origins() -> tuple[str, ...]:
    """Return what a draft may come from: an engine, the memory, the German or the page labels."""
    return (*engine_names(), *COPIED)


def engine_help() -> str:
    """Return the help text of `--engine`. Plug-ins are not looked up."""
    names = ", ".join([AUTO, *ENGINES])
    return f"Translation engine: {names} or a plug-in [default: from the settings]."


def command_line_options() -> Mapping[str, tuple[EngineOption, str]]:
    """Return the options of all built-in engines by name, each with its help text."""
    return {
        option.name: (option, f"{option.summary} Engine: {spec.name} [default: its setting].")
        for spec in ENGINES.values()
        for option in spec.options
    }


def _resolve(target: str | Callable[..., Any]) -> Any:
    if not isinstance(target, str):
        return target
    module, _, function = target.partition(":")
    return getattr(import_module(module), function)
