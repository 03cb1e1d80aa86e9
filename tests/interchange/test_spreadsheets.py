"""CSV files as Excel and LibreOffice Calc save them, and cells that they damaged."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import interchange
from pipeline.catalog import catalog
from pipeline.core.errors import InterchangeError
from pipeline.core.types import State
from pipeline.files.spreadsheet import read_rows
from pipeline.interchange import ImportResult, InterchangeDocument, TransUnit
from pipeline.interchange.document import imported_state, revision_hash, unit_name
from pipeline.interchange.roundtrip import export_document

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
Rows = list[list[str]]


def exported_rows(folder: Path, entries: Sequence[tuple[str, str]]) -> Rows:
    """Write a catalog, export it as CSV, and return its rows as a spreadsheet shows them."""
    blocks = [f'msgid "{source}"\nmsgstr "{target}"\n' for source, target in entries]
    (folder / "a.po").write_text(HEADER + "\n".join(blocks), encoding="utf-8")
    document = export_document(folder / "a.po", "source_de/a.txt", "en")
    data = interchange.render_document(document, "csv").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(data, newline="")))


def saved(
    rows: Rows, separator: str = ",", ending: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL
) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(
        stream,
        delimiter=separator,
        lineterminator=ending,
        quoting=quoting,  # type: ignore[arg-type]
    )
    writer.writerows(rows)
    return stream.getvalue()


def imported(folder: Path, data: bytes) -> tuple[dict[str, tuple[str, State]], ImportResult]:
    """Import a file into the catalog; return its entries and the result."""
    file = folder / "a.csv"
    file.write_bytes(data)
    (document,) = interchange.read_documents(file)
    result = interchange.import_document(folder / "a.po", document, file)
    entries = catalog.load(folder / "a.po").translations
    return {entry.source: (entry.target, entry.state) for entry in entries}, result


def translated(rows: Rows, target: str, state: str = "approved", number: int = 1) -> Rows:
    """Return the rows with a translation in one of them."""
    cells = {"target": target, "state": state}
    header = rows[0]
    changed = [cells.get(name, cell) for name, cell in zip(header, rows[number], strict=True)]
    return [changed if position == number else row for position, row in enumerate(rows)]


def with_empty_columns(rows: Rows) -> Rows:
    return [[*row, "", "", ""] for row in rows] + [[""] * (len(rows[0]) + 3)]


def excel_german(rows: Rows) -> bytes:
    """Excel with German settings, "CSV UTF-8"."""
    return saved(rows, ";").encode("utf-8-sig")


def excel_unicode_text(rows: Rows) -> bytes:
    """Excel, "Unicode text": UTF-16 and tabs."""
    return saved(rows, "\t").encode("utf-16")


HABITS = {
    "excel-german": excel_german,
    "excel-english": lambda rows: saved(rows).encode("utf-8-sig"),
    "excel-unicode-text": excel_unicode_text,
    "excel-unicode-big-endian": lambda rows: b"\xfe\xff" + saved(rows, "\t").encode("utf-16-be"),
    "utf-16-without-mark": lambda rows: saved(rows, "\t").encode("utf-16-le"),
    "separator-line": lambda rows: ("sep=;\r\n" + saved(rows, ";")).encode("utf-8-sig"),
    "separator-line-twice-marked": lambda rows: ("\ufeffsep=,\n" + saved(rows)).encode("utf-8-sig"),
    "separator-line-quoted": lambda rows: ('"sep=\t"\r\n' + saved(rows, "\t")).encode(),
    "separator-line-as-row": lambda rows: ("SEP=;;;;;;\r\n" + saved(rows, ";")).encode(),
    "separator-line-utf-16": lambda rows: ("sep=;\r\n" + saved(rows, ";")).encode("utf-16"),
    "separator-bar": lambda rows: ("sep=|\r\n" + saved(rows, "|")).encode(),
    "calc": lambda rows: saved(rows, ",", "\n").encode(),
    "calc-all-quoted": lambda rows: saved(rows, ";", "\n", csv.QUOTE_ALL).encode(),
    "old-mac": lambda rows: saved(rows, ";", "\r").encode("utf-8-sig"),
    "empty-columns": lambda rows: saved(with_empty_columns(rows), ";").encode("utf-8-sig"),
    "blank-rows": lambda rows: ("\r\n;;;\r\n" + saved(rows, ";") + "; ;\r\n").encode(),
    "smart-quotes-in-header": lambda rows: saved(
        [[f"“{name.title()}”" for name in rows[0]], *rows[1:]]
    ).encode(),
    "spaces-in-header": lambda rows: saved(
        [[f"\u00a0'{name.upper()}' " for name in rows[0]], *rows[1:]], ";"
    ).encode(),
    "other-order": lambda rows: saved([row[::-1] for row in rows], ";").encode(),
    "unknown-columns": lambda rows: saved([["No.", *rows[0]], *(["7", *r] for r in rows[1:])]
                                          ).encode(),
    "apostrophes-removed": lambda rows: saved([[c.removeprefix("'") for c in r] for r in rows]
                                              ).encode(),
}  # fmt: skip


@pytest.mark.parametrize("habit", HABITS)
def test_files_of_spreadsheets_are_read(habit: str, tmp_path: Path) -> None:
    """Encoding, separator, quotes, line ends and empty columns do not matter."""
    rows = exported_rows(tmp_path, [("Der Rat; „er“, tagt", ""), ("12.06.2024", "12 June 2024")])
    data = HABITS[habit](translated(rows, "The council, it; meets – “now”"))
    entries, result = imported(tmp_path, data)
    assert result.problems == ()
    assert entries["Der Rat; „er“, tagt"] == (
        "The council, it; meets – “now”",
        State.APPROVED,
    )
    assert entries["12.06.2024"] == ("12 June 2024", State.APPROVED)
    assert (result.written, result.unchanged) == (1, 1)


DAMAGED = [
    *["#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"],
    *["#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!"],
    *["#BEZUG!", "#WERT!", "#NV", "#ZAHL!", "#ÜBERLAUF!", "#NOM?", "#VALEUR!", "#NOMBRE!"],
    *["#¿NOMBRE?", "#¡REF!", "#¡VALOR!", "#¡DIV/0!", "#N/D", "#RIF!", "#DEEL/0!", "#ADR!", "#N/B"],
    *["#ИМЯ?", "#ССЫЛКА!", "#Н/Д", "Err:502", "Err:509", "#####", "  #NAME? "],
    *["=SUM(A1:A3)", "=+A1", "{=A1*2}", "+SUM(1)", "-ABS(A1)", "@SUM(A1)", "= A1", "=#REF!"],
    *["1,23457E+11", "1.2E-5", "5E+10"],
]


@pytest.mark.parametrize("state", ["approved", "touched"])
@pytest.mark.parametrize("cell", DAMAGED)
def test_a_cell_that_a_spreadsheet_damaged_is_refused(
    cell: str, state: str, tmp_path: Path
) -> None:
    """The entry keeps its state, the others are imported, and the report names cell and line."""
    rows = exported_rows(tmp_path, [("Der Rat", ""), ("Die Welt", "")])
    rows = translated(translated(rows, cell, state), "The world", number=2)
    entries, result = imported(tmp_path, excel_german(rows))
    assert entries == {
        "Der Rat": ("", State.MISSING),
        "Die Welt": ("The world", State.APPROVED),
    }
    (problem,) = result.problems
    assert problem.line == 2
    assert repr(cell.strip()) in problem.message
    assert "not imported" in problem.message


@pytest.mark.parametrize("cell", ["#NAME?", "=A1", "1,2E+11"])
def test_damage_never_replaces_a_translation(cell: str, tmp_path: Path) -> None:
    """Not even an approved one that the spreadsheet was to leave alone."""
    rows = exported_rows(tmp_path, [("Der Rat", "The council")])
    before = (tmp_path / "a.po").read_bytes()
    _, result = imported(tmp_path, excel_german(translated(rows, cell)))
    assert (result.written, len(result.problems)) == (0, 1)
    assert (tmp_path / "a.po").read_bytes() == before


@pytest.mark.parametrize(
    ("source", "cell", "target"),
    [
        ("#Klimaschutz!", "#CLIMATE!", "#CLIMATE!"),
        ("=1+1", "=1+1", "=1+1"),
        ("1,5E+3", "1.5E+3", "1.5E+3"),
        ("Der Rat", "#council", "#council"),
        ("Der Rat", "#wow!", "#wow!"),
        ("Der Rat", "'=council", "=council"),
        ("Der Rat", "@council", "@council"),
        ("Der Rat", "-council", "-council"),
        ("Der Rat", "+1 (the council)", "+1 (the council)"),
        ("Der Rat", "Error #NAME?", "Error #NAME?"),
    ],
)
def test_a_text_that_resembles_damage_is_imported(
    source: str, cell: str, target: str, tmp_path: Path
) -> None:
    """The German starts alike, or a guard shows that somebody typed the text."""
    rows = exported_rows(tmp_path, [(source, "")])
    entries, result = imported(tmp_path, excel_german(translated(rows, cell)))
    assert result.problems == ()
    assert entries[source] == (target, State.APPROVED)


def test_an_error_in_a_comment_is_reported_and_the_translation_imported(tmp_path: Path) -> None:
    """A comment such as "= see above" becomes an error in a spreadsheet."""
    rows = translated(exported_rows(tmp_path, [("Der Rat", "")]), "The council")
    rows[1][rows[0].index("translator_comments")] = "#NAME?"
    entries, result = imported(tmp_path, excel_german(rows))
    assert entries == {"Der Rat": ("The council", State.APPROVED)}
    (problem,) = result.problems
    assert "its comment is the spreadsheet error '#NAME?'" in problem.message
    assert "NAME" not in (tmp_path / "a.po").read_text(encoding="utf-8")


def test_an_error_that_is_the_approved_translation_stays(tmp_path: Path) -> None:
    """What is in the catalog already is no damage of this spreadsheet."""
    rows = exported_rows(tmp_path, [("Der Rat", "#REF!")])
    _, result = imported(tmp_path, excel_german(rows))
    assert (result.written, result.unchanged, result.problems) == (0, 1, ())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("target;", "target;target;", ":1: duplicate column 'target'"),
        (";id", ";source", ":1: no column 'id'"),
        ("flags", "target", ":1: duplicate column 'target'"),
        ("The council", "The council;draft", ":2: 17 cells, but 16 columns"),
        ("The council", '"The council', ":2: not readable as CSV"),
        ("-380918b9", "E+11", ":2: translate export did not write the id"),
    ],
)
def test_a_table_with_moved_cells_is_refused(old: str, new: str, said: str, tmp_path: Path) -> None:
    """A shifted cell must not end up in another column."""
    rows = translated(exported_rows(tmp_path, [("Der Rat", "")]), "The council")
    text = saved(rows, ";")
    assert old in text
    file = tmp_path / "a.csv"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InterchangeError) as caught:
        interchange.read_documents(file)
    assert said in caught.value.message


@pytest.mark.parametrize("cell", ["0", "15", "03/04/2026", "TRUE", "5 %", "12 June"])
def test_a_value_for_a_text_is_not_approved(cell: str, tmp_path: Path) -> None:
    """It may be the result of a formula; an apostrophe shows that somebody typed it."""
    rows = exported_rows(tmp_path, [("Der Rat", ""), ("3. März", ""), ("Zwölf", "")])
    rows = translated(translated(rows, cell), cell, number=2)
    entries, result = imported(tmp_path, excel_german(translated(rows, f"'{cell}", number=3)))
    assert entries == {
        "Der Rat": (cell, State.TOUCHED),
        "3. März": (cell, State.APPROVED),
        "Zwölf": (cell, State.APPROVED),
    }
    (problem,) = result.problems
    assert f"its translation is the value {cell!r}; imported without approval" in problem.message


SAVED = Path(__file__).parents[1] / "data" / "spreadsheets"


@pytest.mark.parametrize("name", ["semi", "comma", "quoted", "tab16"])
def test_what_calc_saved_comes_back_unchanged(name: str, tmp_path: Path) -> None:
    """LibreOffice Calc 7.4 opened and saved an export with texts that look like values."""
    before = (SAVED / "values.po").read_bytes()
    (tmp_path / "a.po").write_bytes(before)
    entries, result = imported(tmp_path, (SAVED / f"values-{name}.csv").read_bytes())
    assert (result.written, result.unchanged, result.problems) == (1, 22, ())
    assert entries.pop("Der Rat") == ("The council", State.APPROVED)
    (tmp_path / "a.po").write_bytes(before)
    originals = catalog.load(tmp_path / "a.po").translations
    assert entries == {t.source: (t.target, t.state) for t in originals if t.target}


def test_what_calc_made_of_formulas_is_never_approved(tmp_path: Path) -> None:
    """A translator typed `=council` and the like; Calc 7.4 saved errors and results."""
    (tmp_path / "a.po").write_bytes((SAVED / "typed.po").read_bytes())
    before = {t.source: t.target for t in catalog.load(tmp_path / "a.po").translations}
    entries, result = imported(tmp_path, (SAVED / "typed-formulas.csv").read_bytes())
    problems = {problem.source: problem.message for problem in result.problems}
    refused = {source for source, message in problems.items() if "not imported" in message}
    assert len(refused) == 12
    assert {entries[source][0] for source in refused} == {before[source] for source in refused}
    values = {source: entries[source] for source in problems.keys() - refused}
    assert values == {
        "Satz 3": ("0", State.TOUCHED),
        "Satz 8": ("15", State.TOUCHED),
        "Satz 14": ("12 June", State.TOUCHED),
        "Satz 15": ("03/04/26", State.TOUCHED),
        "Satz 16": ("TRUE", State.TOUCHED),
    }


def test_a_line_is_counted_with_the_separator_line(tmp_path: Path) -> None:
    """Errors name the line that an editor shows."""
    text = saved(translated(exported_rows(tmp_path, [("Der Rat", "")]), "x", "done"), ";")
    file = tmp_path / "a.csv"
    file.write_text("sep=;\n" + text, encoding="utf-8")
    with pytest.raises(InterchangeError, match=":3: unknown state 'done'"):
        interchange.read_documents(file)


TEXT = st.text(st.sampled_from("aß '\"<&=+-@,;|\t\n#!?1E\u00a0“\ufeff"), min_size=1, max_size=9)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(TEXT, TEXT, min_size=1, max_size=4),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.booleans(),
    st.integers(0, 3),
)
def test_any_table_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    made: dict[str, str],
    separator: str,
    encoding: str,
    with_line: bool,
    empty: int,
) -> None:
    """Every text survives export, a spreadsheet that saves it its way, and import."""
    units = tuple(
        TransUnit(unit_name(None, s), revision_hash(t, approved=True), s, t, State.APPROVED)
        for s, t in made.items()
    )
    data = interchange.render_document(InterchangeDocument("a", "en", units), "csv")
    rows = [r + [""] * empty for r in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))]
    text = (f"sep={separator}\r\n" if with_line else "") + saved(rows, separator)
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes(text.encode(encoding))
    (found,) = interchange.read_documents(file)
    expected = [(s, t, imported_state(t, approved=True), False) for s, t in made.items()]
    assert [(u.source, u.target, u.state, u.refused) for u in found.units] == expected


HOSTILE = st.binary(max_size=60) | st.text(max_size=40).map(lambda t: t.encode("utf-8", "replace"))


@settings(max_examples=150, deadline=None)
@given(HOSTILE, st.booleans())
def test_no_file_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, with_header: bool
) -> None:
    """A stranger's file is read or refused in one line."""
    file = tmp_path_factory.getbasetemp() / "hostile.csv"
    header = b"source,target,state,article,language,id\n" if with_header else b""
    file.write_bytes(header + data)
    refusals = []
    try:
        interchange.read_documents(file)
    except InterchangeError as error:
        refusals.append(error)
    assert all(error.hint and "\n" not in error.message for error in refusals)


def test_a_long_cell_is_read_while_another_file_is_open(tmp_path: Path) -> None:
    """Readers do not restrict each other: the limit of Python's reader is shared."""
    first = read_rows(b"source,target\na,b\n", "a.csv", ("source",), InterchangeError)
    assert next(first) == (1, ["source", "target"])
    long = "x" * 200_000
    second = read_rows(f"source\n{long}\n".encode(), "b.csv", ("source",), InterchangeError)
    assert [cells for _, cells in second] == [["source"], [long]]
    assert list(first) == [(2, ["a", "b"])]
    assert list(csv.reader([long])) == [[long]]
