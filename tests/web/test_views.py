"""Help for the reviewer: drafts, other engines, concordance, terms, history, building."""

from __future__ import annotations

import http.client
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
import pytest

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft
from pipeline.core.types import Provenance
from pipeline.engines import registry
from pipeline.project import load_project
from pipeline.workflows.events import SilentEvents
from pipeline.workflows.extract import ExtractOptions, extract
from tests.web.conftest import Client, english, serving
from tests.web.test_app import COST, COUNCIL, NAMES, entry, save

HOUSE, COUNCILLORS = "Haus neben Garten baut Brücke.", "Rat sieht Fluss und Wald."
WORDS = {"article": "haus.txt", "language": "en"}


@pytest.fixture
def double(folder: Path) -> Iterator[Path]:
    """A project with an engine that translates word for word, and a draft of another one."""
    (folder / "words.gguf").write_bytes(b"GGUF")
    spec = registry.EngineSpec(
        "double", "tests.workflows.engine:open_engine", sends_text_away=False
    )
    registry.ENGINES["double"] = spec  # type: ignore[index]
    settings = 'languages = ["en"]\nengine = "double"\n'
    (folder / "translate.toml").write_text(settings, encoding="utf-8")
    (folder / "source_de/bruecke.txt").unlink()
    (folder / "source_de/haus.txt").write_text(f"{HOUSE}\n\n{COUNCILLORS}\n", encoding="utf-8")
    extract(load_project(folder), ExtractOptions(force_language=True), SilentEvents())
    draft = Draft("A house builds.", Provenance("llama", "qwen", "", "", 60))
    catalog.write_drafts(words_catalog(folder), {HOUSE: draft})
    yield folder
    del registry.ENGINES["double"]  # type: ignore[attr-defined]


def words_catalog(folder: Path) -> Path:
    return folder / "output/en/LC_MESSAGES/haus.po"


def word(client: Client, source: str) -> dict[str, Any]:
    entries = client.get("article", **WORDS)["entries"].values()
    return next(one for one in entries if one["source"] == source)


def run_draft(client: Client, body: dict[str, Any]) -> str:
    """Draft, and return the events of the run."""
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=30)
    address = "/api/events?article=haus.txt&language=en"
    connection.request("GET", address, headers=client.own())
    stream = connection.getresponse()
    assert stream.getheader("content-type", "").startswith("text/event-stream")
    stream.readline()
    client.post("draft", {**WORDS, **body})
    seen = b""
    while b"finished" not in seen:
        seen += stream.readline()
    connection.close()
    return seen.decode()


def test_one_entry_is_drafted_again(double: Path) -> None:
    """Only that entry changes; a text that a human edited does not."""
    with serving(double) as client:
        known = word(client, HOUSE)
        again = {"entry": known["id"], "again": True}
        assert '"finished": "done"' in run_draft(client, again)
        assert word(client, HOUSE)["engine"] == "double"
        assert word(client, COUNCILLORS)["state"] == "missing"
        fresh = word(client, HOUSE)
        edit = {**WORDS, "entry": known["id"], "seen": fresh["snapshot"], "targets": ["Mine."]}
        client.post("save", edit)
        run_draft(client, again)
        assert word(client, HOUSE)["targets"] == ["Mine."]


def test_a_run_streams_its_progress(double: Path) -> None:
    """The missing entries of an article are drafted, and an open page hears of it."""
    with serving(double) as client:
        events = run_draft(client, {})
        assert '"total": 2' in events, "the draft made without the glossary counts, as in a run"
        assert "2 drafted" in events
        assert word(client, COUNCILLORS)["state"] == "draft"


def test_a_run_that_cannot_start_says_why(drafted: Path) -> None:
    """Settings that need trust are not followed from the page: nobody is asked there."""
    (drafted / "translate.toml").write_text(
        'languages = ["en", "fr"]\nengine = "openai"\n[engines.openai]\nurl = "https://x.example"\n'
    )
    with serving(drafted) as client:
        connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=30)
        connection.request("GET", "/api/events", headers=client.own())
        stream = connection.getresponse()
        client.post("draft", {"article": "bruecke.txt", "language": "fr"})
        seen = b""
        while b"finished" not in seen:
            seen += stream.readline()
        connection.close()
        assert b"failed" in seen
        assert b"trust" in seen


def test_another_engine_is_asked_and_nothing_is_written(double: Path) -> None:
    """The page lists the engines that can be asked, and shows an answer as suggestion."""
    before = words_catalog(double).read_bytes()
    with serving(double) as client:
        names = [one["name"] for one in client.get("engines", **WORDS)["engines"]]
        assert "double" in names
        body = {**WORDS, "entry": word(client, HOUSE)["id"], "engine": "double"}
        (found,) = client.post("alternatives", body)["alternatives"]
        assert "bridge" in found["text"]
        assert "double" in found["title"]
        assert "error" in client.post("alternatives", body | {"engine": "deepl"}, 422)
    assert words_catalog(double).read_bytes() == before


def test_concordance_finds_approved_translations(client: Client) -> None:
    """Words of an approved translation lead to it, in both languages."""
    save(client, COUNCIL, approved=True)
    for text in ("Stadtrat", "city council"):
        (hit,) = client.get("concordance", **NAMES, text=text)["hits"]
        assert hit["source"] == COUNCIL


def test_a_term_is_added_and_checked(client: Client, drafted: Path) -> None:
    """The glossary has the term, and a translation without it a finding."""
    assert client.post("term", {**NAMES, "source": "Brücke", "target": "crossing"})["added"]
    assert "Brücke,crossing" in (drafted / "glossary/de-en.csv").read_text()
    report = client.get("findings", **NAMES)["entries"][entry(client, COUNCIL)["id"]]
    assert "terminology" in [one["check"] for one in report["findings"]]
    assert not client.post("term", {**NAMES, "source": "Brücke", "target": "x"})["added"]
    before = (drafted / "glossary/de-en.csv").read_bytes()
    for source in ("=1+1", "a|b", "", "a\nb"):
        client.post("term", {**NAMES, "source": source, "target": "x"}, 422)
    assert (drafted / "glossary/de-en.csv").read_bytes() == before


def test_a_changed_article_is_extracted_from_the_page(client: Client, drafted: Path) -> None:
    """The page says that the catalog does not fit, and brings it up to date."""
    path = drafted / "source_de/bruecke.txt"
    path.write_text(path.read_text() + "\nNoch ein neuer Satz steht hier.\n", encoding="utf-8")
    shown = client.get("article", **NAMES)
    assert "changed" in shown["problem"]
    assert shown["blocks"][-1]["segments"][0][0] == "", "shown, though it has no entry"
    client.post("extract", NAMES)
    assert client.get("article", **NAMES)["problem"] == ""
    assert entry(client, "Noch ein neuer Satz steht hier.")["state"] == "missing"


def test_the_history_comes_from_git(client: Client, drafted: Path) -> None:
    """Versions that differ, the newest first, with the machine's draft recognized."""
    known = entry(client, COST)
    assert client.get("history", **NAMES, entry=known["id"])["versions"] == []
    assert client.get("ages", **NAMES)["ages"] == {}

    def commit(name: str) -> None:
        who = ("-c", f"user.name={name}", "-c", "user.email=a@b.example")
        for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "x", "--allow-empty")):
            subprocess.run(["git", *words], cwd=drafted, check=True)

    commit("Machine")
    save(client, COST, targets=["Edited."])
    commit("Karla Winter")
    commit("Nobody")
    versions = client.get("history", **NAMES, entry=known["id"])["versions"]
    assert [(one["author"], one["state"], one["target"]) for one in versions] == [
        ("Karla Winter", "touched", "Edited."), ("Machine", "draft", known["targets"][0])
    ]  # fmt: skip
    assert versions[1]["draft_digest"] == known["draft_digest"]
    assert len(client.get("ages", **NAMES)["ages"]) == 11


def test_an_article_is_built_or_refused_with_the_reasons(client: Client, drafted: Path) -> None:
    """Refused while a segment is a draft, then built and downloaded."""
    for source in [one["source"] for one in client.get("article", **NAMES)["entries"].values()]:
        if source != COST:
            save(client, source, approved=True, force=True)
    body = {**NAMES, "policy": "approved"}
    done = client.post("build", body)
    assert not done["built"]
    assert [(text, state) for text, _, state in done["gaps"]] == [(COST, "draft")]
    status, _, _ = client.send("GET", "/api/download?article=bruecke.txt&language=en",
                               None, client.own())  # fmt: skip
    assert status == 422
    save(client, COST, approved=True)
    assert client.post("build", body)["built"]
    status, headers, data = client.send(
        "GET", "/api/download?article=bruecke.txt&language=en", None, client.own()
    )
    assert status == 200
    assert headers["content-disposition"].startswith("attachment")
    assert data == (drafted / "output/en/bruecke.txt").read_bytes()
    assert "error" in client.post("build", {**NAMES, "policy": "anything"}, 422)


def test_external_changes_reach_an_open_page(client: Client, drafted: Path) -> None:
    """Only the entries that changed are sent; a new text asks for the whole article."""
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=30)
    connection.request("GET", "/api/events?article=bruecke.txt&language=en", headers=client.own())
    stream = connection.getresponse()
    stream.readline()
    file = polib.pofile(str(english(drafted)))
    file.find(COST).msgstr = "From Poedit."
    file.save()
    seen = b""
    while b"event: changed" not in seen:
        seen += stream.readline()
    (changed,) = json.loads(stream.readline().removeprefix(b"data: "))["entries"]
    assert changed["targets"] == ["From Poedit."]
    file.append(polib.POEntry(msgid="Neu"))
    file.save()
    while b"event: reload" not in seen:
        seen += stream.readline()
    connection.close()
