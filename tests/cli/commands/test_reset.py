"""`translate reset`: drafts go, and a human's work only by name and never for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.catalog import catalog
from pipeline.core.types import State
from tests.cli.commands import test_approve
from tests.cli.commands.test_approve import BEFORE, CITIZENS, COUNCIL, STEPS, states
from tests.conftest import Translate

path = test_approve.path


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        ((), {COUNCIL, CITIZENS}),
        (("--engine", "memory"), {CITIZENS}),
        (("--match", "stadtrat"), {COUNCIL}),
        (("--findings",), set()),
        (("--no-findings", "--match", "stadtrat"), {COUNCIL}),
        (("--touched",), {STEPS}),
        (("--approved",), {"Von"}),
        (("--drafts", "--touched", "--approved"), set(BEFORE)),
        (("--lang", "fr"), set()),
    ],
)
def test_what_is_named_is_missing(
    path: Path, inside: Translate, words: tuple[str, ...], gone: set[str]
) -> None:
    """Without a filter, every draft that no human has changed."""
    inside("approve", "--yes", "--drafts", "--match", "Von")
    done = inside("reset", "--yes", *words)
    assert done.returncode == 0, done.stderr
    left = (BEFORE | {"Von": State.APPROVED}).items()
    assert states(path) == {source: state for source, state in left if source not in gone}


@pytest.mark.parametrize("command", ["reset", "approve"])
def test_an_unknown_engine_is_an_error(path: Path, inside: Translate, command: str) -> None:
    """A typing error must not look like success."""
    before = path.read_bytes()
    done = inside(command, "--yes", "--engine", "memmory")
    assert done.returncode == 2
    assert "there is no engine 'memmory' Did you mean 'memory'?" in " ".join(done.stderr.split())
    assert path.read_bytes() == before


def test_a_known_engine_without_drafts_is_none(path: Path, inside: Translate) -> None:
    done = inside("reset", "--yes", "--engine", "argos")
    assert (done.returncode, done.stdout) == (0, "Nothing to do.\n")


def test_a_draft_leaves_no_trace(path: Path, inside: Translate) -> None:
    """No comment of the tool, no mark, no date but the header's; what humans noted stays."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# translate: draft", "# Anne: sicher?\n# translate: draft", 1))
    inside("reset", "--yes")
    inside("reset", "--yes", "--drafts", "--match", "Von")
    text = path.read_text(encoding="utf-8")
    assert "# Anne: sicher?\n#. byline 1" in text
    assert "sentence 1 of 2\n#. glossary: Stadtrat → city council\n" in text
    assert text.count("# translate: draft") == 1  # the touched one's
    assert f'msgid "{CITIZENS}"\nmsgstr ""\n' in text


def test_what_a_human_wrote_is_kept_in_a_comment(path: Path, inside: Translate) -> None:
    """Word for word, and through the next extraction, even of an article without the text."""
    written = r"By \"him\"\nand\\or her"
    test_approve.touch(path, "Von", written)
    assert inside("reset", "--yes", "--touched").returncode == 0
    for target in ("What is next", written):
        assert f'# translate: was touched: "{target}"\n' in path.read_text(encoding="utf-8")
    article = path.parents[3] / "source_de" / "bruecke.txt"
    article.write_text("Nur noch das hier steht darin.\n", encoding="utf-8")
    inside("extract")
    assert len(catalog.load(path).translations) == 1
    assert '# translate: was touched: "What is next"' in path.read_text(encoding="utf-8")


def test_nothing_is_reset_unasked(path: Path, inside: Translate) -> None:
    """If nobody can be asked, the hint names --yes; a dry run writes nothing."""
    before = path.read_bytes()
    assert inside("reset").returncode == 3
    done = inside("reset", "--dry-run")
    assert done.returncode == 0
    assert "3 entries will be missing again" in done.stdout
    assert "1 touched (add --touched)" in done.stdout
    assert path.read_bytes() == before


def test_an_entry_that_changed_meanwhile_is_left_alone(path: Path) -> None:
    """The decision was on another text."""
    from pipeline.catalog import edits

    seen = [entry for entry in catalog.load(path).entries if entry.source in (STEPS, COUNCIL)]
    text = path.read_text(encoding="utf-8").replace("What is next", "What is to come")
    path.write_text(text, encoding="utf-8")
    assert edits.reset(path, seen) == 1
    assert states(path)[STEPS] is State.TOUCHED
    assert edits.approve(path, seen) == 0
