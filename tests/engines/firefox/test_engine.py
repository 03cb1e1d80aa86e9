"""The firefox engine with real, small models; tests/models/firefox/make.py makes them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import translate
from pipeline.core.errors import EngineError, ModelError, SettingsError
from pipeline.engines.base import Engine, EngineConfig, TranslationRequest, TranslationResult
from pipeline.engines.firefox.engine import FirefoxEngine, open_engine
from pipeline.engines.registry import automatic_engine
from pipeline.models import firefox
from tests.models.argos.sentences import held_out, sentences
from tests.models.firefox import installed

UNSEEN = [s for s in {s.de: s for s in sentences(4000, 7, usual=1.0)}.values() if held_out(s)][:80]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pytest.MonkeyPatch]:
    """A store with the models from German to English and from English to French."""
    with installed(tmp_path_factory.mktemp("firefox"), "de-en", "en-fr") as patch:
        yield patch


@pytest.fixture(scope="module")
def engine(place: pytest.MonkeyPatch) -> Iterator[Engine]:
    loaded = open_engine(EngineConfig(jobs=2))
    yield loaded
    loaded.close()


def results(engine: Engine, *texts: str, language: str = "en") -> list[TranslationResult]:
    return list(engine.translate([TranslationRequest(text) for text in texts], language))


def ask(engine: Engine, *texts: str, language: str = "en") -> list[str]:
    found = results(engine, *texts, language=language)
    assert not [one.rejection_reason for one in found if one.rejection_reason]
    return [one.text for one in found]


def test_unseen_sentences_come_out_right(engine: Engine) -> None:
    texts = ask(engine, *(s.de for s in UNSEEN))
    assert sum(text == s.en for text, s in zip(texts, UNSEEN, strict=True)) >= 0.9 * len(UNSEEN)


def test_results_have_the_order_of_the_requests(engine: Engine) -> None:
    """Texts of similar length are translated together, in two processes."""
    texts = [s.de for s in UNSEEN]
    assert ask(engine, *texts[::-1]) == ask(engine, *texts)[::-1]


def test_sentences_of_a_paragraph_are_translated_one_by_one(engine: Engine) -> None:
    """The runtime's own splitter would break after the abbreviation."""
    one = "Der Kanzler reiste am 3. Juni nach Rom."
    other = "Die Kanzlerin sagte, dass die Reform teuer ist."
    apart = ask(engine, one, other)
    assert ask(engine, f"{one}  {other}") == ["  ".join(apart)]


def test_a_pair_without_a_model_goes_through_english(engine: Engine) -> None:
    assert engine.identity("fr").model == "de-en 3.0 base, then en-fr 3.0 base"
    assert len(engine.identity("fr").digest.split()) == 2
    texts = ask(engine, *(s.de for s in UNSEEN), language="fr")
    # English does not say whether a president is a woman.
    assert sum(text == s.fr for text, s in zip(texts, UNSEEN, strict=True)) > 0.7 * len(UNSEEN)


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_a_blank_text_is_rejected(engine: Engine, text: str) -> None:
    """The runtime itself invents a sentence for it."""
    (result,) = results(engine, text)
    assert (result.text, result.rejection_reason) == ("", "the text is empty.")
    assert not result.retry_in_parts


@pytest.mark.parametrize("text", ["👍", "…", "— — —", "👩‍👩‍👧‍👦🇩🇪"])
def test_a_text_without_letters_is_copied(engine: Engine, text: str) -> None:
    assert ask(engine, text) == [text]


def test_half_a_character_is_rejected_by_name(engine: Engine) -> None:
    (bad, good) = results(engine, "Der Gipfel \ud83d ist wichtig.", "Der Gipfel ist wichtig.")
    assert "U+D83D" in bad.rejection_reason
    assert not bad.retry_in_parts
    assert not good.rejection_reason


@pytest.mark.parametrize(
    "text",
    [
        "Der Präsident hat das Abkommen in Wien kritisiert " * 75,  # 600 words, no punctuation
        "Donaudampfschifffahrt" * 60,
        "x" * 5000,
    ],
)
def test_a_sentence_that_is_too_long_is_rejected_not_truncated(engine: Engine, text: str) -> None:
    """The runtime would return the translation of a part, without an error."""
    (result,) = results(engine, text)
    assert not result.text
    assert "word pieces" in result.rejection_reason
    assert result.retry_in_parts


def test_a_translation_of_a_part_is_rejected(engine: Engine) -> None:
    """Here the model, which has learned single sentences, drops all but one of six."""
    text = " und ".join(["der Präsident hat das Abkommen in Wien kritisiert"] * 6) + "."
    (result,) = results(engine, text)
    assert not result.text
    assert "incomplete" in result.rejection_reason
    assert result.retry_in_parts


def test_a_killed_worker_is_replaced(place: pytest.MonkeyPatch) -> None:
    """The texts that it had are translated by another one."""
    loaded = open_engine(EngineConfig(jobs=1))
    before = ask(loaded, UNSEEN[0].de)
    (worker,) = loaded._pool._workers
    os.kill(worker._process.pid, signal.SIGKILL)
    worker._process.wait(10)
    assert ask(loaded, UNSEEN[0].de) == before
    loaded.close()


def test_threads_share_an_engine(engine: Engine) -> None:
    """The objects of the runtime belong to one thread; a server uses several."""
    texts = [s.de for s in UNSEEN[:12]]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda text: ask(engine, text)[0], texts))
    assert found == ask(engine, *texts)


def test_a_request_with_an_earlier_translation_returns_it(engine: Engine) -> None:
    """The models have no second translation; a retry must not look like a new one."""
    request = TranslationRequest("Der Gipfel ist wichtig.", (), "Something else.", ("Wrong.",))
    assert [one.text for one in engine.translate([request], "en")] == ["Something else."]


def test_a_language_without_models_names_the_command(engine: Engine) -> None:
    with pytest.raises(ModelError, match="no Firefox model for de-es") as error:
        results(engine, "Eins.", language="es")
    assert error.value.hint == "Install it: translate models install firefox:de-es"


def test_a_damaged_model_is_not_used(tmp_path: Path) -> None:
    with installed(tmp_path, "de-en"):
        (model,) = firefox.installed_models()
        path = model.files[0].path
        path.write_bytes(path.read_bytes()[:-1] + b"x")
        with pytest.raises(ModelError, match="damaged"):
            results(open_engine(EngineConfig()), "Eins.")


def test_a_model_that_cannot_be_loaded_is_reported(tmp_path: Path) -> None:
    """Whatever the runtime raises or panics with, the message names the file and the command."""
    folder = tmp_path / "files"
    folder.mkdir()
    with installed(tmp_path, "de-en"):
        (model,) = firefox.installed_models()
        for file in model.files:
            data = file.path.read_bytes()
            short = data[: len(data) // 2] if file.role is firefox.Role.MODEL else data
            (folder / file.role.file.replace(".", ".deen.")).write_bytes(short)
        name = firefox.parse_name("firefox:de-en")
        assert name is not None
        firefox.install_folder(name, folder)
        loaded = open_engine(EngineConfig())
        with pytest.raises(EngineError, match="cannot be loaded") as error:
            results(loaded, "Der Gipfel ist wichtig.")
        assert "models info" in error.value.hint
        loaded.close()


def test_settings_that_are_wrong(place: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match="unknown setting 'threads'"):
        open_engine(EngineConfig(settings={"threads": 2}))
    with pytest.raises(EngineError, match="no choice of models"):
        open_engine(EngineConfig(model="qwen"))


def test_translating_opens_no_connection(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **named: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    ask(engine, "Der Gipfel kostet 3,5 Milliarden Euro.")


def test_workers_end_with_a_killed_program(place: pytest.MonkeyPatch) -> None:
    """A worker reads requests until its input ends, and nothing else keeps it alive."""
    code = (
        "import os, signal; from pipeline.engines.base import *; "
        "from pipeline.engines.firefox.engine import open_engine; "
        "engine = open_engine(EngineConfig(jobs=1)); "
        "list(engine.translate([TranslationRequest('Der Gipfel ist wichtig.')], 'en')); "
        "print(next(iter(engine._pool._workers))._process.pid, flush=True); "
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    status = Path(f"/proc/{int(done.stdout)}/status")
    for _ in range(200):
        # A container without an init process keeps ended orphans as zombies.
        if not status.exists() or "zombie" in status.read_text(encoding="ascii"):
            return
        time.sleep(0.05)
    raise AssertionError("the worker is still there")


def test_the_engine_costs_nothing_until_it_is_used() -> None:
    code = (
        "import sys, pipeline.engines.firefox.engine; "
        "sys.exit(bool({'fxtranslate', 'sentencepiece', 'zstandard'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_installed_models_are_preferred(place: pytest.MonkeyPatch) -> None:
    assert automatic_engine("en").name == "firefox"
    assert automatic_engine("es").name != "firefox"


def test_a_run_drafts_with_the_model(place: pytest.MonkeyPatch, folder: Path) -> None:
    """Without a word about engines; the provenance of a draft names the model."""
    (folder / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    (folder / "source_de" / "bruecke.txt").write_text(
        "Die Partei reiste am 27. Juli 2028 nach Athen.\n", encoding="utf-8"
    )
    done = CliRunner().invoke(translate, ["-C", str(folder), "run", "--force-language"])
    assert "drafting with firefox" in done.stderr
    catalog = (folder / "output/en/LC_MESSAGES/bruecke.po").read_text(encoding="utf-8")
    assert "# translate: draft by firefox de-en 3.0 base" in catalog
    assert 'msgstr "The party travelled to Athens on July 27, 2028."' in catalog


def test_close_ends_the_workers(place: pytest.MonkeyPatch) -> None:
    loaded = open_engine(EngineConfig(jobs=2))
    assert isinstance(loaded, FirefoxEngine)
    ask(loaded, *(s.de for s in UNSEEN[:8]))
    processes = [worker._process for worker in loaded._pool._workers]
    loaded.close()
    assert processes
    assert all(process.poll() is not None for process in processes)
