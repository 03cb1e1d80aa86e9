"""Repeated attempts at the same articles, as after a lost worker of a cluster."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.project import load_project
from pipeline.workflows.draft import DraftOptions, DraftReport, DraftSession, Limits
from pipeline.workflows.draft.attempts import Attempts
from pipeline.workflows.draft.types import CatalogOutcome
from pipeline.workflows.events import SilentEvents
from pipeline.workflows.extract import ExtractOptions, extract
from tests.workflows.shard_project import translating_server, use_server, write_project


def attempt(root: Path, notes: Path, *, redraft: bool = False) -> list[CatalogOutcome]:
    """Draft all articles in a session of its own; return what its report would contain."""
    project, report = load_project(root), DraftReport()
    articles = project.articles()
    options = DraftOptions(redraft=redraft, term_engine="off")
    with closing(DraftSession(project, options, SilentEvents(), report, Limits())) as session:
        session.attempts = Attempts(notes, project, articles)
        session.run(articles, project.languages)
    return [replace(one, usage=type(one.usage)(), seconds=0.0) for one in report.outcomes]


@pytest.mark.parametrize("redraft", [False, True])
@pytest.mark.parametrize("lost", [0, 2])
def test_drafts_of_an_attempt_without_a_report_are_counted(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: int, redraft: bool
) -> None:
    """Whether it was lost after it wrote all catalogs, or before it wrote some of them."""
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "own cache"))
    write_project(folder, 4)
    (folder / "glossary/de-en.csv").write_text("source,target\nFluss,stream\n", encoding="utf-8")
    with translating_server() as server:
        use_server(folder, server.url)
        extract(load_project(folder), ExtractOptions(force_language=True), SilentEvents())
        if redraft:  # Drafts of an earlier run are drafted again.
            attempt(folder, tmp_path / "earlier run")
        catalogs = sorted((folder / "output/en").rglob("*.po"))
        before = [path.read_bytes() for path in catalogs[:lost]]
        first = attempt(folder, tmp_path / "notes", redraft=redraft)
        for path, data in zip(catalogs, before, strict=False):
            path.write_bytes(data)
        again = attempt(folder, tmp_path / "notes", redraft=redraft)
    assert [replace(one, from_cache=0) for one in again] == [
        replace(one, from_cache=0) for one in first
    ]
    assert sum(one.drafted for one in again) == 20
    assert sum(one.required for one in again) == 4


def test_another_run_counts_its_own_work(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drafts of earlier runs wait for review; texts that a human edited meanwhile do too."""
    monkeypatch.setenv("TRANSLATE_CACHE", str(tmp_path / "own cache"))
    write_project(folder, 2)
    with translating_server() as server:
        use_server(folder, server.url)
        extract(load_project(folder), ExtractOptions(force_language=True), SilentEvents())
        attempt(folder, tmp_path / "notes")
        other = attempt(folder, tmp_path / "other notes")
        assert [(one.drafted, one.waiting) for one in other] == [(0, 5), (0, 5)]
        assert not (tmp_path / "other notes").exists()
        catalog = min((folder / "output/en").rglob("*.po"))
        text = catalog.read_text(encoding="utf-8")
        catalog.write_text(text.replace("The people of", "Those of", 1), encoding="utf-8")
        again = attempt(folder, tmp_path / "notes")
    assert [(one.drafted, one.waiting) for one in again] == [(4, 1), (5, 0)]
