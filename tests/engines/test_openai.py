"""The engine for chat servers, against real HTTP servers on this machine."""

from __future__ import annotations

import re
import threading
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from pipeline.core.errors import EngineError, PipelineError, SettingsError
from pipeline.core.secrets import Secret
from pipeline.engines.base import Engine, EngineConfig, TranslationRequest
from pipeline.engines.circuit_breaker import PROBE
from pipeline.engines.openai import open_engine
from pipeline.testing import EngineContract
from tests.core.test_http import HOSTILE
from tests.engines.loopback import Asked, Loopback, Reply, chat, question

KEY = "sk-very-secret-4711"
FIGURES = {
    "Der Zug hat 17 Minuten Verspätung.": "The train is 17 minutes late.",
    "Am Dienstag kamen 240 Gäste.": "On Tuesday 240 guests came.",
    "Die Brücke ist 95 Meter lang.": "The bridge is 95 metres long.",
}


def engine(server: Loopback, jobs: int = 0, **settings: Any) -> Engine:
    table = {"url": f"{server.url}/v1", "model": "m", "retries": 0} | settings
    return open_engine(EngineConfig(settings=table, jobs=jobs))


def ask(server: Loopback, *texts: str, **settings: Any) -> list[str]:
    answers = engine(server, **settings).translate([TranslationRequest(t) for t in texts], "en")
    return [answer.text for answer in answers]


def fails(server: Loopback, *texts: str, **settings: Any) -> EngineError:
    with pytest.raises(EngineError) as error:
        ask(server, *(texts or ("Er kam.",)), **settings)
    return error.value


def translated(asked: Asked) -> Reply:
    return chat(FIGURES.get(question(asked), "He came."))


class TestContract(EngineContract):
    """A chat server is an engine like any other."""

    @pytest.fixture(autouse=True)
    def _server(self) -> Any:
        with Loopback(translated) as self.server:
            yield

    def open(self) -> Engine:
        return engine(self.server)


def test_what_is_sent() -> None:
    """The messages of the prompt, greedy sampling, a limit, and the model that was chosen."""
    with Loopback(translated) as server:
        list(engine(server).translate([TranslationRequest("Er kam.", (("kam", "came"),))], "en"))
    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/v1/chat/completions")
    assert asked.body["model"] == "m"
    assert asked.body["temperature"] == 0
    assert asked.body["max_tokens"] > 10
    assert "kam = came" in asked.body["messages"][-1]["content"]
    assert "Authorization" not in asked.headers


@pytest.mark.parametrize("settings", [{"model": "hunyuan-mt:7b"}, {"preset": "hunyuan-mt"}])
def test_a_model_made_for_translating_is_asked_its_way(settings: dict[str, str]) -> None:
    """By its name or the setting: one question, as its card says."""
    with Loopback(translated) as server:
        ask(server, "Er kam.", **settings)
    (asked,) = server.asked
    (message,) = asked.body["messages"]
    assert message["content"].startswith("Translate the following segment into English")


def test_the_only_model_of_a_server_is_taken() -> None:
    """And the origin names it."""

    def answer(asked: Asked) -> Reply:
        return Reply({"data": [{"id": "tower-9b"}]}) if asked.method == "GET" else chat("He came.")

    with Loopback(answer) as server:
        opened = engine(server, model="")
        list(opened.translate([TranslationRequest("Er kam.")], "en"))
    assert server.bodies()[0]["model"] == "tower-9b"
    identity = opened.identity("en")
    assert (identity.model, identity.host, identity.version) == ("tower-9b", server.host, "b1")


@pytest.mark.parametrize(
    ("name", "shown"),
    [("/home/me/models/tower.gguf", "tower.gguf"), ("mistral/mt-7b", "mistral/mt-7b")],
)
def test_the_path_of_a_model_is_nobodys_business(name: str, shown: str) -> None:
    """The origin names its file alone; the slash in other names is a part of them."""
    with Loopback(translated) as server:
        assert engine(server, model=name).identity("en").model == shown


def test_one_of_several_models_must_be_named() -> None:
    """The error lists them."""
    with Loopback(lambda _: Reply({"data": [{"id": "a"}, {"id": "b"}]})) as server:
        error = fails(server, model="")
    assert "2 models" in error.message
    assert "a, b" in error.hint


def test_several_at_once_stay_in_order() -> None:
    """The first answer comes when the second was given; still it stands first."""
    second = threading.Event()

    def answer(asked: Asked) -> Reply:
        if question(asked) == "Eins.":
            assert second.wait(20)
            return chat("One.")
        second.set()
        return chat("Two.")

    with Loopback(answer) as server:
        assert ask(server, "Eins.", "Zwei.", concurrency=2) == ["One.", "Two."]


def test_thoughts_of_a_reasoning_model_are_no_translation() -> None:
    """Only what follows them is."""
    with Loopback(lambda _: chat("<think>\nkam: came\n</think>\n\nHe came.")) as server:
        assert ask(server, "Er kam.") == ["He came."]


def test_an_answer_that_was_cut_off_is_marked() -> None:
    """Whoever judges it sees that it is not complete."""
    with Loopback(lambda _: chat("He came came came", "length")) as server:
        (answer,) = engine(server).translate([TranslationRequest("Er kam.")], "en")
    assert not answer.complete


def test_parameters_that_a_model_does_not_take_are_left_out() -> None:
    """The request is made again without them, and later ones too."""

    def answer(asked: Asked) -> Reply:
        for name in ("max_tokens", "temperature"):
            if name in asked.body:
                error = {"message": f"{name} is not supported", "param": name}
                return Reply({"error": error}, 400)
        return chat("He came.")

    with Loopback(answer) as server:
        opened = engine(server)
        for _ in range(2):
            (given,) = opened.translate([TranslationRequest("Er kam.")], "en")
            assert given.text == "He came."
    assert len(server.asked) == 4


def test_a_text_that_is_refused_does_not_stop_the_others() -> None:
    """It has no translation, but a reason."""

    def answer(asked: Asked) -> Reply:
        if question(asked) == "Böse.":
            return Reply({"error": {"message": "content policy"}}, 400)
        if question(asked) == "Schlimm.":
            return chat("", "content_filter")
        return chat("He came.")

    with Loopback(answer) as server:
        requests = [TranslationRequest(t) for t in ("Er kam.", "Böse.", "Schlimm.", "Er kam.")]
        answers = list(engine(server, concurrency=1).translate(requests, "en"))
    assert [bool(answer.rejection_reason) for answer in answers] == [False, True, True, False]
    assert "content policy" in answers[1].rejection_reason
    assert answers[1].text == ""


def test_a_server_that_refuses_everything_is_not_asked_for_ever() -> None:
    """A short sentence shows that the texts are not the cause."""
    with Loopback(lambda _: Reply({"error": {"message": "bad model"}}, 400)) as server:
        error = fails(server, *["Er kam."] * 9, concurrency=1)
        assert "bad model" in error.message
        assert len(server.asked) < 9  # a question or two may be under way by then
    good = iter([True])

    def answer(asked: Asked) -> Reply:
        return chat("He came.") if next(good, False) else Reply({"error": "no"}, 400)

    with Loopback(answer) as server:
        fails(server, *["Er kam."] * 30, concurrency=1)
        assert len(server.asked) < 9


def html(status: int) -> Reply:
    page = b"<html><body>Sign in to the WLAN</body></html>"
    return Reply(page, status, {"Content-Type": "text/html"})


@pytest.mark.parametrize(
    ("reply", "message", "hint"),
    [
        (html(200), "text/html that is not JSON: '<html>", "url"),
        (html(502), "answers 502", "run the same command again"),
        (Reply(b""), "no translation: 'null'", "[engines.openai]"),
        (Reply(b'{"choices": ['), "is not JSON", "url"),
        (Reply({"choices": []}), "no translation", "[engines.openai]"),
        (Reply({"choices": [{"message": {"content": ["x"]}}]}), "no translation", "openai"),
        (Reply([1, 2]), "no translation", "[engines.openai]"),
        (Reply(b" " * 10_000_000), "more than 2 MB", "another kind of server"),
        (Reply({"error": {"message": f"bad key {KEY}"}}, 401), "answers 401", "environment"),
        (Reply({"error": {"message": "no model m"}}, 404), "no model m", "url and model"),
        (Reply(status=302, headers={"Location": "http://b.example/"}), "redirects to", "url"),
        (Reply({}, 429, {"Retry-After": "3600"}), "asks to wait 3600 s", "concurrency"),
        (Reply({"error": {"code": "insufficient_quota"}}, 429), "answers 429", "quota"),
        (Reply({"error": "overloaded"}, 503), "overloaded", "run the same command again"),
        (Reply(b'{"choices"', cut=500), "closed the connection", "run the same command"),
    ],
)
def test_a_lying_server_is_told_with_its_cure(
    reply: Reply, message: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came is named, what to do is named, and the key is nowhere."""
    monkeypatch.setenv("TRANSLATE_OPENAI_KEY", KEY)
    with Loopback(lambda _: reply) as server:
        error = fails(server)
    assert server.asked[0].headers["Authorization"] == f"Bearer {KEY}"
    assert [question(asked) for asked in server.asked] in (["Er kam."], ["Er kam.", PROBE])
    assert server.host in error.message
    assert message in error.message
    assert hint in error.hint
    assert KEY not in error.message + error.hint


def test_a_server_that_is_gone() -> None:
    """The address and the reason are named."""
    with Loopback(translated) as server:
        pass
    error = fails(server)
    assert f"{server.host} cannot be reached (Connection refused)" in error.message
    assert "server is running" in error.hint


def test_a_slow_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it says nothing or one byte at a time; the setting is named."""
    release = threading.Event()

    def answer(asked: Asked) -> Reply:
        release.wait(20)
        return chat("He came.")

    with Loopback(answer) as server:
        error = fails(server, timeout=1)
        release.set()
    assert "does not answer within 1 s" in error.message
    assert "`timeout`" in error.hint


def once(first: Reply) -> Callable[[Asked], Reply]:
    replies = iter([first])
    return lambda _: next(replies, chat("He came."))


@pytest.mark.parametrize(
    "first", [html(503), Reply({}, 429), Reply(b'{"ch', cut=50), Reply({"error": "busy"}, 529)]
)
def test_what_may_pass_is_tried_again(first: Reply) -> None:
    """A second attempt brings the translation."""
    with Loopback(once(first)) as server:
        assert ask(server, "Er kam.", retries=1) == ["He came."]
    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 529])
def test_a_status_that_may_pass_is_tried_again(status: int) -> None:
    """A second attempt brings the translation."""
    with Loopback(once(Reply({"error": "later"}, status))) as server:
        assert ask(server, "Er kam.", retries=1) == ["He came."]
    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_status_that_finds_fault_with_a_text_is_not_tried_again(status: int) -> None:
    """The same text would fail again: it has the reason, and the others have translations."""

    def answer(asked: Asked) -> Reply:
        long = question(asked) == "Lang."
        return Reply({"error": "too large"}, status) if long else chat("He came.")

    with Loopback(answer) as server:
        requests = [TranslationRequest(t) for t in ("Er kam.", "Lang.", "Er kam.")]
        answers = list(engine(server, concurrency=1, retries=3).translate(requests, "en"))
    assert [answer.text for answer in answers] == ["He came.", "", "He came."]
    assert f"answers {status}: 'too large'" in answers[1].rejection_reason
    asked = [question(asked) for asked in server.asked]
    assert asked == ["Er kam.", "Lang.", PROBE, "Er kam."]


@pytest.mark.parametrize(
    "reply",
    [
        Reply({"error": "no"}, 401),
        Reply({"error": "no"}, 404),
        Reply({"error": {"code": "insufficient_quota"}}, 429),
        Reply({}, 429, {"Retry-After": "121"}),
        Reply({}, 503, {"Retry-After": "130"}),
    ],
)
def test_what_will_not_pass_is_not_tried_again(reply: Reply) -> None:
    """Nor what would take longer than anyone waits: the run ends at once."""
    with Loopback(lambda _: reply) as server:
        fails(server, retries=4)
    assert len(server.asked) == 1


def test_a_server_that_stays_slow_is_asked_twice_at_most() -> None:
    """However many retries are set, a second long wait is the last one."""
    release = threading.Event()

    def answer(asked: Asked) -> Reply:
        release.wait(20)
        return chat("He came.")

    with Loopback(answer) as server:
        error = fails(server, timeout=1, retries=3)
        release.set()
    assert "does not answer within 1 s" in error.message
    assert [question(asked) for asked in server.asked] == ["Er kam."] * 2 + [PROBE]


def test_other_faults_are_tried_again_as_often_as_is_set() -> None:
    """The retries come on top of the first attempt."""
    with Loopback(lambda _: Reply({}, 503, {"Retry-After": "0"})) as server:
        fails(server, retries=3)
    assert len(server.asked) == 4


def test_the_pause_a_server_asks_for_is_kept() -> None:
    """No request, of whatever thread, comes earlier."""
    with Loopback(once(Reply({}, 429, {"Retry-After": "1"}))) as server:
        texts = ["Eins.", "Zwei.", "Drei."]
        assert ask(server, *texts, retries=2, concurrency=1) == ["He came."] * 3
    first, second, *_ = server.asked
    assert second.at - first.at >= 1


def test_the_key_is_shown_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even by an object that holds it."""
    monkeypatch.setenv("TRANSLATE_OPENAI_KEY", KEY)
    with Loopback(translated) as server:
        opened = engine(server)
        shown = repr(vars(opened)) + repr(opened.identity("en"))
    assert "HttpClient" in shown
    assert KEY not in shown


@pytest.mark.parametrize(
    ("url", "variable", "value", "message"),
    [
        ("http://mt.example/v1", "TRANSLATE_OPENAI_KEY", KEY, "mt.example unencrypted"),
        ("https://mt.example/v1", "TRANSLATE_OPENAI_KEY", f"{KEY}\nX: y", "special characters"),
        (f"https://me:{KEY}@mt.example/v1", "X", "", "has a user name or password"),
        (f"https://mt.example/v1?key={KEY}", "X", "", "scheme, host and path only"),
        ("ftp://mt.example", "X", "", "not an http(s) address"),
        ("mt.example:99999", "X", "", "not an http(s) address"),
        ("http://mt.example:99999", "X", "", "has an invalid port"),
        ("", "X", "", "no url is set"),
    ],
)
def test_addresses_and_keys_that_cannot_be_right(
    url: str, variable: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are refused before anything is sent, without the key in the message."""
    monkeypatch.setenv(variable, value)
    with pytest.raises(EngineError) as error:
        open_engine(EngineConfig(settings={"url": url}))
    assert message in error.value.message
    assert KEY not in error.value.message + error.value.hint


def test_the_vendors_key_goes_to_the_vendor_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of a strange project cannot have it sent elsewhere."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with Loopback(translated) as server:
        ask(server, "Er kam.")
    assert KEY not in str(server.asked[0].headers)


@pytest.mark.parametrize(
    "host",
    [
        "evil-api.openai.com.example",
        "evilapi.openai.com",
        "eu.api.openai.com",
        "api.openai.com.",
        "openai.com",
        "mt.example",
    ],
)
def test_the_vendors_key_goes_to_no_host_of_a_like_name(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """The request goes out, and no key with it."""
    monkeypatch.delenv("TRANSLATE_OPENAI_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with Loopback(translated) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        for variable in ("no_proxy", "NO_PROXY"):
            monkeypatch.setenv(variable, "")
        opened = open_engine(EngineConfig(settings={"url": f"http://{host}/v1", "model": "m"}))
        (answer,) = opened.translate([TranslationRequest("Er kam.")], "en")
    assert answer.text == "He came."
    assert KEY not in str(proxy.asked[0].headers)


@pytest.mark.parametrize(
    "host",
    [
        "evil-localhost",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example/localhost",
        "128.0.0.1",
        "0.0.0.0",
        "[::2]",
        "localhost.",
        "mt.localhost:8080",
    ],
)
def test_a_key_goes_unencrypted_to_no_other_machine(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """A name that merely looks like this machine's is another machine."""
    monkeypatch.setenv("TRANSLATE_OPENAI_KEY", KEY)
    with pytest.raises(EngineError, match="unencrypted") as error:
        open_engine(EngineConfig(settings={"url": f"http://{host}/v1"}))
    assert KEY not in error.value.message + error.value.hint
    open_engine(EngineConfig(settings={"url": f"https://{host}/v1"})).close()


@pytest.mark.parametrize(
    "host",
    ["localhost", "LocalHost:80", "127.0.0.1", "127.8.9.1", "[::1]:9", "[::ffff:127.0.0.1]:9"],
)
def test_a_key_stays_on_this_machine_unencrypted(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """No network is on the way, so http will do."""
    monkeypatch.setenv("TRANSLATE_OPENAI_KEY", KEY)
    opened = open_engine(EngineConfig(settings={"url": f"http://{host}/v1"}))
    assert opened.identity("en").host == host.lower()


@pytest.mark.parametrize(
    ("table", "message", "hint"),
    [
        ({"modle": "m"}, "unknown setting 'modle'", "'model'"),
        ({"api_key": KEY}, "unknown setting 'api_key'", "only from the environment"),
        ({"timeout": "long"}, "timeout = 'long' is not a number", ""),
        ({"concurrency": 0}, "concurrency = 0", "1 to 64"),
        ({"retries": True}, "retries = True is not a whole number", ""),
    ],
)
def test_wrong_settings_are_named(table: dict[str, Any], message: str, hint: str) -> None:
    """With the one that may be meant, or the values there are; no key is shown."""
    with pytest.raises(SettingsError) as error:
        open_engine(EngineConfig(settings=table))
    assert f"[engines.openai]: {message}" in error.value.message
    assert hint in error.value.hint
    assert KEY not in error.value.message + error.value.hint


LIMITS = [("timeout", 1, 3600, 0.5), ("retries", 0, 20, 1), ("concurrency", 1, 64, 1)]


@pytest.mark.parametrize(
    ("name", "setting", "least", "most", "step"),
    [
        *((name, *limits) for name in ("openai", "deepl", "libretranslate") for limits in LIMITS),
        ("openai", "temperature", 0, 2, 0.5),
        ("openai", "max_tokens", 0, 1_000_000, 1),
    ],
)
def test_limits_of_settings(
    monkeypatch: pytest.MonkeyPatch, name: str, setting: str, least: int, most: int, step: float
) -> None:
    """The same for every server: the limits are allowed, what is beyond them is told."""
    monkeypatch.setenv("TRANSLATE_DEEPL_KEY", "0815")
    opener = import_module(f"pipeline.engines.{name}").open_engine
    url = {"url": "http://127.0.0.1:9"}
    for value in (least, most):
        opener(EngineConfig(settings=url | {setting: value}))
    for value in (least - step, most + step):
        with pytest.raises(SettingsError) as error:
            opener(EngineConfig(settings=url | {setting: value}))
        assert error.value.hint.endswith(f"number from {least} to {most}.")


@pytest.mark.parametrize("name", ["openai", "deepl", "libretranslate"])
@pytest.mark.parametrize("url", HOSTILE)
def test_hostile_addresses_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str
) -> None:
    """No engine opens; the message names the setting and the reason, not the key."""
    for variable in ("OPENAI_API_KEY", "DEEPL_AUTH_KEY", "TRANSLATE_LIBRETRANSLATE_KEY"):
        monkeypatch.setenv(variable, KEY)
    opener = import_module(f"pipeline.engines.{name}").open_engine
    with pytest.raises(PipelineError) as error:
        opener(EngineConfig(settings={"url": url}))
    if not re.search(r"[\x00-\x1f]", url):
        assert error.value.message == f"[engines.{name}]: url {HOSTILE[url]}"
    else:
        assert error.value.message == f"[engines.{name}]: url = {url!r} is not printable"
    assert KEY not in error.value.message + error.value.hint


def encoded(form: str) -> str:
    """Return the key as a server may repeat it."""
    data = KEY.encode()
    return {
        "plain": KEY,
        "json": KEY.replace("-", "\\u002D"),
        "url": KEY.replace("-", "%2d"),
        "url twice": KEY.replace("-", "%252D"),
        "base64": b64encode(data).decode(),
        "base64 of user:key": b64encode(b"me:" + data + b"!").decode(),
        "base64 of Bearer key": b64encode(b"Bearer " + data).decode(),
        "base64url": urlsafe_b64encode(b"k=" + data).decode(),
    }[form]


FORMS = [
    "plain", "json", "url", "url twice", "base64", "base64 of user:key", "base64 of Bearer key",
    "base64url",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("where", ["message", "page", "redirect", "type", "structure"])
def test_errors_do_not_repeat_the_key(
    monkeypatch: pytest.MonkeyPatch, form: str, where: str
) -> None:
    """In any form, wherever the server puts it."""
    monkeypatch.setenv("TRANSLATE_OPENAI_KEY", KEY)
    leak = encoded(form)
    # As raw JSON, so that the escapes are those of the response.
    quoted = f'"wrong key {leak}"'.encode()
    reply = {
        "message": Reply(b'{"error": {"message": ' + quoted + b"}}", 401),
        "page": Reply(b"<p>" + quoted),
        "redirect": Reply({}, 302, {"Location": f"https://evil.example/?k={leak}"}),
        "type": Reply(b"<p>", 200, {"Content-Type": f"text/{leak}"}),
        "structure": Reply(b'{"echo": ' + quoted + b"}"),
    }[where]
    with Loopback(lambda _: reply) as server:
        error = fails(server)
    said = error.message + error.hint
    assert KEY not in said
    assert "4711" not in said
    assert leak not in said


@pytest.mark.parametrize("form", FORMS)
def test_a_translation_with_the_key_is_rejected(monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """Only that text; a server that returns it every time ends the run."""
    monkeypatch.setenv("TRANSLATE_OPENAI_KEY", KEY)

    def answer(asked: Asked) -> Reply:
        return chat(encoded(form) if question(asked) == "Wie?" else "He came.")

    with Loopback(answer) as server:
        opened = engine(server, concurrency=1)
        texts = [TranslationRequest(text) for text in ("Er kam.", "Wie?", "Er kam.")]
        results = list(opened.translate(texts, "en"))
    assert [result.text for result in results] == ["He came.", "", "He came."]
    assert "returned the key" in results[1].rejection_reason
    assert KEY not in results[1].rejection_reason
    with Loopback(lambda _: chat(encoded(form))) as server:
        assert "returned the key" in fails(server, "Wie?").message


def test_the_key_is_not_recorded_as_a_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """A response is rejected if the key is in any part of it."""
    monkeypatch.setenv("TRANSLATE_OPENAI_KEY", KEY)
    body = {"system_fingerprint": KEY, "choices": [{"message": {"content": "He came."}}]}
    with Loopback(lambda _: Reply(body)) as server:
        opened = engine(server)
        with pytest.raises(EngineError, match="returned the key"):
            list(opened.translate([TranslationRequest("Er kam.")], "en"))
    assert opened.identity("en").version == ""


@pytest.mark.parametrize("key", ["none", "ollama", "EMPTY", "2024"])
def test_a_placeholder_key_does_not_reject_translations(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """Local servers accept any word, which may occur in a text."""
    monkeypatch.setenv("TRANSLATE_OPENAI_KEY", key)
    with Loopback(lambda _: chat(f"It is {key}.")) as server:
        assert ask(server, "Er kam.") == [f"It is {key}."]


def test_redaction_of_a_large_response_is_fast() -> None:
    """Time is linear in the length of a hostile response."""
    secret = Secret(KEY)
    start = time.process_time()
    for text in ("\\" * 200_000, "%25" * 70_000, KEY[:-1] * 10_000):
        assert not secret.is_in(text)
    assert time.process_time() - start < 10
