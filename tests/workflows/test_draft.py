"""What is due in a catalog, and how it is filled."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import project
from pipeline.catalog import catalog
from pipeline.core.errors import CatalogError, EngineError, ModelError
from pipeline.drafting.drafter import LanguageDrafter
from pipeline.engines.base import Engine, EngineInfo, TranslationRequest, TranslationResult
from pipeline.memory.memory import TranslationMemory
from pipeline.memory.tmx import TmxUnit
from pipeline.workflows.draft import CatalogOutcome, DraftOptions, DraftRun, draft, session
from pipeline.workflows.events import SilentEvents
from pipeline.workflows.extract import ExtractOptions, Extractor
from tests.memory.test_memory import add_tmx
from tests.workflows.shard_project import outputs, translating_server, use_server, write_project

TITLE = "Neue Brücke über die Elbe"


def no_engine() -> Engine:
    raise AssertionError("the memory has it")


def test_what_the_memory_has_learned_is_filled_later(folder: Path) -> None:
    """Even where everything was tried before; what it does not know is not tried again."""
    article = folder / "source_de/bruecke.txt"
    found = project.load_project(folder)
    extractor = Extractor(found, force_language=True)
    extractor.refresh(article, ["en"])
    extractor.mark_exhausted(article, "en", "x")
    memory = TranslationMemory(found)
    drafter = LanguageDrafter("en", found, lambda: None, memory, no_engine)
    run = DraftRun(found, extractor, engine_id="x")

    memory.refresh("en")
    assert run.plan(article, drafter).entries == ()
    add_tmx(folder, TmxUnit(TITLE, "New bridge over the Elbe"))
    memory.refresh("en")
    assert [entry.source for entry in run.plan(article, drafter).entries] == [TITLE]

    (outcome,) = run.run([run.plan(article, drafter)], drafter, lambda count: None)
    assert (outcome.memory, outcome.drafted) == (1, 0)
    path = found.catalog(article, "en")
    targets = {entry.source: entry.target for entry in catalog.load(path).translations}
    assert targets.pop(TITLE) == "New bridge over the Elbe"
    assert not any(targets.values())
    assert run.plan(article, drafter).entries == ()
    memory.close()


ARTICLES = {
    "a": ["Der Rat tagt am Montag.", "Er kommt um 8 Uhr."],
    "b": ["Der Rat tagt am Montag.", "Die Brücke ist neu.", "Sie hat 3 Bögen."],
    "c": [],
    "d": ["Der Fluss ist breit."],
}


class Batches:
    """Answers in English, and keeps which texts it was given at once; may fail on one."""

    batch_size = 4

    def __init__(self, fails_on: str = "") -> None:
        self.given: list[list[str]] = []
        self.fails_on = fails_on

    def translate(
        self, requests: Sequence[TranslationRequest], language: str
    ) -> Iterator[TranslationResult]:
        self.given.append([request.text for request in requests])
        for request in requests:
            if request.text == self.fails_on:
                raise EngineError("the engine broke", "Begin anew.")
            figures = "".join(c for c in request.text if c.isdigit())
            yield TranslationResult(
                f"This is a sentence of English words {figures}.".replace(" .", ".")
            )

    def identity(self, language: str) -> EngineInfo:
        return EngineInfo("batches", "none", "0", "1")

    def close(self) -> None:
        pass


def batch_drafter(
    found: project.Project, memory: TranslationMemory, engine: Batches
) -> LanguageDrafter:
    return LanguageDrafter(
        "en", found, lambda: None, memory, lambda: engine, lambda: engine.batch_size
    )


def fill(folder: Path, engine: Batches) -> tuple[list[CatalogOutcome], dict[str, dict[str, str]]]:
    """Fill the catalogs of all articles; return the outcomes and the entries."""
    (folder / "source_de/bruecke.txt").unlink(missing_ok=True)
    for name, texts in ARTICLES.items():
        path = folder / f"source_de/{name}.txt"
        path.write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    found = project.load_project(folder)
    extractor, memory = Extractor(found, force_language=True), TranslationMemory(found)
    for article in found.articles():
        extractor.refresh(article, ["en"])
    memory.refresh("en")
    drafter = LanguageDrafter(
        "en", found, lambda: None, memory, lambda: engine, lambda: engine.batch_size
    )
    steps: list[int] = []
    outcomes = []
    try:
        run = DraftRun(found, extractor, engine_id="x")
        plans = (run.plan(article, drafter) for article in found.articles())
        outcomes += run.run(plans, drafter, steps.append)
        assert sum(steps) == sum(outcome.due for outcome in outcomes)
    except EngineError:
        pass
    finally:
        memory.close()
        extractor.close()
    paths = {article.stem: found.catalog(article, "en") for article in found.articles()}
    return outcomes, {
        name: {entry.source: entry.target for entry in catalog.load(path).translations}
        for name, path in paths.items()
    }


def test_small_articles_share_a_batch(folder: Path) -> None:
    """The engine gets as many texts as it likes best, each of them once, in the order."""
    engine = Batches()
    outcomes, written = fill(folder, engine)
    assert engine.given == [
        ["Der Rat tagt am Montag.", "Er kommt um 8 Uhr.", "Die Brücke ist neu."],
        ["Sie hat 3 Bögen.", "Der Fluss ist breit."],
    ]
    assert {name: list(texts) for name, texts in written.items()} == ARTICLES
    assert all(all(texts.values()) for texts in written.values())
    assert [(o.article.stem, o.due, o.drafted) for o in outcomes] == [
        ("a", 2, 2), ("b", 3, 3), ("c", 0, 0), ("d", 1, 1)
    ]  # fmt: skip
    assert fill(folder, again := Batches())[0][0].waiting == 2
    assert again.given == []


def test_texts_of_the_memory_take_no_place_in_a_batch(folder: Path) -> None:
    """They are written with the next batch of the engine, which is as large as ever."""
    add_tmx(
        folder,
        TmxUnit("Der Rat tagt am Montag.", "The council meets on Monday."),
        TmxUnit("Die Brücke ist neu.", "The bridge is new."),
    )
    engine = Batches()
    engine.batch_size = 2
    outcomes, written = fill(folder, engine)
    assert engine.given == [["Er kommt um 8 Uhr.", "Sie hat 3 Bögen."], ["Der Fluss ist breit."]]
    assert sum(outcome.memory for outcome in outcomes) == 3
    assert written["b"]["Der Rat tagt am Montag."] == "The council meets on Monday."


def test_a_batch_that_breaks_off_is_written_to_all_its_catalogs(folder: Path) -> None:
    """What came until then stands in them; what did not is due again."""
    outcomes, written = fill(folder, Batches(fails_on="Die Brücke ist neu."))
    assert outcomes == []
    assert all(written["a"].values())
    assert [bool(target) for target in written["b"].values()] == [True, False, False]
    engine = Batches()
    outcomes, written = fill(folder, engine)
    assert engine.given == [["Die Brücke ist neu.", "Sie hat 3 Bögen.", "Der Fluss ist breit."]]
    assert [outcome.due for outcome in outcomes] == [0, 2, 0, 1]


def test_a_damaged_catalog_stops_no_earlier_article(folder: Path) -> None:
    """What was waiting for company is drafted before the run ends."""
    fill(folder, Batches(fails_on="Der Rat tagt am Montag."))
    path = folder / "output/en/LC_MESSAGES/b.po"
    found = project.load_project(folder)
    path.write_text(path.read_text().replace('msgstr ""\n\n', 'msgstr "\n\n', 1), encoding="utf-8")
    extractor, memory, engine = Extractor(found), TranslationMemory(found), Batches()
    drafter = LanguageDrafter(
        "en", found, lambda: None, memory, lambda: engine, lambda: engine.batch_size
    )
    run = DraftRun(found, extractor, engine_id="x")
    with pytest.raises(CatalogError):
        list(run.run((run.plan(a, drafter) for a in found.articles()), drafter, lambda count: None))
    memory.close()
    entries = catalog.load(path.with_name("a.po")).translations
    assert all(entry.target for entry in entries)


class Declining(SilentEvents):
    """A user who answers every question with no."""

    def confirm(self, question: str, *, default: bool = True) -> bool | None:
        return False


def test_a_declined_model_ends_the_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogs are there, and the message names the command for later."""
    monkeypatch.setenv("TRANSLATE_MODELS", str(folder.parent / "none"))
    options = DraftOptions(extract=ExtractOptions(force_language=True))
    with pytest.raises(ModelError, match="no model, no drafts") as error:
        draft(project.load_project(folder), options, Declining())
    assert "translate models install" in error.value.hint
    assert (folder / "output/en/LC_MESSAGES/bruecke.po").exists()


def test_a_run_over_many_catalogs_plans_them_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not keep the entries of all; catalogs and report are the same."""
    write_project(folder, 5)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    found = []
    with translating_server() as server:
        use_server(folder, server.url)
        for most in (10_000, 7):
            shutil.rmtree(folder / "output", ignore_errors=True)
            monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / str(most)))
            monkeypatch.setattr(session, "_MAX_PLANNED", most)
            options = DraftOptions(extract=ExtractOptions(force_language=True))
            report = draft(project.load_project(folder), options, SilentEvents())
            counts = [replace(one, seconds=0.0) for one in report.outcomes]
            assert sum(one.drafted for one in counts) == 25
            found.append((counts, outputs(folder)))
    assert found[0] == found[1]
