"""Plug-ins: the example of docs/plugins.md as an installed package, and broken ones."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.catalog import catalog
from pipeline.core import plugins
from pipeline.drafting.confidence import estimate
from pipeline.drafting.types import DraftResult
from pipeline.engines import EngineInfo, TranslationResult
from tests.conftest import FIELDS, Translate

ROOT = Path(__file__).parents[2]
_FILE = re.compile(r"^`(\S+\.\w+)`:\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the example with pip; return the folder, which has its test module too."""
    source = tmp_path_factory.mktemp("phrasebook")
    page = (ROOT / "docs/plugins.md").read_text(encoding="utf-8")
    files = dict(_FILE.findall(page))
    assert set(files) == {
        "pyproject.toml", "phrasebook.py", "phrasebook_more.py", "test_phrasebook.py",
    }  # fmt: skip
    for name, text in files.items():
        (source / name).write_text(text, encoding="utf-8")
    target = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation",
         "--no-index", "--disable-pip-version-check", "--target", str(target), str(source)],
        check=True,
    )  # fmt: skip
    (target / "test_phrasebook.py").write_text(files["test_phrasebook.py"], encoding="utf-8")
    return target


@pytest.fixture
def installed(built: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the example visible in this process."""
    see(built, monkeypatch)
    return built


def see(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the packages of a folder visible in this process."""
    forget()
    monkeypatch.syspath_prepend(str(folder))


def forget() -> None:
    """Clear the caches of plug-ins."""
    plugins.load.cache_clear()
    plugins._entry_points.cache_clear()


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Hide the packages from other tests."""
    yield
    forget()
    for name in ("phrasebook", "phrasebook_more"):
        sys.modules.pop(name, None)


def write_settings(folder: Path, settings: str) -> None:
    (folder / "translate.toml").write_text(f'languages = ["en"]\n{settings}', encoding="utf-8")


def write(folder: Path, article: str, settings: str, suffix: str = ".txt") -> Path:
    (folder / "source_de/bruecke.txt").unlink()
    (folder / f"source_de/klein{suffix}").write_text(article, encoding="utf-8")
    write_settings(folder, settings)
    return folder / "output/en/LC_MESSAGES/klein.po"


def test_the_engine_drafts(folder: Path, inside: Translate, installed: Path) -> None:
    """Results are stored with their provenance; rejections are listed with their reasons."""
    po = write(
        folder,
        "Guten Tag zusammen.\n\nAuf Wiedersehen miteinander.\n",
        'engine = "phrasebook"\n[engines.phrasebook]\n"Guten Tag zusammen." = "Good day to all."\n',
    )
    done = inside("run", "--force-language", "--trust")
    assert done.returncode == 1, done.stderr
    found = {entry.source: entry for entry in catalog.load(po).translations}
    drafted = found["Guten Tag zusammen."]
    assert drafted.target == "Good day to all."
    assert drafted.provenance is not None
    assert (drafted.provenance.engine, drafted.provenance.model) == ("phrasebook", "my phrases")
    assert "It is not in the phrasebook." in done.stdout
    assert found["Auf Wiedersehen miteinander."].target == ""


def test_the_check_runs_where_it_is_named(
    folder: Path, inside: Translate, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check runs only if it is named on the command line or in the settings."""
    po = folder / "one.po"
    po.write_text(
        f'msgid ""\nmsgstr ""\n"Language: en\\n{FIELDS}"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Er kam. Sie ging."\nmsgstr "He came; she left."\n',
        encoding="utf-8",
    )
    assert "semicolon" not in inside("check", str(po)).stdout
    named = inside("check", str(po), "--check", "no-semicolon", "--format", "sarif")
    (run,) = json.loads(named.stdout)["runs"]
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "no-semicolon"
    (folder / "translate.toml").write_text(
        'languages = ["en"]\n[checks]\nno-semicolon = "error"\n', encoding="utf-8"
    )
    by_setting = inside("check", str(po))
    assert by_setting.returncode == 1
    assert "has a semicolon; the German has none" in by_setting.stdout
    assert "house style" in inside("check", "--explain", "no-semicolon").stdout
    monkeypatch.setattr(sys, "path", [part for part in sys.path if part != str(installed)])
    forget()
    without = inside("check", str(po), "--check", "no-semicolon")
    assert without.returncode == 2
    assert "no check 'no-semicolon'" in without.stderr


_PHRASES = (
    'engine = "phrasebook"\n[engines.phrasebook]\n'
    '"Er kam heute wieder nach Hause." = "Today he came home; again."\n'
)


@pytest.mark.parametrize(
    ("settings", "noted"),
    [
        ("", False),
        ('[checks]\nno-semicolon = "off"\n', False),
        ('[checks]\nno-semicolon = "info"\n', False),
        ('[checks]\nno-semicolon = "warning"\n', True),
        ('[checks.en]\nno-semicolon = "error"\n', True),
        ('[checks.fr]\nno-semicolon = "error"\n', False),
    ],
)
def test_the_check_evaluates_drafts_if_the_settings_name_it(
    folder: Path, inside: Translate, installed: Path, settings: str, noted: bool
) -> None:
    """A finding lowers the confidence and is noted in the catalog."""
    po = write(folder, "Er kam heute wieder nach Hause.\n", _PHRASES + settings)
    done = inside("run", "--force-language", "--trust")
    assert done.returncode == 0, done.stderr
    (entry,) = catalog.load(po).translations
    assert entry.target == "Today he came home; again."
    source, target, info = entry.source, entry.target, EngineInfo("phrasebook", "", "", "")
    result = DraftResult(source, target, (), TranslationResult(target), info)
    assert entry.confidence == round((80 if noted else 100) * estimate(result, "en"))
    assert ("semicolon" in po.read_text(encoding="utf-8")) is noted


def test_a_check_that_is_not_installed_stops_a_run(
    folder: Path, inside: Translate, installed: Path
) -> None:
    """No draft passes unevaluated."""
    settings = f'{_PHRASES}[checks]\nno-colon = "error"\n'
    write(folder, "Er kam heute wieder nach Hause.\n", settings)
    done = inside("run", "--force-language", "--trust")
    assert done.returncode == 3
    assert "no check 'no-colon'" in done.stderr


def test_the_format_is_read(folder: Path, inside: Translate, installed: Path) -> None:
    """Articles with the suffix are found and parsed by the plug-in."""
    po = write(folder, "Guten Tag zusammen.\nBis morgen\n", "", ".lines")
    done = inside("extract", "--force-language")
    assert done.returncode == 0, done.stderr
    sources = [entry.source for entry in catalog.load(po).translations]
    assert sources == ["Guten Tag zusammen.", "Bis morgen"]


_ESTIMATED = f'{_PHRASES}[checks]\nno-semicolon = "off"\n'


def estimated(settings: str = "") -> str:
    return f'estimator = "word-count"\n{_ESTIMATED}{settings}'


def confidence(po: Path) -> int | None:
    (entry,) = catalog.load(po).translations
    return entry.confidence


def test_the_estimator_replaces_the_estimate_of_the_engine(
    folder: Path, inside: Translate, installed: Path
) -> None:
    """Five words for six; without the setting, the estimate is of the text alone."""
    po = write(folder, "Er kam heute wieder nach Hause.\n", _ESTIMATED)
    assert inside("run", "--force-language", "--trust").returncode == 0
    assert confidence(po) not in (None, 42, 83)
    write_settings(folder, estimated())
    assert inside("run", "--force-language", "--trust", "--redraft").returncode == 0
    assert confidence(po) == 83
    write_settings(folder, estimated("[estimators.word-count]\nweight = 0.5\n"))
    assert inside("run", "--force-language", "--trust", "--redraft").returncode == 0
    assert confidence(po) == 42
    line = json.dumps({"text": "Er kam heute wieder nach Hause."})
    done = inside("text", "-l", "en", "--jsonl", "--trust", text=line)
    assert json.loads(done.stdout)["confidence"] == 0.42


def test_an_estimator_of_the_settings_needs_trust(
    folder: Path, inside: Translate, installed: Path
) -> None:
    """It receives all drafts: neither it nor another table of it runs without agreement."""
    write(folder, "Er kam heute wieder nach Hause.\n", 'estimator = "word-count"\n')
    for options in ((), ("--offline",)):
        done = inside("run", "--force-language", *options)
        assert done.returncode == 3
        assert "estimator" in done.stderr
        assert "translate trust" in done.stderr


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("raise ValueError('no model')", "ValueError: no model"),
        ("return []", "it returned 0 estimates for 1 drafts"),
        ("return [2.0]", "it returned 2.0, which is not from 0 to 1"),
        ("return [float('nan')]", "it returned nan"),
        ("return ['high']", "it returned 'high'"),
        ("return None", "TypeError"),
    ],
)
def test_a_faulty_estimator_costs_no_draft(
    folder: Path, inside: Translate, installed: Path, monkeypatch: pytest.MonkeyPatch,
    body: str, problem: str,
) -> None:  # fmt: skip
    """The fault is reported once, with the name of the plug-in."""
    po = write(folder, "Er kam heute wieder nach Hause.\n", estimated())
    namespace: dict[str, Any] = {}
    exec(f"def estimate(self, requests, language):\n    {body}", namespace)
    module = importlib.import_module("phrasebook_more")
    monkeypatch.setattr(module.WordCount, "estimate", namespace["estimate"])
    write_settings(folder, _ESTIMATED)
    assert inside("run", "--force-language", "--trust").returncode == 0
    without = confidence(po)
    write_settings(folder, estimated())
    done = inside("run", "--force-language", "--trust", "--redraft")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count(f"estimator word-count: {problem}") == 1
    assert confidence(po) == without


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("wordcount", "", "there is no plug-in 'wordcount'"),
        ("word-count", '[estimators.word-count]\nweight = "much"\n', "cannot be opened"),
    ],
)
def test_an_estimator_that_cannot_be_opened_ends_the_run(
    folder: Path, inside: Translate, installed: Path, name: str, settings: str, message: str
) -> None:
    """Before anything is drafted."""
    text = estimated(settings).replace('"word-count"', f'"{name}"')
    po = write(folder, "Er kam heute wieder nach Hause.\n", text)
    done = inside("run", "--force-language", "--trust")
    assert done.returncode == 3
    assert message in done.stderr
    assert not po.exists() or confidence(po) is None


def test_offline_refuses_an_estimator_with_a_server(
    folder: Path, inside: Translate, installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the run says where the drafts go."""
    write(folder, "Er kam heute wieder nach Hause.\n", estimated())
    module = importlib.import_module("phrasebook_more")
    monkeypatch.setattr(module.WordCount, "host", "qe.example", raising=False)
    done = inside("run", "--force-language", "--trust", "--offline")
    assert done.returncode == 3
    assert "sends texts to qe.example, which --offline forbids" in done.stderr
    done = inside("run", "--force-language", "--trust")
    assert done.returncode == 0
    assert "the drafts leave this machine, for qe.example" in done.stderr


def test_its_author_can_test_it(installed: Path) -> None:
    """The contract tests of the example pass."""
    path = os.pathsep.join([str(installed), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_phrasebook.py"],
        cwd=installed, env=os.environ | {"PYTHONPATH": path},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert re.search(r"\b14 passed", done.stdout), done.stdout


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("no_such_module:open", "'own' of the package broken-one 1.0 cannot be imported"),
        ("json:no_such_function", "cannot be imported"),
    ],
)
def test_a_broken_plugin_is_named(
    folder: Path, inside: Translate, tmp_path: Path, value: str, message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The error names the package and the fix."""
    declare(tmp_path / "plugins", "broken-one", value)
    see(tmp_path / "plugins", monkeypatch)
    done = inside("run", "--engine", "own")
    assert done.returncode == 3
    assert message in done.stderr
    assert "uninstall" in done.stderr


def test_two_packages_with_the_same_engine(
    folder: Path, inside: Translate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names both packages; none is used."""
    for package in ("first-one", "second-one"):
        declare(tmp_path / "plugins", package, "json:loads")
    see(tmp_path / "plugins", monkeypatch)
    done = inside("run", "--engine", "own")
    assert done.returncode == 3
    assert "first-one 1.0 and second-one 1.0 both provide 'own'" in done.stderr


def declare(folder: Path, package: str, value: str) -> None:
    """Write the metadata of an installed package with an engine `own`."""
    metadata = folder / f"{package.replace('-', '_')}-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[translate.engines]\nown = {value}\n")


def test_built_in_names_look_nothing_up() -> None:
    """Without plug-ins, no package metadata is read."""
    program = (
        "import sys\n"
        "import pipeline.engines.deepl, pipeline.engines.openai\n"
        "from pipeline import checks\n"
        "from pipeline.articles import formats\n"
        "from pipeline.engines.registry import find_engine\n"
        "find_engine('openai'), checks.by_id()['numbers']\n"
        "formats.load_format('.txt')\n"
        "print([m for m in ('importlib.metadata', 'urllib3', 'ssl') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
