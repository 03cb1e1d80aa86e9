"""The DeepL engine, against a server on this machine that follows DeepL's published API."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.core.errors import EngineError
from pipeline.engines.base import Engine, EngineConfig, TranslationRequest
from pipeline.engines.deepl import GLOSSARY_NAME, MAX_TEXTS, open_engine, target_code
from pipeline.testing import EngineContract
from tests.engines.loopback import Asked, Loopback, Reply
from tests.engines.test_openai import FIGURES

KEY = "0815-secret:fx"
KNOWN = FIGURES | {"Der Stadtrat tagt.": "The town council meets.", "Er kam.": "He came."}


class DeepL:
    """The part of DeepL's API that matters here, with the account's glossaries."""

    def __init__(self) -> None:
        self.glossaries: dict[str, dict[str, Any]] = {}
        self.trouble: Reply | None = None
        self.glossary_used: list[str] = []

    def __call__(self, asked: Asked) -> Reply:
        if asked.headers.get("Authorization") != f"DeepL-Auth-Key {KEY}":
            return Reply({"message": f"wrong key {asked.headers.get('Authorization')}"}, 403)
        if asked.path == "/v2/translate":
            return self.trouble or self.translate(asked.body)
        _, _, _, *rest = asked.path.split("/")
        if asked.method == "GET":
            return Reply({"glossaries": list(self.glossaries.values())})
        if asked.method == "POST":
            name = secrets.token_hex(4)
            now = "2999-01-01T00:00:00.000Z"
            made = {"glossary_id": name, "creation_time": now, **asked.body}
            self.glossaries[name] = made
            return Reply(made, 201)
        if rest[0] not in self.glossaries:
            return Reply({"message": "Not found"}, 404)
        if asked.method == "DELETE":
            del self.glossaries[rest[0]]
            return Reply(b"", 204)
        self.glossaries[rest[0]]["dictionaries"] = [asked.body]
        return Reply(asked.body)

    def translate(self, body: dict[str, Any]) -> Reply:
        if len(body["text"]) > 50 or body["source_lang"] != "DE":
            return Reply({"message": "Bad request"}, 400)
        if "Verboten." in body["text"]:
            return Reply({"message": "This text cannot be translated"}, 400)
        if glossary := body.get("glossary_id"):
            self.glossary_used.append(self.glossaries[glossary]["dictionaries"][0]["entries"])
        translations = []
        for text in body["text"]:
            made = KNOWN.get(text, f"Translation of {text}")
            if glossary and "Stadtrat\tcity council" in self.glossary_used[-1]:
                made = made.replace("town council", "city council")
            translations.append({"detected_source_language": "DE", "text": made})
        return Reply({"translations": translations})


@pytest.fixture
def deepl(monkeypatch: pytest.MonkeyPatch) -> DeepL:
    monkeypatch.setenv("TRANSLATE_DEEPL_KEY", KEY)
    return DeepL()


@pytest.fixture
def server(deepl: DeepL) -> Iterator[Loopback]:
    with Loopback(deepl) as running:
        yield running


def engine(server: Loopback, **settings: Any) -> Engine:
    return open_engine(EngineConfig(settings={"url": server.url, "retries": 0} | settings))


class TestContract(EngineContract):
    """DeepL is an engine like any other."""

    @pytest.fixture(autouse=True)
    def _server(self, server: Loopback) -> None:
        self.server = server

    def open(self) -> Engine:
        return engine(self.server)


STADTRAT = TranslationRequest("Der Stadtrat tagt.", (("Stadtrat", "city council"),))


def test_terms_go_into_a_glossary_of_the_run(server: Loopback, deepl: DeepL) -> None:
    """It grows with the terms that come, is used, and is deleted in the end."""
    opened = engine(server)
    (answer,) = opened.translate([STADTRAT], "en")
    assert answer.text == "The city council meets."
    (answer,) = opened.translate([TranslationRequest("Er kam.", (("kam", "came"),))], "en")
    assert deepl.glossary_used[-1].splitlines() == ["Stadtrat\tcity council", "kam\tcame"]
    (glossary,) = deepl.glossaries.values()
    assert glossary["name"].startswith(GLOSSARY_NAME)
    assert glossary["dictionaries"][0]["target_lang"] == "en"
    opened.close()
    assert not deepl.glossaries


def test_without_terms_no_glossary_is_made(server: Loopback, deepl: DeepL) -> None:
    """Nor is one used for texts without terms."""
    opened = engine(server)
    list(opened.translate([TranslationRequest("Er kam.")], "en"))
    list(opened.translate([STADTRAT], "en"))
    list(opened.translate([TranslationRequest("Er kam.")], "en"))
    assert [("glossary_id" in body) for body in server.bodies() if "text" in body] == [
        False, True, False,
    ]  # fmt: skip


def test_what_a_killed_run_left_is_deleted(server: Loopback, deepl: DeepL) -> None:
    """After a day; the account's own glossaries and those of other runs stay."""
    old = "2020-01-01T00:00:00.000Z"
    for key, name, made in [
        ("left", f"{GLOSSARY_NAME} 1", old),
        ("running", f"{GLOSSARY_NAME} 2", "2999-01-01T00:00:00.000Z"),
        ("own", "My terms", old),
    ]:
        deepl.glossaries[key] = {"glossary_id": key, "name": name, "creation_time": made}
    opened = engine(server)
    list(opened.translate([STADTRAT], "en"))
    opened.close()
    assert set(deepl.glossaries) == {"running", "own"}


def test_many_texts_go_in_few_requests(server: Loopback) -> None:
    """As many as the API takes, and all answers stand in their order."""
    texts = [f"Text {number}." for number in range(2 * MAX_TEXTS + 5)]
    answers = engine(server).translate([TranslationRequest(text) for text in texts], "fr")
    assert [a.text for a in answers] == [f"Translation of {text}" for text in texts]
    assert sorted(len(body["text"]) for body in server.bodies()) == [5, MAX_TEXTS, MAX_TEXTS]


def test_an_earlier_answer_costs_nothing(server: Loopback) -> None:
    """DeepL would say the same again, so it is not asked."""
    requests = [
        TranslationRequest("Er kam.", previous="He came.", problems=("Bad.",)),
        TranslationRequest("Er kam."),
    ]
    assert [a.text for a in engine(server).translate(requests, "en")] == ["He came."] * 2
    assert len(server.bodies()) == 1


def test_a_refused_text_does_not_take_the_others_with_it(server: Loopback) -> None:
    """The texts of a refused request are sent one by one."""
    texts = ["Er kam.", "Verboten.", "Er kam."]
    answers = list(engine(server).translate([TranslationRequest(t) for t in texts], "en"))
    assert [a.text for a in answers] == ["He came.", "", "He came."]
    assert "cannot be translated" in answers[1].rejection_reason


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_request_that_is_too_large_is_taken_apart(
    server: Loopback, deepl: DeepL, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """Each text goes alone then; the one that is still too large has the server's reason."""

    def limited(body: dict[str, Any]) -> Reply:
        if sum(map(len, body["text"])) > 20:
            return Reply({"message": "Request too large"}, status)
        return DeepL.translate(deepl, body)

    monkeypatch.setattr(deepl, "translate", limited)
    texts = ["Er kam.", "Sehr lang. " * 9, "Er kam.", "Er kam."]
    answers = list(engine(server).translate([TranslationRequest(t) for t in texts], "en"))
    assert [a.text for a in answers] == ["He came.", "", "He came.", "He came."]
    assert f"{server.host} answers {status}: 'Request too large'" in answers[1].rejection_reason
    # One more is the short text that shows whether the server works.
    assert [len(body["text"]) for body in server.bodies()] == [4, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("reply", "message", "hint"),
    [
        (Reply({"translations": []}), "0 translations of 1 texts", "error of the server"),
        (Reply({"translations": [{"text": None}]}), "no translation", "[engines.deepl]"),
        (Reply({"message": "Quota exceeded"}, 456), "Quota exceeded", "quota of your account"),
        (Reply({"message": f"no {KEY}"}, 403), "answers 403", "key in the environment"),
        (Reply({"message": "slow down"}, 529), "slow down", "run the same command again"),
    ],
)
def test_faults(server: Loopback, deepl: DeepL, reply: Reply, message: str, hint: str) -> None:
    """What came is named with its cure, the key is not."""
    deepl.trouble = reply
    with pytest.raises(EngineError) as error:
        list(engine(server).translate([TranslationRequest("Er kam.")], "en"))
    assert message in error.value.message
    assert hint in error.value.hint
    assert KEY not in error.value.message


def test_a_key_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is named."""
    monkeypatch.delenv("TRANSLATE_DEEPL_KEY", raising=False)
    monkeypatch.delenv("DEEPL_AUTH_KEY", raising=False)
    with pytest.raises(EngineError, match="needs a key") as error:
        open_engine(EngineConfig())
    assert "DEEPL_AUTH_KEY" in error.value.hint


@pytest.mark.parametrize(
    ("key", "host"), [("0815:fx", "api-free.deepl.com"), ("0815", "api.deepl.com")]
)
def test_the_key_tells_the_host(monkeypatch: pytest.MonkeyPatch, key: str, host: str) -> None:
    """Keys of free accounts work at another address."""
    monkeypatch.setenv("DEEPL_AUTH_KEY", key)
    assert open_engine(EngineConfig()).identity("en").host == host


@pytest.mark.parametrize(
    "host",
    [
        "evil-deepl.com",
        "evil.example/deepl.com",
        "deepl.com.evil.example",
        "evil.example",
        "deepl.comx",
        "evil.example:443/api.deepl.com",
        "127.0.0.1:9/deepl.com",
        "deepl.com",
        "www.deepl.com",
        "evil.api.deepl.com",
        "api.deepl.com.",
    ],
)
def test_the_vendors_key_goes_to_no_other_host(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """Only the hosts of DeepL's API count, not an address with that name in it."""
    monkeypatch.delenv("TRANSLATE_DEEPL_KEY", raising=False)
    monkeypatch.setenv("DEEPL_AUTH_KEY", KEY)
    with pytest.raises(EngineError, match="needs a key"):
        open_engine(EngineConfig(settings={"url": f"https://{host}"}))


@pytest.mark.parametrize("host", ["api.deepl.com", "API-free.DeepL.com:443"])
def test_the_vendors_key_goes_to_its_hosts(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """Both hosts of the API receive it, over https only."""
    monkeypatch.delenv("TRANSLATE_DEEPL_KEY", raising=False)
    monkeypatch.setenv("DEEPL_AUTH_KEY", KEY)
    opened = open_engine(EngineConfig(settings={"url": f"https://{host}"}))
    assert opened.identity("en").host == host.lower()
    with pytest.raises(EngineError, match=r"\$DEEPL_AUTH_KEY would go to .* unencrypted") as error:
        open_engine(EngineConfig(settings={"url": f"http://{host}"}))
    assert KEY not in error.value.message


def test_a_key_of_ones_own_is_preferred(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for DeepL's own hosts: the kind of the key, and so the host, is that of the own one."""
    monkeypatch.setenv("DEEPL_AUTH_KEY", "0815:fx")
    monkeypatch.setenv("TRANSLATE_DEEPL_KEY", "4711")
    assert open_engine(EngineConfig()).identity("en").host == "api.deepl.com"


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("en", "EN-US"), ("en_GB", "EN-GB"), ("en_AU", "EN-GB"), ("en_CA", "EN-US"), ("fr", "FR"),
        ("fr_CA", "FR"), ("es_ES", "ES"), ("es_MX", "ES-419"), ("pt", "PT-PT"), ("pt_BR", "PT-BR"),
        ("pt_AO", "PT-PT"), ("zh_CN", "ZH-HANS"), ("nl_BE", "NL"),
    ],
)  # fmt: skip
def test_codes(language: str, code: str) -> None:
    """DeepL wants a variety for English and Portuguese."""
    assert target_code(language) == code


def test_what_is_asked(server: Loopback) -> None:
    """Each text is translated as a whole and keeps its blanks, as the settings want it."""
    settings = {"url": server.url, "formality": "prefer_less"}
    setup = EngineConfig(model="quality_optimized", settings=settings)
    list(open_engine(setup).translate([TranslationRequest("Er kam.")], "en_GB"))
    assert server.bodies() == [
        {
            "text": ["Er kam."], "source_lang": "DE", "target_lang": "EN-GB",
            "split_sentences": "0", "preserve_formatting": True,
            "model_type": "quality_optimized", "formality": "prefer_less",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "settings", "sent"),
    [
        ("fr", {}, "prefer_more"),
        ("es_MX", {}, "prefer_less"),
        ("fr", {"formality": "less"}, "less"),
        ("it", {}, None),
    ],
)
def test_formality(
    server: Loopback, language: str, settings: dict[str, str], sent: str | None
) -> None:
    """The project's formality has DeepL's names; the setting of the engine itself wins."""
    formality = {"fr": "formal", "es_MX": "informal"}
    config = EngineConfig(settings={"url": server.url, **settings}, formality=formality)
    list(open_engine(config).translate([TranslationRequest("Er kam.")], language))
    assert server.bodies()[0].get("formality") == sent


def test_long_texts_are_spread_over_requests(server: Loopback) -> None:
    """The API takes so many bytes at once; a text that is too long alone is tried alone."""
    sizes = [10_000, 10_000, 10_000, 1, 40_000, 5]
    texts = [f"{number}{'x' * (size - 1)}" for number, size in enumerate(sizes)]
    requests = [TranslationRequest(text) for text in texts]
    answers = engine(server, concurrency=1).translate(requests, "fr")
    assert [a.text for a in answers] == [f"Translation of {text}" for text in texts]
    asked = [[len(text) for text in body["text"]] for body in server.bodies()]
    assert asked == [[10_000] * 3, [1], [40_000], [5]]
