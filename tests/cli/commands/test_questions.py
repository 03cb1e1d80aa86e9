"""On a terminal, commands ask before they decide something for a human."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft
from pipeline.core.types import Provenance, State
from tests.cli.commands.test_build import TRANSLATIONS, approve
from tests.conftest import Translate


def answered(folder: Path, answer: str, *words: str) -> str:
    """Run the command on a terminal, give an answer, and return what it said."""
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline", *words],
            cwd=folder, stdin=theirs, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize(("answer", "state"), [("y", State.APPROVED), ("n", State.DRAFT)])
def test_approving_is_asked(folder: Path, inside: Translate, answer: str, state: State) -> None:
    """The entries are shown first; no is no."""
    inside("extract")
    path = folder / "output" / "en" / "LC_MESSAGES" / "bruecke.po"
    origin = Provenance("llama", "small", "", "")
    catalog.write_drafts(path, {"Von": Draft(TRANSLATIONS["Von"], origin)})
    said = answered(folder, answer, "approve", "--drafts")
    assert "Von → By" in said
    assert "1 entry will be approved. Continue?" in said
    found = {one.source: one.state for one in catalog.load(path).translations}
    assert found["Von"] is state


@pytest.mark.parametrize(("answer", "moved"), [("y", True), ("n", False)])
def test_a_renamed_article_is_asked_about(
    folder: Path, inside: Translate, answer: str, moved: bool
) -> None:
    """Yes takes the translations along; no makes new catalogs and leaves the old ones."""
    inside("extract")
    old = approve(folder)
    (folder / "source_de/bruecke.txt").rename(folder / "source_de/elbe.txt")
    said = answered(folder, answer, "extract")
    assert "source_de/elbe.txt is likely source_de/bruecke.txt renamed (11 of 11" in said
    assert old.exists() == (not moved)
    entries = catalog.load(old.with_name("elbe.po")).translations
    assert {one.state for one in entries} == {State.APPROVED if moved else State.MISSING}
