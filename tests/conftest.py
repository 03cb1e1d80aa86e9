"""A small translation project, and the command line, for tests of commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tests import lexicons

if TYPE_CHECKING:
    from pipeline.engines import EngineSpec

# Read by OpenMP's library when it is loaded, which the first engine does. Waiting threads that
# spin, as is usual, take the core from the tests beside.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

# An example takes longer when the other worker has the cores.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

ARTICLE = """zum Inhalt

Neue Brücke über die Elbe

Neue Brücke über die Elbe

Von
Karla Winter
2 Minuten Lesezeit

Der Stadtrat hat am 12. März 2024 den Bau einer neuen Brücke beschlossen. Sie soll 48 Mio. Euro \
kosten.

Die nächsten Schritte

  1. Planung: Im Herbst beginnt die Ausschreibung.

  • Die Bürger werden vorher gehört.

Quelle: beispiel.example
"""

GLOSSARY = """source,target,status,case,forms,note
Stadtrat,city council,,,,
Stadtrat,town hall,forbidden,,,
Ausschreibung,call for tenders|tender,,,,
"""

FIELDS = (
    "Project-Id-Version: t\\nPO-Revision-Date: 2024-01-01 00:00+0000\\nLast-Translator: t\\n"
    "Language-Team: t\\nMIME-Version: 1.0\\nContent-Transfer-Encoding: 8bit\\n"
)
"""Fields that a header needs besides its language and charset, as in a catalog."""

Translate = Callable[..., "subprocess.CompletedProcess[str]"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--write-docs` writes the generated parts of the documentation anew."""
    parser.addoption("--write-docs", action="store_true", help="renew the generated documentation")


# Files whose tests run in one worker, one after the other: they share a loaded model and do not
# compete for the cores. The tests of every other file stay together too, for its fixtures.
TOGETHER = dict.fromkeys(
    (
        "tests/cli/commands/test_run.py",
        "tests/cli/commands/test_text.py",
        "tests/engines/llama/test_engine.py",
        "tests/engines/test_openai_server.py",
    ),
    "the default model",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start the longest group first, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: item.nodeid.partition("::")[0] not in TOGETHER)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Group tests for `--dist loadgroup`; xdist's own scheduler ignores groups with pytest 9.2."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return TOGETHER.get(file, file)

    return Scheduling(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.fixture(scope="session", autouse=True)
def _no_pair_models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hide the user's Firefox models and Argos packages, which `auto` would prefer."""
    from pipeline.models import store_dir

    with pytest.MonkeyPatch.context() as patch:
        if any((store_dir() / name).exists() for name in ("_firefox", "_argos")):
            copy = tmp_path_factory.mktemp("models")
            for path in store_dir().iterdir():
                if path.name not in ("_firefox", "_argos"):
                    (copy / path.name).symlink_to(path)
            patch.setenv("TRANSLATE_MODELS", str(copy))
        yield


@pytest.fixture(scope="session")
def kept_model() -> Iterator[None]:
    """Keep loaded models loaded: opening the same file again returns the same decoder."""
    from pipeline.engines.llama import engine as llama
    from pipeline.engines.llama.decoder import Decoder

    opened = []

    class Kept(Decoder):
        def __init__(self, path: Path, threads: int) -> None:
            super().__init__(path, threads)
            opened.append(self)

        def close(self) -> None:
            """Do nothing: other tests use the model."""

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(llama, "Decoder", cache(Kept))
        yield
    for model in opened:
        Decoder.close(model)


@pytest.fixture(scope="session", autouse=True)
def _lexicons(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.getbasetemp()
    lexicons.place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "lexicons"
    lexicons.place.mkdir(exist_ok=True)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project with one article, English and French, and an English glossary.

    The cache is its own, but for lexicons and dictionaries: they take long to build.
    """
    lexicons.lend(tmp_path / "cache")
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(tmp_path / "argos"))
    # No test asks Mozilla for models.
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", "http://127.0.0.1:9/records")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    # Nor does `auto` select the default model as a second engine, where it is installed.
    monkeypatch.setattr("pipeline.engines.selection.is_installed", _needs_no_model)
    root = tmp_path / "project"
    for name in ("source_de", "glossary", "output"):
        (root / name).mkdir(parents=True)
    (root / "translate.toml").write_text('languages = ["en", "fr"]\n', encoding="utf-8")
    (root / "source_de" / "bruecke.txt").write_text(ARTICLE, encoding="utf-8")
    (root / "glossary" / "de-en.csv").write_text(GLOSSARY, encoding="utf-8")
    yield root
    lexicons.collect(tmp_path / "cache")


def _needs_no_model(spec: EngineSpec, language: str) -> bool:
    return not spec.model_kind and spec.is_ready(language)


@pytest.fixture
def translate(folder: Path) -> Translate:
    """The command, run as a user does, in the project's folder."""

    def run(
        *words: str, text: str = "", prefix: tuple[str, ...] = (), **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*prefix, sys.executable, "-m", "pipeline", *words],
            cwd=folder, input=text, capture_output=True, text=True, timeout=600,
            env=os.environ | variables, check=False,
        )  # fmt: skip

    return run


@pytest.fixture(scope="session")
def ordinary_user() -> tuple[str, ...]:
    """Words before a command that take the privileges of root from it, if this is root.

    The command still owns root's files, but their permissions apply to it.
    """
    if not hasattr(os, "getuid") or os.getuid():
        return ()
    taken = "--bounding-set=-dac_override,-dac_read_search,-fowner"
    prefix = ("setpriv", taken, "--inh-caps=-all")
    if not shutil.which("setpriv") or subprocess.run([*prefix, "true"], check=False).returncode:
        pytest.skip("setpriv cannot take the privileges of root")
    return prefix


@pytest.fixture
def inside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Translate:
    """The command, run in this process: as `translate`, without its start-up time."""
    from click.testing import CliRunner

    from pipeline.cli.main import translate as cli
    from pipeline.core.errors import PipelineError

    monkeypatch.chdir(folder)

    def run(*words: str, text: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        done = CliRunner().invoke(cli, words, input=text, env=variables)
        code, said = done.exit_code, done.stderr
        if isinstance(done.exception, PipelineError):
            code = done.exception.exit_code
            said = f"{said}error: {done.exception.message}\n  {done.exception.hint}\n"
        elif done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return subprocess.CompletedProcess(words, code, done.stdout, said)

    return run
