"""Glossary files: parsing, writing, and reports of invalid rows."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.errors import GlossaryError
from pipeline.core.types import Term, TermStatus
from pipeline.glossary.file import COLUMNS, empty_glossary, load_glossary, render_csv

HEADER = ",".join(COLUMNS)


def write(folder: Path, text: str, name: str = "de-en.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_a_row_becomes_a_term(tmp_path: Path) -> None:
    path = write(
        tmp_path, f"{HEADER}\nMitgliedstaat,member state|member,,exact,Mitgliedsstaat,of a union\n"
    )
    (term,) = load_glossary(path).terms
    assert (term.source, term.targets) == ("Mitgliedstaat", ("member state", "member"))
    assert (term.status, term.exact_case) == (TermStatus.PREFERRED, True)
    assert (term.forms, term.note, term.line) == (("Mitgliedsstaat",), "of a union", 2)


def test_columns_may_be_in_any_order_and_optional_ones_absent(tmp_path: Path) -> None:
    (term,) = load_glossary(write(tmp_path, "target,source\nsummit,Gipfel\n")).terms
    assert (term.source, term.targets) == ("Gipfel", ("summit",))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("source,target\nGipfel,summit\n", "utf-8-sig"),
        ("source,target\r\nGipfel,summit\r\n", "utf-8"),
        ("source;target\nGipfel;summit\n", "utf-8"),
        ("source\ttarget\nGipfel\tsummit\n", "utf-8"),
        ('"source","target"\n"Gipfel","summit"\n', "utf-8"),
        ("source,target\n\nGipfel , summit \n,\n", "utf-8"),
        ("Source,TARGET\nGipfel,summit", "utf-8"),
    ],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, text: str, encoding: str) -> None:
    (term,) = load_glossary(write(tmp_path, text, encoding=encoding)).terms
    assert (term.source, term.targets) == ("Gipfel", ("summit",))


def test_a_name_to_keep_is_its_own_target(tmp_path: Path) -> None:
    (term,) = load_glossary(write(tmp_path, f"{HEADER}\nXi Jinping,,keep,,,\n")).terms
    assert (term.status, term.targets) == (TermStatus.KEEP, ("Xi Jinping",))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "empty"),
        ("source,traget\na,b\n", 1, "unknown column 'traget'"),
        ("source,note\na,b\n", 1, "column 'target' is missing"),
        ("source,target,target\na,b,c\n", 1, "duplicate column"),
        ("source,target\na,b\nc,\n", 3, "'c' has no target"),
        ("source,target\n,b\n", 2, "the source is empty"),
        ("source,target\na,b,c\n", 2, "3 cells, but 2 columns"),
        ("source,target,status\na,b,prefered\n", 2, "unknown status 'prefered'"),
        ("source,target,case\na,b,upper\n", 2, "unknown case 'upper'"),
        ("source,target,status\nPutin,Poutine,keep\n", 2, "has status keep"),
        ('source,target\n"a\nb",c\nd,\n', 4, "'d' has no target"),
        ("source,target\na,b\x02\n", 2, "control character U+0002"),
        ('source,target\na,"b\n', 2, "not readable as CSV"),
    ],
)
def test_a_broken_file_is_refused_by_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(GlossaryError) as caught:
        load_glossary(path)
    assert caught.value.message.startswith(f"{path}:{line}: ")
    assert said in caught.value.message
    assert caught.value.hint


def test_another_encoding_is_refused_with_its_place(tmp_path: Path) -> None:
    path = write(tmp_path, "source,target\nBündnis,alliance\n", encoding="cp1252")
    with pytest.raises(GlossaryError, match="not UTF-8: byte 0xfc at offset 15"):
        load_glossary(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GlossaryError, match=r"de-en\.csv"):
        load_glossary(tmp_path / "de-en.csv")


@pytest.mark.parametrize(
    ("name", "given", "language"),
    [
        ("de-en.csv", None, "en"),
        ("de-pt_BR.csv", None, "pt_BR"),
        ("terms.csv", None, ""),
        ("terms.csv", "fr", "fr"),
        ("de-en.csv", "fr", "fr"),
    ],
)
def test_the_language_is_the_callers_or_the_names(
    tmp_path: Path, name: str, given: str | None, language: str
) -> None:
    path = write(tmp_path, "source,target\na,b\n", name)
    assert load_glossary(path, given).language == language


def test_the_digest_follows_the_demands_alone(tmp_path: Path) -> None:
    one = load_glossary(write(tmp_path, "source,target,note\nGipfel,summit,old\n"))
    same = load_glossary(write(tmp_path, "target,source\r\n\r\nsummit,Gipfel\r\n"))
    other = load_glossary(write(tmp_path, "source,target\nGipfel,peak\n"))
    assert one.digest == same.digest != other.digest
    assert len(one.digest) == 12


def test_an_empty_glossary_demands_nothing() -> None:
    assert empty_glossary("fr").terms == ()
    assert empty_glossary("fr").language == "fr"


WORD = st.text(st.sampled_from("aäß ,;'\"=-\n"), min_size=1, max_size=6).map(
    lambda text: text.strip() or "x"
)
WORDS = st.lists(WORD, min_size=1, max_size=3).map(tuple)


@settings(max_examples=60)
@given(
    st.lists(
        st.builds(
            Term,
            source=WORD,
            targets=WORDS,
            status=st.sampled_from([TermStatus.PREFERRED, TermStatus.FORBIDDEN]),
            exact_case=st.booleans(),
            forms=WORDS,
            note=WORD,
        ),
        max_size=4,
    )
)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, terms: list[Term]
) -> None:
    """Quotes, separators and line feeds in cells survive."""
    path = tmp_path_factory.mktemp("glossary") / "de-en.csv"
    path.write_bytes(render_csv(terms).encode())
    kept = [replace(term, line=0) for term in load_glossary(path).terms]
    assert kept == terms


def test_blank_lines_before_the_header_hide_no_delimiter(tmp_path: Path) -> None:
    """A spreadsheet may start its semicolons after a blank line."""
    path = tmp_path / "de-en.csv"
    path.write_text("\n\nsource;target\nGipfel;summit\n", encoding="utf-8")
    (term,) = load_glossary(path, "en").terms
    assert (term.source, term.targets) == ("Gipfel", ("summit",))


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\nsource;target;note\nRat;council;\n",
        "source,target,note,,\r\nRat,council,,,\r\n",
        "“Source”,“target”,\u00a0note\nRat,council,\n",
        "\ufeffsep=\t\r\nsource\ttarget\tnote\r\nRat\tcouncil\t\r\n",
        "source;target;note, free\nRat;council;\n".replace(", free", ""),
    ],
)
def test_a_glossary_saved_by_a_spreadsheet_is_read(tmp_path: Path, text: str) -> None:
    """A separator line, empty columns and typographic quotes do not matter."""
    path = tmp_path / "de-en.csv"
    path.write_text(text, encoding="utf-8", newline="")
    (term,) = load_glossary(path).terms
    assert (term.source, term.targets) == ("Rat", ("council",))
    assert term.line == (3 if "sep=" in text else 2)


@pytest.mark.parametrize("cell", ["#NAME?", "#¡REF!", "Err:502", "####"])
def test_a_spreadsheet_error_is_no_term(tmp_path: Path, cell: str) -> None:
    """It must not become the required translation of a term."""
    path = tmp_path / "de-en.csv"
    path.write_text(f"source,target\nRat,{cell}\n", encoding="utf-8")
    with pytest.raises(GlossaryError, match=r":2: .* is a spreadsheet error"):
        load_glossary(path)
