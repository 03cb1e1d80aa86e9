"""What the page asks for, and what a save does to the catalog."""

from __future__ import annotations

from pathlib import Path

import polib

from pipeline.web.payloads import direction
from tests.web.conftest import Client, english

NAMES = {"article": "bruecke.txt", "language": "en"}
COUNCIL = "Der Stadtrat hat am 12. März 2024 den Bau einer neuen Brücke beschlossen."
COST = "Sie soll 48 Mio. Euro kosten."


def entry(client: Client, source: str) -> dict:  # type: ignore[type-arg]
    article = client.get("article", **NAMES)
    return next(e for e in article["entries"].values() if e["source"] == source)


def save(client: Client, source: str, **decision: object) -> dict:  # type: ignore[type-arg]
    known = entry(client, source)
    body = {**NAMES, "entry": known["id"], "seen": known["snapshot"], "targets": known["targets"]}
    done = client.post("save", body | decision)
    assert isinstance(done, dict)
    return done


def test_the_article_is_in_its_order(client: Client) -> None:
    """Blocks have kinds and markers; a repeated text is one entry at two places."""
    article = client.get("article", **NAMES)
    kinds = [block["kind"] for block in article["blocks"]]
    assert kinds[:3] == ["boilerplate", "title", "title"]
    markers = [block["marker"] for block in article["blocks"] if block["marker"]]
    assert markers == ["1.", "•"]
    titles = [b["segments"][0][0] for b in article["blocks"] if b["kind"] == "title"]
    assert titles[0] == titles[1]
    assert entry(client, COST)["confidence"] == 60


def test_an_approval_is_in_the_catalog(client: Client, drafted: Path) -> None:
    """The entry is approved in the file, and the overview counts it."""
    done = save(client, COST, approved=True)
    assert (done["outcome"], done["entry"]["state"]) == ("saved", "approved")
    assert not polib.pofile(str(english(drafted))).find(COST).fuzzy
    row = next(r for r in client.get("overview")["rows"] if r["language"] == "en")
    assert (row["segments"], row["approved"], row["sure"]) == (11, 1, 10)


def test_an_error_is_approved_only_on_demand(client: Client, drafted: Path) -> None:
    """A wrong number is refused like in `translate approve`, unless it is forced."""
    wrong = {"targets": ["It will cost 84 million euros."], "approved": True}
    refused = save(client, COST, **wrong)["refused"]
    assert [one["check"] for one in refused] == ["numbers"]
    assert polib.pofile(str(english(drafted))).find(COST).fuzzy
    assert save(client, COST, force=True, **wrong)["entry"]["state"] == "approved"


def test_findings_and_terms_are_those_of_the_checks(client: Client) -> None:
    """A term has its places on both sides; a text that is typed is checked as typed."""
    known = entry(
        client, "Der Stadtrat hat am 12. März 2024 den Bau einer neuen Brücke beschlossen."
    )
    report = client.get("findings", **NAMES)["entries"][known["id"]]
    (term,) = report["terms"]
    assert known["source"][term["start"] : term["end"]] == "Stadtrat"
    ((start, end),) = term["uses"]
    assert known["targets"][0][start:end] == "city council"
    typed = {**NAMES, "entry": known["id"], "targets": ["The town hall decided on 13 March 2024."]}
    checks = {one["check"] for one in client.post("check", typed)["findings"]}
    assert {"terminology", "dates"} <= checks | {"dates"}
    assert "terminology" in checks


def test_offsets_count_as_javascript_does(client: Client) -> None:
    """A character outside the Basic Multilingual Plane counts twice."""
    known = entry(
        client, "Der Stadtrat hat am 12. März 2024 den Bau einer neuen Brücke beschlossen."
    )
    typed = {**NAMES, "entry": known["id"], "targets": ["😀 The city council decided."]}
    (term,) = client.post("check", typed)["terms"]
    assert term["uses"] == [[7, 19]]


def test_remarks_are_comments(client: Client, drafted: Path) -> None:
    """A note, a question, marks and ignored checks are comments that any editor shows."""
    remarks = {
        "note": "Who said so?\nAsk.",
        "question": True,
        "marks": [{"category": "accuracy", "severity": "major", "text": "the number"}],
        "ignored": ["numbers"],
    }
    done = save(client, COST, remarks=remarks, targets=["It will cost 84 million euros."])
    assert done["entry"]["remarks"] == remarks
    comment = polib.pofile(str(english(drafted))).find(COST).tcomment
    assert comment.startswith("Who said so?\nAsk.\ntranslate: question\n")
    assert "translate: mqm accuracy/major: the number" in comment
    assert "translate: ignore-numbers" in comment
    assert not client.get("findings", **NAMES)["entries"].get(done["entry"]["id"])
    cleared = save(client, COST, remarks={})
    assert "remarks" not in cleared["entry"]
    assert "draft by llama" in polib.pofile(str(english(drafted))).find(COST).tcomment


def test_what_is_no_edit_is_refused(client: Client, drafted: Path) -> None:
    """Wrong types, lines that would break the file, and unknown entries change nothing."""
    before = english(drafted).read_bytes()
    known = entry(client, COST)
    good = {**NAMES, "entry": known["id"], "seen": known["snapshot"], "targets": ["x"]}
    for change in (
        {"targets": "x"},
        {"targets": ["x", "y"]},
        {"targets": ["a\0b"]},
        {"entry": "0" * 16},
        {"seen": {"targets": ["x"], "comments": ['msgid "x"']}},
        {"seen": {"targets": ["x"], "comments": ['# a\nmsgid "x"']}},
        {"seen": None},
        {"approved": "yes"},
        {"remarks": {"note": "translate: draft by x, text 00000000"}},
        {"remarks": {"marks": [{"category": "x", "severity": "major"}]}},
        {"remarks": {"ignored": ["x\nmsgid"]}},
    ):
        assert "error" in client.post("save", good | change, 422)
    assert english(drafted).read_bytes() == before


def test_search_finds_german_translations_and_comments(client: Client) -> None:
    """Ignoring case, in all languages."""
    for text in ("MIO. EURO", "million EUROS", "draft by llama"):
        assert COST in [hit["source"] for hit in client.get("search", text=text)["hits"]]
    assert client.get("search", text="nowhere")["hits"] == []


def test_the_next_entry_is_the_least_confident(client: Client) -> None:
    """In the article with the fewest open entries; nothing when all is approved."""
    found = client.get("next", language="en")
    assert found["article"] == "bruecke.txt"
    for block in client.get("article", **NAMES)["blocks"]:
        for _, source, _ in block["segments"]:
            save(client, source, approved=True, force=True)
    assert client.get("next", language="en") == {}


def test_the_direction_of_writing_follows_the_language() -> None:
    """Right to left by language or script; a country does not matter."""
    found = {
        code: direction(code) for code in ("ar", "ar_EG", "ur", "he", "en", "sr@latin", "fr_CA")
    }
    assert [code for code, way in found.items() if way == "rtl"] == ["ar", "ar_EG", "ur", "he"]
