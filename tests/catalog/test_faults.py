"""Killed processes and full disks lose no work."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from pathlib import Path

import polib
import pytest

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft, Message
from pipeline.core.errors import PipelineError
from pipeline.core.types import Provenance, State

LLAMA = Provenance("llama", "small", "", "")
TEXTS = [f"Satz Nummer {n} eines Artikels, der übersetzt wird." for n in range(40)]

# Endlessly alternates updates that move every entry and drafts for all entries.
WRITER = """
import itertools, sys
from pathlib import Path
from pipeline import catalog
from pipeline.catalog import Draft, Message
from pipeline.core.types import Provenance

path, texts = Path(sys.argv[1]), sys.argv[2:]
print(flush=True)
for n in itertools.count():
    at = n % len(texts)
    messages = [Message(text, (f"a.txt:{n}",)) for text in texts[at:] + texts[:at]]
    catalog.sync(path, "fr", messages, project="test")
    drafts = {t: Draft(f"draft {n}", Provenance("llama", "small", "", "")) for t in texts}
    catalog.write_drafts(path, drafts, redraft=True)
"""


def test_a_killed_run_loses_no_human_work(tmp_path: Path) -> None:
    """Killed at random moments between human edits, the file stays intact."""
    path = tmp_path / "fr" / "a.po"
    chance = random.Random(7)
    human: dict[str, str] = {}
    for number in range(15):
        command = [sys.executable, "-c", WRITER, path, *TEXTS]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout
            writer.stdout.readline()
            time.sleep(chance.uniform(0.0 if path.exists() else 0.2, 0.06))
            writer.kill()
        found = {one.source: one for one in catalog.load(path).translations}
        assert set(found) == set(TEXTS)
        for source, target in human.items():
            assert (found[source].state, found[source].target) == (State.APPROVED, target)
        file = polib.pofile(str(path))
        entry = next(e for e in file if e.msgid == TEXTS[number])
        entry.msgstr, entry.fuzzy = f"humain {number}", False
        human[entry.msgid] = entry.msgstr
        file.save()
    catalog.sync(path, "fr", [Message(text) for text in TEXTS], project="test")
    assert [p.name for p in path.parent.iterdir()] == ["a.po"]


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_full_disk_keeps_the_catalog(tmp_path: Path, share: float) -> None:
    """With a full disk the old catalog stays; with room again, writing succeeds."""
    path = tmp_path / "a.po"
    catalog.sync(path, "fr", [Message(text) for text in TEXTS], project="test")
    before = path.read_bytes()
    drafts = {text: Draft(text, LLAMA) for text in TEXTS}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(len(before) * share), limits[1]))
    try:
        with pytest.raises(PipelineError, match=r"a\.po: cannot write"):
            catalog.write_drafts(path, drafts)
        with pytest.raises(PipelineError, match=r"b\.po: cannot write"):
            catalog.sync(path.with_name("b.po"), "fr", [Message(t) for t in TEXTS], project="t")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.po"]
    assert catalog.write_drafts(path, drafts) == set(TEXTS)


def test_two_runs_at_once_write_both_their_drafts(tmp_path: Path) -> None:
    """Each run reads again what the other wrote, so no draft is lost."""
    path = tmp_path / "a.po"
    catalog.sync(path, "fr", [Message(text) for text in TEXTS], project="test")
    script = """
import sys
from pathlib import Path
from pipeline import catalog
from pipeline.catalog import Draft
from pipeline.core.types import Provenance
for text in sys.argv[2:]:
    catalog.write_drafts(Path(sys.argv[1]), {text: Draft("Un", Provenance("llama", "", "", ""))})
"""
    halves = TEXTS[::2], TEXTS[1::2]
    runs = [subprocess.Popen([sys.executable, "-c", script, path, *half]) for half in halves]
    assert [run.wait() for run in runs] == [0, 0]
    assert {one.state for one in catalog.load(path).translations} == {State.DRAFT}
