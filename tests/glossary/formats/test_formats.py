"""TBX and Weblate CSV: round trips, and files of other tools."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.errors import GlossaryError
from pipeline.core.types import Term, TermStatus
from pipeline.glossary import formats

PREFERRED, FORBIDDEN, KEEP = TermStatus.PREFERRED, TermStatus.FORBIDDEN, TermStatus.KEEP
TBX, CSV = Path("terms.tbx"), Path("terms.csv")

TERMS = (
    Term("Gipfel", ("summit", "top-level meeting"), note="of states & <unions>"),
    Term("Gipfel", ("peak",), FORBIDDEN, note="a mountain's"),
    Term("Kreml", ("Kremlin",), exact_case=True, forms=("Kremls", "Moskauer Kreml")),
    Term("Xi Jinping", ("Xi Jinping",), KEEP),
    Term("Weltlage", ("world",), FORBIDDEN),
)


def there_and_back(path: Path, terms: tuple[Term, ...], folder: Path) -> tuple[Term, ...]:
    file = folder / path.name
    file.write_bytes(formats.render_termbase(path, terms, "en"))
    return formats.read_termbase(file, "en").terms


def test_tbx_holds_everything(tmp_path: Path) -> None:
    assert there_and_back(TBX, TERMS, tmp_path) == TERMS
    assert formats.lossy_terms(TBX, TERMS, "en") == ()


def test_weblates_csv_holds_all_but_case_and_forms(tmp_path: Path) -> None:
    bare = Term("Kreml", ("Kremlin",))
    expected = (*TERMS[:2], bare, *TERMS[3:])
    assert there_and_back(CSV, TERMS, tmp_path) == expected
    assert formats.lossy_terms(CSV, TERMS, "en") == (TERMS[2],)


# No glossary should contain a cell that starts like a formula.
WORD = st.text(st.sampled_from("abcäß Ü,;\"'<&-."), min_size=1, max_size=8).map(
    lambda text: " ".join(text.split()).lstrip("- ") or "x"
)
SOURCE = WORD.map(lambda text: f"Wort {text}")
ROWS = st.dictionaries(SOURCE, st.tuples(st.lists(WORD, min_size=1, max_size=3, unique=True), WORD))


@settings(max_examples=40)
@given(ROWS, st.sampled_from([TBX, CSV]))
def test_any_texts_come_back(
    tmp_path_factory: pytest.TempPathFactory, made: dict[str, tuple[list[str], str]], path: Path
) -> None:
    """Quotes, separators and markup survive both formats."""
    terms = tuple(
        Term(source, tuple(targets), note=note) for source, (targets, note) in made.items()
    )
    if terms:
        assert there_and_back(path, terms, tmp_path_factory.mktemp("exchange")) == terms


def tbx(entry: str) -> str:
    return f'<martif type="TBX"><text><body><termEntry>{entry}</termEntry></body></text></martif>'


def section(code: str, *terms: str, notes: str = "", tag: str = "tig") -> str:
    groups = "".join(f"<{tag}><term>{term}</term>{notes}</{tag}>" for term in terms)
    return f'<langSet xml:lang="{code}">{groups}</langSet>'


STATUS = '<termNote type="administrativeStatus">{}</termNote>'
OTHERS = [
    ("plain", section("de", "Gipfel") + section("en", "summit"), Term("Gipfel", ("summit",))),
    (
        "regions",
        section("de-DE", "Gipfel") + section("en_GB", "summit"),
        Term("Gipfel", ("summit",)),
    ),
    (
        "synonyms",
        section("de", "Gipfel", "Gipfeltreffen") + section("en", "summit"),
        Term("Gipfel", ("summit",), forms=("Gipfeltreffen",)),
    ),
    (
        "forbidden",
        section("de", "Gipfel") + section("en", "peak", notes=STATUS.format("forbidden")),
        Term("Gipfel", ("peak",), FORBIDDEN),
    ),
    (
        "obsolete",
        section("de", "Gipfel") + section("en", "top", notes=STATUS.format("obsolete")),
        Term("Gipfel", ("top",), FORBIDDEN),
    ),
    (
        "untranslatable",
        '<descrip type="Translation needed">No</descrip>' + section("de", "Kyjiw"),
        Term("Kyjiw", ("Kyjiw",), KEEP),
    ),
    (
        "explained",
        "<descrip>of states</descrip>" + section("de", "Gipfel") + section("en", "summit"),
        Term("Gipfel", ("summit",), note="of states"),
    ),
    (
        "nested group",
        section("de", "Gipfel")
        + '<langSet xml:lang="en"><ntig><termGrp><term>summit</term></termGrp></ntig></langSet>',
        Term("Gipfel", ("summit",)),
    ),
    (
        "wrapped",
        section("de", "Vereinte\n   Nationen") + section("en", "United <hi>Nations</hi>"),
        Term("Vereinte Nationen", ("United Nations",)),
    ),
]


@pytest.mark.parametrize(("entry", "term"), [row[1:] for row in OTHERS], ids=[r[0] for r in OTHERS])
def test_tbx_of_other_tools_is_understood(tmp_path: Path, entry: str, term: Term) -> None:
    path = tmp_path / "a.tbx"
    path.write_text(tbx(entry), encoding="utf-8")
    assert formats.read_termbase(path, "en").terms == (term,)


REGIONS = (
    section("de", "Jänner")
    + section("en", "plain")
    + section("en-GB", "british")
    + section("EN_us", "american")
    + section("eng", "other")
)


@pytest.mark.parametrize(
    ("language", "targets"),
    [
        ("en", ("plain",)),
        ("en_GB", ("british",)),
        ("en-gb", ("british",)),
        ("en_US", ("american",)),
        ("en_AU", ("plain",)),
        ("eng", ("other",)),
    ],
)
def test_the_very_region_comes_before_the_language(
    tmp_path: Path, language: str, targets: tuple[str, ...]
) -> None:
    """Other regions are read only if the file lacks the one requested."""
    path = tmp_path / "a.tbx"
    path.write_text(tbx(REGIONS), encoding="utf-8")
    assert formats.read_termbase(path, language).terms == (Term("Jänner", targets),)


@pytest.mark.parametrize(
    ("german", "term"),
    [
        (("de", "de-AT"), Term("de", ("January",))),
        (("de-AT", "de"), Term("de", ("January",))),
        (("de-AT",), Term("de-AT", ("January",))),
        (("de-AT", "de_CH"), Term("de-AT", ("January",), forms=("de_CH",))),
    ],
)
def test_german_of_a_region_stands_in_for_german(
    tmp_path: Path, german: tuple[str, ...], term: Term
) -> None:
    """Without plain German, the first region has the term, others its forms."""
    path = tmp_path / "a.tbx"
    entry = "".join(section(code, code) for code in german) + section("en", "January")
    path.write_text(tbx(entry + section("den", "no German")), encoding="utf-8")
    assert formats.read_termbase(path, "en").terms == (term,)


@pytest.mark.parametrize("language", ["en_GB", "pt_BR", "zh_TW"])
def test_a_region_comes_back(tmp_path: Path, language: str) -> None:
    """An export for a region is read for that region only."""
    path = tmp_path / "a.tbx"
    path.write_bytes(formats.render_termbase(path, TERMS, language))
    assert formats.read_termbase(path, language).terms == TERMS
    text = path.read_text(encoding="utf-8")
    assert f'xml:lang="{language.replace("_", "-")}"' in text
    assert f'xml:lang="{language}"' not in text


EXACT = [
    Term("IS", ("IS",), KEEP, exact_case=True),
    Term("Grüne", ("Greens", "Green party"), exact_case=True, note="the party; not the colour"),
    Term("Linke", ("left",), FORBIDDEN, exact_case=True, forms=("Linken",)),
    Term("grüne", ("green",)),
]


@pytest.mark.parametrize("term", EXACT, ids=lambda term: term.source)
def test_exact_case_comes_back(tmp_path: Path, term: Term) -> None:
    """The note of a term does not include the mark for exact case."""
    assert there_and_back(TBX, (term,), tmp_path) == (term,)


def test_terms_that_differ_in_case_alone_stay_apart(tmp_path: Path) -> None:
    """Each term has its own mark."""
    assert there_and_back(TBX, tuple(EXACT), tmp_path) == tuple(EXACT)


def test_a_forbidden_target_beside_an_exact_term_has_no_mark(tmp_path: Path) -> None:
    """Only the accepted row has the mark, before and after."""
    terms = (EXACT[1], Term("Grüne", ("greens",), FORBIDDEN))
    assert there_and_back(TBX, terms, tmp_path) == terms


def test_the_2019_edition_of_tbx_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tbx"
    path.write_text(
        '<tbx xmlns="urn:iso:std:iso:30042:ed-2" type="TBX-Basic"><text><body><conceptEntry id="1">'
        '<langSec xml:lang="de"><termSec><term>Gipfel</term></termSec></langSec>'
        '<langSec xml:lang="en"><termSec><term>summit</term></termSec></langSec>'
        "</conceptEntry></body></text></tbx>",
        encoding="utf-8",
    )
    assert formats.read_termbase(path, "en").terms == (Term("Gipfel", ("summit",)),)


def test_a_document_type_is_allowed_and_not_fetched(tmp_path: Path) -> None:
    path = tmp_path / "a.tbx"
    head = '<!DOCTYPE martif SYSTEM "https://no.example/TBX.dtd">'
    path.write_text(head + tbx(section("de", "a") + section("en", "b")), encoding="utf-8")
    assert formats.read_termbase(path, "en").terms == (Term("a", ("b",)),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>', "an XML entity"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "an XML entity"),
        ("<martif>\n<text>", ":2: broken XML"),
        ("<martif/>", "no terms found"),
        ("", ":1: broken XML"),
        (tbx(section("en", "summit")), "no terms found"),
    ],
)
def test_bad_xml_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "a.tbx"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GlossaryError) as caught:
        formats.read_termbase(path, "en")
    assert said in caught.value.message
    assert str(path) in caught.value.message


def test_tbx_names_language_and_status_as_the_standard_does() -> None:
    root = ElementTree.fromstring(formats.render_termbase(TBX, TERMS, "pt_BR"))
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    assert root.get(language) == "de"
    codes = [s.get(language) for s in root.iter("langSet")]
    assert set(codes) == {"de", "pt-BR"}
    statuses = {note.text for note in root.iter("termNote")} - {"variant"}
    assert statuses == {
        "preferredTerm-admn-sts",
        "admittedTerm-admn-sts",
        "deprecatedTerm-admn-sts",
    }


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        (
            "location,source,target,id,fuzzy,context,translator_comments,developer_comments\n"
            "1,Gipfel,summit,,False,,of states,\n",
            (Term("Gipfel", ("summit",), note="of states"),),
        ),
        ('"source","target"\n"Gipfel","summit"\n', (Term("Gipfel", ("summit",)),)),
        ("Gipfel,summit\nRat,council\n", (Term("Gipfel", ("summit",)), Term("Rat", ("council",)))),
        ("source,target\nGipfel,summit\nRat,\n", (Term("Gipfel", ("summit",)),)),
        (
            "source,target,context\nGipfel,summit,politics\nGipfel,meeting,\n",
            (Term("Gipfel", ("summit", "meeting"), note="politics"),),
        ),
        ("source,target,context\nXi,Xi,read-only\n", (Term("Xi", ("Xi",), KEEP),)),
    ],
)
def test_weblates_csv_is_understood(tmp_path: Path, text: str, terms: tuple[Term, ...]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8-sig")
    assert formats.read_termbase(path, "en").terms == terms


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("source,target,status\nGipfel,peak,forbidden\n", "is already a glossary file"),
        ("a,b,c\n1,2,3\n", "no columns source and target"),
        ('source,target\n"Gipfel,summit\n', ":2: not readable as CSV"),
    ],
)
def test_other_csv_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """A forbidden row of a glossary file must not be read as accepted."""
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GlossaryError, match=said):
        formats.read_termbase(path, "en")


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GlossaryError, match=r"neither \.tbx nor \.csv"):
        formats.read_termbase(tmp_path / "a.xlsx", "en")


def test_tbx_has_a_line_for_each_part() -> None:
    """A diff of two exports is readable."""
    text = formats.render_termbase(TBX, TERMS, "en").decode()
    alone = [line for line in text.splitlines() if line.strip().startswith("<term>")]
    assert len(alone) == text.count("<term>")
