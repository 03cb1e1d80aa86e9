"""The registry of engines, and the selection of an engine by what it declares."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

import pipeline.engines
from pipeline.core import plugins
from pipeline.core.errors import EngineError, PluginError, SettingsError
from pipeline.engines import registry
from pipeline.engines.base import EngineConfig, EngineInfo, TranslationRequest, TranslationResult
from pipeline.engines.llama.engine import QUALITIES
from pipeline.engines.registry import ENGINES, EngineOption, EngineSpec, find_engine
from pipeline.engines.selection import resolve_engine


class Remote:
    """An engine that names a remote host."""

    closed = False

    def __init__(self, config: EngineConfig) -> None:
        self.config = config

    def identity(self, language: str) -> EngineInfo:
        return EngineInfo("remote", "", "", "1", "mt.example")

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        return iter(())

    def close(self) -> None:
        Remote.closed = True


def provide(monkeypatch: pytest.MonkeyPatch, **objects: Any) -> None:
    """Install plug-ins."""
    monkeypatch.setattr(plugins, "names", lambda group: tuple(objects))
    monkeypatch.setattr(plugins, "load", lambda group, name: objects.get(name))


def test_public_names() -> None:
    """Each can be imported from the package."""
    for name in pipeline.engines.__all__:
        assert getattr(pipeline.engines, name) is not None
    with pytest.raises(AttributeError):
        _ = pipeline.engines.no_such_name


def test_declared_options_are_settings() -> None:
    """The choices of `--quality` are those that the engine accepts."""
    (option,) = ENGINES["llama"].options
    assert (option.name, set(option.choices)) == ("quality", set(QUALITIES))
    for spec in ENGINES.values():
        module = str(spec.factory).partition(":")[0]
        settings = [
            value
            for name, value in vars(__import__(module, fromlist=["_"])).items()
            if name.endswith("Settings")
        ]
        for option in spec.options:
            assert any(hasattr(kind, option.name) for kind in settings)


def test_a_plugin_is_a_function_or_a_spec(monkeypatch: pytest.MonkeyPatch) -> None:
    """A spec may declare options, which settings and the command line set."""
    option = EngineOption("style", ("plain", "formal"), "Style of translations.")
    spec = EngineSpec("spec", Remote, options=(option,))
    provide(monkeypatch, function=Remote, spec=spec, broken=3)
    assert find_engine("function").sends_text_away
    assert find_engine("spec") is spec
    with pytest.raises(PluginError, match="neither a function nor an EngineSpec"):
        find_engine("broken")
    with pytest.raises(EngineError, match="no engine 'spek'") as error:
        find_engine("spek")
    assert "'spec'" in error.value.hint
    tables = {"spec": {"style": "plain", "other": 1}}
    given = {"style": "formal", "quality": "best"}
    selected = resolve_engine("spec", "", "en", options=given, settings=tables)
    assert selected.config.settings == {"style": "formal", "other": 1}
    unchanged = resolve_engine("spec", "", "en", options={"style": ""}, settings=tables)
    assert unchanged.config.settings == tables["spec"]


def test_a_declaration_is_enforced(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that declares to keep text here, and names a host, fails to open."""
    provide(monkeypatch, honest=Remote, liar=EngineSpec("liar", Remote, sends_text_away=False))
    assert resolve_engine("honest", "", "en").open().identity("en").host == "mt.example"
    for name, offline, message in (
        ("honest", True, "--offline forbids"),
        ("liar", False, "declared to keep text on this machine"),
    ):
        Remote.closed = False
        with pytest.raises(EngineError, match=message):
            resolve_engine(name, "", "en", offline=offline).open()
        assert Remote.closed


@pytest.mark.parametrize(
    ("ready", "model", "expected"),
    [
        ({"first", "second"}, "", "first"),
        ({"second"}, "", "second"),
        (set(), "", "last"),
        ({"first", "second"}, "some", "last"),
    ],
)
def test_auto_selects_the_first_that_is_ready(
    monkeypatch: pytest.MonkeyPatch, ready: set[str], model: str, expected: str
) -> None:
    """Otherwise the last; a model limits the choice to engines that load one."""
    specs = [
        EngineSpec("manual", Remote),
        *(
            EngineSpec(name, Remote, automatic=True, ready=lambda _, name=name: name in ready)
            for name in ("first", "second")
        ),
        EngineSpec("last", Remote, automatic=True, model_kind="gguf"),
    ]
    monkeypatch.setattr(registry, "ENGINES", {spec.name: spec for spec in specs})
    assert registry.automatic_engine("en", model=model).name == expected


def test_a_table_of_an_unknown_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is an error, whichever engine is used."""
    provide(monkeypatch, phrasebook=Remote)
    with pytest.raises(SettingsError, match="no engine 'phrasebok'") as error:
        resolve_engine("phrasebook", "", "en", settings={"phrasebok": {}})
    assert error.value.hint == "Did you mean [engines.phrasebook]?"


def test_memory_is_estimated_before_loading(tmp_path: Path) -> None:
    """By the function that the spec declares; 0 if there is none."""
    file = tmp_path / "some.gguf"
    file.write_bytes(bytes(1000))
    assert ENGINES["llama"].required_memory(file) > 1000
    assert EngineSpec("any", Remote).required_memory(file) == 0


def test_the_registry_imports_no_engine() -> None:
    """Help texts need no engine."""
    import subprocess

    program = (
        "import sys; from pipeline.engines.registry import engine_help, command_line_options\n"
        "engine_help(), command_line_options()\n"
        "print([m for m in sys.modules if m.startswith(('pipeline.engines.llama', 'sqlite3'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
