"""Termbases of other tools: nothing deprecated is permitted, and every import passes lint."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cli.main import translate
from pipeline.core.errors import GlossaryError
from pipeline.core.types import Severity, Term, TermStatus
from pipeline.glossary import lint_glossary, render_csv
from pipeline.glossary.formats import Termbase, lossy_terms, read_termbase, render_termbase
from pipeline.glossary.target_matcher import is_same_target

FORBIDDEN, KEEP = TermStatus.FORBIDDEN, TermStatus.KEEP

# TBX-Basic of 2019 in the style DCT, as terminology tools export it.
DCT = """<?xml version="1.0" encoding="UTF-8"?>
<?xml-model href="https://raw.example/TBXcoreStructV03.rng" type="application/xml"?>
<tbx style="dct" type="TBX-Basic" xml:lang="de" xmlns="urn:iso:std:iso:30042:ed-2"
     xmlns:{min}="http://www.tbxinfo.net/ns/min" xmlns:basic="http://www.tbxinfo.net/ns/basic">
  <tbxHeader><fileDesc><sourceDesc><p>export</p></sourceDesc></fileDesc></tbxHeader>
  <text><body>
    <conceptEntry id="c1">
      <{min}:subjectField>politics</{min}:subjectField>
      <langSec xml:lang="de-DE">
        <basic:definition>Treffen</basic:definition>
        <termSec>
          <term>Gipfel</term><{min}:partOfSpeech>noun</{min}:partOfSpeech>
        </termSec>
        <termSec><term>Spitzentreffen</term></termSec>
      </langSec>
      <langSec xml:lang="en-US">
        <termSec><term>summit</term>
          <{min}:administrativeStatus>preferredTerm-admn-sts</{min}:administrativeStatus></termSec>
        <termSec><term>peak</term>
          <{min}:administrativeStatus>{status}</{min}:administrativeStatus>
          <note>a mountain</note></termSec>
      </langSec>
    </conceptEntry>
  </body></text>
</tbx>"""
STATUSES = [
    "deprecatedTerm-admn-sts", "supersededTerm-admn-sts", "deprecatedTerm", "Deprecated term",
    "DEPRECATED", "notRecommended", "obsolete", "forbidden", " deprecatedTerm-admn-sts\n",
    "do not use", "Verboten", "rejected", "not-allowed",
]  # fmt: skip


def read(folder: Path, text: str, language: str = "en", name: str = "a.tbx") -> Termbase:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_termbase(path, language)


@pytest.mark.parametrize("prefix", ["min", "m"])
@pytest.mark.parametrize("status", STATUSES)
def test_a_deprecated_term_in_dct_style_is_forbidden(
    status: str, prefix: str, tmp_path: Path
) -> None:
    """The status is an element of its own, with any prefix."""
    found = read(tmp_path, DCT.format(min=prefix, status=status))
    assert found.problems == ()
    assert found.terms == (
        Term("Gipfel", ("summit",), forms=("Spitzentreffen",), note="politics"),
        Term("Gipfel", ("peak",), FORBIDDEN, note="a mountain"),
    )


def entry(german: str, *targets: str, head: str = "", line: str = "") -> str:
    """A martif entry; `targets` are `term` or `term=status`."""
    groups = ""
    for target in targets:
        rest, _, status = target[1:].partition("=")  # A term may start with the sign.
        term = target[:1] + rest
        note = f'<termNote type="administrativeStatus">{status}</termNote>' if status else ""
        groups += f"<tig><term>{escape(term)}</term>{note}</tig>"
    source = f"<tig><term>{escape(german)}</term></tig>"
    return (
        f'<termEntry>{head}<langSet xml:lang="de">{source}</langSet>'
        f'<langSet xml:lang="en">{line}{groups}</langSet></termEntry>\n'
    )


def martif(*entries: str) -> str:
    return f'<martif type="TBX">\n<text><body>\n{"".join(entries)}</body></text></martif>'


def dca(category: str, value: str, carrier: str = "termNote") -> str:
    return f'<{carrier} type="{category}">{value}</{carrier}>'


PLACES = [
    entry("Gipfel", "peak=deprecatedTerm-admn-sts"),
    entry("Gipfel", "peak", head=dca("administrativeStatus", "deprecatedTerm-admn-sts", "descrip")),
    entry("Gipfel", "peak", line=dca("administrativeStatus", "supersededTerm-admn-sts", "admin")),
    entry("Gipfel", "peak", line="<descripGrp>" + dca("Status", "forbidden", "descrip")
          + "</descripGrp>"),
    entry("Gipfel", "peak").replace("peak</term>", "peak</term>"
                                    + dca("normativeAuthorization", "deprecatedTerm")),
    entry("Gipfel", "peak").replace("peak</term>", "peak</term><termNoteGrp>"
                                    + dca("administrativeStatus", "obsolete") + "</termNoteGrp>"),
    entry("Gipfel", "peak").replace("peak</term>", "peak</term>" + dca("Forbidden", "true")),
    entry("Gipfel", "peak").replace("peak</term>", "peak</term>" + dca("usage", "do not use")),
    entry("Gipfel", "peak").replace(
        "peak</term>", "peak</term>" + dca("administrativeStatus", "deprecatedTerm-admn-sts")
        + dca("administrativeStatus", "admittedTerm-admn-sts")),
    "<entry id='1'><langGroup xml:lang='de'><termGroup><term>Gipfel</term></termGroup></langGroup>"
    "<langGroup xml:lang='en'><termGroup><term>peak</term><termStatus>notRecommended</termStatus>"
    "</termGroup></langGroup></entry>",
    entry("Gipfel", "peak=deprecatedTerm-admn-sts").replace("<tig>", "<ntig><termGrp>").replace(
        "</tig>", "</termGrp></ntig>"),
]  # fmt: skip


@pytest.mark.parametrize("text", PLACES)
def test_a_status_counts_wherever_it_is(text: str, tmp_path: Path) -> None:
    """Of the term, its group, its language or its entry; the strictest of several."""
    (term,) = read(tmp_path, martif(text)).terms
    assert (term.source, term.targets, term.status) == ("Gipfel", ("peak",), FORBIDDEN)


def test_an_unknown_status_is_no_permission(tmp_path: Path) -> None:
    """The term is not imported, and its line is reported."""
    found = read(tmp_path, martif(entry("Gipfel", "summit", "top=underReview")))
    assert found.terms == (Term("Gipfel", ("summit",)),)
    (problem,) = found.problems
    assert problem.line == 3
    assert "'top' has the unknown status 'underReview'" in problem.message
    assert "deprecatedTerm-admn-sts" in problem.hint


def test_the_german_term_is_not_the_deprecated_one(tmp_path: Path) -> None:
    """Deprecated German is a further form: it must still be found in articles."""
    german = (
        '<langSet xml:lang="de"><tig><term>Gipfelkonferenz</term>'
        + dca("administrativeStatus", "deprecatedTerm-admn-sts")
        + "</tig><tig><term>Gipfel</term></tig></langSet>"
    )
    text = f'<termEntry>{german}<langSet xml:lang="en"><tig><term>summit</term></tig></langSet>'
    found = read(tmp_path, martif(text + "</termEntry>"))
    assert found.terms == (Term("Gipfel", ("summit",), forms=("Gipfelkonferenz",)),)


def lint_errors(folder: Path, terms: tuple[Term, ...]) -> list[str]:
    path = folder / "de-en.csv"
    path.write_text(render_csv(terms), encoding="utf-8")
    return [f.message for f in lint_glossary(path) if f.severity is Severity.ERROR]


HOMONYMS = [
    ([entry("Bank", "bank"), entry("Bank", "bench")], [Term("Bank", ("bank", "bench"))], 0),
    ([entry("Bank", "bank", "shore=deprecatedTerm"), entry("Bank", "bench", "bank")],
     [Term("Bank", ("bank", "bench")), Term("Bank", ("shore",), FORBIDDEN)], 0),
    ([entry("Bank", "bank"), entry("Bank", "bench", "bank=deprecatedTerm")],
     [Term("Bank", ("bench",)), Term("Bank", ("bank",), FORBIDDEN)], 1),
    ([entry("Bank", "bank"), entry("Bank", "banks=supersededTerm")],
     [Term("Bank", ("banks",), FORBIDDEN)], 1),
    ([entry("E-Post", "email", "e-mail=deprecatedTerm", "mail")],
     [Term("E-Post", ("mail",)), Term("E-Post", ("e-mail",), FORBIDDEN)], 1),
    ([entry("Kyjiw", head=dca("Translation needed", "No", "descrip")), entry("Kyjiw", "Kyiv")],
     [Term("Kyjiw", ("Kyjiw", "Kyiv"))], 0),
    ([entry("Xi", head=dca("Translation needed", "No", "descrip")), entry("Xi", "Xi")],
     [Term("Xi", ("Xi",), KEEP)], 0),
    ([entry("…", "dots"), entry("Rat", "council")], [Term("Rat", ("council",))], 1),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "terms", "problems"), HOMONYMS)
def test_homonyms_become_one_row_that_passes_lint(
    entries: list[str], terms: list[Term], problems: int, tmp_path: Path
) -> None:
    """A translation that one entry deprecates is not accepted by another; that is reported."""
    found = read(tmp_path, martif(*entries))
    assert found.terms == tuple(terms)
    assert len(found.problems) == problems
    assert lint_errors(tmp_path, found.terms) == []


WORDS = st.sampled_from(
    ["bank", "banks", "Bank", "bench", "e-bank", "a|b", "=x", "state visit", "…", "1,2E+11", "é"]
)
STATUS = st.sampled_from(["", "preferredTerm-admn-sts", "deprecatedTerm-admn-sts", "obsolete"])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Bank", "Banken", "bank", "§", "Rat der EU"]),
            st.lists(st.tuples(WORDS, STATUS), max_size=4),
            st.booleans(),
        ),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_no_termbase_permits_what_it_deprecates(
    tmp_path_factory: pytest.TempPathFactory,
    made: list[tuple[str, list[tuple[str, str]], bool]],
    dct: bool,
) -> None:
    """Whatever the entries say of one German word, the rows pass lint."""
    folder = tmp_path_factory.getbasetemp()
    keep = dca("Translation needed", "No", "descrip")
    text = martif(
        *(
            entry(german, *(f"{w}={s}" for w, s in targets), head=keep if kept else "")
            for german, targets, kept in made
        )
    )
    if dct:
        text = text.replace('<termNote type="administrativeStatus">', "<min:administrativeStatus>")
        text = text.replace("</termNote>", "</min:administrativeStatus>")
    try:
        found = read(folder, text)
    except GlossaryError:
        return  # No entry has a translation.
    assert lint_errors(folder, found.terms) == []
    for german, targets, _ in made:
        for word, status in targets:
            if status in ("deprecatedTerm-admn-sts", "obsolete"):
                accepted = [t for term in found.terms if term.source == german
                            and term.status is not FORBIDDEN for t in term.targets]  # fmt: skip
                assert not any(
                    is_same_target(part, target, "en")
                    for part in word.split("|")
                    for target in accepted
                )


ROW_NOTES = st.sampled_from(["", "note", "case: exact", "two  spaces", "a; b", "<&>"])
TERM = st.builds(
    Term,
    st.sampled_from(["Rat", "Gipfel", "rat"]),
    st.lists(st.sampled_from(["council", "Council", "board", "a b"]), min_size=1, max_size=2,
             unique=True).map(tuple),
    st.sampled_from([TermStatus.PREFERRED, FORBIDDEN]),
    st.booleans(),
    st.sampled_from([(), ("Räte",), ("Räte", "Rats")]),
    ROW_NOTES,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(TERM, max_size=4), st.sampled_from(["a.tbx", "a.csv"]))
def test_what_does_not_come_back_is_reported(
    tmp_path_factory: pytest.TempPathFactory, made: list[Term], name: str
) -> None:
    """No mark of exact case, form, note or target is lost in silence."""
    path = tmp_path_factory.getbasetemp() / name
    terms = tuple(made)
    lossy = lossy_terms(path, terms, "en")
    if not terms:
        assert lossy == ()
        return
    path.write_bytes(render_termbase(path, terms, "en"))
    back = read_termbase(path, "en").terms
    assert [term for term in terms if term not in lossy and term not in back] == []


FORBIDDEN_EXACT = (
    Term("Grüne", ("Greens",)),
    Term("Grüne", ("Green Party",), FORBIDDEN, exact_case=True, note="of Britain"),
)


def test_the_case_of_a_forbidden_row_comes_back_from_tbx(tmp_path: Path) -> None:
    """The mark belongs to the row, not to the German term."""
    path = tmp_path / "a.tbx"
    path.write_bytes(render_termbase(path, FORBIDDEN_EXACT, "en"))
    assert read_termbase(path, "en").terms == FORBIDDEN_EXACT
    assert lossy_terms(path, FORBIDDEN_EXACT, "en") == ()
    assert lossy_terms(tmp_path / "a.csv", FORBIDDEN_EXACT, "en") == FORBIDDEN_EXACT[1:]


def test_a_termbase_names_its_languages(tmp_path: Path) -> None:
    """A file of other languages is no empty file."""
    with pytest.raises(GlossaryError) as caught:
        read(tmp_path, martif(entry("Rat", "council")), "fr")
    assert "no terms found in German with fr" in caught.value.message
    assert caught.value.hint == "Languages in it: de, en."


def test_one_unusable_text_does_not_stop_the_others(tmp_path: Path) -> None:
    """Each is reported with its line; the rest of its entry is imported."""
    text = martif(
        entry("Gipfel", "summit", "=HYPERLINK(1)", "peak|@x=deprecatedTerm", head="<note>-</note>"),
        entry("-phil", "-phile"),
        entry("Rat", "council"),
    )
    found = read(tmp_path, text)
    assert found.terms == (
        Term("Gipfel", ("summit",)),
        Term("Gipfel", ("peak",), FORBIDDEN),
        Term("Rat", ("council",)),
    )
    assert [problem.line for problem in found.problems] == [3, 3, 3, 4]
    assert lint_errors(tmp_path, found.terms) == []


CSV_HABITS = {
    "excel-german": lambda text: text.replace(",", ";").encode("utf-8-sig"),
    "unicode-text": lambda text: text.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"),
    "separator-line": lambda text: ("sep=;\r\n" + text.replace(",", ";")).encode(),
    "empty-columns": lambda text: text.replace("\n", ",,\n").encode(),
    "smart-header": lambda text: text.replace("source,target", "“Source”,“Target”").encode(),
    "blank-rows": lambda text: ("\n,,\n" + text + ",,\n").encode(),
}


@pytest.mark.parametrize("habit", CSV_HABITS)
def test_csv_of_a_spreadsheet_is_read(habit: str, tmp_path: Path) -> None:
    """Encoding, separator and empty columns do not matter."""
    path = tmp_path / "a.csv"
    path.write_bytes(CSV_HABITS[habit]("source,target,context\nRat,council,\nRat,rat,forbidden\n"))
    expected = (Term("Rat", ("council",)), Term("Rat", ("rat",), FORBIDDEN))
    assert read_termbase(path, "en") == Termbase(expected)


@pytest.mark.parametrize("cell", ["#NAME?", "#BEZUG!", "#N/A", "Err:508", "a\x01b", "=A1", "@x"])
def test_a_damaged_cell_is_no_term(cell: str, tmp_path: Path) -> None:
    """The other terms are imported, and the line is reported."""
    found = read(tmp_path, f"source,target\nGipfel,{cell}\nRat,council\n", name="a.csv")
    assert found.terms == (Term("Rat", ("council",)),)
    (problem,) = found.problems
    assert problem.line == 2
    assert repr(cell) in problem.message


def run(folder: Path, *words: str | Path) -> Result:
    return CliRunner().invoke(translate, ["-C", str(folder), "glossary", *map(str, words)])


@pytest.mark.parametrize("output", ["de-en.csv", "-"])
def test_an_import_reports_what_it_left_out(folder: Path, tmp_path: Path, output: str) -> None:
    """The exit code is 1, and the glossary passes lint."""
    file = tmp_path / "a.tbx"
    text = martif(entry("Bank", "bank"), entry("Bank", "bench", "bank=deprecatedTerm-admn-sts"))
    file.write_text(text, encoding="utf-8")
    glossary = tmp_path / "de-en.csv"
    done = run(folder, "import", file, "--lang", "en", "-o", glossary if output != "-" else "-")
    assert done.exit_code == 1
    message = "'bank' is not accepted for 'Bank': it is deprecated"
    assert f"{file}:3: {message}" in done.stderr
    if output == "-":
        glossary.write_text(done.stdout, encoding="utf-8")
    assert "Bank,bank,forbidden" in glossary.read_text(encoding="utf-8")
    assert run(folder, "lint", glossary).exit_code == 0
