"""What is due in a catalog, and how it is filled."""

from pathlib import Path

from pipeline import catalog, project
from pipeline.desk import Desk
from pipeline.engines import Engine
from pipeline.extraction import Extractor
from pipeline.job import Job
from pipeline.memory import Memory
from pipeline.tmx import Unit
from tests.test_memory import add_tmx

TITLE = "Neue Brücke über die Elbe"


def no_engine() -> Engine:
    raise AssertionError("the memory has it")


def test_what_the_memory_has_learned_is_filled_later(folder: Path) -> None:
    """Even where everything was tried before; what it does not know is not tried again."""
    article = folder / "source_de/bruecke.txt"
    found = project.load(folder)
    extractor = Extractor(found, force_language=True)
    extractor.refresh(article, ["en"])
    extractor.settle(article, "en", "x")
    memory = Memory(found)
    desk = Desk("en", found, lambda: None, memory, no_engine)
    job = Job(found, extractor, by="x")

    memory.refresh("en")
    assert job.due(article, desk) == []
    add_tmx(folder, Unit(TITLE, "New bridge over the Elbe"))
    memory.refresh("en")
    assert [entry.source for entry in job.due(article, desk)] == [TITLE]

    outcome = job.fill(article, desk, lambda count: None)
    assert (outcome.memory, outcome.drafted) == (1, 0)
    path = found.catalog(article, "en")
    targets = {entry.source: entry.target for entry in catalog.load(path).translations}
    assert targets.pop(TITLE) == "New bridge over the Elbe"
    assert not any(targets.values())
    assert job.due(article, desk) == []
    memory.close()
