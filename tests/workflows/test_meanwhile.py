"""People go on working while a run does: what they do is neither lost nor taken for done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.workflows import extract as extraction
from pipeline.workflows.draft import session
from tests.workflows import engine
from tests.workflows.world import World


@pytest.fixture(params=["few", "many"])
def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A project; with many articles, a run does not keep what it read of each."""
    world = World()
    world.articles["alpha"] = [["Stadt baut neu.", "Rat kennt Plan hinter Haus."]]
    world.save("alpha")
    if request.param == "many":
        monkeypatch.setattr(extraction, "_MAX_KEPT", 1)
        monkeypatch.setattr(session, "_MAX_PLANNED", 0)
        world.articles["beta"] = [["Haus baut neu."]]
        world.save("beta")
    yield world
    world.close()


def test_an_article_that_is_edited_while_a_run_drafts(world: World) -> None:
    """The next extraction brings the catalog up to date."""

    def edit() -> None:
        world.articles["alpha"].append(["Bürger sucht Garten."])
        world.save("alpha")

    engine.script.meanwhile = edit
    assert world.run().code == 0
    assert world.do("extract", "--force-language").code == 0
    assert list(world.seen("alpha")) == world.texts("alpha")


def test_a_glossary_that_changes_while_a_run_drafts(world: World) -> None:
    """The next run draws the drafts that it concerns anew."""

    def edit() -> None:
        world.terms = {"Haus,building"}
        world.write_glossary()

    engine.script.meanwhile = edit
    assert world.run().code == 0
    assert "building" not in world.seen("alpha")["Rat kennt Plan hinter Haus."].text
    assert world.run().code == 0
    assert "building" in world.seen("alpha")["Rat kennt Plan hinter Haus."].text


def test_a_catalog_that_is_reordered_while_a_run_drafts(world: World) -> None:
    """What the human saved stays, and the next extraction puts it in the article's order."""

    def edit() -> None:
        world.edit("alpha", lambda file: file.reverse())

    engine.script.meanwhile = edit
    assert world.run().code == 0
    assert all(one.text for one in world.seen("alpha").values())
    world.do("extract", "--force-language")
    assert list(world.seen("alpha")) == world.texts("alpha")


def test_a_text_that_is_emptied_while_a_run_drafts(world: World) -> None:
    """It is drafted by the next run."""
    assert world.run().code == 0
    source = world.texts("alpha")[0]

    def edit() -> None:
        world.edit("alpha", lambda file: setattr(file.find(source), "msgstr", ""))

    world.articles["alpha"].append(["Bürger sucht Garten."])
    world.save("alpha")
    engine.script.meanwhile = edit
    world.run()
    world.run()
    assert world.seen("alpha")[source].text
