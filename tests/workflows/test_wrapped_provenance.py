"""An editor that breaks long comments in lines makes no human work of a machine's draft."""

from __future__ import annotations

from pathlib import Path

import polib

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft, Message
from pipeline.catalog.edits import has_human_work
from pipeline.core.types import Provenance, State

LONG = Provenance("llama", "a-model-with-a-long-name-instruct-q4_k_m", "0a1b2c3d", "")


def test_a_draft_stays_a_draft(tmp_path: Path) -> None:
    """Its origin is read as it was; drawn again, it leaves no line behind."""
    path = tmp_path / "a.po"
    catalog.sync(path, "en", [Message("Eins"), Message("Zwei")], project="test")
    catalog.write_drafts(path, {text: Draft(f"{text}!", LONG) for text in ("Eins", "Zwei")})
    before = catalog.load(path).translations
    file = polib.pofile(str(path))
    file.find("Zwei").tcomment += "\nNote of Anne"
    file.save()
    assert "q4_k_m gl" not in path.read_text(encoding="utf-8")
    after = catalog.load(path).translations
    assert [one.provenance for one in after] == [one.provenance for one in before]
    assert [one.state for one in after] == [State.DRAFT, State.DRAFT]
    catalog.write_drafts(
        path, {text: Draft(f"{text}?", LONG) for text in ("Eins", "Zwei")}, redraft=True
    )
    text = path.read_text(encoding="utf-8")
    assert text.count(" gl 0a1b2c ") == 2
    assert text.count("# Note of Anne") == 1
    catalog.sync(path, "en", [Message("Eins")], project="test")
    assert has_human_work(path)
    file = polib.pofile(str(path))
    file.remove(file.find("Zwei", include_obsolete_entries=True))
    file.save()
    assert not has_human_work(path)
