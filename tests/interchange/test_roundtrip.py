"""Catalogs exported and imported again: no human work is lost."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline import interchange
from pipeline.catalog import catalog
from pipeline.catalog.catalog import Draft
from pipeline.core.types import Provenance, State
from pipeline.interchange import FORMATS, roundtrip
from pipeline.interchange.document import (
    TRANSLATOR_NOTES,
    InterchangeDocument,
    TransUnit,
    revision_hash,
)

HEADER = """msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"PO-Revision-Date: 2020-01-01 00:00+0000\\n"

"""
CATALOG = f"""{HEADER}#. title 1
#: source_de/a.txt:1
msgid "Der Rat"
msgstr "The council"

# Ask Ada.
#. paragraph 1
#: source_de/a.txt:2
#, fuzzy, no-wrap
#| msgid "Alt"
msgid "Die Welt"
msgstr "The wrld"

#: source_de/a.txt:3
msgid "Das Ende"
msgstr ""

#: source_de/a.txt:4
#, fuzzy
msgid "Ein Entwurf"
msgstr "placeholder"

#~ msgid "Weg"
#~ msgstr "Gone"
"""
SAMPLES = sorted((Path(__file__).parents[1] / "data" / "catalogs").glob("*.po"))
FILE = Path("back.xlf")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A catalog with one entry of each state: approved, touched, missing, draft."""
    po = tmp_path / "a.po"
    text = CATALOG.replace('#, fuzzy\nmsgid "Ein Entwurf"\nmsgstr "placeholder"',
                           'msgid "Ein Entwurf"\nmsgstr ""')  # fmt: skip
    po.write_text(text, encoding="utf-8")
    draft = Draft("A draft", Provenance("llama", "m", "", ""), ("numbers: 5 is lost",))
    catalog.write_drafts(po, {"Ein Entwurf": draft})
    return po


def handed(path: Path) -> InterchangeDocument:
    return roundtrip.export_document(path, "source_de/a.txt", "en")


def with_work(
    document: InterchangeDocument, source: str, target: str, state: State, **notes: tuple[str, ...]
) -> InterchangeDocument:
    """Return the document with one unit translated."""
    return replace(
        document,
        units=tuple(
            replace(u, target=target, state=state, notes=u.notes | notes)
            if u.source == source else u
            for u in document.units
        ),
    )  # fmt: skip


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def states(path: Path) -> dict[str, tuple[str, State]]:
    return {t.source: (t.target, t.state) for t in catalog.load(path).translations}


def changed_lines(before: str, after: str) -> list[str]:
    """The lines of `after` that are not in `before`, except the date in the header."""
    old = before.splitlines()
    return [x for x in after.splitlines() if x not in old and "PO-Revision-Date" not in x]


def test_a_translator_gets_the_notes_of_the_catalog(path: Path) -> None:
    first, second, third, fourth = handed(path).units
    assert [u.state for u in (first, second, third, fourth)] == [
        State.APPROVED, State.TOUCHED, State.MISSING, State.DRAFT,
    ]  # fmt: skip
    assert second.notes == {
        "location": ("source_de/a.txt:2",),
        "developer_comments": ("paragraph 1",),
        TRANSLATOR_NOTES: ("Ask Ada.",),
        "previous_source": ("Alt",),
        "flags": ("no-wrap",),
    }
    (origin,) = fourth.notes["origin"]
    assert origin.startswith("draft by llama m =")
    assert fourth.notes["findings"] == ("numbers: 5 is lost",)
    edit(path, "# translate: check", "# translate: memory translation: Draft 1\n# translate: check")
    assert handed(path).units[3].notes["memory"] == ("translation: Draft 1",)


def test_what_did_not_change_is_not_written(path: Path) -> None:
    before = path.read_bytes()
    taken = roundtrip.import_document(path, handed(path), FILE)
    assert (taken.written, taken.unchanged, taken.problems) == (0, 4, ())
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("source", "target", "state", "lines"),
    [
        ("Das Ende", "The end", State.APPROVED, ['msgstr "The end"']),
        ("Das Ende", "The end", State.TOUCHED, ["#, fuzzy", 'msgstr "The end"']),
        ("Die Welt", "The world", State.TOUCHED, ['msgstr "The world"']),
        ("Die Welt", "The world", State.APPROVED, ["#, no-wrap", 'msgstr "The world"']),
        ("Ein Entwurf", "A draft", State.APPROVED, []),
        ("Ein Entwurf", "My draft", State.TOUCHED, ['msgstr "My draft"']),
        ("Der Rat", "The board", State.APPROVED, ['msgstr "The board"']),
    ],
)
def test_one_changed_unit_changes_its_entry_alone(
    path: Path, source: str, target: str, state: State, lines: list[str]
) -> None:
    before = path.read_text(encoding="utf-8")
    others = {s: value for s, value in states(path).items() if s != source}
    taken = roundtrip.import_document(path, with_work(handed(path), source, target, state), FILE)
    assert (taken.written, taken.problems) == (1, ())
    now = states(path)
    assert now.pop(source) == (target, state)
    assert now == others
    text = path.read_text(encoding="utf-8")
    assert set(changed_lines(before, text)) <= {*lines, "#, fuzzy"}
    assert "# translate: draft by llama" in text
    subprocess.run(["msgfmt", "-c", "-o", "/dev/null", str(path)], check=True)


def test_an_approved_entry_has_no_previous_source(path: Path) -> None:
    """As gettext's tools do."""
    back = with_work(handed(path), "Die Welt", "The world", State.APPROVED)
    roundtrip.import_document(path, back, FILE)
    assert "#|" not in path.read_text(encoding="utf-8")


def test_an_approval_can_be_taken_back(path: Path) -> None:
    back = with_work(handed(path), "Der Rat", "The council", State.TOUCHED)
    roundtrip.import_document(path, back, FILE)
    assert states(path)["Der Rat"] == ("The council", State.TOUCHED)


def test_with_fuzzy_nothing_that_comes_in_is_approved(path: Path) -> None:
    document = with_work(handed(path), "Das Ende", "The end", State.APPROVED)
    document = with_work(document, "Ein Entwurf", "A draft", State.APPROVED)
    roundtrip.import_document(path, document, FILE, fuzzy=True)
    assert states(path)["Das Ende"] == ("The end", State.TOUCHED)
    assert states(path)["Ein Entwurf"] == ("A draft", State.DRAFT)
    assert states(path)["Der Rat"] == ("The council", State.APPROVED)


def test_a_dry_run_tells_and_writes_nothing(path: Path) -> None:
    before = path.read_bytes()
    back = with_work(handed(path), "Das Ende", "The end", State.APPROVED)
    assert roundtrip.import_document(path, back, FILE, dry_run=True).written == 1
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "source"),
    [
        ('"The council"', '"The city council"', "Der Rat"),
        ('"The wrld"', '"The globe"', "Die Welt"),
        ('"A draft"', '"A better draft"', "Ein Entwurf"),
        ('msgid "Das Ende"\nmsgstr ""', 'msgid "Das Ende"\nmsgstr "Finis"', "Das Ende"),
    ],
)
def test_human_work_since_the_export_is_never_overwritten(
    path: Path, old: str, new: str, source: str
) -> None:
    """The entry keeps its bytes, and the file and line of the conflict are reported."""
    document = handed(path)
    edit(path, old, new)
    before = path.read_bytes()
    back = with_work(document, source, "Other words", State.APPROVED)
    taken = roundtrip.import_document(path, back, FILE)
    assert path.read_bytes() == before
    (problem,) = taken.problems
    assert "changed in the catalog since" in problem.message
    assert f"{path}:" in problem.message
    assert (problem.path, problem.target) == (FILE, "Other words")


def test_the_same_work_on_both_sides_is_no_conflict(path: Path) -> None:
    document = handed(path)
    edit(path, '"The wrld"', '"The world"')
    back = with_work(document, "Die Welt", "The world", State.TOUCHED)
    assert roundtrip.import_document(path, back, FILE).problems == ()


def test_work_on_a_draft_wins_over_a_newer_draft(path: Path) -> None:
    """A draft is not human work."""
    document = handed(path)
    newer = Draft("A newer draft", Provenance("llama", "n", "", ""))
    catalog.write_drafts(path, {"Ein Entwurf": newer}, redraft=True)
    back = with_work(document, "Ein Entwurf", "My draft", State.APPROVED)
    assert roundtrip.import_document(path, back, FILE).problems == ()
    assert states(path)["Ein Entwurf"] == ("My draft", State.APPROVED)


def test_taking_in_twice_is_as_once(path: Path) -> None:
    back = with_work(
        handed(path), "Das Ende", "The end", State.APPROVED, translator_comments=("x",)
    )
    roundtrip.import_document(path, back, FILE)
    once = path.read_bytes()
    assert roundtrip.import_document(path, back, FILE).written == 0
    assert path.read_bytes() == once


def test_a_program_that_drops_texts_empties_nothing(path: Path) -> None:
    before = path.read_bytes()
    document = handed(path)
    back = replace(document, units=tuple(replace(u, target="", state=State.MISSING)
                                      for u in document.units))  # fmt: skip
    taken = roundtrip.import_document(path, back, FILE)
    assert path.read_bytes() == before
    assert [p.source for p in taken.problems] == ["Der Rat", "Die Welt", "Ein Entwurf"]


def test_german_in_place_of_a_missing_translation_is_none(path: Path) -> None:
    """Some programs copy the source into untranslated units."""
    back = with_work(handed(path), "Das Ende", "Das Ende", State.TOUCHED)
    assert roundtrip.import_document(path, back, FILE).written == 0
    back = with_work(handed(path), "Das Ende", "Das Ende", State.APPROVED)
    assert roundtrip.import_document(path, back, FILE).written == 1


def test_german_that_was_changed_in_the_file_is_reported(path: Path) -> None:
    document = with_work(handed(path), "Das Ende", "The start", State.APPROVED)
    units = tuple(replace(u, source="Der Anfang") if u.source == "Das Ende" else u
                  for u in document.units)  # fmt: skip
    (problem,) = roundtrip.import_document(path, replace(document, units=units), FILE).problems
    assert "its German was changed" in problem.message


def test_work_on_an_entry_that_is_gone_is_reported(path: Path) -> None:
    document = handed(path)
    edit(path, '#: source_de/a.txt:3\nmsgid "Das Ende"\nmsgstr ""\n\n', "")
    assert roundtrip.import_document(path, document, FILE).problems == ()
    back = with_work(document, "Das Ende", "The end", State.APPROVED)
    (problem,) = roundtrip.import_document(path, back, FILE).problems
    assert "no longer in the catalog" in problem.message


def test_a_translators_note_is_added_once(path: Path) -> None:
    back = with_work(
        handed(path), "Die Welt", "The wrld", State.TOUCHED,
        translator_comments=("Ask Ada.", "Or  Bea?", "Or Bea?"),
    )  # fmt: skip
    roundtrip.import_document(path, back, FILE)
    assert "# Ask Ada.\n# Or Bea?\n#. paragraph 1\n" in path.read_text(encoding="utf-8")


def test_plural_forms_and_contexts_have_units_of_their_own(tmp_path: Path) -> None:
    po = tmp_path / "a.po"
    po.write_text(
        f'{HEADER}msgctxt "menu"\nmsgid "Rat"\nmsgstr "council"\n\n'
        'msgctxt "wheel"\nmsgid "Rat"\nmsgstr ""\n\n'
        'msgid "Datei"\nmsgid_plural "Dateien"\nmsgstr[0] "file"\nmsgstr[1] ""\n',
        encoding="utf-8",
    )
    document = roundtrip.export_document(po, "source_de/a.txt", "en")
    assert [(u.source, u.target, u.state) for u in document.units] == [
        ("Rat", "council", State.APPROVED),
        ("Rat", "", State.MISSING),
        ("Datei", "file", State.APPROVED),
        ("Dateien", "", State.MISSING),
    ]
    assert len({u.name for u in document.units}) == 4
    before = po.read_bytes()
    assert roundtrip.import_document(po, document, FILE).written == 0
    assert po.read_bytes() == before
    roundtrip.import_document(po, with_work(document, "Dateien", "files", State.APPROVED), FILE)
    assert 'msgstr[0] "file"\nmsgstr[1] "files"\n' in po.read_text(encoding="utf-8")
    assert "fuzzy" not in po.read_text(encoding="utf-8")


@pytest.mark.parametrize("style", FORMATS)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_catalogs_of_every_tool_come_back_unchanged(
    sample: Path, style: str, tmp_path: Path
) -> None:
    """A round trip through a file writes nothing."""
    po = tmp_path / "a.po"
    po.write_bytes(sample.read_bytes())
    file = tmp_path / "a.file"
    file.write_bytes(interchange.render_document(handed(po), style))
    (back,) = interchange.read_documents(file)
    taken = roundtrip.import_document(po, back, file)
    assert (taken.written, taken.problems) == (0, ())
    assert po.read_bytes() == sample.read_bytes()


WORDS = st.text(st.sampled_from("ab=-'12.;,\" ü"), max_size=6)
HUMAN = st.sampled_from([State.TOUCHED, State.APPROVED])
WORK = st.dictionaries(st.integers(0, 4), st.tuples(WORDS, HUMAN), max_size=5)


def as_found(target: str, state: State) -> tuple[str, State]:
    return (target, state) if target else ("", State.MISSING)


@settings(max_examples=60, deadline=None)
@example(work={0: (" ", State.TOUCHED), 1: (" ", State.APPROVED)}, meanwhile={}, style="csv")
@example(work={}, meanwhile={0: (" ", State.TOUCHED), 1: (" ", State.APPROVED)}, style="csv")
@example(work={0: (" ", State.TOUCHED)}, meanwhile={0: ("a", State.TOUCHED)}, style="csv")
@given(work=WORK, meanwhile=WORK, style=st.sampled_from(list(FORMATS)))
def test_whoever_works_where_no_text_of_a_human_is_lost(
    tmp_path_factory: pytest.TempPathFactory,
    work: dict[int, tuple[str, State]],
    meanwhile: dict[int, tuple[str, State]],
    style: str,
) -> None:
    """Every translation in the file is imported or reported; no human work is lost."""
    folder = tmp_path_factory.getbasetemp()
    po, file = folder / "h.po", folder / "h.file"

    def write(given: dict[int, tuple[str, State]]) -> None:
        entries = []
        for n in range(5):
            target, state = given.get(n, ("", State.MISSING))
            flag = "#, fuzzy\n" if state is State.TOUCHED and target else ""
            escaped = target.replace('"', '\\"')
            entries.append(f'{flag}msgid "Satz {n}"\nmsgstr "{escaped}"\n')
        po.write_text(HEADER + "\n".join(entries), encoding="utf-8")

    write({})
    document = handed(po)
    for n, (target, state) in work.items():
        found, coarse = as_found(target, state)
        document = with_work(document, f"Satz {n}", found, coarse)
    file.write_bytes(interchange.render_document(document, style))
    # The hashes of a file that comes back are those of its export.
    (back,) = interchange.read_documents(file)
    write(meanwhile)
    taken = roundtrip.import_document(po, back, file)
    expected = {problem.source for problem in taken.problems}
    now = states(po)
    for n in range(5):
        source = f"Satz {n}"
        theirs, ours = (as_found(*given.get(n, ("", State.MISSING))) for given in (work, meanwhile))
        if not theirs[0].strip():  # white space in a file is no translation
            theirs = ("", State.MISSING)
        if ours[0]:
            assert now[source] == ours
            assert theirs[0] == "" or theirs == ours or source in expected
        else:
            assert now[source] == theirs


def test_the_revision_hash_covers_text_and_approval() -> None:
    """A change of either changes the hash."""
    hashes = {
        revision_hash(text, approved=flag) for text in ("", "a", "=a", "~a") for flag in (0, 1)
    }
    assert len(hashes) == 8
    assert TransUnit("m", "s", "a", "b", State.DRAFT).id == "m-s"
