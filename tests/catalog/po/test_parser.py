"""The PO parser reads each line or reports it."""

from pathlib import Path

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalog.po.file import parse_bytes
from pipeline.catalog.po.parser import PoSyntaxError, parse_po
from pipeline.catalog.po.wrapping import format_field
from pipeline.core import CatalogError

SAMPLES = sorted((Path(__file__).parents[2] / "data" / "catalogs").glob("*.po"))


def sample(path: Path) -> str:
    charset = "latin-1" if path.stem == "latin-1" else "utf-8-sig"
    return path.read_bytes().decode(charset)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_file_comes_back_as_it_was(path: Path) -> None:
    """Files of all tools are rendered byte for byte."""
    assert parse_po(sample(path)).render() == sample(path)


@pytest.mark.parametrize(
    "path", [path for path in SAMPLES if path.stem != "by-hand-bom"], ids=lambda path: path.stem
)
def test_values_are_those_that_polib_reads(path: Path) -> None:
    """polib reads the same values, if it can read the file."""
    mine = [
        (e.context, e.source, e.plural or "", e.targets, e.obsolete, set(e.flags))
        for e in parse_po(sample(path)).entries
        if e.source
    ]
    theirs = [
        (
            e.msgctxt,
            e.msgid,
            e.msgid_plural,
            tuple(e.msgstr_plural.values()) if e.msgid_plural else (e.msgstr,),
            bool(e.obsolete),
            set(e.flags),
        )
        for e in polib.pofile(str(path))
    ]
    assert mine == theirs


def test_what_gettext_allows_is_read() -> None:
    """Missing blanks, adjacent strings, inner blank lines and hex escapes."""
    path = next(path for path in SAMPLES if path.stem == "by-hand-bom")
    entries = parse_po(sample(path)).entries
    assert [(e.source, e.targets[0]) for e in entries[1:]] == [
        ("Der Hafen wächst", "Le port s'agrandit"),
        ("Ein Anfangund ein Ende", "Un début et une fin"),
        ("alt", "vieux"),
    ]
    assert entries[1].notes == ("#kurz",)
    assert entries[2].flags == ("fuzzy", "ignore-same")
    assert entries[2].references == ("source_de/hafen.txt:3", "source_de/hafen.txt:4")
    assert entries[3].obsolete


def test_the_parts_of_an_entry() -> None:
    """Comments, references with blanks, flags and previous fields."""
    entry = parse_po(
        "# note\n#. extracted\n#: \u2068my file.txt\u2069:3 b\u00a0c.txt:4\n#, fuzzy, a-b\n"
        '#| msgctxt "c"\n#| msgid ""\n#| "old "\n#| "text"\nmsgctxt "c"\nmsgid "x"\nmsgstr "y"\n'
    ).entries[0]
    assert entry.notes == ("# note",)
    assert entry.extracted == ("#. extracted",)
    assert entry.references == ("my file.txt:3", "b\u00a0c.txt:4")
    assert entry.flags == ("fuzzy", "a-b")
    assert entry.previous == {"msgctxt": "c", "msgid": "old text"}
    assert (entry.context, entry.source, entry.targets, entry.line) == ("c", "x", ("y",), 9)


@pytest.mark.parametrize("text", ["", "\n", "# a\n# b\n", "# a", "\n\n# a\n"])
def test_a_file_without_entries_comes_back_too(text: str) -> None:
    """A file with comments only is rendered as it was."""
    assert parse_po(text).entries == ()
    assert parse_po(text).render() == text


def test_a_previous_text_without_its_keyword_is_a_source() -> None:
    """A line without its keyword can still be compared."""
    entry = parse_po('#| "alt"\nmsgid "neu"\nmsgstr ""\n').entries[0]
    assert entry.previous == {"msgid": "alt"}


FORMS = 'msgid "c"\nmsgid_plural "d"\nmsgstr[0] "x"\n'

GOOD = 'msgid "a"\nmsgstr "b"\n\n'
BROKEN = {
    "a quote that is not closed": (GOOD + 'msgid "c\nmsgstr ""\n', 4, "broken quotes"),
    "a quote inside": (GOOD + 'msgid "c"d"\nmsgstr ""\n', 4, "broken quotes"),
    "a string that ends in a backslash": (GOOD + 'msgid "c\\"\nmsgstr ""\n', 4, "broken quotes"),
    "a line of nothing known": (GOOD + "hello\n", 4, "not PO syntax: hello"),
    "conflict marks of git": (GOOD + "<<<<<<< HEAD\n" + GOOD, 4, "not PO syntax"),
    "msgstr without msgid": ('msgstr "b"\n', 1, "msgstr without msgid"),
    "msgid without msgstr at the end": (GOOD + '\nmsgid "c"\n', 5, "the entry has no msgstr"),
    "msgid without msgstr": ('msgid "c"\n\n' + GOOD, 3, "a second msgid in one entry"),
    "a file cut off inside a keyword": (GOOD + 'msgid "c"\nmsgst', 5, "not PO syntax"),
    "a file cut off after a keyword": (GOOD + 'msgid "c"\nmsgstr', 4, "a keyword without a string"),
    "a string without keyword": ('"a"\nmsgid "c"\nmsgstr ""\n', 1, "a string without a keyword"),
    "a comment inside": ('msgid "c"\n# x\nmsgstr ""\n', 2, "a comment inside an entry"),
    "an escape that is none": ('msgid "\\q"\nmsgstr ""\n', 1, "unknown escape \\q"),
    "bytes that are no text": ('msgid "\\xff"\nmsgstr ""\n', 1, "\\xff is not UTF-8"),
    "half obsolete": ('#~ msgid "c"\nmsgstr ""\n', 1, "only part of the entry is marked #~"),
    "forms without plural": ('msgid "c"\nmsgstr[0] ""\n', 1, "msgid_plural does not match"),
    "a gap in the forms": (FORMS + 'msgstr[2] "z"\n', 1, "plural form msgstr[2] is out of order"),
    "forms from one": ('msgid "c"\nmsgid_plural "d"\nmsgstr[1] ""\n', 1, "form msgstr[1] is out"),
    "forms in another order": (
        'msgid "c"\nmsgid_plural "d"\nmsgstr[1] ""\nmsgstr[0] ""\n',
        1,
        "msgstr[1] is out of order",
    ),
    "a form of 5000 digits": (FORMS + f'msgstr[{"9" * 5000}] "z"\n', 1, "is out of order"),
    "the plural last": ('msgid "c"\nmsgstr[0] ""\nmsgid_plural "d"\n', 1, "fields of the entry"),
    "the context last": ('msgid "c"\nmsgctxt "d"\nmsgstr ""\n', 1, "fields of the entry"),
    "a no-break space alone": (GOOD + "\u00a0\n", 4, "not PO syntax"),
}


@pytest.mark.parametrize(("text", "line", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_refused_with_the_line(text: str, line: int, message: str) -> None:
    """Nothing is dropped silently; the error names the line."""
    with pytest.raises(PoSyntaxError) as caught:
        parse_po(text)
    assert caught.value.line == line
    assert message in caught.value.message
    assert caught.value.hint


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
COMMENTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, COMMENTS, st.booleans()), max_size=6))
def test_what_is_written_is_read(messages: list[tuple[str, str, str, bool]]) -> None:
    """Any text survives a round trip, and so do the bytes of the file."""
    lines: list[str] = []
    for source, target, comment, obsolete in messages:
        mark = "#~ " if obsolete else ""
        lines += [
            "",
            f"# {comment}",
            *format_field("msgid", source, mark),
            *format_field("msgstr", target, mark),
        ]
    text = "".join(f"{line}\n" for line in lines)
    parsed = parse_po(text)
    assert parsed.render() == text
    assert [(e.source, e.targets[0], e.obsolete) for e in parsed.entries] == [
        (source, target, obsolete) for source, target, _, obsolete in messages
    ]


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_damage_is_never_read_as_fewer_entries(data: st.DataObject) -> None:
    """A sample without one character is refused or has all its entries."""
    text = sample(data.draw(st.sampled_from(SAMPLES)))
    whole = parse_po(text)
    at = data.draw(st.integers(0, len(text) - 1))
    try:
        damaged = parse_po(text[:at] + text[at + 1 :])
    except PoSyntaxError:
        return
    assert len(damaged.entries) == len(whole.entries)


def test_a_nul_byte_is_named_with_its_line(tmp_path: Path) -> None:
    """Lines count from the first byte of the file, also if it starts with a blank line."""
    with pytest.raises(CatalogError, match=r"a\.po:2: "):
        parse_bytes(tmp_path / "a.po", b'\nmsgid "a\0"\nmsgstr ""\n')
