"""What `auto` installs and selects on a machine without models, by way of the command line."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline import models
from pipeline.models import firefox
from pipeline.models.firefox.records import NO_SETTINGS
from tests.conftest import Translate
from tests.models.firefox import mirror
from tests.models.model_servers import Server

LIST = "/v1/buckets/main/collections/translations-models-v2/records"
TEXT = "Die Partei reiste am 27. Juli 2028 nach Athen.\n"
FETCHED = "/fallback.gguf"


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, folder: Path) -> Iterator[Server]:
    """A server with the Firefox models and with a default model that can be installed, not run."""
    content = b"GGUF" + bytes(1000)
    monkeypatch.setenv("TRANSLATE_MODELS", str(tmp_path / "no-models"))
    monkeypatch.setenv("CI", "")
    monkeypatch.delenv("TRANSLATE_MODEL_MIRRORS", raising=False)
    server = Server()
    for path, data in mirror("de-en", "en-fr").items():
        server.answers.files[LIST if path == "records.json" else f"/{path}"] = data
    server.answers.files[FETCHED] = content
    default = models.Model(
        "fallback", "fallback.gguf", len(content), sha256(content).hexdigest(), licence="MIT",
        sources=(models.UrlSource(server.url(FETCHED)),), languages={"en": models.WEAK},
    )  # fmt: skip
    for module in ("pipeline.models.store", "pipeline.models.registry", "pipeline.models"):
        monkeypatch.setattr(f"{module}.MODELS", (default,))
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", server.url(LIST))
    (folder / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    (folder / "source_de" / "bruecke.txt").write_text(TEXT, encoding="utf-8")
    (folder / "glossary" / "de-en.csv").unlink()
    yield server
    server.close()


def requested(server: Server) -> list[str]:
    return [path for path, _ in server.answers.seen]


def catalog(folder: Path, language: str = "en") -> str:
    path = folder / f"output/{language}/LC_MESSAGES/bruecke.po"
    return path.read_text(encoding="utf-8")


def test_a_run_installs_and_uses_the_best_model(
    folder: Path, shop: Server, inside: Translate
) -> None:
    """One request for the list, one pair of languages, and no other model."""
    done = inside("run", "--yes", "--force-language")
    assert done.returncode == 0, done.stderr
    assert "en: drafting with firefox (de-en 3.0 base)" in done.stderr
    assert 'msgstr "The party travelled to Athens on July 27, 2028."' in catalog(folder)
    assert requested(shop).count(LIST) == 1
    assert FETCHED not in requested(shop)
    assert [model.pair for model in firefox.installed_models()] == ["de-en"]
    before = len(requested(shop))
    assert inside("run", "--yes", "--redraft").returncode == 0
    assert len(requested(shop)) == before


def test_two_languages_need_one_request_for_the_list(
    folder: Path, shop: Server, inside: Translate
) -> None:
    (folder / "translate.toml").write_text('languages = ["en", "fr"]\n', encoding="utf-8")
    done = inside("run", "--yes", "--force-language")
    assert done.returncode == 0, done.stderr
    assert requested(shop).count(LIST) == 1
    assert "draft by firefox de-en>en-fr 3.0 base " in catalog(folder, "fr")


def falls_back(done_stderr: str, shop: Server) -> None:
    """The default model is installed. It cannot be loaded here, but that comes later."""
    assert FETCHED in requested(shop)
    assert "Drafting with fallback instead" in done_stderr
    assert "translate models install firefox:de-en" in done_stderr
    assert firefox.installed_models() == ()


def test_an_unreachable_list_is_reported(
    shop: Server, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}{LIST}"
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", address)
    falls_back(inside("run", "--yes", "--force-language").stderr, shop)


def test_a_slow_list_is_not_awaited(
    shop: Server, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of it arrives at once, the rest never; the limit is shortened for the test."""
    shop.answers.gates[LIST] = threading.Event()
    monkeypatch.setattr("pipeline.models.firefox.reach.ask_list.__defaults__", (0.5, NO_SETTINGS))
    done = inside("run", "--yes", "--force-language")
    falls_back(done.stderr, shop)
    assert "does not answer within" in done.stderr


def test_the_limit_is_three_seconds() -> None:
    assert firefox.REACH_SECONDS == 3.0


def test_a_host_that_never_answers(monkeypatch: pytest.MonkeyPatch, shop: Server) -> None:
    """Neither the resolution of its name nor the connection prolongs the limit."""

    def never(*arguments: object, **named: object) -> object:
        time.sleep(30)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", never)
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", "https://list.example/records")
    start = time.monotonic()
    available = firefox.ask_list(0.2)
    assert time.monotonic() - start < 20
    assert available.problem == "list.example does not answer within 0 s"


@pytest.mark.parametrize(
    "change",
    [
        {"hash": "0" * 64},
        {"size": 5},
        {"location": "nowhere.zst"},
    ],
)
def test_a_wrong_file_is_reported_and_not_kept(
    shop: Server, inside: Translate, change: dict[str, object]
) -> None:
    listed = json.loads(shop.answers.files[LIST])
    listed["data"][0]["attachment"] |= change
    shop.answers.files[LIST] = json.dumps(listed).encode()
    done = inside("run", "--yes", "--force-language")
    falls_back(done.stderr, shop)
    (line,) = [line for line in done.stderr.splitlines() if "no Firefox model:" in line]
    assert "could not be installed" in line


def test_a_language_without_a_model(folder: Path, shop: Server, inside: Translate) -> None:
    (folder / "translate.toml").write_text('languages = ["es"]\n', encoding="utf-8")
    done = inside("run", "--yes", "--force-language", "--force")
    assert "es: no Firefox model: the list has no Firefox model for de-es" in done.stderr
    assert "From de or English it offers: en, fr." in done.stderr
    assert FETCHED in requested(shop)


@pytest.mark.parametrize("words", [("--offline", "--yes"), ("--dry-run", "--yes"), ()])
def test_nothing_is_requested_without_leave(
    shop: Server, inside: Translate, words: tuple[str, ...]
) -> None:
    """Offline, without --yes, and if nothing is drafted."""
    inside("run", "--force-language", *words)
    assert requested(shop) == []


def test_a_chosen_engine_is_not_replaced(shop: Server, inside: Translate) -> None:
    inside("run", "--yes", "--force-language", "--engine", "llama")
    assert requested(shop) == [FETCHED]


def test_without_leave_a_better_model_is_named(
    shop: Server, inside: Translate, tmp_path: Path
) -> None:
    """The default model is installed, and nothing is requested."""
    models.install(models.store.MODELS[0])
    shop.answers.seen.clear()
    done = inside("run", "--force-language")
    assert "fallback is the fallback. Better drafts with Firefox models" in done.stderr
    assert "translate models install firefox:de-en" in done.stderr
    assert requested(shop) == []


def test_models_for_the_languages_of_a_project(
    folder: Path, shop: Server, inside: Translate
) -> None:
    """`models install` without an argument; outside a project, the default model."""
    (folder / "translate.toml").write_text('languages = ["en", "fr"]\n', encoding="utf-8")
    done = inside("models", "install", "--yes")
    assert done.returncode == 0, done.stderr
    assert [model.pair for model in firefox.installed_models()] == ["de-en", "en-fr"]
    assert "fr: firefox (de-en 3.0 base, then en-fr 3.0 base) is installed" in done.stderr
    assert FETCHED not in requested(shop)
    (folder / "translate.toml").unlink()
    assert "fallback is installed now" in inside("models", "install", "--yes").stdout


def test_a_restricted_licence_is_reported(
    folder: Path, shop: Server, inside: Translate, tmp_path: Path
) -> None:
    """Before a model drafts that may not be used in the EU."""
    model = tmp_path / "Hunyuan-MT-7B.gguf"
    model.write_bytes(b"GGUF" + bytes(1000))
    done = inside("run", "--force-language", "--engine", "llama", "--model", str(model))
    assert "is not licensed in the EU, the UK and South Korea" in done.stderr


def test_an_unreachable_list_is_reported_once(
    folder: Path, shop: Server, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the pairs that the languages of the project need, through English."""
    (folder / "translate.toml").write_text('languages = ["en", "fr", "es"]\n', encoding="utf-8")
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", "http://127.0.0.1:9/records")
    done = inside("models", "install", "--yes")
    assert done.stderr.count("no Firefox models: ") == 1
    command = "translate models install (firefox:de-en, firefox:en-fr, firefox:en-es)"
    assert done.stderr.count(command) == 1
    assert "firefox:de-fr" not in done.stderr


def test_a_list_in_the_settings_needs_trust(folder: Path, shop: Server, inside: Translate) -> None:
    """For a run and for `models install`; nothing is requested before."""
    table = '[engines.firefox]\nrecords = "https://models.example/records.json"\n'
    (folder / "translate.toml").write_text(f'languages = ["en"]\n{table}', encoding="utf-8")
    for words in (
        ("run", "--yes", "--force-language"),
        ("models", "install", "--yes"),
        ("models", "install", "firefox:de-en"),
        ("models", "list", "--available"),
    ):
        done = inside(*words)
        assert done.returncode == 3, words
        assert "engines.firefox.records = https://models.example/records.json" in done.stderr
        assert "Models of firefox are installed from models.example" in done.stderr
    assert requested(shop) == []
    assert "models.example" in inside("trust", "--list").stdout


def test_the_list_of_the_settings_is_used(
    folder: Path, shop: Server, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list on this machine needs no trust. The environment overrides it."""
    monkeypatch.delenv("FXTRANSLATE_RECORDS_URL")
    table = f'[engines.firefox]\nrecords = "{shop.url(LIST)}"\n'
    (folder / "translate.toml").write_text(f'languages = ["en"]\n{table}', encoding="utf-8")
    assert inside("run", "--yes", "--force-language").returncode == 0
    assert [model.pair for model in firefox.installed_models()] == ["de-en"]
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", "http://127.0.0.1:9/records")
    assert "127.0.0.1:9" in inside("models", "list", "--available").stderr


def test_the_list_of_the_users_own_settings(
    shop: Server, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FXTRANSLATE_RECORDS_URL")
    path = Path(os.environ["XDG_CONFIG_HOME"]) / "translate/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[firefox]\nrecords = "ftp://models.example"\n', encoding="utf-8")
    done = inside("models", "install", "firefox:de-en")
    assert done.returncode == 3
    assert "config.toml: firefox = " in done.stderr
    path.write_text(f'[firefox]\nrecords = "{shop.url(LIST)}"\n', encoding="utf-8")
    assert inside("models", "install", "firefox:de-en").returncode == 0
    assert requested(shop).count(LIST) == 1


def test_a_project_pins_a_version(folder: Path, shop: Server, inside: Translate) -> None:
    """It is installed although a newer one is offered; another one does not draft."""
    listed = json.loads(shop.answers.files[LIST])
    older = [one | {"version": "2.1"} for one in listed["data"] if one["targetLanguage"] == "en"]
    shop.answers.files[LIST] = json.dumps({"data": [*listed["data"], *older]}).encode()
    pinned = 'languages = ["en"]\n[engines.firefox]\nmodels = ["firefox:de-en@2.1"]\n'
    (folder / "translate.toml").write_text(pinned, encoding="utf-8")
    done = inside("run", "--yes", "--force-language")
    assert done.returncode == 0, done.stderr
    assert "drafting with firefox (de-en 2.1 base)" in done.stderr
    assert inside("models", "install", "firefox:de-en@3.0").returncode == 0
    done = inside("run", "--redraft", "--force-language")
    assert done.returncode == 3
    assert "the settings require firefox:de-en@2.1, and 3.0 base is installed" in done.stderr
    assert "translate models install firefox:de-en@2.1" in done.stderr
    assert inside("models", "install", "firefox:de-en@2.1").returncode == 0
    assert inside("run", "--redraft", "--force-language").returncode == 0
    done = inside("models", "install", "firefox:de-en@9.9")
    assert done.returncode == 3
    assert "no Firefox model for de-en@9.9" in done.stderr


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('models = "firefox:de-en"', "is not a list of Firefox models"),
        ('models = ["de-en@3"]', "is not a list of Firefox models"),
        ('models = ["firefox:de-en@3.0", "firefox:de-en:tiny"]', "a pair of languages twice"),
        ('records = "not an address"', "is not the address of a list of models"),
        ('records = "file:///etc/passwd"', "is not the address of a list of models"),
    ],
)
def test_settings_that_are_not_valid(
    folder: Path, shop: Server, inside: Translate, line: str, message: str
) -> None:
    text = f'languages = ["en"]\n[engines.firefox]\n{line}\n'
    (folder / "translate.toml").write_text(text, encoding="utf-8")
    done = inside("run", "--yes", "--force-language")
    assert done.returncode == 3
    assert "[engines.firefox]" in done.stderr
    assert message in done.stderr
    assert requested(shop) == []


def test_a_fresh_home(
    folder: Path, tmp_path: Path, translate: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a user runs it for the first time: no variable but the address of the list."""
    for name in ("TRANSLATE_MODELS", "TRANSLATE_CACHE", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "CI"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "home"
    home.mkdir()
    (folder / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    (folder / "source_de" / "bruecke.txt").write_text(TEXT, encoding="utf-8")
    (folder / "glossary" / "de-en.csv").unlink()
    server = Server()
    for path, data in mirror("de-en", "en-fr").items():
        server.answers.files[LIST if path == "records.json" else f"/{path}"] = data
    done = translate(
        "run", "--yes", "--force-language", HOME=str(home),
        FXTRANSLATE_RECORDS_URL=server.url(LIST),
    )  # fmt: skip
    server.close()
    assert done.returncode == 0, done.stderr
    assert "en: drafting with firefox (de-en 3.0 base)" in done.stderr
    assert 'msgstr "The party travelled to Athens on July 27, 2028."' in catalog(folder)
    assert requested(server).count(LIST) == 1
    (record,) = home.rglob("_firefox/*/model.json")
    assert record.parent.name == "de-en"
