"""A reviewer's save is merged with what others did to the entry meanwhile."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from pipeline.catalog import EntrySnapshot, Revision, SaveOutcome, catalog, save_entry
from pipeline.catalog.catalog import Draft
from pipeline.catalog.sync import Message
from pipeline.core.types import Provenance, State

KEY = (None, "Das Haus ist alt.")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A catalog with a draft and an entry that nobody touches."""
    made = tmp_path / "a.po"
    catalog.sync(made, "en", [Message(KEY[1]), Message("Ein Satz.")], project="p")
    draft = Draft("The house is old.", Provenance("llama", "m", "", "", 70), ("too short",))
    catalog.write_drafts(made, {KEY[1]: draft})
    return made


def entry(path: Path) -> polib.POEntry:
    found = polib.pofile(str(path)).find(KEY[1], include_obsolete_entries=True)
    assert found is not None
    return found


def seen(path: Path) -> EntrySnapshot:
    return EntrySnapshot.of(next(e for e in catalog.load(path).entries if e.key == KEY))


def state(path: Path) -> State:
    return next(t.state for t in catalog.load(path).translations if t.source == KEY[1])


def test_an_edit_and_an_approval_are_saved(path: Path) -> None:
    """An edit is touched, an approval plain; the provenance of the draft stays for both."""
    before = seen(path)
    assert save_entry(path, KEY, before, Revision(("An old house.",))).outcome == SaveOutcome.SAVED
    assert state(path) is State.TOUCHED
    done = save_entry(path, KEY, seen(path), Revision(("An old house.",), approved=True))
    assert (done.outcome, state(path)) == (SaveOutcome.SAVED, State.APPROVED)
    assert "draft by llama" in entry(path).tcomment
    save_entry(path, KEY, seen(path), before)
    assert seen(path) == before, "undo brings back the draft and its comments"


def test_two_reviewers_of_one_draft_are_a_conflict(path: Path) -> None:
    """Ours is in the entry, not approved, and both texts are quoted."""
    before = seen(path)
    save_entry(path, KEY, before, Revision(("Theirs.",), approved=True))
    done = save_entry(path, KEY, before, Revision(("Ours.",), approved=True))
    assert done.outcome == SaveOutcome.CONFLICT
    found = entry(path)
    assert (found.msgstr, found.fuzzy) == ("Ours.", True)
    assert '"Theirs."' in found.tcomment
    assert '"Ours."' in found.tcomment
    save_entry(path, KEY, seen(path), Revision(("Theirs.",), approved=True))
    assert "conflict" not in entry(path).tcomment, "an approval resolves it"


def test_a_text_and_a_note_are_merged(path: Path) -> None:
    """One wrote a note in an editor, the other a translation here: both stay."""
    before = seen(path)
    file = polib.pofile(str(path))
    file.find(KEY[1]).tcomment += "\nwhich house?"
    file.save()
    done = save_entry(path, KEY, before, Revision(("The old house.",)))
    assert done.outcome == SaveOutcome.MERGED
    assert entry(path).msgstr == "The old house."
    assert "which house?" in entry(path).tcomment


def test_a_new_draft_does_not_replace_what_was_typed(path: Path) -> None:
    """A run that drafts the entry again meanwhile loses against the human."""
    before = seen(path)
    draft = Draft("A building.", Provenance("llama", "m", "", "", 10))
    catalog.write_drafts(path, {KEY[1]: draft}, redraft=True)
    save_entry(path, KEY, before, Revision(("The house is ancient.",)))
    assert entry(path).msgstr == "The house is ancient."


@pytest.mark.parametrize("messages", [["Ein Satz."], ["Das Haus ist neu.", "Ein Satz."]])
def test_work_on_a_text_that_left_the_article_stays(path: Path, messages: list[str]) -> None:
    """It is kept as an obsolete entry, also if the entry itself is gone."""
    before = seen(path)
    catalog.sync(path, "en", [Message(text) for text in messages], project="p")
    done = save_entry(path, KEY, before, Revision(("The old house.",), approved=True))
    assert done.outcome == SaveOutcome.REMOVED
    assert entry(path).msgstr == "The old house."
    assert entry(path).obsolete


def test_a_human_text_that_is_cleared_is_quoted(path: Path) -> None:
    """A cleared entry is missing; what a human wrote is in a comment, a draft is not."""
    save_entry(path, KEY, seen(path), Revision(("My house.",)))
    save_entry(path, KEY, seen(path), Revision(("",)))
    assert state(path) is State.MISSING
    assert "My house." in entry(path).tcomment
    assert "draft by" not in entry(path).tcomment


def test_a_remark_on_a_missing_entry_keeps_its_suggestions(path: Path) -> None:
    """Comments of the tool, such as similar translations, stay; the entry stays empty."""
    file = polib.pofile(str(path))
    other = file.find("Ein Satz.")
    other.tcomment = "translate: memory 84 % from b: x\ntranslate: memory translation: y"
    file.save()
    key = (None, "Ein Satz.")
    entry = next(e for e in catalog.load(path).entries if e.key == key)
    save_entry(path, key, EntrySnapshot.of(entry), Revision(("",), notes=("# who?",)))
    found = polib.pofile(str(path)).find("Ein Satz.")
    assert found.tcomment.startswith("who?\ntranslate: memory 84 %")
    assert not found.fuzzy


def test_other_entries_keep_their_bytes(path: Path) -> None:
    """Only the entry and the date of the header change."""
    before = path.read_text().split("\n\n")
    save_entry(path, KEY, seen(path), Revision(("X.",), notes=("# a note",)))
    after = path.read_text().split("\n\n")
    assert [a == b for a, b in zip(after, before, strict=True)][1:] == [False, True]
