"""What drafts are worth: recorded only on demand, and summarized by engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.core.errors import ArticleError
from pipeline.project import Project
from pipeline.workflows.editing.effort import effort_by_engine, read_approvals
from tests.web.conftest import drafted as drafted
from tests.web.conftest import english, serving
from tests.web.test_app import COST, save

DRAFT = "It will cost 48 million euros."


def measuring(folder: Path) -> Project:
    (folder / "translate.toml").write_text(
        'languages = ["en"]\n[review]\nmeasure = true\n', encoding="utf-8"
    )
    return Project(folder, ("en",), review={"measure": True})


def test_nothing_is_recorded_by_default(drafted: Path) -> None:
    """Without the setting, there is no file."""
    with serving(drafted) as client:
        save(client, COST, approved=True, draft=DRAFT, seconds=5)
    assert not (drafted / ".translate").exists()


def test_an_approval_counts_edited_words_and_time(drafted: Path) -> None:
    """One of six words was replaced; the last approval of an entry counts; git ignores it."""
    project = measuring(drafted)
    with serving(drafted) as client:
        save(client, COST, approved=True, draft=DRAFT, seconds=5)
        text = "It will require 48 million euros."
        save(client, COST, approved=True, targets=[text], draft=DRAFT, seconds=9.04)
        save(client, "Von", approved=True, draft="By", seconds=2)
        shown = client.get("effort")["engines"]
    records = list(read_approvals(project))
    assert [(one.words, one.edits, one.seconds) for one in records] == [
        (6, 0, 5.0), (6, 1, 9.0), (1, 0, 2.0)
    ]  # fmt: skip
    (found,) = effort_by_engine(records)
    assert (found.engine, found.approvals, found.words) == ("llama", 2, 7)
    assert (found.edit_rate, found.unedited) == (14.3, 50.0)
    assert shown[0]["edit_rate"] == 14.3
    assert (drafted / ".translate/.gitignore").read_text() == "*\n"


def test_a_draft_that_is_not_the_machines_is_not_counted(drafted: Path) -> None:
    """The digest in the catalog decides, not the page."""
    project = measuring(drafted)
    with serving(drafted) as client:
        save(client, COST, approved=True, draft="Something else", seconds=5)
    (record,) = read_approvals(project)
    assert record.edits is None
    assert effort_by_engine([record]) == ()
    assert english(drafted).exists()


def test_a_damaged_line_is_skipped(drafted: Path) -> None:
    """A power cut leaves half a line."""
    project = measuring(drafted)
    with serving(drafted) as client:
        save(client, COST, approved=True, draft=DRAFT, seconds=5)
    path = drafted / ".translate/effort.jsonl"
    path.write_bytes(path.read_bytes() + b'{"article": "x"}\n{"arti')
    assert len(list(read_approvals(project))) == 1


def test_a_link_out_of_the_project_is_not_followed(drafted: Path, tmp_path: Path) -> None:
    """A project is anybody's: its links cannot make the page write elsewhere."""
    from pipeline.workflows.editing.effort import record_approval
    from pipeline.workflows.editing.session import EditingSession

    project = measuring(drafted)
    entries = EditingSession(project).article("bruecke.txt", "en").entries.values()
    entry = replace(next(iter(entries)), targets=("x",))
    (drafted / ".translate").symlink_to(tmp_path)
    with pytest.raises(ArticleError, match="outside the project"):
        record_approval(project, "bruecke.txt", "en", entry, "", 1.0)
