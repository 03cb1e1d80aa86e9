"""Recovery reports each damage with its line, and reads what is intact."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalog import catalog
from pipeline.catalog.po import file
from pipeline.catalog.recovery import NOTE, recover
from pipeline.core.errors import CatalogError
from pipeline.core.types import State

PATH = Path("a.po")
SAMPLES = sorted((Path(__file__).parents[1] / "data" / "catalogs").glob("*.po"))
HEADER = b'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
FIRST, LAST = b'msgid "Haus"\nmsgstr "house"\n\n', b'msgid "Tor"\nmsgstr "gate"\n'

# name: (damage between two intact entries, line and message of the finding,
#        entry read there, or None)
DAMAGE: dict[str, tuple[bytes, int, str, tuple[str, str] | None]] = {
    "a quote that is not closed": (
        b'msgid "Dach\nmsgstr "roof"\n\n', 7, "broken quotes", ("Dach", "roof")),
    "quotes inside": (
        b'msgid "Dach"\nmsgstr "a "roof" here"\n\n', 8, "broken quotes",
        ("Dach", 'a "roof" here')),
    "a backslash at the end": (
        b'msgid "Dach"\nmsgstr "roof\\"\n\n', 8, "broken quotes", ("Dach", 'roof"')),
    "an escape that is none": (
        b'msgid "Dach"\nmsgstr "C:\\qroof"\n\n', 8, "unknown escape \\q", ("Dach", "C:\\qroof")),
    "bytes that are no text": (
        b'msgid "Dach"\nmsgstr "roof\\xff"\n\n', 8, "\\xff is not UTF-8", ("Dach", "roof\\xff")),
    "a NUL": (b'msgid "Dach"\nmsgstr "ro\0of"\n\n', 8, "1 NUL bytes", ("Dach", "roof")),
    "another charset": (
        b'msgid "Dach"\nmsgstr "t\xf4it"\n\n', 8, "not utf-8: byte 0xf4", ("Dach", "tôit")),
    "a comment inside": (
        b'msgid "Dach"\n# hm\nmsgstr "roof"\n\n', 8, "a comment inside", ("Dach", "roof")),
    "half obsolete": (
        b'#~ msgid "Dach"\nmsgstr "roof"\n\n', 7, "only part", ("Dach", "roof")),
    "a gap in the plural forms": (
        b'msgid "Dach"\nmsgid_plural "D"\nmsgstr[0] "roof"\nmsgstr[2] "r"\n\n', 7,
        "msgstr[2] is out of order", ("Dach", "roof")),
    "the plural after the forms": (
        b'msgid "Dach"\nmsgstr[0] "roof"\nmsgid_plural "D"\nmsgstr[1] "r"\n\n', 7,
        "out of order", ("Dach", "roof")),
    "no msgstr": (b'msgid "Dach"\n\n', 7, "", ("Dach", "")),
    "no msgid": (b'msgstr "roof"\n\n', 7, "a second msgstr", None),
}  # fmt: skip


@pytest.mark.parametrize(("middle", "line", "message", "read"), DAMAGE.values(), ids=DAMAGE)
def test_damage_is_named_and_its_neighbours_are_read(
    middle: bytes, line: int, message: str, read: tuple[str, str] | None
) -> None:
    """Intact entries stay approved; guessed ones are fuzzy with a comment."""
    found = recover(PATH, HEADER + FIRST + middle + LAST)
    assert message in found.findings[0].message
    copy = file.parse_bytes(PATH, found.data()).text
    entries = {entry.source: entry for entry in copy.entries if entry.source}
    assert entries["Haus"].targets == ("house",)
    assert entries["Tor"].targets == ("gate",)
    assert "fuzzy" not in entries["Tor"].flags
    assert set(entries) == {"Haus", "Tor", *([read[0]] if read else [])}
    if read:
        assert found.findings[0].line == line
        guess = entries[read[0]]
        assert guess.targets[0] == read[1]
        assert NOTE in guess.notes
        assert ("fuzzy" in guess.flags) == bool(read[1])


def test_a_file_that_was_not_finished_is_read_to_its_end() -> None:
    """An entry that a full disk cut off is kept as a guess."""
    whole = HEADER + FIRST + b'#. title\nmsgid "Dach"\nmsgstr "roof of the house"\n'
    for cut in range(len(HEADER + FIRST) + 1, len(whole) - 2):
        found = recover(PATH, whole[:cut])
        copy = {e.source: e for e in file.parse_bytes(PATH, found.data()).text.entries}
        assert copy["Haus"].targets == ("house",)
        assert bool(found.findings) == _refused(whole[:cut])


def test_two_entries_with_one_source_become_one_with_both_texts() -> None:
    """As in a merge, the translations of both humans are kept."""
    found = recover(PATH, HEADER + FIRST + FIRST.replace(b"house", b"home") + LAST)
    (finding,) = found.findings
    assert (finding.line, finding.message[:34]) == (7, "duplicate msgid, first on line 4: ")
    entry = next(e for e in found.text.entries if e.source == "Haus")
    assert entry.targets == ("house",)
    assert '# translate: conflict: theirs: "home"' in entry.notes
    assert "fuzzy" in entry.flags


def test_conflict_marks_of_git_leave_both_texts() -> None:
    """Conflict markers around an entry, inside one, and around two."""
    whole = b'msgid "Dach"\nmsgstr "roof"\n'
    for middle in (
        b"<<<<<<< HEAD\n" + whole + b"=======\n" + whole.replace(b"roof", b"top") + b">>>>>>> x\n",
        b'msgid "Dach"\n<<<<<<< HEAD\nmsgstr "roof"\n=======\nmsgstr "top"\n>>>>>>> x\n',
    ):
        found = recover(PATH, HEADER + FIRST + middle + LAST)
        assert [line for _, line in found.omitted_lines] == ["<<<<<<< HEAD", "=======", ">>>>>>> x"]
        entries = {entry.source: entry for entry in found.text.entries}
        assert entries["Dach"].targets == ("roof",)
        assert any("theirs" in note and '"top"' in note for note in entries["Dach"].notes)
        assert entries["Tor"].flags == entries["Haus"].flags == ()


@pytest.mark.parametrize("charset", [b"UT\0F-8", b"rot13", b"undefined", b"\xff", b"x-none"])
def test_unusable_charsets_are_reported_and_the_file_is_read(charset: bytes) -> None:
    """Names with NUL, names of codecs that are not for text, and unknown names."""
    found = recover(PATH, (HEADER + FIRST).replace(b"UTF-8", charset))
    assert found.findings
    assert "Haus" in {entry.source for entry in found.text.entries}


def test_utf_16_is_told_and_read() -> None:
    """UTF-16 is reported and read; the copy is UTF-8."""
    text = (HEADER + FIRST).decode().replace("house", "höuse")
    found = recover(PATH, text.encode("utf-16"))
    assert "UTF-16" in found.findings[0].message
    assert found.data().decode() == text


def test_what_was_left_out_is_listed() -> None:
    """Dropped lines are listed with their numbers in the original."""
    found = recover(PATH, HEADER + FIRST + b"<<<<<<< HEAD\n" + LAST + b"hello\n")
    assert found.omitted_lines == ((7, "<<<<<<< HEAD"), (10, "hello"))


def _refused(data: bytes) -> bool:
    try:
        file.parse_bytes(PATH, data)
    except CatalogError:
        return True
    return False


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_happens_to_a_file(data: st.DataObject) -> None:
    """Overwrite, cut out or double a run of bytes.

    Damage is reported exactly if `load` refuses the file, the copy can be read, and no entry far
    from the damage is lost.
    """
    whole = data.draw(st.sampled_from(SAMPLES)).read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    length = data.draw(st.integers(1, 40))
    junk = data.draw(
        st.sampled_from([b"", b"\0" * 20, b'"', b"\\", b"\xff\xfe", b"\n", whole[at : at + length]])
    )
    gone = data.draw(st.booleans())
    damaged = whole[:at] + junk + whole[at + (length if gone else 0) :]
    found = recover(PATH, damaged)
    assert bool(found.findings) == _refused(damaged)
    if not found.findings:
        return
    copy = {e.source for e in file.parse_bytes(PATH, found.data()).text.entries}
    original = file.parse_bytes(PATH, whole).text
    place = 0
    for number, entry in enumerate(original.entries):
        size = len(entry.raw.encode("utf-8"))
        near = place - 200 <= at <= place + size + 200
        place += size
        if not near and number and at > 700 and "latin" not in str(whole[:600]):
            assert entry.source in copy


def test_a_copy_is_a_catalog(tmp_path: Path) -> None:
    """The copy accepts drafts; a guess waits for a human."""
    path = tmp_path / "copy.po"
    path.write_bytes(recover(PATH, HEADER + FIRST + DAMAGE["quotes inside"][0] + LAST).data())
    states = {one.source: one.state for one in catalog.load(path).translations}
    assert states == {"Haus": State.APPROVED, "Dach": State.TOUCHED, "Tor": State.APPROVED}


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_stray_mark_of_utf_16_loses_no_text(mark: bytes, tmp_path: Path) -> None:
    """The text after it is read as it is; the mark is reported."""
    entry = 'msgid "Haus"\nmsgstr "Häuser"\n'.encode()
    done = recover(tmp_path / "a.po", mark + entry)
    assert entry in done.data()
    assert "but is not UTF-16" in done.findings[0].message


def test_bytes_of_no_charset_are_replaced(tmp_path: Path) -> None:
    """A byte that no charset has becomes a sign, the rest of the line stays."""
    head = b'msgid ""\nmsgstr "Content-Type: text/plain; charset=cp1252\\n"\n\n'
    done = recover(tmp_path / "a.po", head + b'msgid "Haus \x81"\nmsgstr ""\n')
    assert b"Haus" in done.data()
