"""The LibreTranslate engine, against a server on this machine that follows its published API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.core.errors import EngineError
from pipeline.engines.base import Engine, EngineConfig, TranslationRequest
from pipeline.engines.libretranslate import open_engine
from pipeline.testing import EngineContract
from tests.engines.loopback import Asked, Loopback, Reply
from tests.engines.test_openai import FIGURES

KEY = "libre-secret"
OTHERS = ["The city assembly meets.", "The city council meets.", "The council meets."]


def libretranslate(asked: Asked) -> Reply:
    """The part of LibreTranslate's API that matters here."""
    if asked.path == "/spec":
        return Reply({"swagger": "2.0", "info": {"title": "LibreTranslate", "version": "1.6.2"}})
    body = asked.body
    if body.get("api_key", KEY) != KEY:
        return Reply({"error": f"Invalid API key {body['api_key']}"}, 403)
    if body["target"] not in ("en", "fr"):
        return Reply({"error": f"{body['target']} is not supported"}, 400)
    if len(body["q"]) > 2000:
        return Reply({"error": "Invalid request: request (3000) exceeds text limit (2000)"}, 400)
    made = {"translatedText": FIGURES.get(body["q"], "The town council meets.")}
    if body.get("alternatives"):
        made["alternatives"] = OTHERS[: body["alternatives"]]
    return Reply(made)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback(libretranslate) as running:
        yield running


def engine(server: Loopback, **settings: Any) -> Engine:
    return open_engine(EngineConfig(settings={"url": server.url, "retries": 0} | settings))


class TestContract(EngineContract):
    """LibreTranslate is an engine like any other."""

    @pytest.fixture(autouse=True)
    def _server(self, server: Loopback) -> None:
        self.server = server

    def open(self) -> Engine:
        return engine(self.server)


def test_it_says_which_version_answered(server: Loopback) -> None:
    """The server states it; it is asked once."""
    opened = engine(server)
    for _ in range(2):
        list(opened.translate([TranslationRequest("Er kam.")], "en"))
    identity = opened.identity("en")
    assert (identity.model, identity.host) == ("LibreTranslate 1.6.2", server.host)
    assert [asked.path for asked in server.asked].count("/spec") == 1


STADTRAT = TranslationRequest(
    "Der Stadtrat tagt.", (("Stadtrat", "city council"),),
    "The town council meets.", ("'city council' is missing.",),
)  # fmt: skip


def test_a_missing_term_is_looked_for_among_other_translations(server: Loopback) -> None:
    """The first that has it is taken."""
    (answer,) = engine(server).translate([STADTRAT], "en")
    assert answer.text == "The city council meets."


def test_where_none_has_the_term_the_earlier_answer_stands(server: Loopback) -> None:
    """Nothing is made up."""
    request = TranslationRequest(
        STADTRAT.text, (("Stadtrat", "senate"),), STADTRAT.previous, ("No.",)
    )
    (answer,) = engine(server).translate([request], "en")
    assert answer.text == STADTRAT.previous


def test_a_text_too_long_for_the_server(server: Loopback) -> None:
    """It is left without a translation; the others go on."""
    requests = [
        TranslationRequest("Er kam."),
        TranslationRequest("lang " * 600),
        TranslationRequest("Er kam."),
    ]
    answers = list(engine(server, concurrency=1).translate(requests, "en"))
    assert [bool(answer.rejection_reason) for answer in answers] == [False, True, False]
    assert "exceeds text limit" in answers[1].rejection_reason


def test_a_language_the_server_does_not_know(server: Loopback) -> None:
    """Its own words are told."""
    with pytest.raises(EngineError, match="pl is not supported"):
        list(engine(server).translate([TranslationRequest("Er kam.")], "pl"))


def test_the_key_is_sent_and_not_told(server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes in the request, as the API wants it."""
    monkeypatch.setenv("TRANSLATE_LIBRETRANSLATE_KEY", KEY)
    list(engine(server).translate([TranslationRequest("Er kam.")], "en"))
    assert server.bodies()[-1]["api_key"] == KEY
    monkeypatch.setenv("TRANSLATE_LIBRETRANSLATE_KEY", "wrong-key")
    with pytest.raises(EngineError) as error:
        list(engine(server).translate([TranslationRequest("Er kam.")], "en"))
    assert "answers 403" in error.value.message
    assert "wrong-key" not in error.value.message


@pytest.mark.parametrize("body", [{"translatedText": None}, {"text": "x"}, [], "x", None])
def test_an_answer_that_is_none(body: Any) -> None:
    """What came is shown."""
    reply = Reply({"info": {"version": "1"}})
    with (
        Loopback(lambda asked: reply if asked.path == "/spec" else Reply(body)) as server,
        pytest.raises(EngineError, match="no translation"),
    ):
        list(engine(server).translate([TranslationRequest("Er kam.")], "en"))


@pytest.mark.parametrize(
    ("language", "code"), [("en", "en"), ("en_GB", "en"), ("pt_BR", "pb"), ("zh_TW", "zt")]
)
def test_what_is_asked(language: str, code: str) -> None:
    """Plain text, so that signs of HTML stay as they are, in a language as the server calls it."""

    def answer(asked: Asked) -> Reply:
        if asked.path == "/spec":
            return Reply({"info": {"version": "1"}})
        return Reply({"translatedText": "a < b"})

    with Loopback(answer) as server:
        list(engine(server).translate([TranslationRequest("a < b")], language))
    assert server.bodies() == [{"q": "a < b", "source": "de", "target": code, "format": "text"}]
