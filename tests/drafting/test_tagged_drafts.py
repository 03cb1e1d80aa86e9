"""Engines that take tags receive them; a text whose tags come back wrong is translated without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import project
from pipeline.articles import find_markup_format
from pipeline.core import Term
from pipeline.drafting import MarkedText, TextRequest
from pipeline.drafting.drafter import EntryRequest, LanguageDrafter
from pipeline.drafting.text_translator import TextTranslator
from pipeline.engines import deepl, libretranslate
from pipeline.engines.base import Engine, EngineConfig
from pipeline.glossary import Glossary, TermMatcher
from pipeline.memory.memory import TranslationMemory
from pipeline.workflows.translate_text import TextSession
from tests import lexicons
from tests.engines.loopback import Asked, Loopback, Reply

LINE = 'Das <a href="/x">Abkommen</a> bindet <b>alle Staaten</b>; <code>a &lt; b</code> bleibt.'
TAGGED = (
    'Das <g id="0">Abkommen</g> bindet <g id="1">alle Staaten</g>; '
    '<mrk id="2">a &lt; b</mrk> bleibt.'
)
PLAIN = "Das Abkommen bindet alle Staaten; a < b bleibt."
MOVED = (
    '<g id="1">All states</g> are bound by the <g id="0">agreement</g>; '
    '<mrk id="2">a &lt; b</mrk> stays.'
)
BUILT = (
    '<b>All states</b> are bound by the <a href="/x">agreement</a>; <code>a &lt; b</code> stays.'
)
WITHOUT = "The agreement binds all states; a < b stays."
ALIGNED = 'The <a href="/x">agreement</a> binds all <b>states</b>; <code>a &lt; b</code> stays.'


class Server:
    """DeepL and LibreTranslate in one: answers with a tagged text, and with a plain one."""

    def __init__(self) -> None:
        self.tagged, self.plain = MOVED, WITHOUT
        self.rejects_tags = False
        self.bodies: list[dict[str, Any]] = []

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/spec":
            return Reply({"info": {"version": "1.6"}})
        if asked.path.startswith("/v3/glossaries"):
            return Reply({"glossary_id": "g", "glossaries": []}, 201)
        body = asked.body
        self.bodies.append(body)
        if asked.path == "/translate":
            has_tags = body["format"] == "html"
            return Reply({"translatedText": self.tagged if has_tags else self.plain})
        has_tags = body.get("tag_handling") == "xml"
        if has_tags and self.rejects_tags:
            return Reply({"message": "Tag handling failed"}, 400)
        texts = [{"text": self.tagged if has_tags else self.plain} for _ in body["text"]]
        return Reply({"translations": texts})


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def url(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TRANSLATE_DEEPL_KEY", "key")
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "cache"))
    lexicons.lend(tmp_path / "cache")
    with Loopback(server) as running:
        yield running.url
    lexicons.collect(tmp_path / "cache")


def open_deepl(url: str) -> Engine:
    return deepl.open_engine(EngineConfig(settings={"url": url, "retries": 0}))


def open_libretranslate(url: str, **more: Any) -> Engine:
    return libretranslate.open_engine(EngineConfig(settings={"url": url, "retries": 0} | more))


def translate(
    engine: Engine, *lines: str, matcher: TermMatcher | None = None
) -> tuple[list[str | None], list[str]]:
    """Return the translations of lines of HTML, and the findings."""
    translator = TextTranslator(engine, EngineConfig(), "en", matcher, print)
    session = TextSession(translator, "en", ".html")
    results = list(session.translate([TextRequest(line) for line in lines]))
    session.close()
    return [one.translation for one in results], [f for one in results for f in one.findings]


def test_deepl_places_the_elements(server: Server, url: str) -> None:
    """It receives XML, in which code is not translated, and its places of elements are used."""
    found, findings = translate(open_deepl(url), LINE, "Er kam.")
    assert found[0] == BUILT
    assert findings == []
    with_tags, without = sorted(server.bodies, key=lambda body: "tag_handling" not in body)
    assert with_tags["text"] == [TAGGED]
    assert (with_tags["tag_handling"], with_tags["ignore_tags"]) == ("xml", ["mrk"])
    assert without["text"] == ["Er kam."]
    assert "tag_handling" not in without


def test_libretranslate_receives_html_if_set(server: Server, url: str) -> None:
    """With `tags = true`; without, it receives the plain text."""
    server.tagged = MOVED.replace("<mrk ", '<mrk translate="no" ')
    assert translate(open_libretranslate(url, tags=True), LINE)[0] == [BUILT]
    assert server.bodies[0]["q"] == TAGGED.replace("<mrk ", '<mrk translate="no" ')
    assert translate(open_libretranslate(url), LINE)[0] == [ALIGNED]
    assert (server.bodies[1]["q"], server.bodies[1]["format"]) == (PLAIN, "text")


@pytest.mark.parametrize(
    "answer",
    [
        WITHOUT,
        MOVED.replace("</g>", "", 1),
        MOVED.replace("a &lt; b", "a &gt; b"),
        MOVED.replace("agreement", ""),
        "There is no tag g in the given text.",
    ],
    ids=["lost", "not closed", "code changed", "emptied", "a remark"],
)
def test_wrong_tags_are_not_used(server: Server, url: str, answer: str) -> None:
    """That text alone is requested without tags; word alignment restores its markup."""
    server.tagged = answer
    assert translate(open_deepl(url), LINE)[0] == [ALIGNED]
    assert [body["text"] for body in server.bodies] == [[TAGGED], [PLAIN]]


def test_a_server_that_rejects_tags(server: Server, url: str) -> None:
    """Its rejection concerns the tags, not the text."""
    server.rejects_tags = True
    assert translate(open_deepl(url), LINE)[0] == [ALIGNED]


def test_uncertain_places_are_reported_as_without_tags(server: Server, url: str) -> None:
    """After the fall back, a place that is a guess is a finding."""
    server.tagged, server.plain = "None.", "It is entirely different here."
    _, findings = translate(open_deepl(url), "Das Haus ist <b>wirklich</b> alt.")
    assert any("is a guess" in finding for finding in findings)


def test_a_missing_term_is_found_behind_tags(server: Server, url: str) -> None:
    """The glossary applies to the text without tags; DeepL receives the term with the tags."""
    matcher = TermMatcher(Glossary(None, "de", "en", (Term("Abkommen", ("agreement",)),), "digest"))
    assert translate(open_deepl(url), LINE, matcher=matcher)[0] == [BUILT]
    assert server.bodies[0]["glossary_id"] == "g"
    server.tagged = MOVED.replace("agreement", "treaty")
    server.bodies.clear()
    translate(open_deepl(url), LINE.replace("alle", "beide"), matcher=matcher)
    # A draft without the term is requested again, with the term in its place.
    assert server.bodies[-1]["text"] == ["Das agreement bindet beide Staaten; a < b bleibt."]


def test_punctuation_is_normalized_around_tags(server: Server, url: str) -> None:
    """Quotation marks, white space and the final mark change as in texts without tags."""
    server.tagged = ' this  <g id="0">"May"</g> is <g id="1">long</g>'
    found, _ = translate(open_deepl(url), "Dieser <b>„Mai“</b> ist <i>lang</i>.")
    assert found == ["This <b>“May”</b> is <i>long</i>."]


def test_drafts_of_catalogs_have_the_tags_of_the_engine(
    server: Server, url: str, tmp_path: Path
) -> None:
    """Also from the response cache of an earlier run."""
    (tmp_path / "translate.toml").write_text('languages = ["en"]\n', encoding="utf-8")
    found = project.load_project(tmp_path)
    form = find_markup_format(".html")
    memory = TranslationMemory(found)
    engine = open_deepl(url)
    drafter = LanguageDrafter("en", found, lambda: None, memory, lambda: engine)
    source = "Das <a>Abkommen</a> bindet <b>alle Staaten</b>; <code>a < b</code> bleibt."
    request = EntryRequest(source, form=form)
    (result,) = drafter.fill([request])
    assert result.draft is not None
    expected = "<b>All states</b> are bound by the <a>agreement</a>; <code>a < b</code> stays."
    assert result.draft.target == expected
    assert drafter.ready([request]) == [result]
    engine.close()
    memory.close()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Wort", " ", ", ", "<b>", "</b>", "<a1>", "</a1>", "<br>", "<img>", "<code>x</code>"]
        ),
        max_size=14,
    )
)
def test_an_engine_that_returns_the_tags_keeps_the_text(parts: list[str]) -> None:
    """The same tags around the same words are the same text; one of two blanks may be dropped."""
    form = find_markup_format(".html")
    assert form is not None
    text = f"A{''.join(parts)}Z"
    marked = MarkedText(form, text)
    if marked.tagged:
        plain = " ".join(marked.plain.split())
        placed = marked.place_tags(marked.tagged, plain)
        assert "".join(placed.split()) == "".join(text.split())
        assert " ".join(MarkedText(form, placed).plain.split()) == plain
