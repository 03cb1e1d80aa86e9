"""`translate run` and `translate text` with a translation server, on this machine and beyond."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import signal
import threading
from pathlib import Path

import pytest

from pipeline.catalog import catalog
from pipeline.catalog.provenance import text_digest
from pipeline.core.types import State
from pipeline.engines.base import DEFAULT_BATCH_SIZE
from tests.conftest import Translate
from tests.engines.loopback import Asked, Loopback, Reply, chat, question

KEY = "sk-very-secret-4711"
ARTICLE = """Neue Brücke über die Elbe

Von
Karla Winter

Der Stadtrat hat am 12. März 2024 den Bau einer neuen Brücke beschlossen. Sie soll 48 Mio. Euro \
kosten.

Die alte Brücke ist zu schmal. Sie stammt aus dem Jahr 1931.

Die nächsten Schritte

  1. Planung: Im Herbst beginnt die Ausschreibung.

  • Die Bürger werden vorher gehört.

Der Bau dauert zwei Jahre. Die Fähre fährt weiter.
"""
TRANSLATIONS = {
    "Neue Brücke über die Elbe": "New bridge across the Elbe",
    "Von": "By",
    "Karla Winter": "Karla Winter",
    "Der Stadtrat hat am 12. März 2024 den Bau einer neuen Brücke beschlossen.": (
        "On 12 March 2024, the city council decided to build a new bridge."
    ),
    "Sie soll 48 Mio. Euro kosten.": "It is to cost 48 million euros.",
    "Die alte Brücke ist zu schmal.": "The old bridge is too narrow.",
    "Sie stammt aus dem Jahr 1931.": "It dates from the year 1931.",
    "Die nächsten Schritte": "The next steps",
    "Planung: Im Herbst beginnt die Ausschreibung.": "Planning: The tender begins in autumn.",
    "Die Bürger werden vorher gehört.": "The citizens will be heard before that.",
    "Der Bau dauert zwei Jahre.": "The construction takes two years.",
    "Die Fähre fährt weiter.": "The ferry keeps running.",
}
ASKED = len(TRANSLATIONS) - 2  # the author's name and a label are not for a machine
FIRST_BATCH = DEFAULT_BATCH_SIZE - 2  # of its entries, these are two
NOTE = re.compile(r"^note: .*leave this machine.*$", re.MULTILINE)


@pytest.fixture(autouse=True)
def article(folder: Path) -> None:
    """Write an article with few labels, which tables translate."""
    (folder / "source_de" / "bruecke.txt").write_text(ARTICLE, encoding="utf-8")


def good(asked: Asked) -> Reply:
    return chat(TRANSLATIONS[question(asked)])


def use(folder: Path, url: str, more: str = "", general: str = "") -> None:
    """Have the project draft with a chat server."""
    (folder / "translate.toml").write_text(
        f'languages = ["en"]\nengine = "openai"\nmodel = "m"\n{general}\n'
        f'[engines.openai]\nurl = "{url}/v1"\nretries = 0\n{more}\n',
        encoding="utf-8",
    )


def drafts(folder: Path) -> dict[str, str]:
    path = folder / "output/en/LC_MESSAGES/bruecke.po"
    entries = catalog.load(path).translations
    return {e.source: e.target for e in entries if e.state is State.DRAFT}


def test_a_server_on_this_machine(
    folder: Path, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It drafts all, offline or not; the origin names it; no text left the machine."""
    monkeypatch.setenv("TRANSLATE_OPENAI_KEY", KEY)
    with Loopback(good) as server:
        use(folder, server.url)
        done = inside("run", "--offline")
    assert done.returncode == 0, done.stderr
    assert drafts(folder) == TRANSLATIONS
    assert not NOTE.search(done.stderr)
    text = (folder / "output/en/LC_MESSAGES/bruecke.po").read_text(encoding="utf-8")
    assert f"# translate: draft by openai m@{server.host} " in text
    assert KEY not in text + done.stdout + done.stderr


@pytest.mark.parametrize("key", [KEY, KEY.replace("-", "%2D")])
def test_a_translation_with_the_key_is_stored_nowhere(
    folder: Path, inside: Translate, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the catalog nor in the response cache; the other texts are drafted."""
    monkeypatch.setenv("TRANSLATE_OPENAI_KEY", KEY)
    leaked = list(TRANSLATIONS)[-1]
    with Loopback(lambda asked: chat(key) if question(asked) == leaked else good(asked)) as server:
        use(folder, server.url, "concurrency = 1")
        done = inside("run")
    assert "returned the key in its response" in done.stdout + done.stderr
    assert drafts(folder) == {de: en for de, en in TRANSLATIONS.items() if de != leaked}
    cached = list((folder.parent / "cache").glob("answers*"))
    assert cached
    for path in [*cached, *filter(Path.is_file, folder.rglob("*"))]:
        assert key.encode() not in path.read_bytes(), path
    assert KEY not in done.stdout + done.stderr


@pytest.mark.parametrize("host", ["evil.example\\\\.localhost", "evil.example\\\\.api.openai.com"])
def test_an_address_with_two_hosts_is_refused(
    folder: Path, inside: Translate, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parsers disagree about the host, so nothing is sent, offline or not."""
    monkeypatch.setenv("TRANSLATE_OPENAI_KEY", KEY)
    with Loopback(good) as proxy:
        use(folder, f"http://{host}")
        behind(proxy, monkeypatch)
        for words in (("run",), ("run", "--offline")):
            done = inside(*words)
            assert done.returncode == 3
            assert "[engines.openai]: url has a backslash" in done.stderr
    assert not proxy.asked


def behind(proxy: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have all hosts but this machine reached through a proxy, as in many offices."""
    for variable in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(variable, f"http://me:proxy-word@{proxy.host}")
    for variable in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(variable, "")


def test_text_that_leaves_the_machine(
    folder: Path, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The host is reported once, even with --quiet; a proxy forwards the text."""
    with Loopback(good) as proxy:
        use(folder, "http://mt.example")
        behind(proxy, monkeypatch)
        done = inside("run", "--quiet", "--trust")
    assert done.returncode == 0, done.stderr
    assert NOTE.findall(done.stderr) == [
        "note: the texts to translate leave this machine, for mt.example"
    ]
    assert drafts(folder) == TRANSLATIONS
    login = base64.b64encode(b"me:proxy-word").decode()
    assert {asked.headers["Proxy-Authorization"] for asked in proxy.asked} == {f"Basic {login}"}
    assert "proxy-word" not in done.stderr + done.stdout


@pytest.mark.parametrize(("option", "setting"), [("--offline", ""), ("--quiet", "offline = true")])
def test_offline_forbids_it(
    folder: Path, inside: Translate, option: str, setting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent, and the message has a hint."""
    with Loopback(good) as proxy:
        use(folder, "http://mt.example", general=setting)
        behind(proxy, monkeypatch)
        done = inside("run", option)
        text = ("text", "--to", "en", *([option] if not setting else []))
        asked = inside(*text, text="Er kam.\n")
    for result in (done, asked):
        assert result.returncode == 3
        assert "sends text to mt.example" in result.stderr
        assert "offline" in result.stderr
    assert not proxy.asked


@pytest.mark.parametrize(
    "host", ["evil-localhost", "localhost.evil.example", "127.0.0.1.evil.example", "128.0.0.1"]
)
def test_a_name_like_this_machines_is_another_machine(
    folder: Path, inside: Translate, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offline, nothing is sent; otherwise the host is reported and the proxy used."""
    with Loopback(good) as proxy:
        use(folder, f"http://{host}")
        behind(proxy, monkeypatch)
        done = inside("run", "--offline")
        assert done.returncode == 3
        assert f"sends text to {host}, which --offline forbids" in done.stderr
        assert not proxy.asked
        done = inside("run", "--trust")
    assert done.returncode == 0, done.stderr
    assert NOTE.findall(done.stderr) == [
        f"note: the texts to translate leave this machine, for {host}"
    ]
    assert len(proxy.asked) == ASKED


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1"])
def test_this_machine_is_reached_without_the_proxy(
    folder: Path, inside: Translate, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By each of its names, offline too, and no note is shown."""
    with Loopback(good) as server, Loopback(good) as proxy:
        use(folder, server.url.replace("127.0.0.1", name))
        behind(proxy, monkeypatch)
        done = inside("run", "--offline")
    assert done.returncode == 0, done.stderr
    assert not NOTE.search(done.stderr)
    assert (len(server.asked), proxy.asked) == (ASKED, [])


MODELS_OF = """languages = ["en"]
engine = "openai"
model = "m"
[engines.openai]
url = "{url}/v1"
[engines.deepl]
url = "{url}"
[engines.libretranslate]
url = "{url}"
"""


def answering(asked: Asked) -> Reply:
    """Answer as whichever server is asked."""
    if asked.path == "/spec":
        return Reply({"info": {"version": "1.6.2"}})
    if asked.path == "/v2/translate":
        return Reply({"translations": [{"text": "The train arrived."} for _ in asked.body["text"]]})
    if asked.path == "/translate":
        return Reply({"translatedText": "The train arrived."})
    return chat("The train arrived.")


@pytest.mark.parametrize(
    ("words", "field", "model"),
    [
        ((), "model", "m"),
        (("--engine", "openai"), "model", "m"),
        (("--engine", "openai", "--model", "n"), "model", "n"),
        (("--engine", "deepl"), "model_type", None),
        (("--engine", "deepl", "--model", "quality_optimized"), "model_type", "quality_optimized"),
        (("--engine", "libretranslate"), "model", None),
    ],
)
def test_the_settings_model_is_that_of_the_settings_engine(
    folder: Path, inside: Translate, words: tuple[str, ...], field: str, model: str | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Another engine on the command line does not get it, but that of the command line."""
    monkeypatch.setenv("TRANSLATE_DEEPL_KEY", KEY)
    with Loopback(answering) as server:
        settings = MODELS_OF.format(url=server.url)
        (folder / "translate.toml").write_text(settings, encoding="utf-8")
        done = inside("text", "--to", "en", "--trust", *words, text="Der Zug kam an.\n")
    assert done.stdout == "The train arrived.\n", done.stderr
    assert server.bodies()[-1].get(field) == model


def test_the_model_of_a_server_is_not_looked_for_in_the_model_store(
    folder: Path, inside: Translate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine of this machine takes its own, and says what is missing."""
    monkeypatch.setenv("TRANSLATE_MODELS", str(folder / "none"))
    with Loopback(answering) as server:
        settings = MODELS_OF.format(url=server.url)
        (folder / "translate.toml").write_text(settings, encoding="utf-8")
        done = inside("text", "--to", "en", "--engine", "llama", text="Der Zug kam an.\n")
    assert done.returncode == 3
    assert "model qwen2.5-coder-1.5b-instruct-q4_k_m is not installed" in done.stderr
    assert not server.asked


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ("temperature = 0.5", True),
        ("max_tokens = 99", True),
        ('preset = "tower"', True),
        ("timeout = 99", False),
        ("concurrency = 1", False),
    ],
)
def test_answers_of_other_settings_are_not_used_again(
    folder: Path, inside: Translate, more: str, asked: bool
) -> None:
    """Where they change what a model says: parameters and wording do, the number at once not."""
    with Loopback(lambda _: chat("The train arrived.")) as server:
        use(folder, server.url)
        inside("text", "--to", "en", text="Der Zug kam an.\n")
        inside("text", "--to", "en", text="Der Zug kam an.\n")
        assert len(server.asked) == 1
        use(folder, server.url, more)
        inside("text", "--to", "en", text="Der Zug kam an.\n")
    assert len(server.asked) == 1 + asked


def test_obsolete_entries_are_not_sent(folder: Path, inside: Translate) -> None:
    """They have no place in the article: no draft is made for them, not even with --redraft."""
    origin = f"# translate: draft by openai, model m, text {text_digest('Old.')}"
    dead = (
        '\n#~ msgid "Alt."\n#~ msgstr ""\n'
        f'\n{origin}\n#, fuzzy\n#~ msgid "Älter."\n#~ msgstr "Old."\n'
    )
    assert inside("extract").returncode == 0
    path = folder / "output/en/LC_MESSAGES/bruecke.po"
    path.write_text(path.read_text(encoding="utf-8") + dead, encoding="utf-8")
    with Loopback(good) as server:
        use(folder, server.url)
        for words in ((), ("--redraft",)):
            done = inside("run", *words)
            assert done.returncode == 0, done.stderr
            assert path.read_text(encoding="utf-8").endswith(dead)
    assert {question(asked) for asked in server.asked} <= TRANSLATIONS.keys()


def test_a_server_that_dies_on_the_way(folder: Path, inside: Translate) -> None:
    """What came until then is in the catalog, and only the rest is asked for later."""
    count = 0

    def dying(asked: Asked) -> Reply:
        nonlocal count
        count += 1
        return good(asked) if count <= 3 else Reply(b'{"ch', cut=100)

    with Loopback(dying) as server:
        use(folder, server.url, "concurrency = 1")
        done = inside("run")
    assert done.returncode == 75
    assert f"{server.host} closed the connection" in done.stderr
    assert "are saved" in done.stderr
    kept = drafts(folder)
    assert len(kept) >= 3
    assert kept.items() <= TRANSLATIONS.items()
    with Loopback(good) as server:
        use(folder, server.url)
        assert inside("run").returncode == 0
    assert drafts(folder) == TRANSLATIONS
    assert len(server.asked) == ASKED - 3


@pytest.mark.parametrize(
    ("lie", "message"),
    [
        (Reply(b"<html>Sign in</html>", headers={"Content-Type": "text/html"}), "is not JSON"),
        (Reply(b""), "returned no translation"),
        (Reply({"choices": []}), "returned no translation"),
        (Reply(b" " * 10_000_000), "returned more than 2 MB"),
        (Reply({"error": "out of memory"}, 500), "answers 500"),
    ],
)
def test_a_server_that_lies_on_the_way(
    folder: Path, inside: Translate, lie: Reply, message: str
) -> None:
    """One clear line ends the run; what came until then is in the catalog."""
    count = 0

    def lying(asked: Asked) -> Reply:
        nonlocal count
        count += 1
        return good(asked) if count <= 3 else lie

    with Loopback(lying) as server:
        use(folder, server.url, "concurrency = 1")
        done = inside("run")
    assert done.returncode == (75 if "500" in message else 3)
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert message in line
    assert len(drafts(folder)) >= 3
    assert drafts(folder).items() <= TRANSLATIONS.items()


def test_a_server_that_answers_with_nothing_at_all(folder: Path, inside: Translate) -> None:
    """An empty translation is no draft: the run goes on, and lists the text with the reason."""
    empty = min(text for text in TRANSLATIONS if text.count(" ") > 4)
    with Loopback(lambda asked: chat("") if question(asked) == empty else good(asked)) as server:
        use(folder, server.url)
        done = inside("run")
    assert done.returncode == 1
    assert "No draft, because" in done.stdout
    assert empty not in drafts(folder)
    assert len(drafts(folder)) == len(TRANSLATIONS) - 1


def test_stopped_while_the_server_thinks(folder: Path, inside: Translate) -> None:
    """Ctrl-C ends the run at once, whatever the server does, and loses no draft."""
    # A job in the background is started with the signal ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    release = threading.Event()
    count = 0

    def slow(asked: Asked) -> Reply:
        nonlocal count
        count += 1
        if count == FIRST_BATCH + 2:  # the first batch is written by now
            os.kill(os.getpid(), signal.SIGINT)
        if count > FIRST_BATCH:
            release.wait(300)
        return good(asked)

    with Loopback(slow) as server:
        use(folder, server.url, "concurrency = 2\ntimeout = 300")
        done = inside("run")
        release.set()
    signal.signal(signal.SIGINT, before)
    assert done.returncode == 1
    assert "Aborted" in done.stderr
    assert drafts(folder).items() <= TRANSLATIONS.items()
    assert len(drafts(folder)) >= FIRST_BATCH


def test_a_server_that_gives_the_german_back(folder: Path, inside: Translate) -> None:
    """An echo is no draft: the segments are listed with the reason."""
    with Loopback(lambda asked: chat(question(asked))) as server:
        use(folder, server.url)
        done = inside("run")
    assert done.returncode == 1
    assert "No draft, because" in done.stdout
    sentences = [source for source in drafts(folder) if source.count(" ") > 4]
    assert not sentences


def test_thrown_away_drafts_are_there_again_without_the_server(
    folder: Path, inside: Translate
) -> None:
    """A fresh checkout, or the same sentences in another article: nothing is asked twice."""
    path = folder / "output/en/LC_MESSAGES/bruecke.po"
    with Loopback(good) as server:
        use(folder, server.url)
        assert inside("run").returncode == 0
    first = [one for one in path.read_text(encoding="utf-8").split("\n") if "Date:" not in one]
    shutil.rmtree(folder / "output")
    done = inside("run")
    assert done.returncode == 0, done.stderr
    assert f"{ASKED} of the drafts come from the cache" in done.stdout
    again = [one for one in path.read_text(encoding="utf-8").split("\n") if "Date:" not in one]
    assert again == first
    done = inside("text", "--to", "en", text="Die nächsten Schritte\n")
    assert done.stdout == f"{TRANSLATIONS['Die nächsten Schritte']}\n", done.stderr


@pytest.mark.parametrize("words", [("run", "--redraft"), ("reset", "--yes")])
def test_who_wants_other_drafts_gets_them(
    folder: Path, inside: Translate, words: tuple[str, ...]
) -> None:
    """The engine is asked again, and what it says now is what later runs find."""
    with Loopback(good) as server:
        use(folder, server.url)
        inside("run")
        server.asked.clear()
        assert inside(*words).returncode == 0
        assert inside("run").returncode == 0
        assert len(server.asked) == ASKED
        assert drafts(folder) == TRANSLATIONS


def test_json_lines_tell_how_sure_they_are(folder: Path, inside: Translate) -> None:
    """Less where a check finds something; nothing where there is no translation."""
    answers = {
        "Er hat 7 Hunde.": "He has 7 dogs.",
        "Sie hat 7 Katzen.": "She has 8 cats.",
        "A?": "",
    }
    with Loopback(lambda asked: chat(answers[question(asked)])) as server:
        use(folder, server.url)
        lines = "".join(json.dumps({"text": text}) + "\n" for text in answers)
        done = inside("text", "--to", "en", "--jsonl", text=lines)
    good, wrong, none = map(json.loads, done.stdout.splitlines())
    assert 0 < wrong["confidence"] < good["confidence"] <= 1
    assert none["translation"] is None
    assert "confidence" not in none


def test_lines_of_text(folder: Path, inside: Translate) -> None:
    """`translate text` takes engine and address from the project."""
    with Loopback(lambda _: chat("The train arrived.")) as server:
        use(folder, server.url)
        done = inside("text", "--to", "en", text="Der Zug kam an.\n")
    assert done.stdout == "The train arrived.\n", done.stderr


@pytest.mark.parametrize(
    ("settings", "message", "hint"),
    [
        ('engine = "opneai"', "there is no engine 'opneai'", "Did you mean 'openai'?"),
        ('[engines.opneai]\nurl = ""', "[engines.opneai]", "[engines.openai]"),
        ('engine = "openai"', "no url is set", "11434"),
        ('[engine.openai]\nurl = ""', "is not a string", "[engines.NAME]"),
        ("engines = 3", "engines = 3 is not a table", ""),
        ('offline = "yes"', "offline = 'yes' is not true or false", ""),
    ],
)
def test_wrong_settings(
    folder: Path, inside: Translate, settings: str, message: str, hint: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The message names the setting and a hint."""
    monkeypatch.setenv("TRANSLATE_MODELS", str(folder / "none"))
    monkeypatch.delenv("CI", raising=False)
    (folder / "translate.toml").write_text(f'languages = ["en"]\n{settings}\n', encoding="utf-8")
    done = inside("run")
    assert done.returncode == 3
    assert message in done.stderr
    assert hint in done.stderr


@pytest.mark.parametrize(
    "reply",
    [
        Reply({"error": {"message": "the request exceeds the context"}}, 400),
        Reply({"error": "too large"}, 413),
        Reply({"error": "crashed"}, 500),
        Reply(b"<html>"),
        Reply({"choices": []}),
        Reply(b"[" * 100_000),
        chat("Ever \ud800 so"),
        chat("Ever \0 so"),
        Reply({"choices": [{"message": {"content": "", "refusal": "\x1b[2J no"}}]}),
    ],
    ids=["400", "413", "500", "html", "empty", "deep", "surrogate", "nul", "refused"],
)
@pytest.mark.parametrize("position", [0, -1], ids=["first", "last"])
def test_one_bad_text_is_skipped_and_listed(
    folder: Path, inside: Translate, reply: Reply, position: int
) -> None:
    """With article and line; everything else is drafted, whichever text comes first."""
    bad = sorted(text for text in TRANSLATIONS if text.count(" ") > 4)[position]
    with Loopback(
        lambda asked: (
            reply
            if question(asked) == bad
            else chat("Good day.")
            if question(asked) == "Guten Tag."
            else good(asked)
        )
    ) as server:
        use(folder, server.url, "concurrency = 1")
        done = inside("run")
    assert done.returncode == 1, done.stderr
    assert len(drafts(folder)) == len(TRANSLATIONS) - 1
    line = (folder / "source_de/bruecke.txt").read_text(encoding="utf-8").index(bad)
    number = (folder / "source_de/bruecke.txt").read_text(encoding="utf-8").count("\n", 0, line) + 1
    assert f"  source_de/bruecke.txt:{number} (output/en/LC_MESSAGES/bruecke.po:" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
