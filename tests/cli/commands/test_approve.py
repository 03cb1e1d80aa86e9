"""`translate approve`: only what is named, good and seen loses its mark."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft
from pipeline.core.types import Provenance, State
from tests.cli.commands.test_build import TRANSLATIONS
from tests.conftest import Translate

LLAMA = Provenance("llama", "small", "", "", 40)
MEMORY = Provenance("memory", "other", "", "", 100)
OLDER = Provenance("llama", "small", "", "")
COUNCIL = "Der Stadtrat hat am 12. März 2024 den Bau einer neuen Brücke beschlossen."
STEPS = "Die nächsten Schritte"
CITIZENS = "Die Bürger werden vorher gehört."


@pytest.fixture
def path(folder: Path, inside: Translate) -> Path:
    """English: two drafts of a model, one of them without a confidence, as earlier versions
    wrote it; one draft of the memory, one that is touched; the rest is missing.
    """
    assert inside("extract").returncode == 0
    path = folder / "output" / "en" / "LC_MESSAGES" / "bruecke.po"
    made = {text: Draft(TRANSLATIONS[text], LLAMA) for text in (COUNCIL, STEPS, "Von")}
    made["Von"] = Draft(TRANSLATIONS["Von"], OLDER)
    made[CITIZENS] = Draft(TRANSLATIONS[CITIZENS], MEMORY)
    catalog.write_drafts(path, made)
    touch(path, STEPS, "What is next")
    return path


def touch(path: Path, source: str, target: str) -> None:
    """Change a translation in an editor that leaves it fuzzy."""
    text = path.read_text(encoding="utf-8")
    old = f'msgid "{source}"\nmsgstr "{TRANSLATIONS[source]}"\n'
    assert old in text
    path.write_text(text.replace(old, f'msgid "{source}"\nmsgstr "{target}"\n'), encoding="utf-8")


def states(path: Path) -> dict[str, State]:
    found = {one.source: one.state for one in catalog.load(path).translations}
    return {source: state for source, state in found.items() if state is not State.MISSING}


BEFORE = {
    COUNCIL: State.DRAFT,
    STEPS: State.TOUCHED,
    CITIZENS: State.DRAFT,
    "Von": State.DRAFT,
}


@pytest.mark.parametrize(
    ("words", "approved"),
    [
        ((), {STEPS}),
        (("--drafts",), {COUNCIL, CITIZENS, "Von"}),
        (("--drafts", "--touched"), {COUNCIL, CITIZENS, "Von", STEPS}),
        (("--engine", "memory"), {CITIZENS}),
        (("--engine", "llama", "--touched"), {STEPS}),
        (("--drafts", "--match", "STADTRAT"), {COUNCIL}),
        (("--drafts", "--match", "city council"), {COUNCIL}),
        (("--match", "zum Inhalt"), set()),
        (("--drafts", "--match", "Von", "--no-findings"), {"Von"}),
        (("--drafts", "--match", "Von", "--findings"), set()),
        (("--at-least", "80"), {CITIZENS}),
        (("--at-least", "40"), {COUNCIL, CITIZENS}),
        (("--at-least", "0"), {COUNCIL, CITIZENS}),
        (("--at-least", "80", "--touched"), {CITIZENS, STEPS}),
        (("--at-least", "80", "--drafts"), {CITIZENS}),
        (("--at-least", "40", "--engine", "memory"), {CITIZENS}),
        (("--drafts", "source_de/bruecke.txt"), {COUNCIL, CITIZENS, "Von"}),
        (("output/en/LC_MESSAGES/bruecke.po",), {STEPS}),
        (("output/fr/LC_MESSAGES/bruecke.po",), set()),
        (("--lang", "fr"), set()),
    ],
)
def test_what_is_named_is_approved(
    path: Path, inside: Translate, words: tuple[str, ...], approved: set[str]
) -> None:
    """And nothing else; without a filter, only what a human has touched."""
    done = inside("approve", "--yes", *words)
    assert done.returncode == 0, done.stderr
    assert states(path) == BEFORE | dict.fromkeys(approved, State.APPROVED)


def test_the_mark_alone_goes(path: Path, inside: Translate) -> None:
    """The diff is one line, and the date of the header; origin and notes stay."""
    before = path.read_text(encoding="utf-8").splitlines()
    inside("approve", "--yes", "--drafts", "--match", "Stadtrat")
    after = path.read_text(encoding="utf-8").splitlines()
    gone = [line for line in before if line not in after and "Date" not in line]
    assert gone == []
    assert len(before) - len(after) == 1
    assert before.count("#, fuzzy") - after.count("#, fuzzy") == 1


def test_an_entry_with_an_error_is_not_approved_unless_forced(
    path: Path, inside: Translate
) -> None:
    """A wrong number, say: the exit code tells, the others are approved."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("On 12 March 2024", "On 13 March 2024"), encoding="utf-8")
    done = inside("approve", "--yes", "--drafts", "--touched")
    assert done.returncode == 1
    assert "1 with errors" in done.stdout
    assert {s for s, state in states(path).items() if state is not State.APPROVED} == {COUNCIL}
    assert inside("approve", "--yes", "--touched", "--force").returncode == 0
    assert set(states(path).values()) == {State.APPROVED}


@pytest.mark.parametrize(
    ("numbers", "end_punctuation", "approved"),
    [
        ("error", "warning", False),
        ("warning", "error", False),
        ("error", "error", False),
        ("error", "info", False),
        ("warning", "warning", True),
    ],
)
def test_an_error_among_other_findings_counts(
    folder: Path, path: Path, inside: Translate, numbers: str, end_punctuation: str, approved: bool
) -> None:
    """Whether a lesser finding stands before or behind it, the entry is not approved."""
    with (folder / "translate.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'[checks]\nnumbers = "{numbers}"\nend-punctuation = "{end_punctuation}"\n')
    text = path.read_text(encoding="utf-8")
    old = TRANSLATIONS[COUNCIL]
    path.write_text(
        text.replace("On 12 March 2024", "On 13 March 2024").replace(
            old[-12:], old[-12:].rstrip(".")
        ),
        encoding="utf-8",
    )
    report = inside("check", "output/en/LC_MESSAGES/bruecke.po").stdout
    assert f"{numbers} numbers:" in report
    assert end_punctuation == "info" or f"{end_punctuation} end-punctuation:" in report
    done = inside("approve", "--yes", "--drafts", "--touched", "--match", "Stadtrat")
    assert (states(path)[COUNCIL] is State.APPROVED) == approved
    assert done.returncode == (0 if approved else 1)
    assert ("1 with errors" in done.stdout) == (not approved)


def test_drafts_with_low_confidence_are_reported(path: Path, inside: Translate) -> None:
    """How many drafts are left, and that touched ones were not meant."""
    done = inside("approve", "--at-least", "80", "--dry-run")
    assert "Not included: 2 with lower confidence" in done.stdout
    assert "Not included: 1 touched (add --touched)" in done.stdout


def test_a_conflict_of_a_merge_is_not_approved(path: Path, inside: Translate) -> None:
    """A human has to choose, one entry after the other."""
    text = path.read_text(encoding="utf-8")
    lines = '# translate: conflict: theirs: "The steps"\n#, fuzzy\nmsgid "Die nächsten'
    path.write_text(text.replace('#, fuzzy\nmsgid "Die nächsten', lines), encoding="utf-8")
    done = inside("approve", "--yes")
    assert "Not included: 1 with two texts from a merge" in done.stdout
    assert states(path)[STEPS] is State.TOUCHED
    assert "Approved 1 entry" in inside("approve", "--yes", "--force").stdout


def test_a_translation_of_an_earlier_text_is_not_approved(
    folder: Path, path: Path, inside: Translate
) -> None:
    """The German changed since: it must be named, and then the earlier text goes."""
    inside("approve", "--yes", "--drafts", "--match", "Bürger")
    article = folder / "source_de" / "bruecke.txt"
    article.write_text(article.read_text().replace("vorher gehört", "morgen vorher gehört"))
    inside("extract")
    new = "Die Bürger werden morgen vorher gehört."
    assert states(path)[new] is State.TOUCHED
    done = inside("approve", "--yes", "--match", "Bürger")
    assert "translated from an earlier German text" in done.stdout
    assert states(path)[new] is State.TOUCHED
    inside("approve", "--yes", "--match", "Bürger", "--outdated")
    assert states(path)[new] is State.APPROVED
    assert "#| " not in path.read_text(encoding="utf-8")


def test_nothing_is_approved_unasked(path: Path, inside: Translate) -> None:
    """If nobody can be asked, the hint names --yes; a dry run lists every entry."""
    before = path.read_bytes()
    done = inside("approve", "--drafts")
    assert done.returncode == 3
    assert "--yes" in done.stderr
    done = inside("approve", "--drafts", "--touched", "--dry-run")
    assert done.returncode == 0
    for source in BEFORE:
        assert source[:30] in done.stdout
    assert path.read_bytes() == before


def test_a_catalog_of_elsewhere_is_refused(tmp_path: Path, path: Path, inside: Translate) -> None:
    """A typing error in a path approves nothing."""
    other = tmp_path / "other.po"
    shutil.copy(path, other)
    done = inside("approve", "--yes", "--drafts", str(other))
    assert done.returncode == 3
    assert "not a catalog of this project" in done.stderr
    assert other.read_bytes() == path.read_bytes()


def test_a_damaged_catalog_stops_before_anything(path: Path, inside: Translate) -> None:
    """It is named with its line, and every catalog stays as it was."""
    french = path.parents[2] / "fr" / "LC_MESSAGES" / "bruecke.po"
    french.write_text(french.read_text().replace('msgid "Von"', 'msgid "Von'), encoding="utf-8")
    before = path.read_bytes()
    done = inside("approve", "--yes", "--drafts")
    assert done.returncode == 3
    assert "fr/LC_MESSAGES/bruecke.po:" in done.stderr
    assert path.read_bytes() == before


def test_a_named_catalog_is_the_only_one(path: Path, inside: Translate) -> None:
    """The same article in another language is not touched."""
    french = path.parents[2] / "fr" / "LC_MESSAGES" / path.name
    french.parent.mkdir(parents=True, exist_ok=True)
    french.write_bytes(path.read_bytes())
    before = french.read_bytes()
    assert inside("approve", str(path), "--drafts", "--touched", "--force", "-y").returncode == 0
    assert french.read_bytes() == before
    assert inside("approve", str(french), "--drafts", "--touched", "--force", "-y").returncode == 0
    assert french.read_bytes() != before
