"""The argos engine on Argos Translate's own runtime, compared with the direct one.

Argos Translate comes from the environment of the LibreTranslate server, where nothing of it is
installed beside this program; see `tests.engines.libretranslate_server`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from pipeline.core.errors import EngineError, SettingsError
from pipeline.engines.argos.engine import open_engine
from pipeline.engines.base import EngineConfig
from pipeline.models import argos
from tests.engines.libretranslate_server import environment, one_sentence
from tests.models.argos import DE_EN, EN_FR
from tests.models.argos.installed import installed

COMPARE = """
import json, sys
from pipeline.engines.argos.engine import open_engine
from pipeline.engines.base import EngineConfig, TranslationRequest
from tests.models.argos.sentences import sentences
texts = [s.de for s in {s.de: s for s in sentences(400, seed=31)}.values()][:200]
found = {}
for runtime in ("ctranslate2", "argostranslate"):
    engine = open_engine(EngineConfig(settings={"runtime": runtime}))
    for language in ("en", "fr"):
        results = engine.translate([TranslationRequest(text) for text in texts], language)
        found[f"{runtime} {language}"] = [result.text for result in results]
    term = TranslationRequest(
        "Am Montag kritisierte der Minister das Abkommen.", (("Abkommen", "accord"),)
    )
    found[f"{runtime} term"] = [result.text for result in engine.translate([term], "en")]
    found[f"{runtime} identity"] = [engine.identity("fr").model, engine.identity("fr").version]
    engine.close()
json.dump(found, sys.stdout)
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The translations of both runtimes, by runtime and language."""
    folder = tmp_path_factory.mktemp("argostranslate")
    (packages,) = environment().parent.parent.glob("lib/python*/site-packages")
    root = str(Path(__file__).parents[3])
    with installed(folder, DE_EN, EN_FR):
        for package in argos.installed_packages():
            (package.folder / "minisbd").mkdir()
            (package.folder / "minisbd" / "whole.onnx").write_bytes(one_sentence())
        # Our own packages come first: only what is missing here is imported from there.
        code = f"import sys; sys.path.append({str(packages)!r})\n{COMPARE}"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False,
            env=os.environ | {"HOME": str(folder), "PYTHONPATH": root},
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result: dict[str, list[str]] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("language", ["en", "fr"])
def test_both_runtimes_translate_alike(found: dict[str, list[str]], language: str) -> None:
    """200 sentences, by one package and by two."""
    direct, own = found[f"ctranslate2 {language}"], found[f"argostranslate {language}"]
    assert len(direct) == 200
    assert [pair for pair in zip(direct, own, strict=True) if pair[0] != pair[1]] == []


def test_terms_are_enforced(found: dict[str, list[str]]) -> None:
    """Argos Translate knows no constraints; the words to replace are found by substitution."""
    assert found["argostranslate term"] == ["On Monday, the minister criticised the accord."]


def test_the_runtime_is_recorded(found: dict[str, list[str]]) -> None:
    model, version = found["argostranslate identity"]
    assert model == found["ctranslate2 identity"][0] == "de-en 1.0, then en-fr 1.0"
    assert version.startswith("argos")


@pytest.mark.skipif(bool(find_spec("argostranslate")), reason="Argos Translate is installed")
def test_without_argos_translate_the_error_names_the_extra() -> None:
    with pytest.raises(EngineError, match="Argos Translate is not installed") as error:
        open_engine(EngineConfig(settings={"runtime": "argostranslate"}))
    assert "translate-pipeline[argostranslate]" in error.value.hint


def test_an_unknown_runtime() -> None:
    with pytest.raises(SettingsError, match="'ctranslate2' or 'argostranslate'"):
        open_engine(EngineConfig(settings={"runtime": "opennmt"}))
