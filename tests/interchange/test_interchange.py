"""XLIFF and CSV: round trips, and files as other tools write them."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import interchange
from pipeline.core.errors import InterchangeError
from pipeline.core.language_codes import language_tag
from pipeline.core.types import State
from pipeline.interchange import FORMATS
from pipeline.interchange.csv import escape_cell, unescape_cell
from pipeline.interchange.document import (
    TRANSLATOR_NOTES,
    InterchangeDocument,
    TransUnit,
    imported_state,
    revision_hash,
    unit_name,
)

DEBIANS_SCHEMAS = Path("/usr/share/php/Symfony/Component/Translation/Resources/schemas")


def unit(source: str, target: str, state: State, **notes: tuple[str, ...]) -> TransUnit:
    revision = revision_hash(target, approved=state is State.APPROVED)
    return TransUnit(unit_name(None, source), revision, source, target, state, notes)


SHEET = InterchangeDocument(
    "source_de/gipfel.txt",
    "en",
    (
        unit("Zum Inhalt", "", State.MISSING, location=("source_de/gipfel.txt:1",)),
        unit("Gipfel & <b>Rat</b>", "summit", State.DRAFT, origin=("draft by llama, text 1",)),
        unit("Der Rat", "The council", State.DRAFT, origin=("draft by memory, from x",)),
        unit("„Ja“, sagt er.", '"Yes", he says.', State.TOUCHED, findings=("numbers: 5",)),
        unit("12.06.2024", "12 June 2024", State.APPROVED, flags=("ignore-dates",)),
        unit("Tab\tund\x0bmehr", "Tab\tand\x0bmore", State.APPROVED, context=("menu",)),
        unit(
            "=1+1",
            "=2",
            State.APPROVED,
            location=("source_de/gipfel.txt:2", "source_de/gipfel.txt:3"),
            developer_comments=("paragraph 1", "glossary: Rat → council"),
            translator_comments=("Really?", "+1"),
            previous_source=("Alt",),
        ),
    ),
)


def back(
    document: InterchangeDocument, style: str, folder: Path
) -> tuple[InterchangeDocument, ...]:
    path = folder / f"a{interchange.file_suffix(style)}"
    path.write_bytes(interchange.render_document(document, style))
    return interchange.read_documents(path)


def essence(document: InterchangeDocument) -> list[object]:
    """The parts of a document that survive a round trip."""
    coarse = (
        imported_state(one.target, approved=one.state is State.APPROVED) for one in document.units
    )
    return [document.article, language_tag(document.language)] + [
        (one.id, one.source, one.target, state, one.notes.get(TRANSLATOR_NOTES, ()))
        for one, state in zip(document.units, coarse, strict=True)
    ]


@pytest.mark.parametrize("style", FORMATS)
def test_a_sheet_comes_back(style: str, tmp_path: Path) -> None:
    (found,) = back(SHEET, style, tmp_path)
    assert essence(found) == essence(SHEET)


@pytest.mark.parametrize("style", FORMATS)
def test_a_translator_gets_all_notes_of_the_catalog(style: str) -> None:
    text = interchange.render_document(SHEET, style).decode()
    for expected in (
        "paragraph 1",
        "Rat → council",
        "draft by llama",
        "numbers: 5",
        "ignore-dates",
    ):
        assert expected in text
    for expected in ("menu", "Alt", "Really?", "source_de/gipfel.txt"):
        assert expected in text


TEXT = st.text(
    st.one_of(
        st.sampled_from("aß '\"<>&=+-@,;|\t\n\r\x00\x01\x0b\x1b\u2028\ufffe\ufeff1./ "),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=12,
)
# A catalog has no NUL.
CLEAN = TEXT.filter(lambda text: "\0" not in text)
NOTE = st.text(st.sampled_from("ab ='é<&1"), min_size=1, max_size=9)


@st.composite
def documents(draw: st.DrawFn) -> InterchangeDocument:
    units = []
    for source in draw(st.lists(CLEAN, min_size=1, max_size=4, unique=True)):
        target = draw(st.just("") | CLEAN)
        state = draw(st.sampled_from(list(State))) if target else State.MISSING
        state = State.DRAFT if target and state is State.MISSING else state
        notes = draw(st.lists(NOTE, max_size=2))
        units.append(
            unit(source, target, state, **({TRANSLATOR_NOTES: tuple(notes)} if notes else {}))
        )
    language = draw(st.sampled_from(["en", "pt_BR"]))
    return InterchangeDocument("source_de/a & b.txt", language, tuple(units))


@settings(max_examples=150, deadline=None)
@given(documents(), st.sampled_from(list(FORMATS)))
def test_any_texts_come_back(
    tmp_path_factory: pytest.TempPathFactory, document: InterchangeDocument, style: str
) -> None:
    """Control characters, quotes, separators and markup too."""
    folder = tmp_path_factory.getbasetemp()
    (found,) = back(document, style, folder)
    assert essence(found) == essence(document)


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_a_guarded_cell_comes_back(text: str) -> None:
    assert unescape_cell(escape_cell(text)) == text


@settings(max_examples=200, deadline=None)
@given(st.lists(CLEAN, min_size=2, max_size=5), st.sampled_from(",;\t|"))
def test_no_cell_is_a_formula(texts: list[str], separator: str) -> None:
    """Not even if a spreadsheet uses another separator."""
    units = tuple(unit(text, text, State.APPROVED) for text in dict.fromkeys(texts))
    data = interchange.render_document(InterchangeDocument("a", "en", units), "csv").decode(
        "utf-8-sig"
    )
    for row in csv.reader(io.StringIO(data, newline=""), delimiter=separator):
        for cell in row:
            assert not re.match(r"[\s\"]*[=+\-@＝＋－＠]", cell)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+49 30 1234", "'+49 30 1234"),
        ("-5", "'-5"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "\t'=1"),
        ("a;=1", "a;'=1"),
        ("'=1", "''=1"),
        ("12.06.2024", "'12.06.2024"),
        ("1e5", "'1e5"),
        ("3/4", "'3/4"),
        ("5. März 2024", "'5. März 2024"),
        ("TRUE", "'TRUE"),
        ("48 Mio. Euro kosten mehr", "48 Mio. Euro kosten mehr"),
        ("'Tis the season", "'Tis the season"),
        ("G7-Gipfel", "G7-Gipfel"),
        ("Berlin - ein Bericht", "Berlin - ein Bericht"),
    ],
)
def test_a_spreadsheet_leaves_cells_as_they_are(text: str, cell: str) -> None:
    """Formulas, numbers, dates and booleans get an apostrophe, prose does not."""
    assert escape_cell(text) == cell
    assert unescape_cell(cell) == text


def test_a_cell_without_its_apostrophe_is_understood() -> None:
    """Some programs remove it as their own marker."""
    assert unescape_cell("12.06.2024") == "12.06.2024"
    assert unescape_cell("=1") == "=1"


ID = unit("Der Rat", "", State.MISSING).id


def xliff(attributes: str, target: str, head: str = "") -> str:
    return (
        f'{head}<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">\n'
        '<file original="source_de/a.txt" source-language="de-DE" target-language="en-GB"'
        f' datatype="plaintext"><body>\n<trans-unit id="{ID}"{attributes}>'
        f"<source>Der Rat</source>{target}</trans-unit></body></file></xliff>"
    )


def xliff2(segment: str) -> str:
    return (
        '<xliff version="2.1" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="de"'
        f' trgLang="en"><file id="f" original="source_de/a.txt"><unit id="{ID}">{segment}'
        "</unit></file></xliff>"
    )


def columns(state: str, target: str = "The council", header: str = "") -> str:
    header = header or "source,target,state,article,language,id"
    return f"{header}\nDer Rat,{target},{state},source_de/a.txt,en,{ID}\n"


MARKED = [
    *[(xliff("", f'<target state="{s}">The council</target>'), State.APPROVED)
      for s in ("translated", "signed-off", "final")],
    *[(xliff("", f'<target state="{s}">The council</target>'), State.TOUCHED)
      for s in ("new", "needs-translation", "needs-l10n", "needs-review-translation", "x-a")],
    (xliff("", "<target>The council</target>"), State.TOUCHED),
    (xliff(' approved="yes"', "<target>The council</target>"), State.APPROVED),
    (xliff(' approved="no"', '<target state="translated">The council</target>'), State.TOUCHED),
    (xliff(' approved="yes"', '<target state="needs-l10n">The council</target>'), State.TOUCHED),
    (xliff(' approved="yes"', ""), State.MISSING),
    (xliff("", '<target><g id="1">The <mrk mtype="seg">council</mrk></g></target>'),
     State.TOUCHED),
    (xliff("", "<target>The council</target><alt-trans><target>No</target></alt-trans>"),
     State.TOUCHED),
    (xliff("", "<target>The council</target>", "<!DOCTYPE xliff SYSTEM 'https://no.example'>"),
     State.TOUCHED),
    (xliff("", "<target>The council</target>").replace(' xmlns="urn:oasis:names:tc:xliff:'
     'document:1.2"', ""), State.TOUCHED),
    *[(xliff2(f'<segment state="{s}"><source>Der Rat</source><target>The council</target>'
              "</segment>"), State.APPROVED) for s in ("translated", "reviewed", "final")],
    (xliff2("<segment><source>Der Rat</source><target>The council</target></segment>"),
     State.TOUCHED),
    (xliff2('<segment state="translated" subState="poedit:fuzzy"><source>Der Rat</source>'
            "<target>The council</target></segment>"), State.TOUCHED),
    (xliff2('<segment state="final"><source>Der</source><target>The</target></segment>'
            "<ignorable><source> </source></ignorable>"
            '<segment state="final"><source>Rat</source><target>council</target></segment>'),
     State.APPROVED),
    (xliff2('<segment state="final"><source>Der</source><target>The</target></segment>'
            "<ignorable><source> </source></ignorable>"
            '<segment state="initial"><source>Rat</source><target>council</target></segment>'),
     State.TOUCHED),
    (columns("approved"), State.APPROVED),
    (columns(" Approved "), State.APPROVED),
    (columns("draft"), State.TOUCHED),
    (columns(""), State.TOUCHED),
    (columns("approved", ""), State.MISSING),
    (columns("approved").replace(",", ";"), State.APPROVED),
    (columns("approved").replace(",", "\t"), State.APPROVED),
    (columns("approved").replace("\n", "\r\n") + "\r\n,,,,,\r\n", State.APPROVED),
]  # fmt: skip


@pytest.mark.parametrize(("text", "state"), MARKED)
def test_the_states_of_other_tools_are_understood(text: str, state: State, tmp_path: Path) -> None:
    path = tmp_path / "a.file"
    path.write_text(text, encoding="utf-8")
    ((found,),) = (document.units for document in interchange.read_documents(path))
    assert found.state is state
    assert found.source == "Der Rat"
    assert found.target == ("" if state is State.MISSING else "The council")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_xml_may_have_another_encoding(encoding: str, tmp_path: Path) -> None:
    name = "utf-8" if encoding == "utf-8-sig" else encoding
    head = f'<?xml version="1.0" encoding="{name}"?>\n'
    path = tmp_path / "a.xlf"
    path.write_bytes(xliff("", "<target>é</target>", head).encode(encoding))
    ((found,),) = (document.units for document in interchange.read_documents(path))
    assert found.target == "é"


def test_a_translators_note_comes_back_and_the_tools_do_not(tmp_path: Path) -> None:
    """Notes of any author are imported, except those that the export wrote."""
    notes = '<note from="developer">a</note><note from="Ada">b</note><note>c\nd</note>'
    path = tmp_path / "a.xlf"
    path.write_text(xliff("", f"<target>x</target>{notes}"), encoding="utf-8")
    ((found,),) = (document.units for document in interchange.read_documents(path))
    assert found.notes == {TRANSLATOR_NOTES: ("b", "c", "d")}


OTHER = unit("Die Welt", "", State.MISSING).id
BAD = [
    ("", ":1: no column 'source'"),
    ("<xliff version='1.2'>\n<file", ":2: broken XML"),
    ("<?xml version='1.0'?><tmx version='1.4'/>", "neither XLIFF 1.2, XLIFF 2.0 nor CSV"),
    ("<xliff version='3.0'/>", "XLIFF 3.0 is not supported"),
    ("<?xml version='1.0'?><xliff version='1.0'>", "XLIFF 1.0 is not supported"),
    ("<xliff>", "XLIFF without a version is not supported"),
    (xliff2("").replace("2.1", "2.2"), "XLIFF 2.2 is not supported"),
    (xliff2("").replace('"2.1"', "' 2.2 '").replace("2.0", "2.2"), "XLIFF 2.2 is not supported"),
    ("<!-- <xliff version='2.0'> --><x:xliff a='>' version='2.2'", "XLIFF 2.2 is not supported"),
    ("\ufeff<xliff version='2.2'>", "XLIFF 2.2 is not supported"),
    ("<xliff version='2.2'>".encode("utf-16"), "XLIFF 2.2 is not supported"),
    ("<xliff version='1.2'/>", "no segments in it"),
    (xliff("", "", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'), "an XML entity"),
    (xliff("", "", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n'), "an XML entity"),
    (xliff("", "<target>" + "<g>" * 5000 + "</g>" * 5000 + "</target>"), ":3: elements nested"),
    (xliff("", "").replace("de-DE", "en"), ":2: its source language is 'en'"),
    (xliff("", "").replace(' target-language="en-GB"', ""), ":2: <file> without target-language"),
    (xliff("", "").replace(f' id="{ID}"', ""), ":3: <trans-unit> without id"),
    (xliff("", "").replace(ID, "1"), ":3: translate export did not write the id '1'"),
    (xliff("", "<target>a</target>", "<?xml version='1.0' encoding='shift_jis'?>"), ":1: "),
    (xliff("", "<target>\x01</target>"), ":3: broken XML"),
    (xliff("", f'<target>a</target></trans-unit>\n<trans-unit id="{ID}"><source>Der Rat'
     "</source><target>b</target>"), ":4: another translation of the segment on line 3"),
    (xliff2("").replace('trgLang="en"', ""), "<xliff> without trgLang"),
    ("source,target\nDer Rat,The council\n", ":1: no column 'state'"),
    (columns("done"), ":2: unknown state 'done'"),
    (columns("").replace(ID, "17"), ":2: translate export did not write the id '17'"),
    (columns("", '"The council'), ":2: not readable as CSV"),
    (columns("", '"a\nb"') + columns("", '"a\nb"').replace(ID, "x").partition("\n")[2],
     ":4: translate export did not write the id 'x'"),
    (columns("").replace(",en,", ",,"), ":2: a row without language"),
    (columns("").replace("source_de/a.txt", ""), ":2: a row without article"),
    (columns("", "a\0b"), ":2: a NUL character"),
    (b"source,target\n\xff\xfe\n", ":2: not UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), BAD)
def test_a_broken_file_is_refused_in_one_line(text: str | bytes, said: str, tmp_path: Path) -> None:
    """The error has the file, the line and a hint."""
    path = tmp_path / "a.file"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(InterchangeError) as caught:
        interchange.read_documents(path)
    assert said in caught.value.message
    assert caught.value.message.startswith(str(path))
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_ids_are_names_in_xml_and_no_numbers() -> None:
    """XML schemas require a leading letter; spreadsheets convert numbers."""
    for number in range(300):
        assert re.fullmatch(r"m[0-9a-f.]+-[0-9a-f]{8}", unit(f"{number}", "x", State.DRAFT).id)


@pytest.mark.skipif(
    not DEBIANS_SCHEMAS.is_dir() or not shutil.which("xmllint"),
    reason="needs Debian's php-symfony-translation and libxml2-utils",
)
@pytest.mark.parametrize(
    ("style", "schema"),
    [("xliff", "xliff-core-1.2-strict.xsd"), ("xliff2", "xliff-core-2.0.xsd")],
)
def test_the_schemas_of_oasis_accept_the_files(style: str, schema: str, tmp_path: Path) -> None:
    for found in DEBIANS_SCHEMAS.glob("*.xsd"):
        text = found.read_text(encoding="utf-8")
        local = re.sub(r'schemaLocation="[^"]*xml\.xsd"', 'schemaLocation="xml.xsd"', text)
        (tmp_path / found.name).write_text(local, encoding="utf-8")
    path = tmp_path / "a.xml"
    path.write_bytes(interchange.render_document(SHEET, style))
    command = ["xmllint", "--noout", "--nonet", "--schema", str(tmp_path / schema), str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_xliff_says_whose_a_draft_is() -> None:
    """The standard's qualifiers mark drafts as a machine's or the memory's."""
    root = ElementTree.fromstring(interchange.render_document(SHEET, "xliff"))
    space = "{urn:oasis:names:tc:xliff:document:1.2}"
    targets = {t.text: t.get("state-qualifier") for t in root.iter(f"{space}target")}
    assert targets["summit"] == "mt-suggestion"
    assert targets["The council"] == "exact-match"
    assert targets["=2"] is None
